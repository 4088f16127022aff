import zoneinfo
from pathlib import Path
from unittest import mock

from django.conf import settings
from django.core import mail as django_mail
from django.db import transaction
from django.test import override_settings

from mail import outbox, tasks
from mail.models import Mail
from mail.tests.mail_case import NOW, MailCase, Person


class TemplateTests(MailCase):
    def test_only_the_reader_is_called_by_first_name_alone(self):
        templates = list((Path(settings.BASE_DIR) / "templates/mail").glob("*.txt"))
        self.assertGreater(len(templates), 10)
        for path in templates:
            said = path.read_text().replace("Hello {{ person.short_name }},", "")
            self.assertNotIn("short_name", said, path.name)


class SendTests(MailCase):
    def test_it_is_kept_first_and_leaves_after_the_commit(self):
        with self.captureOnCommitCallbacks(execute=True):
            self.store(to=Person())
            self.assertEqual((Mail.objects.count(), django_mail.outbox), (1, []))
        [message] = django_mail.outbox
        self.assertEqual((message.to, message.subject), (["jo@example.org"], "Your invitation to Interview Script"))
        self.assertTrue(message.body.startswith("Hello Jo,\n\nAna Silva has invited you"))
        self.assertFalse(Mail.objects.exists())

    def test_rolled_back_nothing_leaves(self):
        with self.captureOnCommitCallbacks(execute=True):
            with self.assertRaises(ZeroDivisionError), transaction.atomic():
                self.store()
                raise ZeroDivisionError
        self.assertEqual((Mail.objects.count(), django_mail.outbox), (0, []))

    def test_a_queue_that_is_out_of_reach_loses_nothing(self):
        with mock.patch("mail.outbox.send_mail", side_effect=ConnectionError("no queue")):
            with self.assertLogs("django", "ERROR"), self.captureOnCommitCallbacks(execute=True):
                self.store()
        tasks.send_waiting.call_local()
        self.assertEqual(len(django_mail.outbox), 1)

    def test_text_is_plain_and_names_cannot_add_headers(self):
        jo = Person("Jo <b>&\r\nBcc: all@example.org")
        row = self.store(context={"by": "O'Neill & Sons", "days": 1, "link": "x"}, to=jo)
        self.assertIn("O'Neill & Sons has invited you", row.text)
        self.assertEqual(row.subject, "Your invitation to Interview Script")
        self.deliver(row)
        self.assertNotIn("Bcc", django_mail.outbox[0].message())

    def test_times_are_in_the_persons_zone_else_in_that_of_the_event(self):
        for zone, words in ((None, "16:00 CET"), (zoneinfo.ZoneInfo("America/New_York"), "10:00 EST")):
            person = Person(zone=zone)
            row = self.store(kind="password_changed", to=person, zone="Europe/Malta", context={"at": NOW})
            self.assertIn(f"20 November 2026, {words}", row.text)

    def test_attachment_keeps_its_parameters(self):
        text = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
        invite = outbox.Attachment("interview.ics", "text/calendar; method=REQUEST", text)
        self.deliver(self.store(attachments=[invite]))
        part = django_mail.outbox[0].message().get_payload()[1]
        self.assertEqual((part.get_content_type(), part.get_param("method")), ("text/calendar", "REQUEST"))
        self.assertEqual(part.get_filename(), "interview.ics")
        self.assertEqual(part.get_payload(decode=True), text.encode())

    @override_settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend")
    def test_without_a_mail_server_it_is_only_printed(self):
        self.assertFalse(outbox.is_sent())
