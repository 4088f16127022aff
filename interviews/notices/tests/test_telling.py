import datetime as dt
from unittest import mock

from django.urls import reverse

from accounts.factories import CuratorFactory
from interviews.models import BlindPolicy, Interview, Notice, NoticeSettings, Opening, Panelist
from interviews.models.notices import NoticeQuerySet
from interviews.notices import tasks, telling
from interviews.tests.debriefing import DebriefCase
from interviews.tests.submitting import END, submit
from mail.models import Mail
from question_bank.curation.suggestions import answer, suggest

NOW = END + dt.timedelta(hours=3)


class NoticeCase(DebriefCase):
    def told(self):
        """To whom which notices went since the last time."""
        found = sorted((notice.user.name.split()[0], notice.kind) for notice in Notice.objects.all())
        Notice.objects.all().delete()
        return found

    def mails(self):
        found = list(Mail.objects.order_by("pk"))
        Mail.objects.all().delete()
        return found

    def complete(self, at=NOW):
        return telling.tell_of_complete(at=at)


class CompleteTests(NoticeCase):
    def test_readers_are_told_once_when_the_last_scorecard_is_in(self):
        submit(self.mira)
        submit(self.jo)
        self.assertEqual((self.complete(), self.told()), (0, []))
        submit(self.luc)
        self.assertEqual(self.complete(), 1)
        self.assertEqual(self.told(), [(name, "all_in") for name in ("Hana", "Jo", "Luc", "Mira")])
        for mail in self.mails():
            self.assertTrue(mail.subject.startswith("All scorecards in: interview for Senior backend engineer"))
            self.assertNotIn("Okafor", mail.subject + mail.text)
        self.assertEqual(self.complete(), 0)

    def test_a_waiver_or_an_end_of_access_completes_it_and_a_reopened_wait_is_told_again(self):
        submit(self.mira)
        submit(self.jo)
        seat = Panelist.objects.filter(pk=self.luc.pk)
        seat.update(waived_at=NOW, waived_by=self.hana, waive_reason="Ill.")
        self.assertEqual(self.complete(), 1)
        self.assertEqual(self.told(), [(name, "all_in") for name in ("Hana", "Jo", "Mira")])
        seat.update(waived_at=None, waived_by=None, waive_reason="")
        self.assertEqual(self.complete(), 0)
        self.luc.user.groups.clear()
        self.assertEqual(self.complete(), 1)

    def test_who_may_not_read_it_is_not_told(self):
        Interview.objects.update(blind_policy=BlindPolicy.NEVER)
        Panelist.objects.create(interview=self.interview, user=self.hana)
        self.submit_all(Panelist.objects.get(user=self.hana))
        self.complete()
        self.assertEqual((self.told(), self.mails()), ([], []))

    def test_of_old_ones_and_practice_calls_nobody_is_told(self):
        self.submit_all()
        self.assertEqual(self.complete(at=NOW + dt.timedelta(days=60)), 0)
        Opening.objects.update(is_practice=True)
        self.assertEqual(self.complete(), 0)

    def test_two_workers_tell_once(self):
        self.submit_all()
        pks = Interview.objects.complete_untold(NOW).values_list("pk", flat=True)
        with mock.patch.object(telling.Interview.objects, "complete_untold") as listed:
            listed.return_value.values_list.return_value = [*pks, *pks]
            listed.return_value.filter.return_value.update.side_effect = [1, 0]
            self.assertEqual(self.complete(), 1)


