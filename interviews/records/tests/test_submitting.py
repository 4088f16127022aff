import datetime as dt

from django.db import DatabaseError, transaction
from django.test import TestCase

from interviews.factories import InterviewFactory, OpeningFactory, PanelistFactory
from interviews.models import Scorecard, ScorecardVersion
from interviews.records import submitting
from interviews.refusals import Invalid, TooLarge
from interviews.tests.submitting import END, ended_interview, revise, seat, submit


class SetFieldTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.mira = seat(ended_interview(), "Mira Rahman")

    def set_field(self, field, value, panelist=None):
        return submitting.set_field(panelist=panelist or self.mira, field=field, value=value)

    def test_texts_are_kept_to_the_byte(self):
        for field in ("because", "stood_out", "still_open"):
            for text in ("", " é\r\n\t🦊 ", "שלום", "<script>alert(1)</script>"):
                with self.subTest(field=field, text=text):
                    self.set_field(field, text)
                    self.assertEqual(getattr(Scorecard.objects.get(), field), text)

    def test_recommendation_is_1_to_4_or_none(self):
        for value in (1, 4, None):
            self.set_field("recommendation", value)
            self.assertEqual(Scorecard.objects.get().recommendation, value)

    def test_any_other_recommendation_is_refused_and_changes_nothing(self):
        self.set_field("recommendation", 3)
        for value in (0, 5, "3", 3.0, True, [3]):
            with self.subTest(value=value), self.assertRaises(Invalid):
                self.set_field("recommendation", value)
        self.assertEqual(Scorecard.objects.get().recommendation, 3)

    def test_no_other_field_can_be_set(self):
        for field in ("submitted_at", "panelist", "id", None, 5, ["because"], {}):
            with self.subTest(field=field), self.assertRaises(Invalid):
                self.set_field(field, "x")
        self.assertFalse(Scorecard.objects.filter(because="x").exists())

    def test_text_that_is_none_or_too_long_is_refused(self):
        with self.assertRaises(Invalid):
            self.set_field("because", 5)
        self.set_field("because", "🦊" * 1000)
        with self.assertRaisesMessage(TooLarge, "1,001 characters; the limit is 1,000"):
            self.set_field("because", "a" * 1001)
        self.assertEqual(Scorecard.objects.get().because, "🦊" * 1000)

    def test_recommendation_waits_for_the_end_but_take_aways_do_not(self):
        panelist = PanelistFactory(interview=InterviewFactory(live=True))
        self.set_field("stood_out", "early", panelist)
        with self.assertRaisesMessage(submitting.NotEnded, "once the interview has ended"):
            self.set_field("recommendation", 3, panelist)
        self.assertEqual(Scorecard.objects.get(panelist=panelist).stood_out, "early")

    def test_cancelled_interviews_have_none(self):
        panelist = PanelistFactory(interview=InterviewFactory(cancelled=True))
        with self.assertRaisesMessage(submitting.InterviewCancelled, "cancelled"):
            self.set_field("because", "x", panelist)
        self.assertFalse(Scorecard.objects.exists())

    def test_submitted_ones_do_not_change(self):
        submit(self.mira, because="final")
        with self.assertRaises(submitting.AlreadySubmitted):
            self.set_field("because", "too late")
        self.assertEqual(Scorecard.objects.get().because, "final")


class SubmitTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.interview = ended_interview()
        cls.mira = seat(cls.interview, "Mira Rahman", "lead")
        cls.jo = seat(cls.interview, "Jo Tanaka")

    def test_an_empty_scorecard_may_be_submitted(self):
        version = submit(self.mira, at=END)
        self.assertEqual((version.number, version.reason, version.submitted_at), (1, "", END))
        self.assertEqual(Scorecard.objects.get().submitted_at, END)

    def test_before_the_end_it_is_too_early(self):
        for state in ({"live": True}, {}):
            panelist = PanelistFactory(interview=InterviewFactory(**state))
            with self.subTest(state=state), self.assertRaises(submitting.NotEnded):
                submit(panelist)
        self.assertFalse(ScorecardVersion.objects.exists())

    def test_twice_is_refused_and_the_first_stands(self):
        first = submit(self.mira, because="first")
        with self.assertRaises(submitting.AlreadySubmitted):
            submit(self.mira)
        self.assertEqual(ScorecardVersion.objects.get().sha256, first.sha256)

    def test_blind_is_who_could_read_nobody_else(self):
        self.assertTrue(submit(self.mira).is_blind)
        # Jo has not submitted: Mira's is closed to Jo until then.
        self.assertTrue(submit(self.jo).is_blind)

    def test_a_revision_after_reading_others_is_not_blind(self):
        submit(self.mira)
        self.assertTrue(revise(self.mira, reason="typo", at=END + dt.timedelta(hours=1)).is_blind)
        submit(self.jo)
        self.assertFalse(revise(self.mira, reason="changed my mind", at=END + dt.timedelta(hours=2)).is_blind)

    def test_where_others_stay_closed_a_revision_stays_blind(self):
        opening = OpeningFactory(blind_policy="never")
        interview = ended_interview(candidate__opening=opening, candidate=None, blind_policy="never")
        mira, jo = seat(interview, "Mira Rahman"), seat(interview, "Jo Tanaka")
        submit(mira)
        submit(jo)
        self.assertTrue(revise(mira, reason="typo", at=END).is_blind)

    def test_a_version_can_be_neither_changed_nor_deleted(self):
        version = submit(self.mira)
        for change in (
            lambda: ScorecardVersion.objects.update(snapshot="{}"),
            lambda: ScorecardVersion.objects.filter(pk=version.pk).delete(),
            version.save,
        ):
            with self.assertRaisesMessage(DatabaseError, "never changes"), transaction.atomic():
                change()
        self.assertEqual(ScorecardVersion.objects.get().snapshot, version.snapshot)
