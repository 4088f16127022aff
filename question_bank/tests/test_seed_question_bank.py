from io import StringIO

from django.core.management import CommandError, call_command

from question_bank.factories import ScriptFactory
from question_bank.models import Question, Topic
from question_bank.seeds.files import read_bank
from question_bank.tests.seed_folders import SeedingCase


class TestCommand(SeedingCase):
    def seed_by_command(self, *args: str, **options) -> str:
        out = StringIO()
        call_command("seed_question_bank", *args, dir=self.folder.path, stdout=out, **options)
        return out.getvalue()

    def test_first_run_says_what_is_new(self):
        self.assertEqual(
            self.seed_by_command(), "2 topics: 2 new.\n3 questions: 3 new.\n1 script: 1 new.\n1 ground rule: 1 new.\n"
        )

    def test_second_run_says_that_there_is_nothing_to_do(self):
        self.seed_by_command()
        self.assertEqual(self.seed_by_command(), "Nothing to do: the bank matches the files.\n")

    def test_what_was_kept_is_told_by_key_and_prompt(self):
        self.seed_by_command()
        Question.objects.filter(key="underscore").update(prompt="Mine")
        self.folder.replace("questions/python.yaml", "Looks for honesty.", "Looks for candour.")
        self.assertEqual(
            self.seed_by_command(),
            "2 topics: 2 unchanged.\n"
            "3 questions: 1 updated, 1 left as changed here, 1 unchanged.\n"
            "1 script: 1 unchanged.\n"
            "1 ground rule: 1 unchanged.\n"
            "Left 1 that curators changed:\n"
            "  underscore: Mine\n",
        )

    def test_what_left_the_files_is_told(self):
        self.seed_by_command()
        Question.objects.filter(key="underscore").update(key="old-underscore")
        out = self.seed_by_command()
        self.assertIn("Left 1 that the files no longer have; retire what is out of use:\n  old-underscore: ", out)

    def test_quiet_run_says_nothing(self):
        self.assertEqual(self.seed_by_command(verbosity=0), "")
        self.assertEqual(Question.objects.count(), 3)

    def test_check_writes_nothing(self):
        printed = self.seed_by_command("--check").splitlines()
        self.assertEqual(printed[0], "No problems found: 2 topics, 3 questions and 1 script.")
        self.assertIn("Write 2 to 4 brownie points", printed[1])
        self.assertEqual(Topic.objects.count(), 0)

    def test_check_needs_no_database(self):
        with self.assertNumQueries(0):
            self.seed_by_command("--check")

    def test_wrong_files_are_refused_with_every_problem_and_nothing_is_loaded(self):
        self.folder.replace("questions/python.yaml", "minutes: 4", "minutes: six")
        self.folder.replace("scripts.yaml", "must_ask: underscore", "must_ask: undersocre")
        for args in ([], ["--check"]):
            with self.assertRaises(CommandError) as caught:
                self.seed_by_command(*args)
            self.assertEqual(caught.exception.returncode, 1)
            self.assertEqual(
                str(caught.exception),
                "2 problems in the seed files; nothing was loaded.\n"
                f"{self.folder.path}/questions/python.yaml:6: minutes: "
                "expected a whole number from 1 to 120, found 'six'\n"
                f"{self.folder.path}/scripts.yaml:10: expected the key of a question, found 'undersocre'",
            )
        self.assertEqual(Topic.objects.count(), 0)

    def test_conflict_is_told_and_nothing_is_loaded(self):
        ScriptFactory(name="Short script")
        with self.assertRaisesMessage(CommandError, "Nothing was loaded."):
            self.seed_by_command()
        self.assertEqual(Topic.objects.count(), 0)

    def test_folder_that_is_none_is_refused(self):
        with self.assertRaisesMessage(CommandError, "is not a folder."):
            call_command("seed_question_bank", dir=self.folder.path / "gone")

    def test_built_in_files_are_named_as_the_project_knows_them(self):
        out = StringIO()
        call_command("seed_question_bank", "--check", stdout=out)
        self.assertEqual(out.getvalue(), "No problems found: 23 topics, 212 questions and 11 scripts.\n")
        self.assertEqual(read_bank().questions[0].place.file, "fixtures_seed/questions/ai-assistants.yaml")
