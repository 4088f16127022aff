import datetime as dt
from unittest import mock

from django.core.files.storage import storages
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import AdministratorFactory, CuratorFactory, HiringManagerFactory, InterviewerFactory
from interviews.exports import pdf
from interviews.factories import CandidateFactory, InterviewFactory, OpeningFactory
from interviews.models import Export
from interviews.tests.submitting import ended_interview, seat, submit

HTMX = {"HX-Request": "true"}


class ExportViewCase(TestCase):
    kind = "pdf"

    def setUp(self):
        self.hana = HiringManagerFactory()
        self.interview = ended_interview(
            candidate=CandidateFactory(opening=OpeningFactory(managers=[self.hana]), name="Ada Okafor")
        )
        self.mira = seat(self.interview, "Mira Rahman", "lead")
        self.jo = seat(self.interview, "Jo Tanaka")
        submit(self.mira)
        self.client.force_login(self.hana)
        self.url = reverse("export-pdf", args=[self.interview.pk])

    def made(self):
        """Ask for it and let the worker make it."""
        with (
            mock.patch.object(pdf, "render_apart", return_value=b"%PDF-1.7 made"),
            self.captureOnCommitCallbacks(execute=True),
        ):
            self.client.post(self.url)
        export = Export.objects.get(kind=self.kind)
        self.addCleanup(storages["exports"].delete, export.storage_name)
        return export

    def download(self, export, key=None):
        return self.client.get(reverse("export-download", args=[self.interview.pk, key or export.key]))


class ExportPdfTests(ExportViewCase):
    def test_looking_changes_nothing(self):
        for headers in ({}, HTMX):
            response = self.client.get(self.url, headers=headers)
            self.assertContains(response, "Generate PDF")
        self.assertFalse(Export.objects.exists())

    def test_asked_for_plainly_it_leads_back_to_the_page_that_waits(self):
        response = self.client.post(self.url)
        self.assertRedirects(response, self.url)
        export = Export.objects.get()
        self.assertEqual((export.interview, export.state), (self.interview, "queued"))
        self.assertContains(self.client.get(self.url), "Generating")

    def test_asked_for_by_htmx_it_answers_with_the_state_alone(self):
        response = self.client.post(self.url, headers=HTMX)
        self.assertContains(response, "Generating")
        self.assertContains(response, f'hx-get="{self.url}?seen=busy-0"')
        self.assertNotContains(response, "<html")
        self.assertEqual(Export.objects.get().state, "queued")

    def test_polling_answers_only_what_is_new(self):
        self.client.post(self.url)
        self.assertEqual(self.client.get(f"{self.url}?seen=busy-0", headers=HTMX).status_code, 204)
        Export.objects.update(queued_at=timezone.now() - dt.timedelta(seconds=31))
        slow = self.client.get(f"{self.url}?seen=busy-0", headers=HTMX)
        self.assertContains(slow, "The queue worker may be busy")
        self.assertContains(slow, f'hx-get="{self.url}?seen=slow-0"')
        Export.objects.get().claim(holder="", at=timezone.now(), lease=dt.timedelta(minutes=1))
        self.assertContains(self.client.get(f"{self.url}?seen=slow-0", headers=HTMX), "Generating")
        Export.objects.get().fail(at=timezone.now(), failure="No.")
        self.assertContains(self.client.get(f"{self.url}?seen=busy-0", headers=HTMX), "Try again")

    def test_ready_it_gives_the_link_and_stops_polling(self):
        export = self.made()
        response = self.client.get(self.url)
        self.assertContains(response, reverse("export-download", args=[self.interview.pk, export.key]))
        self.assertNotContains(response, 'hx-trigger="every')

    def test_failed_it_says_why_and_offers_to_try_again(self):
        self.client.post(self.url)
        Export.objects.get().fail(at=timezone.now(), failure="It would fill 900 pages.")
        response = self.client.get(self.url)
        self.assertContains(response, "It would fill 900 pages.")
        self.assertContains(response, "Try again")

    def test_nothing_to_read_yet_is_too_early(self):
        self.client.force_login(self.jo.user)
        for response in (self.client.get(self.url), self.client.post(self.url)):
            self.assertContains(response, "Nothing to export yet", status_code=409)
        self.assertFalse(Export.objects.exists())

    def test_before_the_end_it_is_too_early(self):
        live = InterviewFactory(live=True, candidate=self.interview.candidate, script=None)
        self.assertEqual(self.client.get(reverse("export-pdf", args=[live.pk])).status_code, 409)

    def test_others_do_not_see_that_there_is_one(self):
        export = self.made()
        for outsider in (HiringManagerFactory(), InterviewerFactory(), CuratorFactory(), AdministratorFactory()):
            self.client.force_login(outsider)
            with self.subTest(outsider.roles):
                self.assertEqual(self.client.get(self.url).status_code, 404)
                self.assertEqual(self.client.post(self.url).status_code, 404)
                self.assertEqual(self.download(export).status_code, 404)
        self.assertEqual(Export.objects.count(), 1)

    def test_without_signing_in_it_leads_to_the_sign_in_page(self):
        self.client.logout()
        self.assertRedirects(self.client.get(self.url), f"{reverse('sign-in')}?next={self.url}")
        self.client.post(self.url)
        self.assertFalse(Export.objects.exists())

    def test_other_methods_are_refused(self):
        for method in ("put", "patch", "delete"):
            self.assertEqual(getattr(self.client, method)(self.url).status_code, 405)
        self.assertFalse(Export.objects.exists())


