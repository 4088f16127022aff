import datetime as dt

from django.db import connection
from django.http import Http404
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from editing.merging import Edit, Overtaken
from question_bank.curation.differences import revision
from question_bank.curation.questions import (
    HasFollowUps,
    Misplaced,
    NotPublishable,
    WrongStatus,
    delete_draft,
    publish_question,
    reasons_against_publishing,
    restore_question,
    retire_question,
    save_question,
)
from question_bank.curation.writing import WantedPoint, WantedQuestion, WantedReference
from question_bank.factories import (
    AnchorFactory,
    PointFactory,
    QuestionFactory,
    ReferenceFactory,
    ScriptItemFactory,
    TopicFactory,
)
from question_bank.models import Point, Question

TODAY = dt.date(2026, 3, 9)
SAVED = {"by": None, "at": dt.datetime(2026, 3, 9, 9, tzinfo=dt.UTC)}
ANCHORS = {1: "guesses", 2: "recites", 3: "reasons", 4: "teaches"}


def found(question: Question) -> Question:
    return Question.objects.with_parts().get(pk=question.pk)


def anchored(**values) -> Question:
    question = QuestionFactory(**values)
    for rating, text in ANCHORS.items():
        AnchorFactory(question=question, rating=rating, text=text)
    return question


def changed(question: Question, **changes) -> Question:
    """`question` saved by a curator who has it open as it is now."""
    now = found(question)
    wanted = WantedQuestion(**(vars(WantedQuestion.of(now)) | changes))
    return save_question(question=now, wanted=wanted, edit=Edit(revision(now)), **SAVED)


class TestSaveQuestionThatIsNew(TestCase):
    def test_it_is_a_draft_with_all_its_parts_last_in_its_topic(self):
        topic = TopicFactory()
        QuestionFactory(topic=topic, position=4)
        offered = QuestionFactory()
        wanted = WantedQuestion(
            topic=topic, prompt="Where to cache?", purpose="Levels", guidance="Walk", level="mid", minutes=6,
            points=(
                WantedPoint(text="headers", kind="brownie"),
                WantedPoint(text="names indexes", kind="cue", leads_to=offered),
            ),
            anchors=ANCHORS,
            references=(WantedReference(title="Caching", author="MDN", url="https://example.org/"),),
        )  # fmt: skip
        question = found(save_question(question=None, wanted=wanted, **SAVED))
        self.assertEqual(WantedQuestion.of(question).points[1].leads_to, offered)
        self.assertEqual([point.text for point in question.points.all()], ["headers", "names indexes"])
        self.assertEqual({anchor.rating: anchor.text for anchor in question.anchors.all()}, ANCHORS)
        self.assertEqual([reference.author for reference in question.references.all()], ["MDN"])
        self.assertEqual(
            (question.status, question.version, question.position, question.topic, question.minutes, question.key),
            ("draft", 1, 5, topic, 6, None),
        )
        self.assertIsNone(question.reviewed_on)

    def test_follow_up_takes_the_topic_of_the_question_above_it(self):
        parent = QuestionFactory()
        wanted = WantedQuestion(topic=TopicFactory(), parent=parent, condition="next", prompt="And then?")
        question = save_question(question=None, wanted=wanted, **SAVED)
        self.assertEqual((question.topic, question.parent, question.condition), (parent.topic, parent, "next"))

    def test_top_level_question_has_no_condition(self):
        wanted = WantedQuestion(topic=TopicFactory(), condition="next", prompt="What?")
        self.assertEqual(save_question(question=None, wanted=wanted, **SAVED).condition, "")


