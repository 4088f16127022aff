from urllib.parse import urlsplit

import yaml
from django.test import SimpleTestCase

from question_bank.seeds.files import SEED_DIR, read_bank

RATINGS = {"Poor": 1, "Mixed": 2, "Good": 3, "Excellent": 4}


class TestDemoTexts(SimpleTestCase):
    """The demo texts fit the seeds that they speak about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.texts = yaml.safe_load((SEED_DIR / "demo.yaml").read_text())
        cls.interviews = {interview["key"]: interview for interview in cls.texts["interviews"]}
        bank = read_bank()
        cls.questions = {question.key: question for question in bank.questions}
        cls.scripts = {script.key: script for script in bank.scripts}

    def moments(self):
        for interview in self.interviews.values():
            for moment in interview.get("call", []):
                yield interview, moment

    def block(self, key: str) -> str:
        question = self.questions[key]
        return self.block(question.parent) if question.parent else key

    def test_every_question_of_a_call_stands_in_its_script(self):
        for interview, moment in self.moments():
            script = self.scripts[interview["script"]]
            asked = {item.question for section in script.sections for item in section.items}
            self.assertIn(self.block(moment["question"]), asked, interview["key"])

    def test_every_loose_end_came_up_at_a_question_of_its_call(self):
        for interview in self.interviews.values():
            asked = {moment["question"] for moment in interview.get("call", [])}
            for loose_end in interview.get("loose_ends", []):
                self.assertIn(loose_end["question"], asked, interview["key"])

    def test_every_point_that_was_heard_is_there(self):
        for interview, moment in self.moments():
            points = self.questions[moment["question"]].points
            for answer in moment.get("answers", {}).values():
                for number in answer.get("heard", []):
                    self.assertIn(number, range(1, len(points) + 1), (interview["key"], moment["question"]))

    def test_whoever_is_named_is_on_the_panel(self):
        for interview, moment in self.moments():
            panel = {seat["who"] for seat in interview["panel"]}
            named = {*moment.get("answers", {}), moment.get("by", interview["panel"][0]["who"])}
            for point in moment.get("unlisted", []):
                named |= {point["by"], *point.get("heard_by", [])}
            named |= {*interview.get("notes", {}), *interview.get("scorecards", {})}
            named |= {loose_end["by"] for loose_end in interview.get("loose_ends", [])}
            self.assertLessEqual(named, panel, interview["key"])

    def test_whoever_said_that_they_do_not_know_is_not_rated_poor(self):
        for _, moment in self.moments():
            for answer in moment.get("answers", {}).values():
                if "dont_know" in answer.get("flags", []):
                    self.assertNotEqual(answer.get("rating"), "Poor")

    def test_conversations_are_not_rated(self):
        for _, moment in self.moments():
            if self.questions[moment["question"]].kind == "conversation":
                self.assertFalse([a for a in moment["answers"].values() if "rating" in a])

    def test_calls_run_forward_and_fit_their_length(self):
        for interview in self.interviews.values():
            minutes = [moment["minute"] for moment in interview.get("call", []) if "minute" in moment]
            self.assertEqual(minutes, sorted(set(minutes)), interview["key"])
            if minutes:
                until = interview.get("took", -interview["starts"].get("minutes", 0))
                self.assertLess(minutes[-1], until, interview["key"])

    def test_one_interview_ended_with_three_scorecards_and_twelve_answers(self):
        ended = self.interviews["ada-ended"]
        self.assertEqual(
            {"mira", "jo", "luc"}, {w for w, card in ended["scorecards"].items() if "submitted_after" in card}
        )
        rated = [m for m in ended["call"] if any("rating" in answer for answer in m["answers"].values())]
        self.assertEqual(len(rated), 12)

    def test_its_panel_is_two_steps_apart_on_one_question_only(self):
        apart = []
        for moment in self.interviews["ada-ended"]["call"]:
            ratings = [RATINGS[answer["rating"]] for answer in moment["answers"].values() if "rating" in answer]
            if ratings and max(ratings) - min(ratings) >= 2:
                apart.append(moment["question"])
        self.assertEqual(apart, ["shared-users"])

    def test_recommendations_are_words_not_booleans(self):
        for interview in self.interviews.values():
            for card in interview.get("scorecards", {}).values():
                recommended = card.get("recommendation", "No decision")
                self.assertIn(recommended, ("Strong no", "No", "Yes", "Strong yes", "No decision"))

    def test_nobody_real_is_addressed(self):
        for person in self.texts["people"] + self.texts["candidates"]:
            self.assertIn(person["email"].rpartition("@")[2], ("example.org", "example.com"))
        for candidate in self.texts["candidates"]:
            for url in [*candidate["links"], *filter(None, [candidate["assignment_url"]])]:
                self.assertIn(urlsplit(url).hostname, ("example.org", "example.com"))