class ExportDownloadTests(ExportViewCase):
    def test_the_file_comes_as_a_download_that_names_nobody(self):
        export = self.made()
        response = self.download(export)
        self.assertEqual(b"".join(response.streaming_content), b"%PDF-1.7 made")
        self.assertEqual(response["Content-Type"], "application/pdf")
        self.assertEqual(response["Content-Disposition"], f'attachment; filename="{export.file_name}"')
        self.assertEqual(response["X-Content-Type-Options"], "nosniff")
        self.assertEqual(response["Cache-Control"], "no-store")

    def test_a_panelist_who_has_not_submitted_does_not_get_the_managers(self):
        export = self.made()
        self.client.force_login(self.jo.user)
        self.assertEqual(self.download(export).status_code, 404)

    def test_what_is_no_longer_the_readers_content_is_not_there(self):
        export = self.made()
        submit(self.jo)
        self.assertEqual(self.download(export).status_code, 404)

    def test_another_key_another_interview_or_an_unfinished_one_is_not_there(self):
        export = self.made()
        other = ended_interview(candidate=self.interview.candidate)
        submit(seat(other, "Luc Perrin"))
        for key in ("0" * 64, "\0" * 64, "x"):
            self.assertEqual(self.download(export, key).status_code, 404)
        swapped = reverse("export-download", args=[other.pk, export.key])
        self.assertEqual(self.client.get(swapped).status_code, 404)
        Export.objects.update(state="running")
        self.assertEqual(self.download(export).status_code, 404)

    def test_other_methods_are_refused(self):
        export = self.made()
        url = reverse("export-download", args=[self.interview.pk, export.key])
        self.assertEqual(self.client.post(url).status_code, 405)

    def test_without_signing_in_it_leads_to_the_sign_in_page(self):
        export = self.made()
        self.client.logout()
        self.assertEqual(self.download(export).status_code, 302)


