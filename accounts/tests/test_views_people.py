import threading
import time
from unittest import mock

from django.core import mail
from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts import people
from accounts.factories import (
    AdministratorFactory,
    CuratorFactory,
    HiringManagerFactory,
    InterviewerFactory,
    UserFactory,
)
from accounts.models import User
from accounts.roles import Role
from audit.models import Act, AuditEntry
from editing.testing import opened
from mail.models import Mail

CONSOLE = "django.core.mail.backends.console.EmailBackend"


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
            reverse("audit-list"): "get",
            reverse("opening-managers"): "get",
            reverse("person-invite", args=[pk]): "post",
        }

    def test_every_other_role_is_refused_with_the_reason(self):
        self.client.force_login(UserFactory(roles=[role for role in Role if role != Role.ADMINISTRATOR]))
        for address, method in self.pages().items():
            with self.subTest(address=address):
                response = getattr(self.client, method)(address)
                self.assertContains(response, "Only administrators ", status_code=403)

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
        self.assertEqual(self.client.get(reverse("person-edit", args=[999])).status_code, 404)
        self.assertEqual(self.client.post(reverse("person-invite", args=[999])).status_code, 404)


class PersonListTests(PeopleCase):
    def test_everybody_is_shown_with_roles_and_state(self):
        UserFactory(name="Jo Borg", email="jo@example.org", roles=[Role.CURATOR, Role.INTERVIEWER])
        InterviewerFactory(name="Sam Vella", is_active=False)
        response = self.client.get(reverse("person-list"))
        self.assertContains(response, "3 people")
        self.assertContains(response, "invited, no password yet")
        self.assertContains(
            response, '<span class="chip">Interviewer</span><span class="chip">Curator</span>', html=True
        )
        self.assertContains(response, '<span class="chip bad">Inactive</span>', count=1)

    def names(self, **given):
        response = self.client.get(reverse("person-list"), given)
        return {person.name for person in response.context["list"].rows}

    def test_people_are_found_by_name_email_role_and_access(self):
        UserFactory(name="Ömer Çelik", email="oc@example.org", roles=[Role.CURATOR])
        InterviewerFactory(name="Sam Vella", is_active=False)
        for given, found in (
            ({"q": "OMER"}, {"Ömer Çelik"}),
            ({"q": "oc@example"}, {"Ömer Çelik"}),
            ({"role": "Curator"}, {"Ömer Çelik"}),
            ({"role": "Interviewer", "access": "inactive"}, {"Sam Vella"}),
            ({"role": "Interviewer", "access": "active"}, set()),
            ({"q": "sam", "access": "new"}, set()),
        ):
            with self.subTest(given=given):
                self.assertEqual(self.names(**given), found)

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

    def test_the_link_goes_to_the_person_by_email_and_is_shown_to_nobody(self):
        with self.captureOnCommitCallbacks(execute=True):
            response = self.invite()
        jo = User.objects.get(email="jo@example.org")
        self.assertRedirects(response, reverse("person-list"), fetch_redirect_response=False)
        self.assertEqual((jo.name, jo.role_list, jo.has_usable_password()), ("Jo Borg", ["Interviewer"], False))
        self.assertContains(self.client.get(reverse("person-list")), "Sending a link to jo@example.org.")
        for address in ("person-list", "audit-list", "email-list"):
            self.assertNotContains(self.client.get(reverse(address)), "/welcome/")
        self.assertNotContains(self.client.get(reverse("person-edit", args=[jo.pk])), "/welcome/")
        self.assertEqual(mail.outbox[0].to, ["jo@example.org"])
        self.assertIn("http://testserver/welcome/", mail.outbox[0].body)
        self.assertIn("Ana Silva has invited you", mail.outbox[0].body)

    @override_settings(EMAIL_BACKEND=CONSOLE)
    def test_without_email_the_link_is_shown_once_and_recorded(self):
        self.assertContains(self.client.get(reverse("person-create")), "This installation doesn’t send email")
        page = self.invite(draft="/people/new/~a1")
        self.assertContains(page, "http://testserver/welcome/")
        # Else the browser would give the next person these roles.
        self.assertEqual(page.cookies["draft_saved"].value, "/people/new/~a1")
        self.assertContains(page, "it’s shown only once")
        jo = User.objects.get(email="jo@example.org")
        self.assertNotContains(self.client.get(reverse("person-edit", args=[jo.pk])), "/welcome/")
        acts = AuditEntry.objects.filter(person=jo, actor=self.administrator).values_list("act", flat=True)
        self.assertEqual(list(acts.order_by("pk")), [Act.PERSON_INVITED, Act.LINK_HANDED_OVER])

    def test_an_invitation_that_cannot_be_emailed_is_listed_without_its_link(self):
        with mock.patch.object(mail.EmailMessage, "send", side_effect=OSError), self.assertLogs("mail", "WARNING"):
            with self.captureOnCommitCallbacks(execute=True):
                self.invite()
        row = Mail.objects.get()
        row.give_up(at=timezone.now(), failure="The email server can’t be reached.")
        page = self.client.get(reverse("email-list"))
        self.assertContains(page, "jo@example.org")
        self.assertNotContains(page, "/welcome/")

    def test_email_that_is_taken_in_any_case_is_refused_once(self):
        response = self.invite(email="ANA@example.org")
        self.assertContains(response, "This email is already in use.", count=2, status_code=422)
        self.assertEqual(User.objects.count(), 1)

    def test_missing_fields_and_unknown_roles_are_refused(self):
        for changes in ({"name": ""}, {"email": ""}, {"email": "jo"}, {"roles": ["Owner"]}, {"roles": []}):
            with self.subTest(changes=changes):
                self.assertEqual(self.invite(**changes).status_code, 422)
        self.assertEqual(User.objects.count(), 1)

    def test_without_a_role_only_if_that_was_chosen(self):
        self.assertContains(self.invite(roles=[]), "Choose at least one role", status_code=422)
        self.assertContains(self.invite(has_no_role="on"), "You chose a role as well", status_code=422)
        self.assertEqual(self.invite(roles=[], has_no_role="on").status_code, 302)
        self.assertEqual(User.objects.get(email="jo@example.org").role_list, [])

    def test_each_role_says_what_it_is_for(self):
        for page in (reverse("person-create"), reverse("person-create-many"), reverse("person-edit", args=[1])):
            person = page.replace("/1/", f"/{self.administrator.pk}/")
            for role in Role:
                self.assertContains(self.client.get(person), role.means)

    def test_nothing_but_name_email_and_roles_is_taken(self):
        self.invite(is_superuser="on", password="x", user_permissions="1", is_active="")
        jo = User.objects.get(email="jo@example.org")
        self.assertEqual((jo.is_superuser, jo.is_active, jo.has_usable_password()), (False, True, False))


