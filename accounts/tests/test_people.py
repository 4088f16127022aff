from unittest import mock

from django.contrib.sessions.models import Session
from django.core import mail
from django.test import TestCase, override_settings
from django.urls import reverse

from accounts.factories import AdministratorFactory, CuratorFactory, InterviewerFactory, UserFactory
from accounts.models import Mail, User
from accounts.people import LastAdministrator, OwnDeactivation, change_person, end_sessions
from accounts.roles import Role
from editing.testing import opened

CONSOLE = "django.core.mail.backends.console.EmailBackend"


class ChangePersonTests(TestCase):
    def test_fields_and_roles_are_kept(self):
        person = InterviewerFactory()
        person.name = "Jo"
        change_person(person=person, roles=[Role.CURATOR, Role.HIRING_MANAGER], by=AdministratorFactory())
        person = User.objects.get(pk=person.pk)
        self.assertEqual((person.name, person.role_list), ("Jo", ["Hiring manager", "Curator"]))

    def test_last_administrator_keeps_the_role(self):
        last = AdministratorFactory()
        AdministratorFactory(is_active=False)
        with self.assertRaises(LastAdministrator):
            change_person(person=last, roles=[], by=last)
        self.assertEqual(User.objects.get(pk=last.pk).role_list, ["Administrator"])

    def test_last_administrator_cannot_be_deactivated_by_one_who_was(self):
        last, before = AdministratorFactory(), AdministratorFactory(is_active=False)
        last.is_active = False
        with self.assertRaises(LastAdministrator):
            change_person(person=last, roles=[Role.ADMINISTRATOR], by=before)
        self.assertTrue(User.objects.get(pk=last.pk).is_active)

    def test_one_of_two_administrators_may_go(self):
        one, two = AdministratorFactory(), AdministratorFactory()
        change_person(person=one, roles=[], by=two)
        self.assertEqual(User.objects.get(pk=one.pk).role_list, [])

    def test_nobody_deactivates_themselves(self):
        one = AdministratorFactory()
        AdministratorFactory()
        one.is_active = False
        with self.assertRaises(OwnDeactivation):
            change_person(person=one, roles=[Role.ADMINISTRATOR], by=one)
        self.assertTrue(User.objects.get(pk=one.pk).is_active)


class EndSessionsTests(TestCase):
    def test_all_sessions_of_that_person_end_and_nobody_elses(self):
        jo, sam = UserFactory(), UserFactory()
        clients = {"jo at work": jo, "jo at home": jo, "sam": sam}
        for name, person in clients.items():
            clients[name] = self.client_class()
            clients[name].force_login(person)
        end_sessions(jo)
        self.assertEqual(Session.objects.count(), 1)
        statuses = {name: client.get(reverse("account")).status_code for name, client in clients.items()}
        self.assertEqual(statuses, {"jo at work": 302, "jo at home": 302, "sam": 200})


class PeopleCase(TestCase):
    def setUp(self):
        self.administrator = AdministratorFactory(name="Ana Silva", email="ana@example.org")
        self.client.force_login(self.administrator)


class AccessTests(PeopleCase):
    def pages(self):
        pk = UserFactory().pk
        return {
            reverse("person-list"): "get",
            reverse("person-create"): "post",
            reverse("person-edit", args=[pk]): "post",
            reverse("person-invitation", args=[pk]): "get",
            reverse("person-invite", args=[pk]): "post",
        }

    def test_every_other_role_is_refused_with_the_reason(self):
        self.client.force_login(UserFactory(roles=[role for role in Role if role != Role.ADMINISTRATOR]))
        for address, method in self.pages().items():
            with self.subTest(address=address):
                response = getattr(self.client, method)(address)
                self.assertContains(response, "Only administrators look after people.", status_code=403)

    def test_anonymous_signs_in_first(self):
        self.client.logout()
        for address in self.pages():
            with self.subTest(address=address):
                response = self.client.get(address)
                self.assertRedirects(response, f"{reverse('sign-in')}?next={address}")

    def test_wrong_methods_are_refused(self):
        for address, method in self.pages().items():
            with self.subTest(address=address):
                other = self.client.delete if "edit" in address or method == "get" else self.client.put
                self.assertEqual(other(address).status_code, 405)

    def test_whom_nobody_knows_is_not_found(self):
        for name in ("person-edit", "person-invitation"):
            self.assertEqual(self.client.get(reverse(name, args=[999])).status_code, 404)
        self.assertEqual(self.client.post(reverse("person-invite", args=[999])).status_code, 404)


class PersonListTests(PeopleCase):
    def test_everybody_is_shown_with_roles_and_state(self):
        UserFactory(name="Jo Borg", email="jo@example.org", roles=[Role.CURATOR, Role.INTERVIEWER])
        InterviewerFactory(name="Sam Vella", is_active=False)
        response = self.client.get(reverse("person-list"))
        self.assertContains(response, "3 people.")
        self.assertContains(response, "jo@example.org · invited, no password yet")
        self.assertContains(
            response, '<span class="chip">Interviewer</span><span class="chip">Curator</span>', html=True
        )
        self.assertContains(response, "May not sign in", count=1)

    def test_number_of_queries_does_not_depend_on_the_number_of_people(self):
        def queries():
            with self.assertNumQueries(5):
                self.client.get(reverse("person-list"))

        queries()
        for _ in range(29):
            CuratorFactory()
        queries()