class ExportPacketTests(ExportViewCase):
    kind = "packet"

    def setUp(self):
        super().setUp()
        self.url = reverse("candidate-packet", args=[self.interview.candidate_id])

    def test_asked_for_and_made_it_is_downloaded_under_a_name_that_names_nobody(self):
        self.assertContains(self.client.get(reverse("candidate-detail", args=[self.interview.candidate_id])), self.url)
        export = self.made()
        self.assertContains(self.client.get(self.url), "Download the PDF")
        response = self.client.get(reverse("candidate-packet-download", args=[self.interview.candidate_id, export.key]))
        self.assertEqual(b"".join(response.streaming_content), b"%PDF-1.7 made")
        self.assertRegex(response["Content-Disposition"], r'filename="packet-\d+-[0-9a-f]{8}\.pdf"')

    def test_a_panelist_takes_what_they_may_read(self):
        self.client.force_login(self.mira.user)
        self.assertContains(self.client.post(self.url, headers=HTMX), "Generating")

    def test_outsiders_find_nothing_and_who_has_not_submitted_is_too_early(self):
        export = self.made()
        download = reverse("candidate-packet-download", args=[self.interview.candidate_id, export.key])
        for outsider in (HiringManagerFactory(), InterviewerFactory(), CuratorFactory(), AdministratorFactory()):
            self.client.force_login(outsider)
            for response in (self.client.get(self.url), self.client.post(self.url), self.client.get(download)):
                self.assertEqual(response.status_code, 404)
        self.client.force_login(self.jo.user)
        self.assertEqual(self.client.post(self.url).status_code, 409)
        self.assertEqual(self.client.get(download).status_code, 404)


class ExportZipTests(ExportViewCase):
    kind = "zip"

    def setUp(self):
        super().setUp()
        self.opening = self.interview.opening
        self.url = reverse("opening-zip", args=[self.opening.pk])

    def test_asked_for_and_made_it_is_downloaded_under_a_name_that_names_nobody(self):
        self.assertContains(self.client.get(self.opening.get_absolute_url()), self.url)
        export = self.made()
        self.assertContains(self.client.get(self.url), "Download the zip")
        response = self.client.get(reverse("opening-zip-download", args=[self.opening.pk, export.key]))
        self.assertEqual(b"".join(response.streaming_content)[:2], b"PK")
        self.assertEqual(response["Content-Type"], "application/zip")
        self.assertRegex(response["Content-Disposition"], r'filename="scorecards-\d+-[0-9a-f]{8}\.zip"')

    def test_progress_is_told_and_polled_for(self):
        self.client.post(self.url)
        Export.objects.update(state="running", made=3, total=12)
        page = self.client.get(self.url)
        self.assertContains(page, "3 of 12 done.")
        self.assertContains(page, f'hx-get="{self.url}?seen=busy-3"')
        self.assertContains(page, "Refresh")
        self.assertEqual(self.client.get(f"{self.url}?seen=busy-3", headers=HTMX).status_code, 204)
        self.assertContains(self.client.get(f"{self.url}?seen=busy-2", headers=HTMX), "3 of 12 done.")

    def test_what_it_waits_for_is_told(self):
        self.client.post(self.url)
        Export.objects.update(waits_for="The disk is full.")
        self.assertContains(self.client.get(self.url), "The disk is full.")

    def test_an_older_one_is_offered_beside_making_it_anew(self):
        export = self.made()
        submit(self.jo)
        page = self.client.get(self.url)
        self.assertContains(page, "Generate zip")
        self.assertContains(page, reverse("opening-zip-download", args=[self.opening.pk, export.key]))

    def test_too_many_at_a_time_are_refused_in_words(self):
        with mock.patch("interviews.exports.requests.UNFINISHED_MAX", 0):
            for headers in ({}, HTMX):
                response = self.client.post(self.url, headers=headers)
                self.assertContains(response, "Several files are already being made.", status_code=429)
        self.assertFalse(Export.objects.exists())

    def test_it_is_for_the_openings_managers_alone(self):
        export = self.made()
        download = reverse("opening-zip-download", args=[self.opening.pk, export.key])
        others = (self.mira.user, HiringManagerFactory(), CuratorFactory(), AdministratorFactory())
        for outsider in others:
            self.client.force_login(outsider)
            for response in (self.client.get(self.url), self.client.post(self.url), self.client.get(download)):
                self.assertEqual(response.status_code, 404)

    def test_without_any_scorecard_it_is_too_early(self):
        opening = OpeningFactory(managers=[self.hana])
        self.assertEqual(self.client.post(reverse("opening-zip", args=[opening.pk])).status_code, 409)
