from django.test import TestCase
from django.urls import reverse

from accounts.factories import InterviewerFactory
from question_bank.factories import QuestionFactory


class SearchAllTests(TestCase):
    def setUp(self):
        QuestionFactory(prompt="How does a zebra scale?")
        self.client.force_login(InterviewerFactory())

    def get(self, **headers):
        return self.client.get(reverse("search"), {"q": " zebra "}, headers=headers)

    def test_page_has_the_words_and_the_hits(self):
        response = self.get()
        self.assertContains(response, "<!doctype html>")
        self.assertContains(response, 'value="zebra"')
        self.assertContains(response, "How does a zebra scale?")

    def test_dialog_gets_the_hits_alone(self):
        response = self.get(HX_Request="true")
        self.assertContains(response, "How does a zebra scale?")
        self.assertNotContains(response, "<!doctype html>")

    def test_back_leads_to_the_whole_page(self):
        response = self.get(HX_Request="true", HX_History_Restore_Request="true")
        self.assertContains(response, "<!doctype html>")
