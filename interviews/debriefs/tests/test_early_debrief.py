from accounts.factories import InterviewerFactory
from interviews.debriefs.early_debrief import REASON_CHARS, AlreadyOpen, open_early
from interviews.models import EarlyDebrief
from interviews.refusals import Invalid, NotAllowed, NotThere, WrongTime
from interviews.tests.debriefing import DebriefCase
from interviews.tests.submitting import END, submit


class OpenEarlyTests(DebriefCase):
    def open(self, user=None, reason="She has another offer."):
        return open_early(user=user or self.hana, interview_id=self.interview.pk, reason=reason, at=END)

    def assert_refused(self, refusal, **sent):
        with self.assertRaises(refusal) as caught:
            self.open(**sent)
        self.assertEqual(EarlyDebrief.objects.count(), 0)
        return str(caught.exception)

    def test_manager_opens_it_with_a_reason(self):
        submit(self.jo)
        opened = self.open(reason="  She has another offer. ")
        self.assertEqual((opened.opened_by, opened.reason), (self.hana, "She has another offer."))

    def test_lead_opens_it_after_submitting(self):
        submit(self.jo)
        self.assert_refused(WrongTime, user=self.mira.user)
        submit(self.mira)
        self.assertEqual(self.open(user=self.mira.user).opened_by, self.mira.user)

    def test_interviewer_may_not_and_a_stranger_sees_nothing(self):
        submit(self.jo)
        self.assert_refused(NotAllowed, user=self.jo.user)
        self.assert_refused(NotThere, user=InterviewerFactory())

    def test_nothing_to_open_before_the_first_scorecard(self):
        self.assert_refused(WrongTime)

    def test_open_debrief_is_not_opened_again(self):
        submit(self.jo)
        self.open()
        with self.assertRaises(AlreadyOpen):
            self.open(reason="Another reason.")
        self.assertEqual(EarlyDebrief.objects.count(), 1)

    def test_reason_is_wanted_and_bounded(self):
        submit(self.jo)
        self.assert_refused(Invalid, reason=" \n")
        self.assertIn("1,000", self.assert_refused(Invalid, reason="x" * (REASON_CHARS + 1)))
