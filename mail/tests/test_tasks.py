from unittest import mock

from django.core import mail as django_mail

from mail import tasks
from mail.models import Mail
from mail.tests.mail_case import AWAY, MINUTE, NOW, REFUSED, MailCase, failing


class SendWaitingTests(MailCase):
    def test_a_server_that_is_away_is_asked_once_and_not_by_every_mail(self):
        for number in range(3):
            self.store(to=f"{number}@example.org")
        with failing(AWAY) as send, self.assertLogs("mail.delivery", "WARNING"):
            tasks.send_waiting.call_local()
        self.assertEqual(send.call_count, 1)
        self.assertEqual(Mail.objects.filter(attempts=0, lease_until=None).count(), 2)

    def test_one_refused_address_holds_up_nobody(self):
        self.store(to="gone@example.org")
        self.store(to="jo@example.org", at=NOW + MINUTE)
        with mock.patch.object(django_mail.EmailMessage, "send", side_effect=[REFUSED, 1]) as send:
            with self.assertLogs("mail.delivery", "ERROR"):
                tasks.send_waiting.call_local()
        self.assertEqual(send.call_count, 2)
        self.assertEqual(Mail.objects.get().to, "gone@example.org")

    def test_a_message_for_one_that_has_left_does_nothing(self):
        tasks.send_mail.call_local(999_999)
        self.assertEqual(django_mail.outbox, [])
