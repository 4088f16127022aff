import re

from django.core import mail
from django.test import override_settings
from django.urls import reverse

from accounts import throttling
from accounts.factories import UserFactory
from accounts.models import User
from accounts.tests.test_views_sign_in import SignInCase
from audit.models import Act, AuditEntry


class PasswordForgottenTests(SignInCase):
    def ask(self, email):
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post(reverse("password-forgotten"), {"email": email})

    def page_without_address(self, response, email):
        return response.content.decode().replace(email, "")

    def test_the_answer_is_the_same_with_and_without_an_account(self):
        UserFactory(email="jo@example.org")
        UserFactory(email="off@example.org", is_active=False)
        emails = ["jo@example.org", "off@example.org", "nobody@example.org"]
        answers = [self.ask(email) for email in emails]
        pages = {
            re.sub(r"[0-9a-zA-Z]{64}", "", self.page_without_address(*pair))
            for pair in zip(answers, emails, strict=True)
        }
        self.assertEqual(({answer.status_code for answer in answers}, len(pages)), ({200}, 1))
        self.assertEqual([message.to for message in mail.outbox], [["jo@example.org"]])

    def test_the_link_sets_a_password_and_the_old_one_works_until_then(self):
        jo = UserFactory(email="jo@example.org")
        jo.set_password("old words of Jo")
        jo.save()
        self.ask("JO@example.org")
        self.assertTrue(User.objects.get(pk=jo.pk).check_password("old words of Jo"))
        link = re.search(r"http://testserver(/welcome/\S+)", mail.outbox[0].body)[1]
        page = self.client.get(link)["Location"]
        self.client.post(page, {"new_password1": "three calm words", "new_password2": "three calm words"})
        self.assertTrue(User.objects.get(pk=jo.pk).check_password("three calm words"))
        self.assertEqual(self.client.get(link, follow=True).status_code, 410)
        entry = AuditEntry.objects.get(act=Act.LINK_ASKED_FOR, person=jo)
        self.assertEqual(entry.actor_words, "someone who wasn’t signed in")

    def test_one_person_gets_three_links_at_most_and_nobody_is_told(self):
        UserFactory(email="often@example.org")
        self.assertEqual({self.ask("often@example.org").status_code for _ in range(5)}, {200})
        self.assertEqual(len(mail.outbox), throttling.LINKS_MAX)

    def test_one_address_can_ask_twenty_times(self):
        statuses = [self.ask(f"p{number}@example.org").status_code for number in range(21)]
        self.assertEqual((set(statuses[:20]), statuses[20]), ({200}, 429))

    def test_what_is_no_address_is_refused(self):
        self.assertEqual(self.ask("jo").status_code, 422)

    @override_settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend")
    def test_without_email_it_says_whom_to_ask(self):
        self.assertNotContains(self.client.get(reverse("sign-in")), reverse("password-forgotten"))
        for page in (self.client.get(reverse("password-forgotten")), self.ask("jo@example.org")):
            self.assertContains(page, "Ask an administrator for a link")
