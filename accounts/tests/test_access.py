from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory, TestCase

from accounts.access import require_role
from accounts.factories import CuratorFactory, InterviewerFactory
from accounts.roles import Role


@require_role(Role.CURATOR, "Curators keep the bank.")
def view(request, pk):
    return HttpResponse(f"question {pk}")


class RequireRoleTests(TestCase):
    def answer(self, user):
        request = RequestFactory().get("/")
        request.user = user
        return view(request, pk=5)

    def test_who_has_the_role_passes(self):
        self.assertEqual(self.answer(CuratorFactory()).content, b"question 5")

    def test_who_has_not_is_told_why(self):
        with self.assertRaisesMessage(PermissionDenied, "Curators keep the bank."):
            self.answer(InterviewerFactory())