class TestSaveQuestion(TestCase):
    def test_change_to_a_published_question_makes_a_new_version(self):
        saved = changed(anchored(version=3), prompt="In other words?")
        self.assertEqual((saved.prompt, saved.version), ("In other words?", 4))

    def test_each_kind_of_part_counts_as_a_change(self):
        for part in (
            {"points": (WantedPoint(text="new", kind="brownie"),)},
            {"anchors": ANCHORS | {4: "says more"}},
            {"references": (WantedReference(title="new"),)},
            {"minutes": 9},
        ):
            self.assertEqual(changed(anchored(), **part).version, 2, part)

    def test_saving_without_a_change_keeps_the_version(self):
        question = anchored(version=3, guidance="Two\nlines")
        PointFactory(question=question)
        ReferenceFactory(question=question)
        self.assertEqual(changed(question).version, 3)

    def test_review_is_kept_and_makes_no_version(self):
        saved = changed(anchored(version=3), is_reviewed=True)
        self.assertEqual((saved.reviewed_on, saved.version), (TODAY, 3))

    def test_saving_without_a_review_keeps_the_day_of_the_last_one(self):
        saved = changed(anchored(reviewed_on=dt.date(2021, 1, 1)), prompt="In other words?")
        self.assertEqual(saved.reviewed_on, dt.date(2021, 1, 1))

    def test_draft_stays_at_version_one(self):
        self.assertEqual(changed(QuestionFactory(status="draft"), prompt="In other words?").version, 1)

    def test_retired_question_can_be_changed_and_counts_on(self):
        saved = changed(anchored(status="retired"), prompt="In other words?")
        self.assertEqual((saved.status, saved.version), ("retired", 2))

    def test_points_that_stay_are_the_same_rows_in_their_new_words_and_order(self):
        question = anchored()
        first, second, third = PointFactory.create_batch(3, question=question)
        changed(
            question,
            points=(
                WantedPoint(pk=third.pk, text="third in other words", kind="watch_out"),
                WantedPoint(text="new", kind="brownie"),
                WantedPoint(pk=first.pk, text=first.text, kind="brownie"),
            ),
        )
        points = list(Point.objects.filter(question=question))
        self.assertEqual([point.text for point in points], ["third in other words", "new", first.text])
        self.assertEqual((points[0].pk, points[0].kind, points[2].pk), (third.pk, "watch_out", first.pk))
        self.assertFalse(Point.objects.filter(pk=second.pk).exists())

    def test_point_of_another_question_cannot_be_taken_over(self):
        point = PointFactory(text="theirs")
        changed(anchored(), points=(WantedPoint(pk=point.pk, text="mine", kind="brownie"),))
        point.refresh_from_db()
        self.assertEqual(point.text, "theirs")

    def test_conditions_and_order_of_follow_ups_are_kept_and_counted_at_them(self):
        question = anchored()
        first = QuestionFactory(parent=question, condition="next", version=2)
        second = QuestionFactory(parent=question, condition="then", version=2)
        saved = changed(question, follow_ups={second.pk: "then", first.pk: "when it comes up"})
        below = list(saved.follow_ups.order_by("position"))
        self.assertEqual([(row.pk, row.condition, row.version) for row in below],
                         [(second.pk, "then", 2), (first.pk, "when it comes up", 3)])  # fmt: skip
        self.assertEqual(saved.version, 1)
        self.assertEqual(list(Question.objects.matching("comes up")), [first])

    def test_follow_up_of_another_question_is_not_touched(self):
        other = QuestionFactory(parent=QuestionFactory(), condition="next")
        changed(anchored(), follow_ups={other.pk: "mine"})
        other.refresh_from_db()
        self.assertEqual(other.condition, "next")

    def test_published_follow_up_keeps_a_condition(self):
        question = anchored()
        follow_up = QuestionFactory(parent=question, condition="next")
        with self.assertRaisesMessage(NotPublishable, "Enter when to ask “"):
            changed(question, follow_ups={follow_up.pk: " "})

    def test_published_question_cannot_lose_what_it_was_published_with(self):
        question = anchored(version=3)
        with self.assertRaisesMessage(NotPublishable, "Say what Poor looks like."):
            changed(question, prompt="In other words?", anchors={2: "b", 3: "c", 4: "d"})
        question.refresh_from_db()
        self.assertNotEqual(question.prompt, "In other words?")
        self.assertEqual(question.version, 3)

    def test_published_question_that_never_had_anchors_can_be_changed(self):
        question = QuestionFactory()
        self.assertEqual(changed(question, prompt="In other words?").version, 2)
        self.assertEqual(changed(question, anchors={1: "a"}).version, 3)

    def test_conversation_that_becomes_an_answer_needs_anchors(self):
        with self.assertRaises(NotPublishable):
            changed(QuestionFactory(kind="conversation"), kind="answer")

    def test_question_that_somebody_else_saved_meanwhile_is_not_overwritten(self):
        question = anchored()
        base = revision(found(question))
        changed(question, prompt="Theirs")
        wanted = WantedQuestion(topic=question.topic, prompt="Mine")
        with self.assertRaises(Overtaken) as caught:
            save_question(question=question, wanted=wanted, edit=Edit(base), **SAVED)
        clashes = [(clash.label, clash.saved, clash.yours) for clash in caught.exception.edit.clashes]
        self.assertEqual(clashes, [("Prompt", "Theirs", "Mine")])
        question.refresh_from_db()
        self.assertEqual(question.prompt, "Theirs")

    def test_points_of_both_are_kept_in_their_order(self):
        question = anchored()
        kept, gone, reworded = (PointFactory(question=question, text=text) for text in ("kept", "gone", "old words"))
        opened = found(question)
        theirs = (
            WantedPoint(pk=kept.pk, text="kept", kind="brownie"),
            WantedPoint(text="theirs", kind="brownie"),
            WantedPoint(pk=reworded.pk, text="new words", kind="brownie"),
        )
        changed(question, points=theirs)
        mine = WantedQuestion(
            **vars(WantedQuestion.of(opened))
            | {"points": (*WantedQuestion.of(opened).points, WantedPoint(text="mine", kind="brownie"))}
        )
        edit = Edit(revision(opened))
        saved = save_question(question=question, wanted=mine, edit=edit, **SAVED)
        texts = [point.text for point in found(saved).points.all()]
        self.assertEqual(texts, ["kept", "theirs", "new words", "mine"])
        self.assertEqual(edit.taken, ["Point", "Point", "Point"])
        self.assertFalse(Point.objects.filter(pk=gone.pk).exists())

    def test_point_that_one_removed_and_the_other_reworded_is_to_be_chosen(self):
        question = anchored()
        point = PointFactory(question=question, text="headers")
        opened = found(question)
        changed(question, points=(WantedPoint(pk=point.pk, text="HTTP headers", kind="brownie"),))
        mine = WantedQuestion(**vars(WantedQuestion.of(opened)) | {"points": ()})
        with self.assertRaises(Overtaken) as caught:
            save_question(question=question, wanted=mine, edit=Edit(revision(opened)), **SAVED)
        (clash,) = caught.exception.edit.clashes
        self.assertEqual((clash.saved, clash.yours), ("Brownie point: HTTP headers", None))

    def test_condition_that_somebody_else_changed_meanwhile_stays(self):
        question = anchored()
        follow_up = QuestionFactory(parent=question, condition="next")
        opened = found(question)
        changed(follow_up, condition="when it comes up")
        save_question(question=question, wanted=WantedQuestion.of(opened), edit=Edit(revision(opened)), **SAVED)
        follow_up.refresh_from_db()
        self.assertEqual(follow_up.condition, "when it comes up")

    def test_publishing_meanwhile_does_not_get_in_the_way(self):
        question = anchored(status="draft")
        base = revision(found(question))
        publish_question(question=question, **SAVED)
        wanted = WantedQuestion.of(found(question))
        self.assertEqual(save_question(question=question, wanted=wanted, edit=Edit(base), **SAVED).status, "published")


