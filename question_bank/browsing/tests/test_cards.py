from django.test import TestCase

from accounts.factories import CuratorFactory, InterviewerFactory
from question_bank.browsing.cards import read, uses
from question_bank.factories import (
    AnchorFactory,
    PointFactory,
    QuestionFactory,
    ScriptFactory,
    ScriptItemFactory,
    SectionFactory,
)
from question_bank.models import Question


def reading_of(question, user=None):
    return read(user or InterviewerFactory(), Question.objects.with_parts().get(pk=question.pk))


class TestRead(TestCase):
    def test_points_are_sorted_by_kind_in_their_order(self):
        question = QuestionFactory()
        PointFactory(question=question, text="late", position=9)
        PointFactory(question=question, text="early", position=1)
        PointFactory(question=question, text="careful", kind="watch_out")
        PointFactory(question=question, text="names it", kind="cue", leads_to=QuestionFactory(prompt="Offered"))
        reading = reading_of(question)
        self.assertEqual([point.text for point in reading.brownie_points], ["early", "late"])
        self.assertEqual([point.text for point in reading.watch_outs], ["careful"])
        self.assertEqual([(cue.text, cue.offers.prompt) for cue in reading.cues], [("names it", "Offered")])

    def test_question_that_a_cue_offers_is_told_to_those_who_may_see_it(self):
        question = QuestionFactory()
        draft = QuestionFactory(status="draft")
        PointFactory(question=question, kind="cue", leads_to=draft)
        self.assertIsNone(reading_of(question).cues[0].offers)
        self.assertEqual(reading_of(question, CuratorFactory()).cues[0].offers, draft)

    def test_places_are_the_whole_tree_whichever_question_of_it_is_read(self):
        top = QuestionFactory(prompt="Top")
        middle = QuestionFactory(prompt="Middle", parent=top)
        QuestionFactory(prompt="Bottom", parent=middle)
        QuestionFactory(prompt="Elsewhere")
        places = reading_of(middle).places
        self.assertEqual(
            [(place.question.prompt, place.depth, place.is_here) for place in places],
            [("Top", 0, False), ("Middle", 1, True), ("Bottom", 2, False)],
        )

    def test_draft_follow_ups_are_left_out_for_readers(self):
        top = QuestionFactory()
        QuestionFactory(parent=top, status="draft")
        self.assertEqual(len(reading_of(top).places), 1)
        self.assertEqual(len(reading_of(top, CuratorFactory()).places), 2)

    def test_conversation_has_no_ratings(self):
        self.assertEqual(reading_of(QuestionFactory(kind="conversation")).ratings, [])

    def test_anchors_are_told_from_the_general_scale(self):
        plain, anchored = QuestionFactory(), QuestionFactory()
        AnchorFactory(question=anchored, rating=4, text="teaches us")
        self.assertFalse(reading_of(plain).has_own_anchors)
        self.assertTrue(reading_of(anchored).has_own_anchors)

    def test_follow_up_stands_in_the_scripts_of_its_topmost_question(self):
        top = QuestionFactory()
        follow_up = QuestionFactory(parent=top)
        script, retired = ScriptFactory(), ScriptFactory(is_retired=True)
        ScriptItemFactory(section=SectionFactory(script=script), question=top)
        ScriptItemFactory(section=SectionFactory(script=script), question=top)
        ScriptItemFactory(section=SectionFactory(script=retired), question=top)
        ScriptItemFactory()
        self.assertEqual(reading_of(follow_up).scripts, [script])
        self.assertEqual(set(reading_of(follow_up, CuratorFactory()).scripts), {script, retired})

    def test_queries_do_not_grow_with_the_tree(self):
        user = InterviewerFactory()
        small, large = QuestionFactory(), QuestionFactory()
        below = large
        for _ in range(30):
            below = QuestionFactory(parent=below)
        for question in (small, large):
            found = Question.objects.with_parts().get(pk=question.pk)
            user.roles  # noqa: B018 - read once in a request
            with self.assertNumQueries(3):
                read(user, found)


class TestUses(TestCase):
    def test_unused_question_is_used_nowhere(self):
        found = uses(QuestionFactory())
        self.assertEqual((found.scripts, found.emptied, found.follow_ups), ([], [], 0))

    def test_scripts_in_use_and_published_follow_ups_count(self):
        question = QuestionFactory()
        QuestionFactory(parent=QuestionFactory(parent=question))
        QuestionFactory(parent=question, status="draft")
        item = ScriptItemFactory(question=question)
        ScriptItemFactory(section=item.section)
        ScriptItemFactory(question=question, section=SectionFactory(script=ScriptFactory(is_retired=True)))
        found = uses(question)
        self.assertEqual((found.scripts, found.emptied, found.follow_ups), ([item.section.script], [], 2))

    def test_script_with_nothing_else_to_ask_is_emptied(self):
        item = ScriptItemFactory()
        ScriptItemFactory(section=item.section, question=QuestionFactory(status="retired"))
        self.assertEqual(uses(item.question).emptied, [item.section.script])

    def test_retiring_a_follow_up_empties_no_script(self):
        item = ScriptItemFactory()
        found = uses(QuestionFactory(parent=item.question))
        self.assertEqual((found.scripts, found.emptied), ([item.section.script], []))
