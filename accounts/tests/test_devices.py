from django.http import HttpResponse
from django.test import RequestFactory, SimpleTestCase

from accounts.devices import COOKIE, known_device, remember_device


class KnownDeviceTests(SimpleTestCase):
    def cookie(self, email, before=""):
        request = RequestFactory().get("/")
        request.COOKIES[COOKIE] = before
        response = HttpResponse()
        remember_device(request, response, email)
        return response.cookies[COOKIE]

    def known(self, value, email):
        request = RequestFactory().get("/")
        request.COOKIES[COOKIE] = value
        return known_device(request, email)

    def test_is_known_to_its_person_in_any_case_and_to_nobody_else(self):
        value = self.cookie("mira@example.org").value
        self.assertTrue(self.known(value, " MIRA@example.org"))
        self.assertEqual(self.known(value, "jo@example.org"), "")

    def test_keeps_its_name_at_each_sign_in(self):
        value = self.cookie("mira@example.org").value
        again = self.cookie("mira@example.org", before=value).value
        self.assertEqual(self.known(value, "mira@example.org"), self.known(again, "mira@example.org"))

    def test_forged_and_missing_ones_are_unknown(self):
        value = self.cookie("mira@example.org").value
        for forged in ("", "x", value[:-1], "a" + value):
            with self.subTest(forged=forged):
                self.assertEqual(self.known(forged, "mira@example.org"), "")

    def test_names_nobody_and_no_script_reads_it(self):
        cookie = self.cookie("mira@example.org")
        self.assertNotIn("mira", cookie.value)
        self.assertTrue(cookie["httponly"])
        self.assertEqual(cookie["samesite"], "Lax")
