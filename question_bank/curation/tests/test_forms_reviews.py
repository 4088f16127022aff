from django.test import SimpleTestCase

from question_bank.curation.forms.reviews import AnswerForm, CommentForm, PointForm, SuggestionForm


class SuggestionFormTests(SimpleTestCase):
    def test_new_question_has_no_kind_to_choose(self):
        self.assertNotIn("kind", SuggestionForm(is_new=True).fields)
        kinds = [value for value, _ in SuggestionForm(is_new=False).fields["kind"].choices]
        self.assertEqual(kinds, ["change", "dated"])

    def test_text_is_needed(self):
        self.assertTrue(SuggestionForm({"text": "Ask about Vary."}, is_new=True).is_valid())
        self.assertIn("text", SuggestionForm({"text": " "}, is_new=True).errors)


class SmallFormTests(SimpleTestCase):
    def test_answer_may_be_blank_and_is_one_line(self):
        self.assertTrue(AnswerForm({"answer": ""}).is_valid())
        self.assertIn("answer", AnswerForm({"answer": "x" * 301}).errors)

    def test_comment_and_point_have_a_text(self):
        for form in (CommentForm, PointForm):
            self.assertEqual((form({"text": "Yes."}).is_valid(), form({"text": ""}).is_valid()), (True, False))