class ChoiceTests(NoticeCase):
    def tell(self, kind=Notice.Kind.ENDED):
        telling.tell(kind, people=[self.hana], interview=self.interview, at=NOW)

    def test_each_channel_can_be_switched_off_for_each_kind(self):
        wants = NoticeSettings.objects.create(user=self.hana, no_email=["ended"])
        self.tell()
        self.assertEqual((self.told(), self.mails()), ([("Hana", "ended")], []))
        self.tell(Notice.Kind.NO_SHOW)
        self.assertEqual(len(self.mails()), 1)
        wants.no_page = ["ended"]
        wants.save()
        self.told()
        self.tell()
        self.assertEqual((self.told(), self.mails()), ([], []))

    def test_one_email_a_day_has_everything_but_what_cannot_wait(self):
        NoticeSettings.objects.create(user=self.hana, is_daily=True, no_page=["no_show"])
        for kind in (Notice.Kind.ENDED, Notice.Kind.NO_SHOW, Notice.Kind.DECIDED):
            self.tell(kind)
        self.assertEqual(self.mails(), [])
        self.tell(Notice.Kind.DUE)
        self.assertEqual(len(self.mails()), 1)
        self.assertEqual(telling.send_digests(at=NOW), 1)
        [mail] = self.mails()
        self.assertEqual(mail.subject, "2 notices from Interview Script")
        # The debrief is closed to her: that something was decided is told in no email either.
        self.assertNotIn("Decided", mail.text)
        self.assertNotIn("Okafor", mail.text)
        self.tell()
        self.assertEqual(telling.send_digests(at=NOW), 0)
        self.assertEqual(telling.send_digests(at=NOW + dt.timedelta(days=1)), 1)

    def test_answers_of_curators_wait_for_the_daily_email_and_can_be_switched_off(self):
        wants = NoticeSettings.objects.create(user=self.hana, is_daily=True)
        suggestion = suggest(kind="new", text="Why caches?", question=None, by=self.hana, at=NOW)
        answer(suggestion=suggestion, is_accepted=False, words="", by=CuratorFactory(), at=NOW)
        self.assertEqual((self.mails(), telling.send_digests(at=NOW)), ([], 1))
        [mail] = self.mails()
        self.assertIn("Not taken up: your suggestion, “Why caches?”\n", mail.text)
        self.assertIn(reverse("suggestion-list"), mail.text)
        self.assertEqual(self.told(), [("Hana", "bank")])
        wants.no_page = wants.no_email = ["bank"]
        wants.save()
        suggestion = suggest(kind="new", text="Why queues?", question=None, by=self.hana, at=NOW)
        answer(suggestion=suggestion, is_accepted=True, words="", by=CuratorFactory(), at=NOW)
        self.assertEqual((self.told(), self.mails()), ([], []))

    def test_a_notice_that_arrives_while_the_daily_email_is_written_is_for_the_next_one(self):
        NoticeSettings.objects.create(user=self.hana, is_daily=True)
        self.tell()
        # On PostgreSQL, another transaction may commit one between reading them and marking them as sent.
        read, late = NoticeQuerySet.visible_to, []

        def visible_to(rows, user):
            found = list(read(rows, user).values_list("pk", flat=True))
            if not late:
                late.append(self.tell())
            return Notice.objects.filter(pk__in=found)

        with mock.patch.object(NoticeQuerySet, "visible_to", visible_to):
            self.assertEqual(telling.send_digests(at=NOW), 1)
        self.assertEqual(telling.send_digests(at=NOW + dt.timedelta(days=1)), 1)

    def test_who_lost_access_gets_no_daily_email(self):
        NoticeSettings.objects.create(user=self.hana, is_daily=True)
        self.tell()
        self.hana.groups.clear()
        self.assertEqual((telling.send_digests(at=NOW), self.mails()), (0, []))
        self.assertFalse(Notice.objects.filter(is_for_digest=True).exists())

    def test_without_email_notices_are_on_pages(self):
        NoticeSettings.objects.create(user=self.hana, is_daily=True)
        with self.settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend"):
            self.tell()
        self.assertFalse(Notice.objects.get().is_for_digest)
        self.assertEqual(self.mails(), [])


class DeleteOldTests(NoticeCase):
    def test_after_ninety_days_they_are_deleted(self):
        self.submit_all()
        self.complete()
        count = Notice.objects.count()
        self.assertEqual(telling.delete_old(at=NOW + dt.timedelta(days=90)), 0)
        self.assertEqual(telling.delete_old(at=NOW + dt.timedelta(days=91)), count)
        self.assertGreater(count, 0)


class TaskTests(NoticeCase):
    def test_the_worker_looks_for_both(self):
        NoticeSettings.objects.create(user=self.hana, is_daily=True)
        self.submit_all()
        with mock.patch.object(tasks.timezone, "now", return_value=NOW):
            tasks.tell_of_complete_debriefs.call_local()
            tasks.send_daily_emails.call_local()
        self.assertEqual(Mail.objects.filter(kind="digest").count(), 1)
