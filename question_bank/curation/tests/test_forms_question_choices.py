from django.core.exceptions import ValidationError
from django.test import TestCase

from question_bank.curation.forms.question_choices import QuestionChoices, QuestionField, typed_in
from question_bank.factories import QuestionFactory
from question_bank.models import Question
from question_bank.words import LABEL_LENGTH


def choices(*, shown=(), typed=()):
    return QuestionChoices(Question.objects.published(), shown=shown, typed=typed)


class TestQuestionChoices(TestCase):
    def test_question_is_found_by_its_words_however_they_are_typed(self):
        question = QuestionFactory(prompt="Où est\nle cache?")
        picks = choices(typed=["  ou EST le cache? ", "ou est"])
        self.assertEqual(picks.find("  ou EST le cache? "), question)
        self.assertIsNone(picks.find("ou est"))
        self.assertEqual(choices(shown=[question]).label(question), "Où est le cache?")

    def test_two_that_read_alike_are_told_apart_on_every_page(self):
        first, second = QuestionFactory(prompt="Why?"), QuestionFactory(prompt="why?")
        self.assertEqual(choices(shown=[second]).label(second), f"why? (question {second.pk})")
        self.assertEqual(choices(shown=[first]).label(first), "Why?")
        for question, label in ((first, "Why?"), (second, f"WHY? (question {second.pk})")):
            self.assertEqual(choices(typed=[label]).find(label), question)

    def test_one_that_is_not_offered_takes_no_label_from_one_that_is(self):
        old, new = QuestionFactory(prompt="Why?", status="retired"), QuestionFactory(prompt="Why?")
        picks = choices(shown=[old])
        self.assertEqual((picks.label(new), picks.label(old)), ("Why?", f"Why? (question {old.pk})"))
        self.assertEqual(picks.find(f"Why? (question {old.pk})"), old)

    def test_long_words_are_cut_and_still_found(self):
        question = QuestionFactory(prompt="why " * 100)
        label = choices(shown=[question]).label(question)
        self.assertLessEqual(len(label), LABEL_LENGTH)
        self.assertEqual(choices(typed=[label]).find(label), question)

    def test_question_that_may_not_be_picked_has_no_label(self):
        self.assertEqual(choices().label(QuestionFactory()), "")
        self.assertEqual(choices().label(None), "")

    def test_words_with_nul_are_of_no_question(self):
        field = QuestionField()
        field.picks = choices(typed=typed_in({"parent": "Why?\0"}, "parent"))
        with self.assertRaisesMessage(ValidationError, "No question"):
            field.clean("Why?\0")

    def test_one_query_however_large_the_bank(self):
        QuestionFactory.create_batch(30)
        shown = [QuestionFactory(prompt="Where?"), QuestionFactory(prompt="When?")]
        with self.assertNumQueries(1):
            picks = choices(shown=shown, typed=["What happens in case 3?", "Where?"])
        self.assertLessEqual(len(picks.questions), 3)
        with self.assertNumQueries(0):
            choices()


def test_fields_of_rows_are_found_in_sent_data():
    sent = {"parent": "a", "points-3-leads_to": "b", "points-3-text": "c", "into": "d", "points-4-leads_to": "a\0b"}
    assert list(typed_in(sent, "parent", "leads_to")) == ["a", "b"]
    assert list(typed_in(None, "parent")) == []