class PersonCreateManyTests(PeopleCase):
    def invite(self, addresses, **changes):
        posted = {"addresses": addresses, "roles": ["Interviewer"]} | changes
        return self.client.post(reverse("person-create-many"), posted)

    def test_everyone_gets_a_link_and_people_with_an_account_are_skipped(self):
        with self.captureOnCommitCallbacks(execute=True):
            page = self.invite("Jo Borg <jo@example.org>\nsam.vella@example.org\nANA@example.org")
        self.assertRedirects(page, reverse("person-list"), fetch_redirect_response=False)
        page = self.client.get(reverse("person-list"))
        self.assertContains(page, "Invited 2 people.")
        self.assertContains(page, "Skipped, because they already have an account: Ana Silva.")
        self.assertEqual([message.to for message in mail.outbox], [["jo@example.org"], ["sam.vella@example.org"]])
        sam = User.objects.get(email="sam.vella@example.org")
        self.assertEqual((sam.name, sam.role_list), ("Sam Vella", ["Interviewer"]))
        self.assertEqual(AuditEntry.objects.filter(act=Act.PERSON_INVITED).count(), 2)

    def test_a_wrong_line_is_named_and_nobody_is_invited(self):
        page = self.invite("jo@example.org\nsam@")
        self.assertContains(page, "Line 2: “sam@” is not an email address.", status_code=422)
        self.assertContains(self.invite("jo@example.org", roles=[]), "Choose at least one role", status_code=422)
        self.assertEqual(User.objects.count(), 1)

    @override_settings(EMAIL_BACKEND=CONSOLE)
    def test_without_email_each_link_is_shown_once(self):
        page = self.invite("jo@example.org\nsam@example.org")
        self.assertContains(page, "http://testserver/welcome/", count=2)
        self.assertContains(page, "<h1>Links for 2 people</h1>", html=True)


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
        self.assertContains(response, "There must be an active administrator", status_code=422)
        self.assertContains(response, "<h1>Ana Silva</h1>", html=True, status_code=422)
        person = User.objects.get(pk=self.administrator.pk)
        self.assertEqual((person.name, person.is_active, person.role_list), ("Ana Silva", True, ["Administrator"]))

    def test_a_changed_address_is_told_to_both_and_ends_sessions(self):
        jo = InterviewerFactory(name="Jo Borg", email="jo@example.org")
        client = self.client_class()
        client.force_login(jo)
        with self.captureOnCommitCallbacks(execute=True):
            self.save(jo, email="jo.borg@example.org")
        self.assertEqual([message.to for message in mail.outbox], [["jo@example.org"], ["jo.borg@example.org"]])
        for message in mail.outbox:
            self.assertIn("Ana Silva, an administrator, changed the address", message.body)
        self.assertEqual(client.get(reverse("account")).status_code, 302)

    def test_each_change_is_recorded_with_who_did_it(self):
        jo = InterviewerFactory(name="Jo", email="jo@example.org")
        self.save(jo, name="Jo Borg", email="jb@example.org", roles=["Curator"])
        posted = {"name": "Jo Borg", "email": "jb@example.org", "roles": ["Curator"]}
        address = reverse("person-edit", args=[jo.pk])
        for fields in (posted, posted | {"is_active": "on"}):
            self.client.post(address, opened(self.client, address) | fields)
        found = AuditEntry.objects.filter(person=jo, actor=self.administrator).order_by("pk")
        self.assertEqual(
            [(entry.act, entry.details) for entry in found],
            [
                (Act.NAME_CHANGED, {"before": "Jo", "after": "Jo Borg"}),
                (Act.ADDRESS_CHANGED, {"before": "jo@example.org", "after": "jb@example.org"}),
                (Act.ROLES_CHANGED, {"added": ["Curator"], "removed": ["Interviewer"]}),
                (Act.ACCESS_ENDED, {}),
                (Act.ACCESS_GIVEN, {}),
            ],
        )

    def test_saving_without_a_change_records_nothing(self):
        self.save(HiringManagerFactory())
        self.assertFalse(AuditEntry.objects.exists())

    def test_own_email_may_stay_and_another_ones_may_not_be_taken(self):
        jo = InterviewerFactory(email="jo@example.org")
        self.assertRedirects(self.save(jo), reverse("person-list"))
        self.assertContains(self.save(jo, email="Ana@example.org"), "is already in use", status_code=422)


