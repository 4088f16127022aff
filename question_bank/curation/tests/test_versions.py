from django.test import TestCase

from accounts.factories import CuratorFactory
from editing.merging import Edit, Overtaken
from question_bank.curation.differences import revision
from question_bank.curation.questions import delete_draft, publish_question, retire_question, save_question
from question_bank.curation.scripts import script_revision
from question_bank.curation.tests.test_questions import SAVED, anchored, changed, found
from question_bank.curation.tests.test_scripts import changed as changed_script
from question_bank.curation.tests.test_scripts import found as found_script
from question_bank.curation.versions import (
    NothingToRestore,
    differences,
    question_changes,
    revert_question,
    revert_script,
    script_changes,
)
from question_bank.curation.writing import WantedPoint, WantedQuestion
from question_bank.factories import (
    PointFactory,
    QuestionFactory,
    ReferenceFactory,
    ScriptItemFactory,
)
from question_bank.models import Change, Question
from question_bank.wanted_scripts import WantedItem, WantedScript, WantedSection


def acts(row) -> list[str]:
    return [change.act for change in row.changes.all()]


def reverted(question: Question, change: Change) -> Question:
    now = found(question)
    return revert_question(question=now, change=change, edit=Edit(revision(now)), **SAVED)


class TestRecordedChanges(TestCase):
    def test_first_change_also_records_how_it_was(self):
        curator = CuratorFactory()
        question = anchored(prompt="Where to cache?")
        now = found(question)
        wanted = WantedQuestion(**vars(WantedQuestion.of(now)) | {"prompt": "Where do you cache?"})
        save_question(
            question=now, wanted=wanted, edit=Edit(revision(now)), by=curator, at=SAVED["at"], why="Said aloud."
        )
        first, second = question.changes.all()
        self.assertEqual((first.act, first.content["prompt"], first.version), ("first", "Where to cache?", 1))
        self.assertEqual(
            (second.act, second.by, second.at, second.why, second.version),
            ("saved", curator, SAVED["at"], "Said aloud.", 2),
        )

    def test_saving_nothing_new_records_nothing(self):
        question = anchored()
        changed(question)
        self.assertEqual(acts(question), ["first"])

    def test_publishing_and_retiring_are_changes(self):
        question = anchored(status="draft")
        publish_question(question=question, **SAVED)
        retire_question(question=question, **SAVED)
        self.assertEqual(acts(question), ["first", "published", "retired"])

    def test_condition_written_with_the_parent_is_a_change_of_the_follow_up(self):
        parent = anchored()
        follow_up = QuestionFactory(parent=parent, condition="next")
        changed(parent, follow_ups={follow_up.pk: "when it comes up"})
        self.assertEqual(
            [change.content["condition"] for change in follow_up.changes.all()], ["next", "when it comes up"]
        )


def section_of(question):
    return WantedSection(title="Speed", minutes=15, items=(WantedItem(question=question),))


class TestDifferences(TestCase):
    def test_parts_that_differ_are_shown_word_by_word(self):
        question = anchored(prompt="Where to cache?")
        changed(question, prompt="Where do you cache?", points=(WantedPoint(text="headers", kind="brownie"),))
        prompt, point = differences(*question_changes(question.changes.all()))
        self.assertEqual(prompt.label, "Prompt")
        self.assertEqual(
            prompt.pieces, [("same", "Where "), ("removed", "to"), ("added", "do you"), ("same", " cache?")]
        )
        self.assertEqual((point.label, point.pieces), ("Point", [("added", "Brownie point: headers")]))

    def test_a_question_that_is_gone_is_left_out(self):
        draft = QuestionFactory(status="draft")
        question = anchored()
        PointFactory(question=question, kind="cue", text="names it", leads_to=draft)
        changed(question, prompt="In other words?")
        delete_draft(question=draft)
        older, _ = question_changes(question.changes.all())
        self.assertIn("Cue: names it", [part.text for part in older.values()])

    def test_sections_of_scripts(self):
        item = ScriptItemFactory()
        script = item.section.script
        changed_script(script, sections=(section_of(item.question),))
        (sections,) = differences(*script_changes(script.changes.all()))
        self.assertEqual(sections.label, "Sections and questions")


class TestRevertQuestion(TestCase):
    def test_content_comes_back_as_a_new_version_and_point_rows_stay(self):
        question = anchored(prompt="Where to cache?")
        point = PointFactory(question=question, text="headers")
        ReferenceFactory(question=question, title="Caching")
        changed(question, prompt="Elsewhere?", points=(WantedPoint(text="HTTP headers", kind="brownie", pk=point.pk),))
        saved = reverted(question, question.changes.first())
        self.assertEqual((saved.prompt, saved.version), ("Where to cache?", 3))
        self.assertEqual([(each.pk, each.text) for each in saved.points.all()], [(point.pk, "headers")])
        self.assertEqual(acts(question), ["first", "saved", "reverted"])
        self.assertIn("Back to version 1", question.changes.last().why)

    def test_newer_follow_ups_and_the_position_stay(self):
        question = anchored(prompt="Where to cache?")
        changed(question, prompt="Elsewhere?")
        follow_up = QuestionFactory(parent=question, condition="next")
        parent = QuestionFactory()
        changed(question, parent=parent, condition="now below")
        saved = reverted(question, question.changes.first())
        self.assertEqual((saved.parent, saved.prompt), (parent, "Where to cache?"))
        follow_up.refresh_from_db()
        self.assertEqual((follow_up.parent_id, follow_up.condition), (question.pk, "next"))

    def test_nothing_to_restore(self):
        question = anchored()
        changed(question, prompt="Elsewhere?")
        with self.assertRaises(NothingToRestore):
            reverted(question, question.changes.last())

    def test_a_version_saved_meanwhile_is_not_overwritten(self):
        question = anchored(prompt="One?")
        changed(question, prompt="Two?")
        opened = revision(found(question))
        changed(question, prompt="Three?")
        with self.assertRaises(Overtaken):
            revert_question(question=found(question), change=question.changes.first(), edit=Edit(opened), **SAVED)
        self.assertEqual(found(question).prompt, "Three?")


class TestRevertScript(TestCase):
    def test_sections_come_back_without_questions_that_are_gone(self):
        item = ScriptItemFactory()
        draft = ScriptItemFactory(section=item.section, question=QuestionFactory(status="draft")).question
        script = item.section.script
        changed_script(script, purpose="Shorter", sections=(section_of(QuestionFactory()),))
        delete_draft(question=found(draft))
        now = found_script(script)
        saved = revert_script(script=now, change=script.changes.first(), edit=Edit(script_revision(now)), **SAVED)
        draft = WantedScript.newest(saved)
        (section,) = draft.sections
        self.assertEqual([each.question for each in section.items], [item.question])
        # Nothing is published by that.
        self.assertEqual((draft.purpose, saved.purpose), ("", "Shorter"))
