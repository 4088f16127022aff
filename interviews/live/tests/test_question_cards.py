from django.test import TestCase

from interviews.factories import NoteFactory, ScriptedPointFactory, ScriptedQuestionFactory, ScriptedSectionFactory
from interviews.live import question_cards
from question_bank.models import Point

Kind = Point.Kind


class BuildCardTests(TestCase):
    def card(self, *kinds, **fields):
        question = ScriptedQuestionFactory(**fields)
        for position, kind in enumerate(kinds, start=1):
            ScriptedPointFactory(question=question, kind=kind, position=position, text=f"{kind} {position}")
        return question_cards.build_card(question, question.points.all())

    def keys(self, card):
        return {point.text: point.key for group in card.point_groups for point in group.points}

    def test_points_have_their_keys_in_one_sequence_in_the_order_of_the_card(self):
        card = self.card(Kind.WATCH_OUT, Kind.CUE, Kind.BROWNIE, Kind.BROWNIE)
        self.assertEqual([group.title for group in card.point_groups], ["Brownie points", "Listen for", "Watch-outs"])
        keys = {"brownie 3": "1", "brownie 4": "2", "cue 2": "3", "watch_out 1": "4"}
        self.assertEqual(self.keys(card), keys)

    def test_a_tenth_point_has_no_key(self):
        card = self.card(*[Kind.BROWNIE] * 10)
        self.assertEqual(list(self.keys(card).values()), [*"123456789", ""])

    def test_an_answer_without_brownie_points_still_takes_unlisted_ones_behind_its_cues(self):
        card = self.card(Kind.CUE)
        self.assertEqual([group.takes_unlisted for group in card.point_groups], [False, True])

    def test_a_conversation_has_no_scale_and_takes_no_unlisted_points(self):
        card = self.card(kind="conversation")
        self.assertEqual((card.point_groups, card.scale), ([], []))

    def test_own_anchors_replace_the_general_words(self):
        card = self.card(anchors=[{"rating": 1, "text": "never asks where the time goes"}])
        self.assertEqual(
            [(step.value, step.word, step.key) for step in card.scale],
            [(1, "Poor", "p"), (2, "Mixed", "m"), (3, "Good", "g"), (4, "Excellent", "e")],
        )
        self.assertEqual(card.scale[0].text, "never asks where the time goes")
        self.assertIn("Reasoned it through", card.scale[2].text)

    def test_the_fold_names_what_it_holds(self):
        reading = [{"title": "One", "url": "", "author": ""}, {"title": "Two", "url": "", "author": ""}]
        card = self.card(purpose="How they begin.", guidance="", references=reading)
        self.assertEqual(card.fold_words, "Why we ask, 2 references")
        self.assertEqual(self.card(purpose="", guidance="Let the ideas come.").fold_words, "Guidance")

    def test_a_question_is_about_the_assignment_when_its_words_say_so(self):
        self.assertTrue(self.card(prompt="In your assignment you added endpoints.").is_about_assignment)
        self.assertTrue(self.card(guidance="Open the Assignment beside it.").is_about_assignment)
        self.assertFalse(self.card(prompt="What makes a query slow?").is_about_assignment)


class BuildSectionsTests(TestCase):
    def test_a_gate_holds_back_its_section_and_those_behind_it_up_to_the_next_gate(self):
        first = ScriptedSectionFactory(position=1)
        rest = [
            ScriptedSectionFactory(interview=first.interview, position=2, gate="Go on?", minutes=8),
            ScriptedSectionFactory(interview=first.interview, position=3, minutes=6),
            ScriptedSectionFactory(interview=first.interview, position=4, minutes=5, is_for_candidate=True),
            ScriptedSectionFactory(interview=first.interview, position=5, gate="And on?", minutes=9),
        ]
        _, gate, _, _, last = question_cards.build_sections([first, *rest], [])
        self.assertEqual((gate.behind, gate.behind_minutes), (rest[:2], 14))
        self.assertEqual(last.behind, rest[3:])

    def test_questions_stand_in_their_section_with_depth_and_own_note(self):
        top = ScriptedQuestionFactory(prompt="top")
        below = ScriptedQuestionFactory(prompt="below", section=top.section, parent=top)
        note = NoteFactory(panelist__interview=top.interview, question=below)
        [part] = question_cards.build_sections([top.section], [top, below], notes={below.pk: note})
        self.assertEqual(
            [(card.question, card.depth, card.note) for card in part.cards], [(top, 0, None), (below, 1, note)]
        )

    def test_the_outline_indents_no_deeper_than_three(self):
        questions = [ScriptedQuestionFactory()]
        for _ in range(4):
            questions.append(ScriptedQuestionFactory(section=questions[0].section, parent=questions[-1]))
        [part] = question_cards.build_sections([questions[0].section], questions)
        self.assertEqual([card.outline_depth for card in part.cards], [0, 1, 2, 3, 3])
