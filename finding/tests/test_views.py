from types import SimpleNamespace

from django.contrib.auth.models import AnonymousUser, Group
from django.test import RequestFactory, TestCase

from finding.lists import Order, list_page
from finding.views import render_list

TEMPLATE = "interviews/planning/opening_list.html"


class RenderListTests(TestCase):
    def answer(self, **htmx):
        request = RequestFactory().get("/openings/", {"q": "data"})
        request.user = AnonymousUser()
        request.htmx = SimpleNamespace(**{"target": "rows", "history_restore_request": False} | htmx) if htmx else None
        page = list_page(
            Group.objects.none(), request.GET, search=lambda rows, _: rows, orders=[Order("", "By name", ("name",))]
        )
        return render_list(request, TEMPLATE, page)

    def test_page_is_whole_for_a_browser_and_for_back(self):
        for htmx in ({}, {"target": "main"}, {"history_restore_request": True}):
            with self.subTest(htmx=htmx):
                response = self.answer(**htmx)
                self.assertContains(response, "<!doctype html>")
                self.assertNotIn("HX-Replace-Url", response.headers)

    def test_htmx_gets_the_rows_and_the_address_of_the_search(self):
        response = self.answer(target="rows")
        self.assertNotContains(response, "<!doctype html>")
        self.assertEqual(response["HX-Replace-Url"], "/openings/?q=data")
