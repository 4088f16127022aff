import datetime as dt
import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path
from unittest import mock

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import OperationalError
from django.test import SimpleTestCase, TestCase
from django.utils import timezone

from accounts.factories import HiringManagerFactory
from interviews import exports, holders, pdf, tasks
from interviews.documents import NothingSubmitted
from interviews.factories import CandidateFactory, NoteFactory, OpeningFactory
from interviews.models import Export
from interviews.models.exports import ATTEMPTS_MAX
from interviews.pdf_engine import TookTooLong
from interviews.tests.submitting import END, ended_interview, questions, seat, submit

NOW = dt.datetime(2026, 11, 20, 17, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


class ExportCase(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory()
        self.interview = ended_interview(
            candidate=CandidateFactory(opening=OpeningFactory(managers=[self.hana]), name="Ada Okafor")
        )
        self.mira = seat(self.interview, "Mira Rahman", "lead")
        submit(self.mira)
        self.addCleanup(self._remove_files)

    def _remove_files(self):
        for export in Export.objects.all():
            storages["exports"].delete(export.storage_name)

    def request(self, reader=None, at=NOW):
        """Ask for it; the queue is not run."""
        return exports.request_pdf(interview=self.interview, reader=reader or self.hana, at=at)

    def make(self, export):
        with mock.patch.object(pdf, "render_apart", return_value=b"%PDF-1.7 made") as render:
            tasks.make_pdf.call_local(export.pk)
        export.refresh_from_db()
        return render


class RequestPdfTests(ExportCase):
    def test_asked_for_the_first_time_it_is_queued_on_commit_with_its_id_alone(self):
        with mock.patch("interviews.tasks.make_pdf") as make_pdf, self.captureOnCommitCallbacks(execute=True):
            export = self.request()
            make_pdf.assert_not_called()
        make_pdf.assert_called_once_with(export.pk)
        self.assertEqual((export.state, export.created_at, export.attempts), ("queued", NOW, 0))

    def test_asked_for_again_nothing_is_queued_and_a_ready_one_is_there_at_once(self):
        export = self.request()
        self.make(export)
        with mock.patch("interviews.tasks.make_pdf") as make_pdf, self.captureOnCommitCallbacks(execute=True):
            again = self.request(at=NOW + SECOND)
        make_pdf.assert_not_called()
        self.assertEqual((again.pk, again.state), (export.pk, "ready"))

    def test_whoever_may_read_the_same_shares_it(self):
        self.assertEqual(self.request().pk, self.request(self.mira.user).pk)

    def test_another_submission_makes_another_one(self):
        before = self.request()
        submit(seat(self.interview, "Jo Tanaka"))
        self.assertNotEqual(self.request().key, before.key)

    def test_a_failed_one_begins_from_the_start(self):
        failed = self.request()
        failed.fail(at=NOW, failure="No.")
        with mock.patch("interviews.tasks.make_pdf") as make_pdf, self.captureOnCommitCallbacks(execute=True):
            again = self.request(at=NOW + SECOND)
        make_pdf.assert_called_once_with(again.pk)
        self.assertEqual((again.state, again.failure, again.created_at), ("queued", "", NOW + SECOND))
        self.assertEqual(Export.objects.count(), 1)

    def test_a_ready_one_whose_file_is_gone_is_made_again(self):
        export = self.request()
        self.make(export)
        storages["exports"].delete(export.storage_name)
        self.assertIsNone(exports.find(interview=self.interview, reader=self.hana))
        self.assertEqual(self.request().state, "queued")

    def test_a_queue_that_is_out_of_reach_fails_nothing(self):
        with mock.patch("interviews.tasks.make_pdf", side_effect=ConnectionError("no queue")):
            with self.assertLogs("django", "ERROR"), self.captureOnCommitCallbacks(execute=True):
                export = self.request()
        self.assertEqual(Export.objects.get().pk, export.pk)

    def test_who_may_read_nothing_gets_nothing(self):
        for reader in (HiringManagerFactory(), seat(self.interview, "Jo Tanaka").user):
            with self.assertRaises(NothingSubmitted):
                self.request(reader)
        self.assertFalse(Export.objects.exists())


class StageTests(ExportCase):
    def test_stages(self):
        export = self.request()
        self.assertEqual(exports.stage(None, now=NOW), "none")
        self.assertEqual(exports.stage(export, now=NOW + 30 * SECOND), "busy")
        self.assertEqual(exports.stage(export, now=NOW + 31 * SECOND), "slow")
        export.take(at=NOW, lease=60 * SECOND)
        self.assertEqual(exports.stage(export, now=NOW + 31 * SECOND), "busy")
        export.fail(at=NOW, failure="No.")
        self.assertEqual(exports.stage(export, now=NOW), "failed")
        self.assertEqual(exports.find(interview=self.interview, reader=self.hana), export)


class TakeTests(ExportCase):
    """The lease."""

    def test_one_worker_takes_it_and_the_next_does_not(self):
        export = self.request()
        self.assertTrue(export.take(at=NOW, lease=60 * SECOND))
        self.assertFalse(Export.objects.get().take(at=NOW + 60 * SECOND, lease=60 * SECOND))
        self.assertEqual((export.state, export.attempts, export.lease_until), ("running", 1, NOW + 60 * SECOND))

    def test_after_the_lease_another_may_take_it(self):
        export = self.request()
        export.take(at=NOW, lease=60 * SECOND)
        self.assertTrue(Export.objects.get().take(at=NOW + 61 * SECOND, lease=60 * SECOND))
        self.assertEqual(Export.objects.get().attempts, 2)

    def test_what_is_done_is_not_taken_again(self):
        export = self.request()
        export.finish(at=NOW)
        self.assertFalse(export.take(at=NOW, lease=SECOND))
        export.fail(at=NOW, failure="No.")
        self.assertFalse(export.take(at=NOW, lease=SECOND))

    def test_lost_are_those_whose_lease_is_over_and_those_queued_long_ago(self):
        export = self.request()
        self.assertEqual(list(Export.objects.lost(NOW + 60 * SECOND)), [])
        self.assertEqual(list(Export.objects.lost(NOW + 121 * SECOND)), [export])
        export.take(at=NOW, lease=60 * SECOND)
        self.assertEqual(list(Export.objects.lost(NOW + 59 * SECOND)), [])
        self.assertEqual(list(Export.objects.lost(NOW + 61 * SECOND)), [export])
        export.finish(at=NOW)
        self.assertEqual(list(Export.objects.lost(NOW + 3600 * SECOND)), [])

    def test_held_by_a_process_that_is_dead_it_is_queued_again(self):
        export = self.request()
        export.take(at=NOW, lease=60 * SECOND)
        self.assertEqual(Export.objects.release(), 0)
        process = subprocess.run(
            [sys.executable, "-c", "from interviews import holders; print(holders.this_process())"],
            cwd=settings.BASE_DIR, capture_output=True, check=True, text=True,
        )  # fmt: skip
        Export.objects.update(holder=process.stdout.strip())
        self.assertEqual(Export.objects.release(), 1)
        export.refresh_from_db()
        self.assertEqual((export.state, export.lease_until, export.holder), ("queued", None, ""))

    def test_held_on_another_machine_or_by_nobody_known_the_lease_runs_its_time(self):
        export = self.request()
        export.take(at=NOW, lease=60 * SECOND)
        for holder in ("elsewhere 1 999999999 12", ""):
            Export.objects.update(holder=holder)
            self.assertEqual(Export.objects.release(), 0)

    def test_a_number_that_another_process_has_by_now_is_not_its_first_one(self):
        mine = holders.this_process()
        self.assertFalse(holders.is_gone(mine))
        self.assertTrue(holders.is_gone(f"{mine.rpartition(' ')[0]} 12"))


class MakePdfTests(ExportCase):
    def test_it_is_rendered_kept_and_ready(self):
        export = self.request()
        render = self.make(export)
        self.assertEqual(render.call_args.args[0]["head"]["candidate"], "Ada Okafor")
        self.assertEqual((export.state, export.lease_until, export.failure), ("ready", None, ""))
        with storages["exports"].open(export.storage_name) as file:
            self.assertEqual(file.read(), b"%PDF-1.7 made")

    def test_a_second_message_does_nothing(self):
        export = self.request()
        self.make(export)
        self.make(export).assert_not_called()
        self.assertEqual(export.attempts, 1)

    def test_a_row_that_is_gone_is_nobodys_business(self):
        tasks.make_pdf.call_local(999_999)
        self.assertFalse(Export.objects.exists())

    def test_too_long_fails_in_the_readers_words(self):
        export = self.request()
        with mock.patch.object(pdf, "render_apart", side_effect=pdf.TooLong("Too much.")):
            tasks.make_pdf.call_local(export.pk)
        export.refresh_from_db()
        self.assertEqual((export.state, export.failure), ("failed", "Too much."))

    def test_one_that_takes_too_long_is_stopped_and_fails_in_words(self):
        export = self.request()
        with mock.patch.object(pdf, "render_apart", side_effect=TookTooLong("not done")) as render:
            with self.assertLogs("interviews.tasks", "ERROR"):
                tasks.make_pdf.call_local(export.pk)
        export.refresh_from_db()
        self.assertEqual((export.state, export.failure), ("failed", tasks.STOPPED))
        # Before the lease is over, so that nobody else begins with it meanwhile.
        self.assertLess(render.call_args.kwargs["seconds"], tasks.LEASE.total_seconds() + 1)

    def test_a_fault_of_ours_is_logged_once_and_not_tried_for_ever(self):
        export = self.request()
        with mock.patch.object(pdf, "render_apart", side_effect=ZeroDivisionError("canary")):
            with self.assertLogs("interviews.tasks", "ERROR") as log:
                tasks.make_pdf.call_local(export.pk)
        self.assertIn("canary", log.output[0])
        export.refresh_from_db()
        self.assertEqual((export.state, export.failure), ("failed", tasks.BROKEN))
        self.assertEqual(list(Export.objects.free(timezone.now())), [])

    def test_one_that_keeps_killing_its_worker_is_given_up(self):
        export = self.request()
        Export.objects.update(attempts=ATTEMPTS_MAX)
        render = self.make(export)
        render.assert_not_called()
        self.assertEqual((export.state, export.failure), ("failed", tasks.GIVEN_UP))

    def test_a_database_that_is_away_in_the_end_leaves_it_for_the_sweep(self):
        export = self.request()
        with mock.patch.object(Export, "finish", side_effect=OperationalError), self.assertRaises(OperationalError):
            self.make(export)
        self.assertEqual(Export.objects.get().state, "running")

    def test_a_long_document_is_leased_for_longer(self):
        self.make(short := self.request())
        leases = []
        take = Export.take
        with mock.patch.object(
            Export, "take", lambda self, *, at, lease: leases.append(lease) or take(self, at=at, lease=lease)
        ):
            self.interview = ended_interview(candidate=self.interview.candidate)
            mira = seat(self.interview, "Mira Rahman")
            [question] = questions(self.interview, 1)
            NoteFactory(panelist=mira, question=question, text="word " * 20_000)
            submit(mira)
            self.make(self.request())
        self.assertGreater(leases[0], tasks.LEASE + dt.timedelta(seconds=15))
        self.assertEqual(short.state, "ready")

    def test_for_real(self):
        export = self.request()
        tasks.make_pdf.call_local(export.pk)
        with storages["exports"].open(export.storage_name) as file:
            self.assertTrue(file.read().startswith(b"%PDF-1.7"))


class SweepTests(ExportCase):
    def test_lost_ones_are_put_back_and_others_left_alone(self):
        export = self.request(at=timezone.now())
        with mock.patch.object(tasks, "make_pdf") as make_pdf:
            tasks.take_up_lost.call_local()
            make_pdf.assert_not_called()
            Export.objects.update(created_at=timezone.now() - dt.timedelta(minutes=3))
            tasks.take_up_lost.call_local()
        make_pdf.assert_called_once_with(export.pk)

    def test_a_worker_that_starts_takes_up_what_waits_at_once(self):
        waiting = self.request(at=timezone.now())
        with mock.patch.object(tasks, "make_pdf") as make_pdf, mock.patch("interviews.pdf_engine.warm_up"):
            tasks.begin()
        make_pdf.assert_called_once_with(waiting.pk)


class KeepTests(SimpleTestCase):
    def test_a_file_is_there_whole_or_not_at_all(self):
        name = f"{uuid.uuid4()}/file.pdf"
        path = Path(storages["exports"].path(name))
        self.addCleanup(shutil.rmtree, path.parent)
        with mock.patch.object(os, "fsync", side_effect=OSError("disk full")), self.assertRaises(OSError):
            tasks.keep(name, b"half")
        self.assertEqual(list(path.parent.iterdir()), [])
        tasks.keep(name, b"whole")
        tasks.keep(name, b"whole again")
        self.assertEqual(path.read_bytes(), b"whole again")
        self.assertEqual(len(list(path.parent.iterdir())), 1)


class OpenFileTests(ExportCase):
    def open(self, reader, key):
        return exports.open_file(interview=self.interview, reader=reader, key=key)

    def test_only_the_finished_one_that_the_reader_may_read_now(self):
        export = self.request()
        self.assertIsNone(self.open(self.hana, export.key))
        storages["exports"].save(export.storage_name, ContentFile(b"%PDF"))
        export.finish(at=END)
        opened, file = self.open(self.hana, export.key)
        with file:
            self.assertEqual((opened, file.read()), (export, b"%PDF"))
        self.assertIsNone(self.open(self.hana, "0" * 64))
        submit(seat(self.interview, "Jo Tanaka"))
        self.assertIsNone(self.open(self.hana, export.key))


class FileNameTests(ExportCase):
    def test_it_is_plain_and_names_nobody(self):
        export = self.request()
        self.assertEqual(export.file_name, f"scorecard-{self.interview.pk}-{export.key[:8]}.pdf")
