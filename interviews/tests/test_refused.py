"""Refusals as answers: one decorator for pages, one for JSON."""

import json

from django.test import RequestFactory, SimpleTestCase

from interviews.refusals import NotThere, TooMany, WrongTime
from interviews.refused import refusal_json, refusal_page


def raising(refusal):
    def view(request, pk):
        raise refusal

    return view


class RefusalPageTests(SimpleTestCase):
    def test_a_refusal_becomes_a_page_with_its_reason_status_and_the_way_back(self):
        view = refusal_page(back="interview-detail")(raising(WrongTime("The interview has ended.")))
        request = RequestFactory().get("/")
        request.user = None
        answer = view(request, pk=7)
        self.assertEqual(answer.status_code, 409)
        self.assertContains(answer, "The interview has ended. Nothing was changed.", status_code=409)
        self.assertContains(answer, 'href="/interviews/7/"', status_code=409)

    def test_other_errors_pass_through(self):
        view = refusal_page(back="interview-detail")(raising(KeyError("a bug")))
        with self.assertRaises(KeyError):
            view(RequestFactory().get("/"), pk=7)


class RefusalJsonTests(SimpleTestCase):
    def test_a_refusal_becomes_its_sentence_and_code(self):
        answer = refusal_json()(raising(NotThere("There is no such interview.")))(RequestFactory().get("/"), pk=7)
        self.assertEqual(answer.status_code, 404)
        self.assertEqual(json.loads(answer.content), {"error": "There is no such interview.", "code": "not-there"})

    def test_its_headers_are_sent(self):
        answer = refusal_json()(raising(TooMany("Wait.", retry_after=3)))(RequestFactory().get("/"), pk=7)
        self.assertEqual((answer.status_code, answer["Retry-After"]), (429, "3"))

    def test_a_view_can_add_facts_about_the_reader(self):
        view = refusal_json(more=lambda request, pk: {"user": 4, "interview": pk})(raising(NotThere("Gone.")))
        self.assertEqual(
            json.loads(view(RequestFactory().get("/"), pk=7).content),
            {"error": "Gone.", "code": "not-there", "user": 4, "interview": 7},
        )
