from django.http import QueryDict
from django.test import TestCase

from question_bank.curation.forms.previews import listening_of, preview_of
from question_bank.curation.forms.questions import QuestionEditor


def preview(**values):
    data = QueryDict(mutable=True)
    data.update({"points-TOTAL_FORMS": "3", "points-INITIAL_FORMS": "0", "kind": "answer"} | values)
    return preview_of(QuestionEditor(data))


class PreviewTests(TestCase):
    def test_half_written_form_has_a_card(self):
        card = preview(prompt="Where to\r\ncache? ", minutes="many")
        self.assertEqual((card.question.prompt, card.question.minutes), ("Where to\ncache?", 0))

    def test_points_are_by_kind_and_in_order_without_removed_ones(self):
        card = preview(
            **{"points-0-text": "Second", "points-0-kind": "brownie", "points-0-ORDER": "2"},
            **{"points-1-text": "First", "points-1-kind": "brownie", "points-1-ORDER": "1"},
            **{"points-2-text": "Removed", "points-2-kind": "cue", "points-2-DELETE": "on"},
        )
        self.assertEqual([point.text for point in card.brownie_points], ["First", "Second"])
        self.assertEqual(card.cues, [])

    def test_points_are_numbered_through_as_on_the_live_page(self):
        card = preview(
            **{"points-0-text": "Cue", "points-0-kind": "cue"},
            **{"points-1-text": "Brownie", "points-1-kind": "brownie"},
        )
        found = [(group.title, key, point.text) for group in listening_of(card) for key, point in group.points]
        self.assertEqual(found, [("Brownie points", "1", "Brownie"), ("Listen for", "2", "Cue")])

    def test_ratings_are_those_written_else_the_general_ones(self):
        ratings = preview(anchor_1="Guesses").ratings
        self.assertEqual((ratings[0].text, ratings[0].is_own, ratings[3].is_own), ("Guesses", True, False))
        self.assertEqual(preview(kind="conversation").ratings, [])
