from django.db import connection, transaction
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from question_bank.curation.duplicates import NotMergeable, merge_question, to_merge_into
from question_bank.curation.questions import Misplaced, restore_question
from question_bank.curation.tests.test_questions import SAVED, anchored, changed
from question_bank.factories import PointFactory, QuestionFactory, ScriptItemFactory
from question_bank.models import Change, Question, ScriptItem


def merge(question: Question, into: Question) -> None:
    merge_question(question=question, into=into, **SAVED)
    question.refresh_from_db()
    into.refresh_from_db()


class TestToMergeInto(TestCase):
    def test_each_offered_one_is_taken_and_no_other(self):
        for used in (False, True):
            for status in ("draft", "published"):
                question = anchored(status=status)
                if used:
                    ScriptItemFactory(question=question)
                follow_up = QuestionFactory(parent=question, condition="next")
                rows = [
                    question, follow_up, anchored(), anchored(status="draft"), anchored(status="retired"),
                    QuestionFactory(parent=anchored(), condition="then"),
                ]  # fmt: skip
                offered = set(to_merge_into(question))
                for into in rows:
                    with self.subTest(used=used, status=status, into=rows.index(into)):
                        self.assertEqual(is_taken(question, into), into in offered)

    def test_a_merged_one_has_none(self):
        question, into = anchored(), anchored()
        merge(question, into)
        self.assertFalse(to_merge_into(question))


def is_taken(question: Question, into: Question) -> bool:
    with transaction.atomic():
        try:
            merge_question(question=question, into=into, **SAVED)
        except NotMergeable:
            return False
        finally:
            transaction.set_rollback(True)
    return True


class TestMergeQuestion(TestCase):
    def test_the_other_takes_its_place(self):
        question, into = anchored(), anchored()
        item = ScriptItemFactory(question=question)
        both = ScriptItemFactory(question=question).section
        ScriptItemFactory(section=both, question=into)
        cue = PointFactory(kind="cue", leads_to=question)
        own = PointFactory(question=into, leads_to=question)
        QuestionFactory(parent=into, position=3)
        follow_up = QuestionFactory(parent=question, condition="next", position=1)
        deeper = QuestionFactory(parent=follow_up, condition="then")
        merge(question, into)
        self.assertEqual((question.status, question.merged_into), ("retired", into))
        item.refresh_from_db()
        self.assertEqual((item.question, item.section.script.version), (into, 2))
        self.assertEqual([each.question for each in ScriptItem.objects.filter(section=both)], [into])
        for each in (cue, own, follow_up, deeper):
            each.refresh_from_db()
        self.assertEqual((cue.leads_to, own.leads_to), (into, None))
        self.assertEqual((follow_up.parent, follow_up.position, follow_up.topic), (into, 4, into.topic))
        self.assertEqual((deeper.parent, deeper.topic), (follow_up, into.topic))

    def test_scripts_are_locked_before_questions(self):
        """Whoever saves or publishes a script locks them in this order: another one could deadlock."""
        with CaptureQueriesContext(connection) as asked:
            merge(anchored(), anchored())
        locks = [query["sql"] for query in asked if "FOR UPDATE" in query["sql"]]
        if connection.features.has_select_for_update:
            self.assertIn('FROM "question_bank_script"', locks[0])
            self.assertIn('FROM "question_bank_question"', locks[1])

    def test_a_draft_that_was_deleted_in_the_same_moment(self):
        question, into = anchored(), QuestionFactory(status="draft")
        Question.objects.filter(pk=into.pk).delete()
        with self.assertRaisesMessage(NotMergeable, "deleted in the meantime"):
            merge_question(question=question, into=into, **SAVED)

    def test_long_prompts_fit_into_the_reason(self):
        """PostgreSQL refuses longer ones."""
        question, into = anchored(), anchored()
        Question.objects.filter(pk__in=[question.pk, into.pk]).update(prompt="How do you find what is slow? " * 60)
        merge(question, into)
        [why] = set(Change.objects.exclude(why="").values_list("why", flat=True))
        self.assertLessEqual(len(why), Change.WHY_LENGTH)
        self.assertIn("…” was merged into “How do", why)

    def test_history_goes_along(self):
        question, into = anchored(), anchored()
        changed(question, prompt="Which?")
        merge(question, into)
        acts = list(Change.objects.of_question(into).values_list("act", flat=True))
        self.assertEqual(sorted(acts), ["first", "first", "merged", "merged", "saved"])

    def test_questions_merged_before_follow(self):
        first, second, third = anchored(), anchored(), anchored()
        merge(first, second)
        merge(second, third)
        first.refresh_from_db()
        self.assertEqual(first.merged_into, third)

    def test_restoring_it_takes_it_back_out(self):
        question, into = anchored(), anchored()
        merge(question, into)
        restore_question(question=question, **SAVED)
        question.refresh_from_db()
        self.assertEqual((question.status, question.merged_into), ("published", None))

    def test_what_cannot_be_one_is_refused(self):
        question = anchored()
        below = QuestionFactory(parent=question)
        merged = anchored()
        merge(merged, anchored())
        in_script = ScriptItemFactory(question=anchored()).question
        for one, into in (
            (question, question),
            (question, below),
            (question, anchored(status="retired")),
            (question, anchored(status="draft")),
            (question, merged),
            (merged, question),
            (in_script, below),
        ):
            with self.assertRaises(NotMergeable):
                merge(one, into)

    def test_cues_in_a_circle_are_refused(self):
        question, into, between = anchored(), anchored(), anchored()
        PointFactory(question=into, kind="cue", leads_to=between)
        PointFactory(question=between, kind="cue", leads_to=question)
        with self.assertRaises(Misplaced):
            merge(question, into)
        question.refresh_from_db()
        self.assertEqual(question.status, "published")
