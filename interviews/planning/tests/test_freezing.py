import threading
import time

from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase

from interviews.factories import InterviewFactory
from interviews.models import ScriptedPoint, ScriptedQuestion, ScriptedSection
from interviews.planning.freezing import freeze, script_changes
from question_bank.factories import (
    AnchorFactory,
    PointFactory,
    QuestionFactory,
    ReferenceFactory,
    ScriptItemFactory,
    SectionFactory,
)
from question_bank.models import Point, Question, ScriptDraft
from question_bank.wanted_scripts import WantedScript


def frozen(section, *, times=1):
    """An interview with this section's script frozen into it."""
    interview = InterviewFactory(script=None)
    for _ in range(times):
        freeze(interview=interview, script=section.script)
    return interview


class FreezeTests(TestCase):
    def test_published_version_is_frozen_although_there_is_a_draft(self):
        section = ScriptItemFactory(section__title="Speed").section
        interview = frozen(section)
        interview.script = section.script
        ScriptDraft.objects.create(script=section.script, content=WantedScript(name="Mine").as_content())
        self.assertFalse(script_changes(interview))
        self.assertEqual(frozen(section).sections.get().title, "Speed")

    def prompts(self, interview):
        return [question.prompt for question in interview.questions.in_order()]

    def test_sections_keep_order_minutes_gate_and_whose_they_are(self):
        first = SectionFactory(title="Django", minutes=20, gate="Continue to Django?", position=2)
        SectionFactory(script=first.script, title="Basics", minutes=15, position=1)
        SectionFactory(script=first.script, title="Your questions", minutes=10, position=3, is_for_candidate=True)
        interview = frozen(first)
        self.assertEqual(
            list(interview.sections.values_list("title", "minutes", "gate", "is_for_candidate", "is_gate_open")),
            [
                ("Basics", 15, "", False, None),
                ("Django", 20, "Continue to Django?", False, None),
                ("Your questions", 10, "", True, None),
            ],
        )

    def test_question_is_copied_whole(self):
        section = SectionFactory()
        question = QuestionFactory(
            topic__name="Task queues", prompt="Why a queue?", purpose="Sees trade-offs.",
            guidance="Let them draw.", kind=Question.Kind.CONVERSATION, level=Question.Level.SENIOR,
            minutes=7, version=3,
        )  # fmt: skip
        AnchorFactory(question=question, rating=4, text="weighs both")
        AnchorFactory(question=question, rating=1, text="names none")
        ReferenceFactory(question=question, title="Queues", author="A. Writer", url="https://example.org/q")
        ScriptItemFactory(section=section, question=question, is_must_ask=False)
        copy = frozen(section).questions.get()
        self.assertEqual((copy.source, copy.source_version, copy.topic), (question, 3, "Task queues"))
        self.assertEqual(
            (copy.prompt, copy.purpose, copy.guidance), ("Why a queue?", "Sees trade-offs.", "Let them draw.")
        )
        self.assertEqual((copy.kind, copy.level, copy.minutes, copy.is_must_ask), ("conversation", "senior", 7, False))
        self.assertEqual(copy.anchors, [{"rating": 1, "text": "names none"}, {"rating": 4, "text": "weighs both"}])
        self.assertEqual(copy.references, [{"title": "Queues", "author": "A. Writer", "url": "https://example.org/q"}])
        self.assertEqual((copy.state, copy.section.title), ("unasked", section.title))

    def test_follow_ups_nest_behind_their_parent_at_any_depth(self):
        section = SectionFactory()
        top = QuestionFactory(prompt="top")
        deep = QuestionFactory(prompt="second", parent=top, position=2)
        QuestionFactory(prompt="first", parent=top, position=1, condition="when it comes up")
        deeper = QuestionFactory(prompt="under second", parent=deep)
        QuestionFactory(prompt="deepest", parent=deeper)
        ScriptItemFactory(section=section, question=QuestionFactory(prompt="next"), position=2)
        ScriptItemFactory(section=section, question=top, position=1, is_must_ask=False)
        interview = frozen(section)
        self.assertEqual(self.prompts(interview), ["top", "first", "second", "under second", "deepest", "next"])
        by_prompt = {question.prompt: question for question in interview.questions.select_related("parent")}
        self.assertEqual(
            {prompt: question.parent and question.parent.prompt for prompt, question in by_prompt.items()},
            {
                "top": None,
                "first": "top",
                "second": "top",
                "under second": "second",
                "deepest": "under second",
                "next": None,
            },
        )
        self.assertEqual(by_prompt["first"].condition, "when it comes up")
        self.assertFalse(by_prompt["deepest"].is_must_ask)

    def test_questions_follow_the_order_of_their_sections(self):
        later = SectionFactory(position=2)
        earlier = SectionFactory(script=later.script, position=1)
        ScriptItemFactory(section=later, question__prompt="b")
        ScriptItemFactory(section=earlier, question__prompt="a")
        self.assertEqual(self.prompts(frozen(later)), ["a", "b"])

    def test_drafts_and_retired_questions_are_left_out_with_all_below_them(self):
        section = SectionFactory()
        top = QuestionFactory(prompt="top")
        retired = QuestionFactory(parent=top, status=Question.Status.RETIRED)
        QuestionFactory(parent=retired)
        QuestionFactory(parent=top, status=Question.Status.DRAFT)
        ScriptItemFactory(section=section, question=top, position=1)
        ScriptItemFactory(section=section, question__status=Question.Status.RETIRED, position=2)
        ScriptItemFactory(section=section, question__status=Question.Status.DRAFT, position=3)
        self.assertEqual(self.prompts(frozen(section)), ["top"])

    def test_points_keep_order_and_kind_and_lead_to_frozen_questions(self):
        section = SectionFactory()
        top, other = QuestionFactory(prompt="top"), QuestionFactory(prompt="other")
        below = QuestionFactory(prompt="below", parent=top)
        PointFactory(question=top, text="c", kind=Point.Kind.WATCH_OUT, position=3)
        PointFactory(question=top, text="a", leads_to=below, position=1)
        PointFactory(question=top, text="b", kind=Point.Kind.CUE, leads_to=other, position=2)
        PointFactory(question=top, text="d", leads_to=QuestionFactory(), position=4)
        ScriptItemFactory(section=section, question=top, position=1)
        ScriptItemFactory(section=section, question=other, position=2)
        interview = frozen(section)
        points = ScriptedPoint.objects.filter(question__interview=interview)
        self.assertEqual(
            [(p.text, p.kind, p.leads_to and p.leads_to.prompt) for p in points.select_related("leads_to")],
            [
                ("a", "brownie", "below"),
                ("b", "cue", "other"),
                ("c", "watch_out", None),
                ("d", "brownie", None),
            ],
        )
        self.assertEqual(points[0].source.text, "a")
        self.assertEqual(points[0].leads_to.interview, interview)

    def test_question_in_two_sections_leads_to_its_own_follow_ups(self):
        one = SectionFactory(position=1)
        two = SectionFactory(script=one.script, position=2)
        top = QuestionFactory()
        below = QuestionFactory(parent=top)
        PointFactory(question=top, leads_to=below)
        ScriptItemFactory(section=one, question=top)
        ScriptItemFactory(section=two, question=top)
        interview = frozen(one)
        points = ScriptedPoint.objects.filter(question__interview=interview).select_related("question", "leads_to")
        self.assertEqual(len(points), 2)
        for point in points:
            self.assertEqual(point.leads_to.parent_id, point.question_id)

    def test_ring_of_follow_ups_is_cut(self):
        section = SectionFactory()
        one = QuestionFactory(prompt="one")
        two = QuestionFactory(prompt="two", parent=one)
        one.parent = two
        one.save()
        ScriptItemFactory(section=section, question=one)
        self.assertEqual(self.prompts(frozen(section)), ["one", "two"])

    def test_second_freezing_replaces_the_first(self):
        section = SectionFactory()
        ScriptItemFactory(section=section, question__prompt="only")
        interview = frozen(section, times=2)
        self.assertEqual(self.prompts(interview), ["only"])
        self.assertEqual(ScriptedSection.objects.filter(interview=interview).count(), 1)

    def test_later_edits_of_the_bank_change_nothing(self):
        section = SectionFactory(title="Before")
        item = ScriptItemFactory(section=section, question__prompt="Before?")
        PointFactory(question=item.question, text="before")
        interview = frozen(section)
        Question.objects.update(prompt="After?")
        Point.objects.all().delete()
        section.delete()
        self.assertEqual(interview.sections.get().title, "Before")
        self.assertEqual(self.prompts(interview), ["Before?"])
        self.assertEqual(ScriptedPoint.objects.get().text, "before")

    def test_empty_script_freezes_to_nothing(self):
        section = SectionFactory()
        section_less = section.script
        section.delete()
        interview = InterviewFactory(script=None)
        freeze(interview=interview, script=section_less)
        self.assertEqual(ScriptedQuestion.objects.count(), 0)

    def test_number_of_queries_depends_on_neither_length_nor_depth(self):
        def script(*, items, depth):
            section = SectionFactory()
            for position in range(items):
                question = QuestionFactory()
                ScriptItemFactory(section=section, question=question, position=position)
                for _ in range(depth):
                    PointFactory(question=question)
                    AnchorFactory(question=question)
                    question = QuestionFactory(parent=question)
            return section.script

        small, large = script(items=1, depth=1), script(items=4, depth=6)
        for measured in (small, large):
            interview = InterviewFactory(script=None)
            with self.subTest(script=measured), self.assertNumQueries(15):
                freeze(interview=interview, script=measured)


