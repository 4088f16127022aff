from django.test import TestCase

from accounts.factories import InterviewerFactory
from interviews.models import Notice, NoticeSettings
from interviews.pages.notice_forms import NoticeSettingsForm


class NoticeSettingsFormTests(TestCase):
    def test_what_is_not_ticked_is_off(self):
        wants = NoticeSettings(user=InterviewerFactory())
        self.assertEqual(NoticeSettingsForm(wants=wants).initial["email"], Notice.Kind.values)
        form = NoticeSettingsForm({"page": Notice.Kind.values, "email": ["due"], "when": "daily"}, wants=wants)
        self.assertTrue(form.is_valid())
        form.save()
        saved = NoticeSettings.objects.get()
        self.assertEqual((saved.no_page, saved.is_daily, "due" in saved.no_email), ([], True, False))
        self.assertEqual(len(saved.no_email), len(Notice.Kind.values) - 1)
