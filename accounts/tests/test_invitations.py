from django.core import mail
from django.test import override_settings
from django.urls import reverse

from accounts.factories import (
    UserFactory,
)
from accounts.models import User
from accounts.tests.test_views_people import CONSOLE, PeopleCase
from audit.models import Act, AuditEntry


class PersonInviteAgainTests(PeopleCase):
    def invite_again(self, person):
        return self.client.post(reverse("person-invite", args=[person.pk]))

    def with_password(self):
        jo = UserFactory(name="Jo Borg", email="jo@example.org")
        jo.set_password("three calm words")
        jo.save()
        return jo

    def test_old_password_and_sessions_end_and_the_link_is_emailed(self):
        jo = self.with_password()
        client = self.client_class()
        client.force_login(jo)
        with self.captureOnCommitCallbacks(execute=True):
            response = self.invite_again(jo)
        self.assertRedirects(response, reverse("person-list"))
        self.assertFalse(User.objects.get(pk=jo.pk).has_usable_password())
        self.assertEqual(client.get(reverse("account")).status_code, 302)
        self.assertIn("Ana Silva, an administrator, created a link", mail.outbox[0].body)
        self.assertEqual(AuditEntry.objects.get(person=jo).act, Act.LINK_MAILED)

    @override_settings(EMAIL_BACKEND=CONSOLE)
    def test_an_administrator_cannot_sign_in_as_somebody_without_their_hearing_of_it(self):
        jo = self.with_password()
        page = self.invite_again(jo)
        link = page.content.decode().split('value="http://testserver')[1].split('"')[0]
        thief, owner = self.client_class(), self.client_class()
        form = thief.get(link, follow=True).redirect_chain[-1][0]
        passwords = {"new_password1": "four rather calm words", "new_password2": "four rather calm words"}
        thief.post(form, passwords)
        sign_in = {"username": "jo@example.org", "password": "four rather calm words"}
        for client in (thief, owner):  # also to whoever comes second
            answer = client.post(reverse("sign-in"), sign_in, follow=True)
            self.assertContains(answer, "Ana Silva, an administrator, created a link to set your password on ")
        self.assertContains(owner.get(reverse("account")), "Created a password link to pass on, by Ana Silva")
        acts = list(AuditEntry.objects.filter(person=jo).order_by("pk").values_list("act", flat=True))
        self.assertEqual(acts, [Act.LINK_HANDED_OVER, Act.PASSWORD_SET])

    @override_settings(EMAIL_BACKEND=CONSOLE)
    def test_a_newer_link_replaces_the_one_before(self):
        jo = UserFactory()
        links = [
            self.invite_again(jo).content.decode().split('value="http://testserver')[1].split('"')[0] for _ in range(2)
        ]
        statuses = [self.client_class().get(link, follow=True).status_code for link in links]
        self.assertEqual(statuses, [410, 200])

    def test_own_password_is_changed_and_not_withdrawn(self):
        self.administrator.set_password("three calm words")
        self.administrator.save()
        self.client.force_login(self.administrator)
        self.assertRedirects(self.invite_again(self.administrator), reverse("password-change"))
        self.assertTrue(User.objects.get(pk=self.administrator.pk).has_usable_password())

    def test_somebody_deactivated_gets_none(self):
        jo = UserFactory(is_active=False)
        self.assertEqual(self.invite_again(jo).status_code, 404)
        self.assertEqual(mail.outbox, [])