class ScriptChangesTests(TestCase):
    def test_every_copied_field_counts_as_a_change_of_the_question(self):
        item = ScriptItemFactory(question__prompt="What is slow here?")
        interview = InterviewFactory(script=item.section.script)
        self.assertFalse(script_changes(interview))
        changes = (
            {"exhibit": "SELECT 1", "exhibit_says": "A query."},
            {"expect": {"junior": "names the loop"}},
            {"form": Question.Form.DEBUGGING},
        )
        for change in changes:
            with self.subTest(change):
                Question.objects.filter(pk=item.question.pk).update(**change)
                self.assertEqual(script_changes(interview).changed, ["What is slow here?"])
                freeze(interview=interview, script=item.section.script)
                self.assertFalse(script_changes(interview))


class CuratorMeanwhileTests(TransactionTestCase):
    """A curator saves at the same moment."""

    def test_a_question_is_frozen_as_it_is_saved(self):
        question = QuestionFactory(prompt="Before?")
        PointFactory(question=question, text="Taken out")
        section = ScriptItemFactory(question=question).section
        is_saved = threading.Event()

        def save():
            with transaction.atomic():
                row = Question.objects.select_for_update().get(pk=question.pk)
                row.prompt = "After?"
                row.save()
                row.points.all().delete()
                is_saved.set()
                time.sleep(0.5)
            connection.close()

        thread = threading.Thread(target=save)
        thread.start()
        self.assertTrue(is_saved.wait(10))
        interview = frozen(section)
        thread.join()
        copy = interview.questions.get()
        self.assertEqual((copy.prompt, list(copy.points.all())), ("After?", []))
