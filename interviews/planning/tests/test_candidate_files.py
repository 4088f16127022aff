import datetime as dt
import os
import stat
from pathlib import Path

from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import HiringManagerFactory
from audit.models import Act, AuditEntry
from interviews.factories import CandidateFactory, CandidateFileFactory, InterviewFactory, OpeningFactory
from interviews.models import CandidateFile, Event
from interviews.models.candidate_files import FILE_BYTES, FILES_MAX
from interviews.planning import candidate_files

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 2_000


class FilesCase(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory(name="Hana Berg")
        self.ada = CandidateFactory(opening=OpeningFactory(managers=[self.hana]), name="Ada Okafor")
        self.address = reverse("candidate-files", args=[self.ada.pk])
        self.client.force_login(self.hana)

    def upload(self, content=PNG, name="cv.png"):
        return self.client.post(self.address, {"file": SimpleUploadedFile(name, content)})

    def path(self, file):
        return Path(storages["default"].path(file.storage_name))


class AddTests(FilesCase):
    def test_file_is_saved_by_its_content_and_for_this_account_only(self):
        self.assertRedirects(self.upload(name="cv.exe"), self.address)
        file = self.ada.files.get()
        self.assertEqual((file.name, file.kind, file.size, file.added_by), ("cv.exe.png", "png", len(PNG), self.hana))
        path = self.path(file)
        self.assertEqual(path.read_bytes(), PNG)
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        for folder in (path.parent, path.parent.parent):
            self.assertEqual(stat.S_IMODE(folder.stat().st_mode), 0o700)

    def test_open_live_pages_hear_of_it_and_of_its_end(self):
        live, over = (
            InterviewFactory(candidate=self.ada, live=True),
            InterviewFactory(candidate=self.ada, cancelled=True),
        )
        self.upload()
        file = self.ada.files.get()
        self.client.post(reverse("candidate-file-delete", args=[self.ada.pk, file.pk]))
        added, deleted = Event.objects.filter(interview=live).order_by("seq")
        self.assertEqual((added.kind, deleted.payload), ("files", {"files": []}))
        row = {"id": file.pk, "name": "cv.png", "url": file.get_absolute_url(), "is_shown": True}
        self.assertEqual(added.payload, {"files": [row]})
        # What was called off may be restored while its pages are open.
        self.assertEqual(
            list(over.events.order_by("seq").values_list("payload", flat=True)), [added.payload, {"files": []}]
        )

    def test_the_same_content_again_is_one_file(self):
        self.upload()
        self.assertRedirects(self.upload(name="again.png"), self.address)
        self.assertEqual([file.name for file in self.ada.files.all()], ["cv.png"])

    def test_what_cannot_be_saved_is_refused_in_words(self):
        for content, words, status in (
            (b"", "This file is empty.", 422),
            (b"MZ\x90\x00", "Save it as a PDF and try again.", 422),
            (b"%PDF-" + b"x" * FILE_BYTES, "the limit is 10 MB.", 413),
        ):
            with self.subTest(words):
                self.assertContains(self.upload(content), words, status_code=status)
        self.assertContains(self.client.post(self.address), "Choose a file.", status_code=422)
        self.assertFalse(CandidateFile.objects.exists())

    def test_a_candidate_has_a_limited_number(self):
        for _ in range(FILES_MAX):
            CandidateFileFactory(candidate=self.ada)
        self.assertContains(self.upload(), f"already has {FILES_MAX} files", status_code=422)
        self.assertContains(self.client.get(self.address), "Delete one to add another.")


class DeleteTests(FilesCase):
    def test_row_and_bytes_are_gone_and_the_log_says_who(self):
        file = CandidateFileFactory(candidate=self.ada, name="CV Ada.pdf")
        with self.captureOnCommitCallbacks(execute=True):
            response = self.client.post(reverse("candidate-file-delete", args=[self.ada.pk, file.pk]))
        self.assertRedirects(response, self.address)
        self.assertFalse(self.ada.files.exists())
        self.assertFalse(self.path(file).exists())
        entry = AuditEntry.objects.get(act=Act.CANDIDATE_FILE_DELETED)
        self.assertEqual((entry.actor, entry.about), (self.hana, str(self.ada.opening)))
        # It stays for good, also when the candidate is erased.
        self.assertNotIn("Ada", str(entry.details))

    def test_files_go_with_their_candidate(self):
        stays, goes = CandidateFileFactory(), CandidateFileFactory(candidate=self.ada)
        self.ada.delete()
        now = timezone.now()
        candidate_files.delete_orphans(at=now)
        self.assertTrue(self.path(goes).exists(), "it could be one whose row is about to come")
        for path in (self.path(goes), self.path(goes).parent, self.path(stays)):
            os.utime(path, ((now - dt.timedelta(hours=2)).timestamp(),) * 2)
        self.assertEqual(candidate_files.delete_orphans(at=now), 1)
        self.assertFalse(self.path(goes).exists())
        self.assertTrue(self.path(stays).exists())
