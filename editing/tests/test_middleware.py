from types import SimpleNamespace

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory, SimpleTestCase

from editing.middleware import DraftMiddleware


class TestDraftMiddleware(SimpleTestCase):
    def answer(self, *, user, status=302, method="post", **posted):
        request = getattr(RequestFactory(), method)("/", posted)
        request.user = user
        return DraftMiddleware(lambda _: HttpResponse(status=status))(request)

    def test_a_saved_form_names_its_draft(self):
        someone = SimpleNamespace(is_authenticated=True)
        for status in (302, 200):  # a new password link is shown in the answer itself
            response = self.answer(user=someone, status=status, draft="question:12~ab-3")
            self.assertEqual(response.cookies["draft_saved"].value, "question:12~ab-3")

    def test_nothing_is_named_where_nothing_was_saved(self):
        someone = SimpleNamespace(is_authenticated=True)
        for answer in (
            self.answer(user=AnonymousUser(), draft="question:12~ab"),
            self.answer(user=someone, status=422, draft="question:12~ab"),
            self.answer(user=someone, status=503, draft="question:12~ab"),
            self.answer(user=someone, method="get", draft="question:12~ab"),
            self.answer(user=someone, draft="question;12"),
            self.answer(user=someone),
        ):
            self.assertNotIn("draft_saved", answer.cookies)
