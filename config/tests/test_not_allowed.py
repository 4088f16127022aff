from django.test import TestCase
from django.urls import reverse

from accounts.factories import InterviewerFactory


class NotAllowedTests(TestCase):
    def setUp(self):
        self.client.force_login(InterviewerFactory())

    def test_an_address_of_a_form_that_is_opened_leads_back(self):
        answer = self.client.get(reverse("practice-create"))
        self.assertContains(answer, "This address isn’t a page", status_code=405)
        self.assertContains(answer, "Go to My day", status_code=405)
        self.assertEqual(answer["Allow"], "POST")

    def test_other_methods_get_the_bare_answer(self):
        self.assertEqual(self.client.put(reverse("practice-create")).content, b"")
