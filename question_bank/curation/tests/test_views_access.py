from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import TestCase

from accounts.factories import CuratorFactory, InterviewerFactory
from question_bank.curation.views.access import question_to_curate, script_to_curate
from question_bank.factories import QuestionFactory, ScriptFactory


class AccessTests(TestCase):
    def test_curators_get_the_row_and_others_only_if_it_is_hidden_a_404(self):
        question, script = QuestionFactory(), ScriptFactory()
        draft = QuestionFactory(status="draft")
        self.assertEqual(question_to_curate(CuratorFactory(), question.pk), question)
        self.assertEqual(script_to_curate(CuratorFactory(), script.pk), script)
        for find, row, error in (
            (question_to_curate, question, PermissionDenied),
            (script_to_curate, script, PermissionDenied),
            (question_to_curate, draft, Http404),
        ):
            with self.assertRaises(error):
                find(InterviewerFactory(), row.pk)