class TestSaveQuestionElsewhere(TestCase):
    def test_question_cannot_follow_itself_nor_what_is_below_it(self):
        top = QuestionFactory(status="draft")
        below = QuestionFactory(parent=QuestionFactory(parent=top))
        for parent in (top, below):
            with self.assertRaises(Misplaced):
                changed(top, parent=parent, condition="next")
        top.refresh_from_db()
        self.assertIsNone(top.parent)

    def test_all_are_locked_before_one_that_moves_or_has_follow_ups(self):
        """Two curators who save questions, or save and merge, could stop each other with a deadlock."""
        question, parent, asked_next = (
            QuestionFactory(status="draft"),
            QuestionFactory(),
            QuestionFactory(status="draft"),
        )
        Question.objects.filter(pk=asked_next.pk).update(parent=parent)
        for saved, changes in (
            (question, {"parent": parent, "condition": "next"}),
            (parent, {"follow_ups": {asked_next.pk: "when it comes up"}}),
            (parent, {"topic": TopicFactory(), "follow_ups": {}}),
        ):
            with CaptureQueriesContext(connection) as asked:
                changed(saved, **changes)
            locks = [query["sql"] for query in asked if "FOR UPDATE" in query["sql"]]
            if connection.features.has_select_for_update:
                self.assertNotIn("WHERE", locks[0], changes)

    def test_question_in_a_script_cannot_become_a_follow_up(self):
        item = ScriptItemFactory(question=anchored())
        with self.assertRaisesMessage(Misplaced, f"It’s used in {item.section.script}"):
            changed(item.question, parent=QuestionFactory(), condition="next")

    def test_question_that_moves_comes_last_and_takes_along_what_is_below_it(self):
        parent = QuestionFactory()
        QuestionFactory(parent=parent, position=7)
        question = anchored()
        published = QuestionFactory(parent=question)
        draft = QuestionFactory(parent=published, status="draft")
        saved = changed(question, parent=parent, condition="next")
        self.assertEqual((saved.position, saved.topic), (8, parent.topic))
        for below, version in ((published, 2), (draft, 1)):
            below.refresh_from_db()
            self.assertEqual((below.topic, below.version), (parent.topic, version))

    def test_question_that_stays_keeps_its_place(self):
        question = anchored(position=3)
        QuestionFactory(topic=question.topic, position=9)
        self.assertEqual(changed(question, prompt="In other words?").position, 3)

    def test_cues_cannot_lead_back(self):
        first, second, third = (anchored() for _ in range(3))
        PointFactory(question=second, kind="cue", leads_to=third)
        PointFactory(question=third, kind="cue", leads_to=first)
        for leads_to in (first, second):
            with self.assertRaisesMessage(Misplaced, "lead back"):
                changed(first, points=(WantedPoint(text="names it", kind="cue", leads_to=leads_to),))
        changed(first, points=(WantedPoint(text="names it", kind="cue", leads_to=anchored()),))
        self.assertEqual(Point.objects.filter(question=first).count(), 1)