class PersonCreateTests(PeopleCase):
    def invite(self, **changes):
        posted = {"name": "Jo Borg", "email": "jo@Example.org", "roles": ["Interviewer"]} | changes
        return self.client.post(reverse("person-create"), posted)

    def test_person_is_made_without_password_and_the_link_is_shown_and_mailed(self):
        with self.captureOnCommitCallbacks(execute=True):
            response = self.invite()
        jo = User.objects.get(email="jo@example.org")
        self.assertRedirects(response, reverse("person-invitation", args=[jo.pk]), fetch_redirect_response=False)
        self.assertEqual((jo.name, jo.role_list, jo.has_usable_password()), ("Jo Borg", ["Interviewer"], False))
        page = self.client.get(response.headers["Location"])
        self.assertContains(page, "The link is on its way to jo@example.org.")
        self.assertContains(page, "http://testserver/welcome/")
        self.assertEqual(mail.outbox[0].to, ["jo@example.org"])
        self.assertIn("http://testserver/welcome/", mail.outbox[0].body)
        self.assertIn("Ana Silva has invited you", mail.outbox[0].body)

    @override_settings(EMAIL_BACKEND=CONSOLE)
    def test_without_mail_the_link_is_only_shown(self):
        page = self.client.get(self.invite().headers["Location"])
        self.assertContains(page, "http://testserver/welcome/")
        self.assertNotContains(page, "on its way")

    def test_trouble_with_mail_stops_nothing(self):
        with mock.patch.object(mail.EmailMessage, "send", side_effect=OSError), self.assertLogs("accounts", "WARNING"):
            with self.captureOnCommitCallbacks(execute=True):
                response = self.invite()
        self.assertContains(self.client.get(response.headers["Location"]), "http://testserver/welcome/")
        self.assertEqual(Mail.objects.get().to, "jo@example.org")

    def test_email_that_is_taken_in_any_case_is_refused_once(self):
        response = self.invite(email="ANA@example.org")
        self.assertContains(response, "Somebody with this email is here already.", count=2, status_code=422)
        self.assertEqual(User.objects.count(), 1)

    def test_missing_fields_and_unknown_roles_are_refused(self):
        for changes in ({"name": ""}, {"email": ""}, {"email": "jo"}, {"roles": ["Owner"]}):
            with self.subTest(changes=changes):
                self.assertEqual(self.invite(**changes).status_code, 422)
        self.assertEqual(User.objects.count(), 1)

    def test_nothing_but_name_email_and_roles_is_taken(self):
        self.invite(is_superuser="on", password="x", user_permissions="1", is_active="")
        jo = User.objects.get(email="jo@example.org")
        self.assertEqual((jo.is_superuser, jo.is_active, jo.has_usable_password()), (False, True, False))


class PersonEditTests(PeopleCase):
    def save(self, person, **changes):
        posted = {"name": person.name, "email": person.email, "roles": sorted(person.roles), "is_active": "on"}
        address = reverse("person-edit", args=[person.pk])
        return self.client.post(address, opened(self.client, address) | posted | changes)

    def test_roles_are_shown_and_saved(self):
        jo = InterviewerFactory()
        page = self.client.get(reverse("person-edit", args=[jo.pk]))
        self.assertContains(page, " checked", count=2)  # Interviewer, and that they may sign in
        self.assertRedirects(self.save(jo, roles=["Curator"]), reverse("person-list"))
        self.assertEqual(User.objects.get(pk=jo.pk).role_list, ["Curator"])

    def test_deactivating_ends_the_sessions_for_good(self):
        jo = InterviewerFactory()
        client = self.client_class()
        client.force_login(jo)
        posted = {"name": jo.name, "email": jo.email, "roles": ["Interviewer"]}
        address = reverse("person-edit", args=[jo.pk])
        self.client.post(address, opened(self.client, address) | posted)
        self.assertEqual(client.get(reverse("account")).status_code, 302)
        self.save(jo)
        self.assertEqual(client.get(reverse("account")).status_code, 302)

    def test_own_access_and_the_last_administrator_stay(self):
        posted = {"name": "Other", "email": "ana@example.org", "roles": ["Administrator"]}
        address = reverse("person-edit", args=[self.administrator.pk])
        response = self.client.post(address, opened(self.client, address) | posted)
        self.assertContains(response, "You cannot end your own access.", status_code=422)
        response = self.save(self.administrator, roles=[])
        self.assertContains(response, "There has to be an administrator", status_code=422)
        self.assertContains(response, "<h1>Ana Silva</h1>", html=True, status_code=422)
        person = User.objects.get(pk=self.administrator.pk)
        self.assertEqual((person.name, person.is_active, person.role_list), ("Ana Silva", True, ["Administrator"]))

    def test_own_email_may_stay_and_another_ones_may_not_be_taken(self):
        jo = InterviewerFactory(email="jo@example.org")
        self.assertRedirects(self.save(jo), reverse("person-list"))
        self.assertContains(self.save(jo, email="Ana@example.org"), "is here already", status_code=422)


class PersonInviteAgainTests(PeopleCase):
    def invite_again(self, person):
        return self.client.post(reverse("person-invite", args=[person.pk]))

    def test_old_password_and_sessions_end_and_there_is_a_link(self):
        jo = UserFactory()
        jo.set_password("three calm words")
        jo.save()
        client = self.client_class()
        client.force_login(jo)
        response = self.invite_again(jo)
        self.assertContains(self.client.get(response.headers["Location"]), "http://testserver/welcome/")
        self.assertFalse(User.objects.get(pk=jo.pk).has_usable_password())
        self.assertEqual(client.get(reverse("account")).status_code, 302)

    def test_link_of_somebody_with_a_password_is_not_shown(self):
        jo = UserFactory()
        jo.set_password("three calm words")
        jo.save()
        response = self.client.get(reverse("person-invitation", args=[jo.pk]))
        self.assertRedirects(response, reverse("person-edit", args=[jo.pk]))

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
