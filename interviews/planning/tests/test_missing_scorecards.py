import datetime as dt

from django.urls import reverse

from accounts.factories import CuratorFactory, InterviewerFactory
from accounts.models import User
from accounts.roles import Role
from interviews.access import Barred, debrief_access
from interviews.models import Event, Interview, Panelist
from interviews.planning import missing_scorecards, reminders
from interviews.refusals import Invalid, NotAllowed, NotThere, TooMany
from interviews.tests.debriefing import DebriefCase
from interviews.tests.submitting import END, seat, submit
from mail.models import Mail

HOUR = dt.timedelta(hours=1)
NOW = END + 30 * HOUR


class MissingCase(DebriefCase):
    def setUp(self):
        super().setUp()
        submit(self.mira)
        submit(self.jo)

    def waive(self, panelist=None, by=None, reason="Ill since Monday."):
        return missing_scorecards.waive(
            interview=self.interview, panelist_id=(panelist or self.luc).pk, reason=reason, by=by or self.hana, at=NOW
        )

    def barred(self, who):
        return debrief_access(who, Interview.objects.get(pk=self.interview.pk)).barred


class WaiveTests(MissingCase):
    def test_the_debrief_opens_without_it_and_the_reason_is_recorded(self):
        self.assertEqual(self.barred(self.hana), Barred.NOT_OPEN)
        self.waive()
        self.assertIsNone(self.barred(self.hana))
        luc = Panelist.objects.get(pk=self.luc.pk)
        self.assertEqual((luc.waived_at, luc.waived_by, luc.waive_reason), (NOW, self.hana, "Ill since Monday."))
        self.assertFalse(Interview.objects.outstanding_scorecards().exists())

    def test_its_author_stays_blind_and_may_still_submit(self):
        self.waive()
        self.assertEqual(self.barred(self.luc.user), Barred.OWN_MISSING)
        submit(self.luc, at=NOW + HOUR)
        access = debrief_access(self.hana, self.interview)
        self.assertEqual((len(access.submitted), access.waived), (3, []))

    def test_nobody_is_reminded_of_it_any_more(self):
        self.client.force_login(self.luc.user)
        self.assertContains(self.client.get(reverse("my-day")), "Ada Okafor")
        self.waive()
        self.assertEqual(reminders.remind(at=NOW), 0)
        self.assertNotContains(self.client.get(reverse("my-day")), "Ada Okafor")

    def test_it_can_be_taken_back(self):
        self.waive()
        missing_scorecards.wait_again(interview=self.interview, panelist_id=self.luc.pk, by=self.hana)
        self.assertEqual(self.barred(self.hana), Barred.NOT_OPEN)

    def test_only_managers_and_only_what_is_missing(self):
        with self.assertRaises(NotAllowed):
            self.waive(by=self.mira.user)
        with self.assertRaises(missing_scorecards.NothingMissing):
            self.waive(self.mira)
        for nobody in (seat(self.interview, "Is Shadow", "shadow"), Panelist(pk=0)):
            with self.assertRaises(NotThere):
                self.waive(nobody)
        Interview.objects.update(status="live", ended_at=None)
        with self.assertRaises(missing_scorecards.NothingMissing):
            self.waive()


class RemindNowTests(MissingCase):
    def remind(self, at=NOW, by=None):
        return missing_scorecards.remind_now(
            interview=self.interview, panelist_id=self.luc.pk, by=by or self.hana, at=at
        )

    def test_an_email_with_who_asks_at_most_once_in_four_hours(self):
        self.remind()
        [mail] = Mail.objects.all()
        self.assertEqual(mail.to, self.luc.user.email)
        self.assertIn("Hana Berg is asking for your scorecard", mail.text)
        self.assertNotIn("Okafor", mail.text)
        with self.assertRaises(TooMany):
            self.remind(at=NOW + 4 * HOUR - dt.timedelta(seconds=1))
        self.remind(at=NOW + 4 * HOUR)
        self.assertEqual(Mail.objects.count(), 2)

    def test_an_automatic_reminder_counts(self):
        reminders.remind(at=NOW)
        with self.assertRaises(TooMany):
            self.remind(at=NOW + HOUR)

    def test_not_of_a_waived_one_nor_without_email(self):
        with self.settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend"), self.assertRaises(Invalid):
            self.remind()
        self.waive()
        with self.assertRaises(missing_scorecards.NothingMissing):
            self.remind()
        self.assertEqual(Mail.objects.count(), 0)


class ReassignTests(MissingCase):
    def reassign(self, person):
        return missing_scorecards.reassign(
            interview=self.interview,
            panelist_id=self.luc.pk,
            person=person,
            reason="Sam sat in for Luc.",
            by=self.hana,
            at=NOW,
        )

    def test_someone_else_owes_it_and_is_told(self):
        sam = InterviewerFactory(name="Sam Vella")
        panelist = self.reassign(sam)
        access = debrief_access(self.hana, self.interview)
        self.assertEqual((access.outstanding, access.waived), ([panelist], [self.luc]))
        self.assertEqual([mail.to for mail in Mail.objects.all()], [sam.email])
        self.assertIn("You’re now on its panel.", Mail.objects.get().text)
        self.assertEqual(self.barred(sam), Barred.OWN_MISSING)
        self.assertTrue(Event.objects.filter(interview=self.interview, kind="panel").exists())
        submit(panelist, at=NOW + HOUR)
        self.assertIsNone(self.barred(self.hana))

    def test_nobody_who_may_have_read_the_others(self):
        both = User.objects.create_user("both@example.org", name="B", roles=(Role.INTERVIEWER, Role.HIRING_MANAGER))
        self.interview.opening.managers.add(both)
        for person in (both, self.mira.user, CuratorFactory(), InterviewerFactory(is_active=False)):
            with self.assertRaises(Invalid):
                self.reassign(person)
        self.assertIsNone(Panelist.objects.get(pk=self.luc.pk).waived_at)
