from django.utils import timezone

from accounts.factories import HiringManagerFactory
from interviews.models import DismissedWarning
from interviews.pages.tests.test_views_warnings import WarningCase
from interviews.pages.warnings import dismiss
from interviews.refusals import NotAllowed, WrongTime


class DismissTests(WarningCase):
    def dismiss(self, interview, words, by=None):
        dismiss(interview=interview, words=words, by=by or self.hana, at=timezone.now())

    def test_neither_a_missing_lead_nor_other_words_can_be_dismissed(self):
        for interview in (self.planned([]), self.interview):
            with self.assertRaises(WrongTime):
                self.dismiss(interview, "no lead")
        with self.assertRaises(NotAllowed):
            self.dismiss(self.interview, "only one interviewer", by=HiringManagerFactory())
        self.assertFalse(DismissedWarning.objects.exists())
