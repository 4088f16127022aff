import datetime as dt
import smtplib
from unittest import mock

from django.core import mail as django_mail
from django.db import connection, transaction
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import mail, tasks
from accounts.factories import AdministratorFactory, CuratorFactory, UserFactory
from accounts.models import Mail

NOW = dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
AWAY = ConnectionRefusedError("nobody listens")
REFUSED = smtplib.SMTPRecipientsRefused({"jo@example.org": (550, b"no such user")})


def failing(error):
    return mock.patch.object(django_mail.EmailMessage, "send", side_effect=error)


class MailCase(TestCase):
    def keep(self, *, at=NOW, to="jo@example.org", **fields):
        """One that is kept and not yet sent."""
        context = {"by": "Ana Silva", "days": 3, "link": "http://testserver/welcome/x/"}
        return mail.send(**{"kind": "invitation", "to": to, "at": at, "context": context} | fields)

    def deliver(self, row, *, at=NOW):
        assert row.claim(at=at)
        return mail.deliver(row, at=at)


class SendTests(MailCase):
    def test_it_is_kept_first_and_leaves_after_the_commit(self):
        with self.captureOnCommitCallbacks(execute=True):
            self.keep(to=UserFactory(name="Jo Borg", email="jo@example.org"))
            self.assertEqual((Mail.objects.count(), django_mail.outbox), (1, []))
        [message] = django_mail.outbox
        self.assertEqual((message.to, message.subject), (["jo@example.org"], "Your invitation to Interview Script"))
        self.assertTrue(message.body.startswith("Hello Jo,\n\nAna Silva has invited you"))
        self.assertFalse(Mail.objects.exists())

    def test_rolled_back_nothing_leaves(self):
        with self.captureOnCommitCallbacks(execute=True):
            with self.assertRaises(ZeroDivisionError), transaction.atomic():
                self.keep()
                raise ZeroDivisionError
        self.assertEqual((Mail.objects.count(), django_mail.outbox), (0, []))

    def test_a_queue_that_is_out_of_reach_loses_nothing(self):
        with mock.patch("accounts.tasks.send_mail", side_effect=ConnectionError("no queue")):
            with self.assertLogs("django", "ERROR"), self.captureOnCommitCallbacks(execute=True):
                self.keep()
        tasks.send_waiting.call_local()
        self.assertEqual(len(django_mail.outbox), 1)

    def test_text_is_plain_and_names_cannot_add_headers(self):
        jo = UserFactory(name="Jo <b>&\r\nBcc: all@example.org", email="jo@example.org")
        row = self.keep(context={"by": "O'Neill & Sons", "days": 1, "link": "x"}, to=jo)
        self.assertIn("O'Neill & Sons has invited you", row.text)
        self.assertEqual(row.subject, "Your invitation to Interview Script")
        self.deliver(row)
        self.assertNotIn("Bcc", django_mail.outbox[0].message())

    def test_a_zone_that_this_machine_does_not_know_gives_way_to_that_of_the_event(self):
        person = UserFactory.build(time_zone="Mars/Olympus")
        row = self.keep(kind="password_changed", to=person, zone="Europe/Malta", context={"at": NOW})
        self.assertIn("20 November 2026, 16:00 CET", row.text)

    def test_attachment_keeps_its_parameters(self):
        text = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
        invite = mail.Attachment("interview.ics", "text/calendar; method=REQUEST", text)
        self.deliver(self.keep(attachments=[invite]))
        part = django_mail.outbox[0].message().get_payload()[1]
        self.assertEqual((part.get_content_type(), part.get_param("method")), ("text/calendar", "REQUEST"))
        self.assertEqual(part.get_filename(), "interview.ics")
        self.assertEqual(part.get_payload(decode=True), text.encode())

    @override_settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend")
    def test_without_a_mail_server_it_is_only_printed(self):
        self.assertFalse(mail.is_sent())


