from django.template import Context, Template
from django.test import RequestFactory, TestCase
from django.urls import resolve, reverse

from accounts.factories import UserFactory
from accounts.roles import Role
from config.menu import menu


class MenuTests(TestCase):
    def labels(self, *roles):
        self.client.force_login(UserFactory(roles=list(roles)))
        response = self.client.get(reverse("account"))
        return [item.label for item in response.context["menu"]()]

    def test_everybody_reads_the_bank(self):
        self.assertEqual(self.labels(), ["My day", "Question bank", "Scripts"])
        self.assertEqual(self.labels(Role.CURATOR), ["My day", "Question bank", "Scripts"])

    def test_roles_add_their_entries(self):
        self.assertEqual(
            self.labels(Role.INTERVIEWER), ["My day", "Interviews", "Candidates", "Question bank", "Scripts"]
        )
        self.assertEqual(
            self.labels(Role.HIRING_MANAGER, Role.ADMINISTRATOR),
            ["My day", "Interviews", "Candidates", "Openings", "Question bank", "Scripts", "People"],
        )

    def test_current_entry_is_marked_on_pages_below_it_too(self):
        self.client.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))
        for name in ("person-create", "opening-managers", "email-list"):
            response = self.client.get(reverse(name))
            self.assertContains(response, '<a href="/people/" aria-current="page">People</a>', html=True)
            self.assertContains(response, "aria-current", count=1)

    def test_nobody_signed_in_has_no_menu(self):
        response = self.client.get(reverse("sign-in"))
        self.assertNotIn("menu", response.context)
        self.assertNotContains(response, "My day")

    def test_request_that_never_reached_a_person_has_none(self):
        self.assertEqual(menu(RequestFactory().get("/")), {})

    def test_fragment_without_a_menu_asks_for_no_roles(self):
        request = RequestFactory().get("/account/")
        request.user, request.resolver_match = UserFactory(), resolve("/account/")
        with self.assertNumQueries(0):
            Template("a fragment").render(Context(menu(request)))
