from django.urls import reverse
from django.utils import timezone

from accounts.factories import InterviewerFactory
from interviews.factories import CandidateFileFactory, InterviewFactory
from interviews.models import CandidateFile, Panelist
from interviews.planning.tests.test_candidate_files import PNG, FilesCase


class OpenTests(FilesCase):
    def test_it_is_sent_as_data_that_runs_nothing(self):
        for content, name, policy in (
            (PNG, "a.png", "sandbox; default-src 'none'"),
            (b"<script>x</script>", "b.html", "sandbox; default-src 'none'"),
            (b"%PDF-1", "c.pdf", "script-src 'none'"),
        ):
            with self.subTest(name):
                self.upload(content, name)
                response = self.client.get(CandidateFile.objects.latest("pk").get_absolute_url())
                self.assertEqual(response.getvalue(), content)
                self.assertTrue(response["Content-Security-Policy"].startswith(policy))
                self.assertEqual(response["X-Content-Type-Options"], "nosniff")
                self.assertEqual(response["Cache-Control"], "private, no-store")
                self.assertTrue(response["Content-Disposition"].startswith("inline"))
                self.assertNotIn("html", response["Content-Type"])

    def test_panel_reads_and_does_not_write(self):
        mira = InterviewerFactory()
        interview = InterviewFactory(
            candidate=self.ada, panel=[(mira, Panelist.Part.LEAD)], scheduled_for=timezone.now()
        )
        file = CandidateFileFactory(candidate=self.ada, name="CV Ada.pdf")
        self.client.force_login(mira)
        for page in (
            self.ada.get_absolute_url(),
            interview.get_absolute_url(),
            reverse("live", args=[interview.pk]),
            reverse("my-day"),
        ):
            with self.subTest(page):
                self.assertContains(self.client.get(page), f'href="{file.get_absolute_url()}"')
        self.assertTrue(self.client.get(file.get_absolute_url()).getvalue().startswith(b"%PDF"))
        self.assertEqual(self.upload().status_code, 403)

    def test_one_that_is_missing_on_the_disk_is_404_and_logged(self):
        file = CandidateFileFactory(candidate=self.ada)
        file.delete_from_disk()
        with self.assertLogs("interviews.planning.views.files", "ERROR"):
            self.assertEqual(self.client.get(file.get_absolute_url()).status_code, 404)