class OneAtATimeTests(TransactionTestCase):
    """Two administrators give the same address to two people at once."""

    def setUp(self):
        self.client.force_login(AdministratorFactory())

    def meanwhile(self, address, **form):
        """The answer to a form that arrives while mira@example.org is being invited."""
        is_invited = threading.Event()

        def invite():
            with transaction.atomic():
                people.hold_roles()
                UserFactory(email="mira@example.org")
                is_invited.set()
                time.sleep(0.5)
            connection.close()

        thread = threading.Thread(target=invite)
        thread.start()
        self.assertTrue(is_invited.wait(10))
        answer = self.client.post(address, form)
        thread.join()
        return answer

    def test_an_invitation_is_refused_in_words(self):
        answer = self.meanwhile(reverse("person-create"), name="Mira", email="mira@example.org", roles="Curator")
        self.assertContains(answer, "This email is already in use.", status_code=422)

    def test_a_changed_address_is_refused_in_words(self):
        address = reverse("person-edit", args=[UserFactory(name="Mira").pk])
        answer = self.meanwhile(address, name="Mira", email="mira@example.org", is_active="on")
        self.assertContains(answer, "This email is already in use.", status_code=422)

    def test_of_a_list_who_has_an_account_is_skipped(self):
        answer = self.meanwhile(
            reverse("person-create-many"), addresses="mira@example.org\njo@example.org", roles="Curator"
        )
        self.assertRedirects(answer, reverse("person-list"))
        self.assertEqual(User.objects.filter(email__in=["mira@example.org", "jo@example.org"]).count(), 2)