class DeliverTests(MailCase):
    def test_mail_server_away_it_waits_and_leaves_later_under_the_same_number(self):
        row = self.keep()
        with failing(AWAY), self.assertLogs("accounts.mail", "WARNING"):
            self.assertFalse(self.deliver(row))
        row.refresh_from_db()
        self.assertEqual(
            (row.try_at, row.lease_until, row.failure), (NOW + MINUTE, None, "The email server can’t be reached.")
        )
        self.assertEqual(list(Mail.objects.due(NOW)), [])
        self.assertEqual(list(Mail.objects.due(NOW + MINUTE)), [row])
        self.assertTrue(self.deliver(row, at=NOW + MINUTE))
        self.assertEqual(django_mail.outbox[0].extra_headers["Message-ID"], f"<{row.message_id}@interview-script>")
        self.assertFalse(Mail.objects.exists())

    @override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=1
    )
    def test_a_real_server_that_is_not_there_is_such_a_one(self):
        row = self.keep()
        with self.assertLogs("accounts.mail", "WARNING"):
            self.assertFalse(self.deliver(row))
        self.assertEqual(Mail.objects.get().failure, "The email server can’t be reached.")

    def test_it_is_tried_ever_more_seldom_and_at_least_each_hour(self):
        row = self.keep()
        pauses = []
        with failing(AWAY), self.assertLogs("accounts.mail", "WARNING"):
            for _ in range(9):
                self.deliver(row)
                row.refresh_from_db()
                pauses.append((row.try_at - NOW) // MINUTE)
        self.assertEqual(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60])

    def test_after_three_days_it_is_given_up_and_administrators_are_told_in_words(self):
        ana = AdministratorFactory(name="Ana Silva", email="ana@example.org")
        row = self.keep()
        at = NOW + mail.GIVEN_UP_AFTER
        with failing(AWAY), self.assertLogs("accounts.mail", "ERROR"):
            self.deliver(row, at=at)
        row.refresh_from_db()
        self.assertEqual((row.given_up_at, row.text.count("welcome")), (at, 1))
        self.assertNotIn(row, Mail.objects.due(at + 60 * MINUTE))
        told = Mail.objects.get(to=ana.email)
        self.assertEqual(told.kind, "mail_given_up")
        for words in ("To: jo@example.org", "Email: Invitation", "The email server can’t be reached."):
            self.assertIn(words, told.text)

    def test_an_address_that_is_refused_for_good_is_given_up_at_once(self):
        with failing(REFUSED), self.assertLogs("accounts.mail", "ERROR"):
            self.assertTrue(self.deliver(self.keep()))
        self.assertEqual(Mail.objects.given_up().get().failure, "The email server rejects this address.")

    def test_an_address_that_is_refused_for_now_waits(self):
        later = smtplib.SMTPRecipientsRefused({"jo@example.org": (451, b"greylisted")})
        for error in (later, smtplib.SMTPDataError(452, b"full"), smtplib.SMTPAuthenticationError(535, b"no")):
            with self.subTest(error), failing(error), self.assertLogs("accounts.mail", "WARNING"):
                self.deliver(row := self.keep())
                row.refresh_from_db()
                self.assertIsNone(row.given_up_at)

    def test_a_fault_of_ours_is_not_tried_again(self):
        with failing(ZeroDivisionError), self.assertLogs("accounts.mail", "ERROR"):
            self.deliver(self.keep())
        self.assertIn("Something went wrong", Mail.objects.given_up().get().failure)

    def test_a_mail_about_given_up_mails_does_not_tell_about_itself(self):
        AdministratorFactory(email="ana@example.org")
        row = self.keep(kind="mail_given_up", to="ana@example.org", context={"mail": Mail(kind="invitation")})
        with failing(REFUSED), self.assertLogs("accounts.mail", "ERROR"):
            self.deliver(row)
        self.assertEqual(Mail.objects.count(), 1)

    def test_thrown_away_meanwhile_it_is_no_error(self):
        row = self.keep()
        with failing(AWAY), self.assertLogs("accounts.mail", "WARNING"):
            row.claim(at=NOW)
            Mail.objects.all().delete()
            mail.deliver(row, at=NOW)
        self.assertFalse(Mail.objects.exists())


class TakeTests(MailCase):
    def test_two_workers_do_not_send_the_same(self):
        row = self.keep()
        self.assertTrue(row.claim(at=NOW))
        self.assertFalse(Mail.objects.get().claim(at=NOW + MINUTE))

    def test_what_a_killed_worker_left_behind_is_taken_up_again(self):
        self.keep().claim(at=NOW)
        later = NOW + Mail.LEASE + MINUTE
        self.assertTrue(Mail.objects.due(later).get().claim(at=later))


