from csp.middleware import CSPMiddleware
from django.http import HttpResponse
from django.test import RequestFactory, TestCase

from config.content_policy import ContentPolicyMiddleware


class TestContentPolicyMiddleware(TestCase):
    def test_the_policy_is_the_one_of_django_csp(self):
        ours, theirs = (
            middleware(lambda _request: HttpResponse())(RequestFactory().get("/"))
            for middleware in (ContentPolicyMiddleware, CSPMiddleware)
        )
        self.assertEqual(ours.headers, theirs.headers)
        self.assertIn("default-src 'none'", ours.headers["Content-Security-Policy"])

    def test_a_response_keeps_its_own(self):
        own = HttpResponse(headers={"Content-Security-Policy": "sandbox"})
        sent = ContentPolicyMiddleware(lambda _request: own)(RequestFactory().get("/"))
        self.assertEqual(sent.headers["Content-Security-Policy"], "sandbox")

    def test_answers_without_a_page_have_it_too(self):
        for address in ("/healthz", "/nowhere/at/all/"):
            self.assertIn("frame-ancestors 'none'", self.client.get(address).headers["Content-Security-Policy"])
