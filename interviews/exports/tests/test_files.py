import datetime as dt
import hashlib
import os
import shutil
import uuid
from pathlib import Path
from unittest import mock

from django.core.files.storage import storages
from django.test import SimpleTestCase
from django.utils import timezone

from interviews.exports import files, tasks
from interviews.models import Export
from interviews.tests.exporting import NOW, ExportCase

DAY = dt.timedelta(days=1)


class KeepTests(SimpleTestCase):
    def test_a_file_is_there_whole_or_not_at_all(self):
        name = f"{uuid.uuid4()}/file.pdf"
        path = Path(storages["exports"].path(name))
        self.addCleanup(shutil.rmtree, path.parent)
        with mock.patch.object(os, "fsync", side_effect=OSError("disk full")), self.assertRaises(OSError):
            files.keep(name, lambda file: file.write(b"half"))
        self.assertEqual(list(path.parent.iterdir()), [])
        files.keep(name, lambda file: file.write(b"whole"))
        digest = files.keep(name, lambda file: file.write(b"whole again"))
        self.assertEqual(digest, hashlib.sha256(b"whole again").hexdigest())
        self.assertEqual(path.read_bytes(), b"whole again")
        self.assertEqual(len(list(path.parent.iterdir())), 1)


class DeleteExpiredTests(ExportCase):
    def test_after_its_days_the_file_goes_and_what_it_said_and_its_hashes_stay(self):
        export = self.request()
        self.make(export)
        hashes = (export.key, export.sources, export.files)
        self.assertEqual(files.delete_expired(at=export.expires_at - dt.timedelta(seconds=1)), 0)
        self.assertEqual(len(self.files()), 1)
        self.assertEqual(files.delete_expired(at=export.expires_at), 1)
        export.refresh_from_db()
        self.assertEqual((export.state, export.document, self.files()), ("expired", "", []))
        self.assertEqual((export.key, export.sources, export.files), hashes)

    def test_a_failed_one_is_forgotten_after_the_same_time(self):
        export = self.request()
        export.fail(at=NOW, failure="No.")
        self.assertEqual(files.delete_expired(at=NOW + 7 * DAY), 1)
        self.assertEqual(Export.objects.get().document, "")

    def test_one_that_is_asked_for_again_meanwhile_stays(self):
        export = self.request()
        self.make(export)
        stale = Export.objects.get()
        later = export.expires_at
        files.delete(export)
        self.request(at=later)
        self.assertFalse(stale.expire(at=later))
        self.assertEqual(Export.objects.get().state, "queued")


class DeleteOrphansTests(ExportCase):
    def old(self, name):
        path = Path(storages["exports"].path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%PDF")
        yesterday = (timezone.now() - DAY).timestamp()
        os.utime(path, (yesterday, yesterday))

    def test_files_of_nothing_and_halves_of_a_crash_go_and_finished_ones_stay(self):
        export = self.request()
        self.make(export)
        os.utime(storages["exports"].path(export.storage_name), (0, 0))
        self.old(f"{export.interview_id}/{'0' * 64}.pdf")
        self.old("opening-77/.tmpabc")
        self.assertEqual(files.delete_orphans(at=timezone.now()), 2)
        self.assertEqual(self.files(), [export.storage_name])

    def test_one_that_was_written_just_now_is_left_alone(self):
        self.old("7/new.pdf")
        os.utime(storages["exports"].path("7/new.pdf"))
        self.assertEqual(files.delete_orphans(at=timezone.now()), 0)

    def test_the_periodic_task_does_both(self):
        export = self.request()
        self.make(export)
        Export.objects.update(expires_at=timezone.now())
        self.old("7/orphan.pdf")
        tasks.delete_files.call_local()
        self.assertEqual((self.files(), Export.objects.get().state), ([], "expired"))

    def test_without_any_file_there_is_nothing_to_do(self):
        self.assertEqual(files.delete_orphans(at=timezone.now()), 0)
