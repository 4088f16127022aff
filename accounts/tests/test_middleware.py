import datetime as dt

from django.http import HttpResponse
from django.test import Client, RequestFactory, TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import InterviewerFactory, UserFactory
from accounts.middleware import PersonMiddleware
from accounts.models import User


class SessionMiddlewareTests(TestCase):
    def test_a_late_answer_to_the_session_before_does_not_end_the_new_one(self):
        person = InterviewerFactory()
        self.client.force_login(InterviewerFactory())
        before = self.client.cookies["sessionid"].value
        self.client.force_login(person)
        late = Client()
        late.cookies["sessionid"] = before
        for headers in ({}, {"accept": "application/json"}):
            response = late.get("/account/", headers=headers)
            self.assertIn(response.status_code, (302, 401))
            self.assertNotIn("sessionid", response.cookies)
            self.assertIn("Cookie", response.headers["Vary"])
        self.assertEqual(self.client.get("/account/").status_code, 200)

    def test_signing_out_deletes_the_cookie(self):
        self.client.force_login(InterviewerFactory())
        response = self.client.post(reverse("sign-out"))
        self.assertEqual((response.cookies["sessionid"].value, response.cookies["sessionid"]["max-age"]), ("", 0))


class LoginRequiredMiddlewareTests(TestCase):
    address = "/account/"

    def next_after_sign_in(self, location):
        return location.partition("?next=")[2].replace("%3F", "?").replace("%3D", "=")

    def test_page_leads_to_sign_in_and_back(self):
        response = self.client.get(self.address + "?a=b")
        self.assertEqual(self.next_after_sign_in(response.headers["Location"]), "/account/?a=b")

    def test_form_leads_back_to_the_page_it_stood_on(self):
        response = self.client.post(self.address, headers={"referer": "http://testserver/people/?q=jo"})
        self.assertEqual(self.next_after_sign_in(response.headers["Location"]), "/people/?q=jo")

    def test_form_from_nowhere_or_elsewhere_leads_to_the_start(self):
        for referer in ("", "https://evil.example/x", "//evil.example", "javascript:alert(1)"):
            with self.subTest(referer=referer):
                response = self.client.post(self.address, headers={"referer": referer})
                self.assertEqual(self.next_after_sign_in(response.headers["Location"]), "/")

    def test_fragment_sends_the_whole_page_to_sign_in_and_back(self):
        for method in (self.client.get, self.client.post):
            response = method(
                self.address, headers={"hx-request": "true", "hx-current-url": "http://testserver/people/?q=jo"}
            )
            self.assertEqual((response.status_code, response.content), (401, b""))
            self.assertEqual(self.next_after_sign_in(response.headers["HX-Redirect"]), "/people/?q=jo")

    def test_script_is_told_in_json(self):
        response = self.client.post(self.address, headers={"accept": "application/json"})
        self.assertEqual((response.status_code, response.json()), (401, {"error": "Sign in again."}))


class PersonMiddlewareTests(TestCase):
    def seen(self, user):
        """The time of day that a view shows for 12:00 UTC."""

        def view(request):
            noon = dt.datetime(2026, 7, 1, 12, 0, tzinfo=dt.UTC)
            return HttpResponse(timezone.localtime(noon).strftime("%H:%M"))

        request = RequestFactory().get("/")
        request.user = user
        return PersonMiddleware(view)(request)

    def test_times_are_in_the_persons_zone_and_only_during_the_request(self):
        self.assertEqual(self.seen(UserFactory(time_zone="Asia/Tokyo")).content, b"21:00")
        self.assertEqual(timezone.get_current_timezone_name(), "UTC")

    def test_without_a_zone_or_with_one_unknown_here_the_settings_count(self):
        self.assertEqual(self.seen(UserFactory(time_zone="")).content, b"12:00")
        unknown = UserFactory()
        User.objects.filter(pk=unknown.pk).update(time_zone="Mars/Olympus")
        unknown.refresh_from_db()
        self.assertEqual(self.seen(unknown).content, b"12:00")

    def test_no_page_is_kept_by_caches(self):
        self.client.force_login(UserFactory())
        self.assertEqual(self.client.get(reverse("account")).headers["Cache-Control"], "no-store")