class SendWaitingTests(MailCase):
    def test_a_server_that_is_away_is_asked_once_and_not_by_every_mail(self):
        for number in range(3):
            self.keep(to=f"{number}@example.org")
        with failing(AWAY) as send, self.assertLogs("accounts.mail", "WARNING"):
            tasks.send_waiting.call_local()
        self.assertEqual(send.call_count, 1)
        self.assertEqual(Mail.objects.filter(attempts=0, lease_until=None).count(), 2)

    def test_one_refused_address_holds_up_nobody(self):
        self.keep(to="gone@example.org")
        self.keep(to="jo@example.org", at=NOW + MINUTE)
        with mock.patch.object(django_mail.EmailMessage, "send", side_effect=[REFUSED, 1]) as send:
            with self.assertLogs("accounts.mail", "ERROR"):
                tasks.send_waiting.call_local()
        self.assertEqual(send.call_count, 2)
        self.assertEqual(Mail.objects.get().to, "gone@example.org")

    def test_a_message_for_one_that_has_left_does_nothing(self):
        tasks.send_mail.call_local(999_999)
        self.assertEqual(django_mail.outbox, [])


class TellAdministratorsTests(MailCase):
    def test_each_active_one_is_told_once_an_hour(self):
        AdministratorFactory(email="ana@example.org")
        AdministratorFactory(is_active=False)
        CuratorFactory()
        for _ in range(3):
            mail.tell_administrators(kind="mail_given_up", at=NOW, context={"mail": Mail(kind="invitation")})
        self.assertEqual([row.to for row in Mail.objects.all()], ["ana@example.org"])


class ClearExpiredLoginsTests(TestCase):
    def test_expired_ones_go_and_others_stay(self):
        from django.contrib.sessions.models import Session

        now = timezone.now()
        for key, days in (("old", -1), ("new", 1)):
            Session.objects.create(session_key=key, session_data="x", expire_date=now + dt.timedelta(days=days))
        tasks.clear_expired_logins.call_local()
        self.assertEqual([session.pk for session in Session.objects.all()], ["new"])


class MailViewTests(MailCase):
    def setUp(self):
        self.client.force_login(AdministratorFactory())
        self.row = self.keep()
        self.row.give_up(at=NOW, failure="The email server can’t be reached.")

    def test_given_up_ones_are_listed_with_why_and_without_what_they_say(self):
        self.keep(to="waits@example.org")
        page = self.client.get(reverse("email-list"))
        self.assertContains(page, "<b>Invitation</b> to jo@example.org")
        self.assertContains(page, "The email server can’t be reached.")
        self.assertNotContains(page, "waits@example.org")
        self.assertNotContains(page, "/welcome/")
        self.assertContains(self.client.get(reverse("person-list")), "1 email could not be sent.")

    def test_sent_again_it_leaves(self):
        with self.captureOnCommitCallbacks(execute=True):
            response = self.client.post(reverse("email-again", args=[self.row.pk]), follow=True)
        self.assertContains(response, "queued again")
        self.assertContains(response, "Nothing undelivered")
        self.assertEqual(django_mail.outbox[0].to, ["jo@example.org"])

    def test_it_is_read_in_the_transaction_that_changes_it(self):
        """Of two administrators, the second waits and then finds it sent or discarded."""
        for name in ("email-again", "email-delete"):
            with self.subTest(name), CaptureQueriesContext(connection) as queries:
                self.client.post(reverse(name, args=[self.row.pk]))
            statements = [query["sql"] for query in queries]
            begun = next(n for n, sql in enumerate(statements) if sql.startswith("SAVEPOINT"))
            read = next(n for n, sql in enumerate(statements) if 'FROM "accounts_mail"' in sql)
            self.assertLess(begun, read)
            self.row.give_up(at=NOW, failure="")

    def test_thrown_away_it_is_gone(self):
        self.client.post(reverse("email-delete", args=[self.row.pk]))
        self.assertEqual((Mail.objects.count(), django_mail.outbox), (0, []))

    def test_one_that_still_waits_is_not_there(self):
        waits = self.keep()
        for name in ("email-again", "email-delete"):
            self.assertEqual(self.client.post(reverse(name, args=[waits.pk])).status_code, 404)
        self.assertEqual(Mail.objects.count(), 2)

    def test_for_administrators_only_and_by_post_only(self):
        for name, arguments in (("email-list", []), ("email-again", [self.row.pk]), ("email-delete", [self.row.pk])):
            url = reverse(name, args=arguments)
            wrong = self.client.post if name == "email-list" else self.client.get
            self.assertEqual(wrong(url).status_code, 405)
        self.client.force_login(CuratorFactory())
        self.assertEqual(self.client.get(reverse("email-list")).status_code, 403)
        for name in ("email-again", "email-delete"):
            self.assertEqual(self.client.post(reverse(name, args=[self.row.pk])).status_code, 403)
        self.client.logout()
        self.assertEqual(self.client.get(reverse("email-list")).status_code, 302)
        self.assertEqual(Mail.objects.given_up().count(), 1)