class TestReasonsAgainstPublishing(TestCase):
    def test_top_level_answer_needs_all_four_anchors(self):
        question = QuestionFactory(status="draft")
        AnchorFactory(question=question, rating=2)
        self.assertEqual(reasons_against_publishing(found(question)), ["Say what Poor, Good and Excellent look like."])
        self.assertEqual(reasons_against_publishing(found(anchored(status="draft"))), [])

    def test_conversation_needs_none(self):
        self.assertEqual(reasons_against_publishing(found(QuestionFactory(kind="conversation"))), [])

    def test_follow_up_needs_its_condition_and_a_question_that_is_no_draft(self):
        follow_up = QuestionFactory(parent=QuestionFactory(status="draft"))
        self.assertEqual(
            reasons_against_publishing(found(follow_up)),
            ["Enter when to ask this follow-up.", "Its parent question is a draft. Publish that first."],
        )
        self.assertEqual(
            reasons_against_publishing(found(QuestionFactory(parent=QuestionFactory(), condition="next"))), []
        )


class TestPublishQuestion(TestCase):
    def test_draft_becomes_published_and_reviewed(self):
        question = anchored(status="draft")
        publish_question(question=question, **SAVED)
        question.refresh_from_db()
        self.assertEqual((question.status, question.reviewed_on, question.version), ("published", TODAY, 1))

    def test_draft_that_lacks_something_stays_one(self):
        question = QuestionFactory(status="draft")
        with self.assertRaises(NotPublishable) as caught:
            publish_question(question=question, **SAVED)
        self.assertEqual(caught.exception.reasons, ["Say what Poor, Mixed, Good and Excellent look like."])
        question.refresh_from_db()
        self.assertEqual(question.status, "draft")

    def test_what_is_no_draft_is_refused(self):
        for status in ("published", "retired"):
            with self.assertRaises(WrongStatus):
                publish_question(question=anchored(status=status), **SAVED)


class TestRetireQuestion(TestCase):
    def test_published_question_goes_out_of_use(self):
        question = QuestionFactory(version=2)
        retire_question(question=question, **SAVED)
        question.refresh_from_db()
        self.assertEqual((question.status, question.version), ("retired", 2))

    def test_anything_else_is_refused(self):
        for status in ("draft", "retired"):
            with self.assertRaises(WrongStatus):
                retire_question(question=QuestionFactory(status=status), **SAVED)


class TestRestoreQuestion(TestCase):
    def test_retired_question_is_published_again(self):
        question = QuestionFactory(status="retired", version=2)
        restore_question(question=question, **SAVED)
        question.refresh_from_db()
        self.assertEqual((question.status, question.version), ("published", 2))

    def test_anything_else_is_refused(self):
        for status in ("draft", "published"):
            with self.assertRaises(WrongStatus):
                restore_question(question=QuestionFactory(status=status), **SAVED)


class TestDeleteDraft(TestCase):
    def test_draft_is_gone_and_cues_to_it_lead_nowhere(self):
        draft = QuestionFactory(status="draft")
        point = PointFactory(leads_to=draft)
        delete_draft(question=draft)
        self.assertFalse(Question.objects.filter(pk=draft.pk).exists())
        point.refresh_from_db()
        self.assertIsNone(point.leads_to)

    def test_draft_that_another_curator_has_deleted_is_not_found(self):
        draft = QuestionFactory(status="draft")
        delete_draft(question=Question.objects.get(pk=draft.pk))
        with self.assertRaises(Http404):
            delete_draft(question=draft)

    def test_what_was_published_stays(self):
        question = QuestionFactory(status="retired")
        with self.assertRaises(WrongStatus):
            delete_draft(question=question)
        self.assertTrue(Question.objects.filter(pk=question.pk).exists())

    def test_draft_with_follow_ups_stays(self):
        draft = QuestionFactory(status="draft")
        QuestionFactory(parent=draft, status="draft")
        with self.assertRaises(HasFollowUps):
            delete_draft(question=draft)
        self.assertTrue(Question.objects.filter(pk=draft.pk).exists())
