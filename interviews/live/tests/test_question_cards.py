from django.test import TestCase

from interviews.factories import ScriptedPointFactory, ScriptedQuestionFactory, ScriptedSectionFactory
from interviews.live import question_cards
from question_bank.models import Point

Kind = Point.Kind


class TestDress(TestCase):
    def dressed(self, *kinds, **fields):
        question = ScriptedQuestionFactory(**fields)
        for position, kind in enumerate(kinds, start=1):
            ScriptedPointFactory(question=question, kind=kind, position=position, text=f"{kind} {position}")
        question.depth = 0
        question_cards.dress(question, list(question.points.all()))
        return question

    def keys(self, question):
        return {point.text: point.key for group in question.point_groups for point in group.points}

    def test_points_have_their_keys_in_one_sequence_in_the_order_of_the_card(self):
        question = self.dressed(Kind.WATCH_OUT, Kind.CUE, Kind.BROWNIE, Kind.BROWNIE)
        self.assertEqual(
            [group.title for group in question.point_groups], ["Brownie points", "Listen for", "Watch-outs"]
        )
        keys = {"brownie 3": "1", "brownie 4": "2", "cue 2": "3", "watch_out 1": "4"}
        self.assertEqual(self.keys(question), keys)

    def test_a_tenth_point_has_no_key(self):
        question = self.dressed(*[Kind.BROWNIE] * 10)
        self.assertEqual(list(self.keys(question).values()), [*"123456789", ""])

    def test_an_answer_without_brownie_points_still_takes_unlisted_ones_behind_its_cues(self):
        question = self.dressed(Kind.CUE)
        self.assertEqual([group.takes_unlisted for group in question.point_groups], [False, True])

    def test_a_conversation_has_no_scale_and_takes_no_unlisted_points(self):
        question = self.dressed(kind="conversation")
        self.assertEqual((question.point_groups, question.scale), ([], []))

    def test_own_anchors_replace_the_general_words(self):
        question = self.dressed(anchors=[{"rating": 1, "text": "never asks where the time goes"}])
        self.assertEqual(
            [(step.value, step.word, step.key) for step in question.scale],
            [(1, "Poor", "p"), (2, "Mixed", "m"), (3, "Good", "g"), (4, "Excellent", "e")],
        )
        self.assertEqual(question.scale[0].text, "never asks where the time goes")
        self.assertIn("Reasoned it through", question.scale[2].text)

    def test_a_question_is_about_the_assignment_when_its_words_say_so(self):
        self.assertTrue(self.dressed(prompt="In your assignment you added endpoints.").is_about_assignment)
        self.assertTrue(self.dressed(guidance="Open the Assignment beside it.").is_about_assignment)
        self.assertFalse(self.dressed(prompt="What makes a query slow?").is_about_assignment)


class TestGateContents(TestCase):
    def test_a_gate_holds_back_its_section_and_those_behind_it_up_to_the_next_gate(self):
        first = ScriptedSectionFactory(position=1)
        rest = [
            ScriptedSectionFactory(interview=first.interview, position=2, gate="Go on?", minutes=8),
            ScriptedSectionFactory(interview=first.interview, position=3, minutes=6),
            ScriptedSectionFactory(interview=first.interview, position=4, minutes=5, is_for_candidate=True),
            ScriptedSectionFactory(interview=first.interview, position=5, gate="And on?", minutes=9),
        ]
        question_cards.gate_contents([first, *rest])
        self.assertEqual(rest[0].behind, rest[:2])
        self.assertEqual(rest[0].behind_minutes, 14)
        self.assertEqual(rest[3].behind, rest[3:])
