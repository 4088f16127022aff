import smtplib
from unittest import mock

from django.conf import settings
from django.core import mail as django_mail
from django.test import override_settings

from mail import delivery
from mail.models import Mail
from mail.tests.mail_case import AWAY, MINUTE, NOW, REFUSED, MailCase, failing


class DeliverTests(MailCase):
    def test_mail_server_away_it_waits_and_leaves_later_under_the_same_number(self):
        row = self.store()
        with failing(AWAY), self.assertLogs("mail.delivery", "WARNING"):
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
        row = self.store()
        with self.assertLogs("mail.delivery", "WARNING"):
            self.assertFalse(self.deliver(row))
        self.assertEqual(Mail.objects.get().failure, "The email server can’t be reached.")

    def test_it_is_tried_ever_more_seldom_and_at_least_each_hour(self):
        row = self.store()
        pauses = []
        with failing(AWAY), self.assertLogs("mail.delivery", "WARNING"):
            for _ in range(9):
                self.deliver(row)
                row.refresh_from_db()
                pauses.append((row.try_at - NOW) // MINUTE)
        self.assertEqual(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60])

    def test_after_three_days_it_is_given_up_and_reported(self):
        row = self.store()
        at = NOW + delivery.GIVEN_UP_AFTER
        with failing(AWAY), self.assertLogs("mail.delivery", "ERROR"), mock.patch(settings.EMAIL_GIVEN_UP) as report:
            self.deliver(row, at=at)
        row.refresh_from_db()
        self.assertEqual((row.given_up_at, row.text.count("welcome")), (at, 1))
        self.assertNotIn(row, Mail.objects.due(at + 60 * MINUTE))
        report.assert_called_once_with(row, at=at)

    def test_an_address_that_is_refused_for_good_is_given_up_at_once(self):
        with failing(REFUSED), self.assertLogs("mail.delivery", "ERROR"):
            self.assertTrue(self.deliver(self.store()))
        self.assertEqual(Mail.objects.given_up().get().failure, "The email server rejects this address.")

    def test_an_address_that_is_refused_for_now_waits(self):
        later = smtplib.SMTPRecipientsRefused({"jo@example.org": (451, b"greylisted")})
        for error in (later, smtplib.SMTPDataError(452, b"full"), smtplib.SMTPAuthenticationError(535, b"no")):
            with self.subTest(error), failing(error), self.assertLogs("mail.delivery", "WARNING"):
                self.deliver(row := self.store())
                row.refresh_from_db()
                self.assertIsNone(row.given_up_at)

    def test_a_fault_of_ours_is_not_tried_again(self):
        with failing(ZeroDivisionError), self.assertLogs("mail.delivery", "ERROR"):
            self.deliver(self.store())
        self.assertIn("Something went wrong", Mail.objects.given_up().get().failure)

    def test_thrown_away_meanwhile_it_is_no_error(self):
        row = self.store()
        with failing(AWAY), self.assertLogs("mail.delivery", "WARNING"):
            row.claim(at=NOW)
            Mail.objects.all().delete()
            delivery.deliver(row, at=NOW)
        self.assertFalse(Mail.objects.exists())
