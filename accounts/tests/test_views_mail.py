from django.core import mail as django_mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.factories import AdministratorFactory, CuratorFactory
from mail.models import Mail
from mail.tests.mail_case import NOW, MailCase


class MailViewTests(MailCase):
    def setUp(self):
        self.client.force_login(AdministratorFactory())
        self.row = self.store()
        self.row.give_up(at=NOW, failure="The email server can’t be reached.")

    def test_given_up_ones_are_listed_with_why_and_without_what_they_say(self):
        self.store(to="waits@example.org")
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
            read = next(n for n, sql in enumerate(statements) if 'FROM "mail_mail"' in sql)
            self.assertLess(begun, read)
            self.row.give_up(at=NOW, failure="")

    def test_thrown_away_it_is_gone(self):
        self.client.post(reverse("email-delete", args=[self.row.pk]))
        self.assertEqual((Mail.objects.count(), django_mail.outbox), (0, []))

    def test_one_that_still_waits_is_not_there(self):
        waits = self.store()
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
