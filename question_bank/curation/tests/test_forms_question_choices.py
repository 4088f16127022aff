from django.test import TestCase

from question_bank.curation.forms.question_choices import LABEL_LENGTH, QuestionChoices
from question_bank.factories import QuestionFactory


class TestQuestionChoices(TestCase):
    def test_question_is_found_by_its_words_however_they_are_typed(self):
        question = QuestionFactory(prompt="Où est\nle cache?")
        picks = QuestionChoices([question])
        self.assertEqual(picks.label(question), "Où est le cache?")
        self.assertEqual(picks.find("  ou EST le cache? "), question)
        self.assertIsNone(picks.find("ou est"))

    def test_two_that_read_alike_are_told_apart(self):
        first, second = QuestionFactory(prompt="Why?"), QuestionFactory(prompt="why?")
        picks = QuestionChoices([first, second])
        self.assertEqual(picks.label(second), f"why? ({second.pk})")
        self.assertEqual([picks.find(picks.label(question)) for question in (first, second)], [first, second])

    def test_long_words_are_cut_and_still_found(self):
        question = QuestionFactory(prompt="why " * 100)
        picks = QuestionChoices([question])
        self.assertLessEqual(len(picks.label(question)), LABEL_LENGTH)
        self.assertEqual(picks.find(picks.label(question)), question)

    def test_question_that_may_not_be_picked_has_no_words(self):
        self.assertEqual(QuestionChoices([]).label(QuestionFactory()), "")
        self.assertEqual(QuestionChoices([]).label(None), "")

    def test_options_of_the_list_are_escaped(self):
        picks = QuestionChoices([QuestionFactory(prompt='Why <b>"a"</b>?'), QuestionFactory(prompt="Why not?")])
        self.assertEqual(
            picks.options,
            '<option value="Why &lt;b&gt;&quot;a&quot;&lt;/b&gt;?"></option><option value="Why not?"></option>',
        )
