from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.template.loader import get_template
from django.test import TestCase, override_settings
from django.urls import include, path

from accounts.factories import CuratorFactory


def refuse(request):
    raise PermissionDenied


def doubt(request):
    raise SuspiciousOperation


def stumble(request):
    raise RuntimeError


urlpatterns = [
    path("refuse/", refuse),
    path("doubt/", doubt),
    path("stumble/", stumble),
    path("", include("config.urls")),
]


@override_settings(ROOT_URLCONF=__name__)
class ErrorPagesTests(TestCase):
    def setUp(self):
        self.client.force_login(CuratorFactory(name="Luc Camilleri"))

    def test_each_has_the_products_look_and_a_way_on(self):
        self.client.raise_request_exception = False
        for address, status, words in (
            ("/refuse/", 403, "You don’t have access"),
            ("/nowhere/", 404, "Page not found"),
            ("/doubt/", 400, "The request wasn’t understood"),
            ("/stumble/", 500, "Something went wrong"),
        ):
            with self.subTest(address=address):
                response = self.client.get(address)
                self.assertContains(response, f"<h1>{words}</h1>", html=True, status_code=status)
                self.assertContains(response, '<a href="/">Go to My day</a>', html=True, status_code=status)
                self.assertContains(response, "css/app.css", status_code=status)

    def test_all_but_the_last_resort_keep_the_menu(self):
        self.assertContains(self.client.get("/refuse/"), "Luc Camilleri: account", status_code=403)
        self.assertContains(self.client.get("/nowhere/"), "Luc Camilleri: account", status_code=404)

    def test_form_without_its_token_is_explained(self):
        client = self.client_class(enforce_csrf_checks=True)
        client.force_login(CuratorFactory())
        response = client.post("/account/", {"name": "Jo"})
        self.assertContains(response, "<h1>Send the form again</h1>", html=True, status_code=403)

    def test_stranger_who_gets_lost_sees_no_menu(self):
        self.client.logout()
        response = self.client.get("/nowhere/")
        self.assertContains(response, "Page not found", status_code=404)
        self.assertNotContains(response, "Sign out", status_code=404)

    def test_last_resort_needs_neither_context_nor_database(self):
        with self.assertNumQueries(0):
            html = get_template("500.html").render()
        self.assertIn("Something went wrong", html)
