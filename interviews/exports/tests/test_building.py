import datetime as dt
import errno
import json
import logging
from unittest import mock

from django.core import mail as django_mail
from django.core.files.storage import storages
from django.db import OperationalError
from django.utils import timezone

from accounts.factories import AdministratorFactory
from interviews.exports import building, pdf, tasks
from interviews.exports.pdf_engine import TookTooLong
from interviews.factories import NoteFactory
from interviews.models import Export, ExportRequest
from interviews.models.exports import ATTEMPTS_MAX
from interviews.tests.exporting import SECOND, ExportCase
from interviews.tests.submitting import ended_interview, questions, seat, submit
from mail.models import Mail

FULL = OSError(errno.ENOSPC, "No space left on device")


class MakeTests(ExportCase):
    def test_it_is_rendered_kept_and_ready_with_the_hash_of_its_file(self):
        export = self.request()
        render = self.make(export)
        document, data = render.call_args.args
        self.assertEqual(document["head"]["candidate"], "Ada Okafor")
        [record] = data.values()
        self.assertEqual(json.loads(record)["printed"]["sha256"], export.key)
        self.assertEqual((export.state, export.lease_until, export.failure), ("ready", None, ""))
        self.assertEqual(export.expires_at - export.finished_at, dt.timedelta(days=7))
        self.assertTrue(self.content(export).startswith(b"%PDF-1.7 made"))
        self.assertEqual(len(export.files[0]), 64)

    def test_a_second_message_does_nothing(self):
        export = self.request()
        self.make(export)
        self.make(export).assert_not_called()
        self.assertEqual(export.attempts, 1)

    def test_a_message_that_comes_when_its_time_is_over_does_nothing(self):
        export = self.request()
        self.make(export)
        export.expire(at=export.expires_at)
        self.make(export).assert_not_called()
        self.assertEqual(export.state, "expired")

    def test_a_row_that_is_gone_is_nobodys_business(self):
        tasks.build_export.call_local(999_999)
        self.assertFalse(Export.objects.exists())

    def test_deleted_while_it_is_made_nothing_stays_behind(self):
        export = self.request()

        def delete(*args, **kwargs):
            Export.objects.all().delete()
            return b"%PDF"

        with mock.patch.object(pdf, "render_apart", side_effect=delete):
            self.assertIsNone(building.build(Export.objects.get()))
        self.assertEqual((Export.objects.count(), self.files()), (0, []))
        self.assertFalse(storages["exports"].exists(export.storage_name))

    def test_scorecards_deleted_before_it_is_made_are_told_in_words(self):
        export = self.request()
        Export.objects.update(document=export.document.replace(export.sources[0], "0" * 64))
        self.make(export).assert_not_called()
        self.assertEqual(
            (export.state, export.failure), ("failed", "The scorecards have been deleted in the meantime.")
        )

    def test_too_long_fails_in_the_readers_words_and_administrators_are_left_alone(self):
        AdministratorFactory()
        export = self.request()
        self.make(export, side_effect=pdf.TooLong("Too much."))
        self.assertEqual((export.state, export.failure), ("failed", "Too much."))
        self.assertFalse(Mail.objects.filter(kind="export_failed").exists())

    def test_one_that_takes_too_long_is_stopped_and_fails_in_words(self):
        export = self.request()
        with self.assertLogs("interviews.exports.building", "ERROR"):
            render = self.make(export, side_effect=TookTooLong("not done"))
        self.assertEqual((export.state, export.failure), ("failed", building.STOPPED))
        # Before the lease is over, so that nobody else begins with it meanwhile.
        self.assertLess(render.call_args.kwargs["seconds"], building.LEASE.total_seconds() + 1)

    def test_a_fault_of_ours_is_logged_once_and_not_tried_for_ever(self):
        export = self.request()
        with self.assertLogs("interviews.exports.building", "ERROR") as log:
            self.make(export, side_effect=ZeroDivisionError("canary"))
        self.assertIn("canary", log.output[0])
        self.assertEqual((export.state, export.failure), ("failed", building.BROKEN))
        self.assertEqual(list(Export.objects.claimable(timezone.now())), [])

    def test_administrators_hear_of_a_fault_of_ours_without_a_word_of_the_content(self):
        ana = AdministratorFactory(name="Ana Costa", email="ana@example.org")
        export = self.request()
        with self.assertLogs("interviews.exports.building", "ERROR"):
            self.make(export, side_effect=ZeroDivisionError("canary"))
        told = Mail.objects.get(to=ana.email)
        self.assertIn(building.BROKEN, told.text)
        for word in ("canary", "Ada", "Okafor", "Mira", "Backend engineer"):
            self.assertNotIn(word, told.subject + told.text)

    def test_one_that_keeps_killing_its_worker_is_given_up(self):
        export = self.request()
        Export.objects.update(attempts=ATTEMPTS_MAX)
        self.make(export).assert_not_called()
        self.assertEqual((export.state, export.failure), ("failed", building.GIVEN_UP))

    def test_a_database_that_is_away_in_the_end_leaves_it_for_the_sweep(self):
        export = self.request()
        with mock.patch.object(Export, "finish", side_effect=OperationalError), self.assertRaises(OperationalError):
            self.make(export)
        self.assertEqual(Export.objects.get().state, "running")

    def test_a_long_document_is_leased_for_longer(self):
        self.make(self.request())
        leases = []
        claim = Export.claim
        self.interview = ended_interview(candidate=self.candidate)
        mira = seat(self.interview, "Mira Rahman")
        [question] = questions(self.interview, 1)
        NoteFactory(panelist=mira, question=question, text="word " * 20_000)
        submit(mira)
        with mock.patch.object(
            Export, "claim", lambda self, *, lease, **rest: leases.append(lease) or claim(self, lease=lease, **rest)
        ):
            self.make(self.request())
        self.assertGreater(leases[0], building.LEASE + dt.timedelta(seconds=15))

    def test_for_real(self):
        with self.assertNoLogs("weasyprint", logging.WARNING):
            for target in (self.interview, self.candidate):
                export = self.request(target=target)
                self.assertIsNone(building.build(export))
                self.assertTrue(self.content(export).startswith(b"%PDF-1.7"))


class DiskFullTests(ExportCase):
    def full(self):
        return mock.patch("host.files.os.fsync", side_effect=FULL)

    def test_nothing_half_written_stays_and_it_is_tried_again_until_there_is_room(self):
        export = self.request(at=timezone.now())
        with self.full(), self.assertLogs("interviews.exports.building", "WARNING"):
            self.make(export)
        self.assertEqual((export.state, export.waits_for, self.files()), ("queued", building.DISK_FULL, []))
        Export.objects.update(try_at=timezone.now() - SECOND)
        self.make(export)
        self.assertEqual((export.state, export.waits_for, len(self.files())), ("ready", "", 1))

    def test_administrators_hear_of_it_once(self):
        AdministratorFactory(email="ana@example.org")
        for _ in range(2):
            export = self.request(at=timezone.now())
            with self.full(), self.assertLogs("interviews.exports.building", "WARNING"):
                self.make(export)
            Export.objects.update(try_at=None)
        self.assertEqual(Mail.objects.filter(kind="disk_full").count(), 1)

    def test_after_a_day_it_fails_in_words(self):
        export = self.request(at=timezone.now() - dt.timedelta(hours=25))
        with self.full():
            self.make(export)
        self.assertEqual((export.state, export.failure), ("failed", building.STILL_FULL))

    def test_another_fault_of_the_disk_is_not_tried_again(self):
        export = self.request()
        with mock.patch("host.files.os.fsync", side_effect=OSError(errno.EIO, "broken")):
            with self.assertLogs("interviews.exports.building", "ERROR"):
                self.make(export)
        self.assertEqual((export.state, export.failure), ("failed", building.BROKEN))


class TellTests(ExportCase):
    def made(self, target, at):
        with self.captureOnCommitCallbacks(execute=True):
            self.make(self.request(target=target, at=at))

    def test_a_pdf_that_is_there_at_once_needs_no_mail(self):
        self.made(self.interview, timezone.now())
        self.assertEqual(django_mail.outbox, [])
        self.assertIsNotNone(ExportRequest.objects.get().told_at)

    def test_one_that_took_its_time_is_told_with_a_link_and_without_names(self):
        self.made(self.interview, timezone.now() - dt.timedelta(minutes=1))
        [message] = django_mail.outbox
        self.assertEqual((message.to, message.subject), (["hana@example.org"], "Ready: your scorecard export"))
        self.assertIn(f"http://testserver/interviews/{self.interview.pk}/pdf/", message.body)
        for name in ("Ada", "Okafor", "Mira", "Backend engineer"):
            self.assertNotIn(name, message.subject + message.body)

    def test_packets_and_zips_are_always_told(self):
        for target in (self.candidate, self.opening):
            self.made(target, timezone.now())
        links = [message.body.rsplit("http://testserver", 1)[1].strip() for message in django_mail.outbox]
        self.assertEqual(links, [f"/candidates/{self.candidate.pk}/packet/", f"/openings/{self.opening.pk}/zip/"])

    def test_a_failure_is_told_in_the_same_words_as_on_the_page(self):
        with self.captureOnCommitCallbacks(execute=True):
            self.make(self.request(target=self.candidate), side_effect=pdf.TooLong("Too much."))
        self.assertIn("Too much.", django_mail.outbox[0].body)
        self.assertIn("Failed", django_mail.outbox[0].subject)

    def test_each_is_told_once_however_often_it_runs(self):
        export = self.request(target=self.candidate)
        self.make(export)
        building.notify_requesters(export)
        self.assertEqual(Mail.objects.count(), 1)

    def test_who_may_not_sign_in_any_more_is_not_told(self):
        export = self.request(target=self.candidate)
        self.hana.is_active = False
        self.hana.save()
        self.make(export)
        self.assertFalse(Mail.objects.exists())


class SweepTests(ExportCase):
    def test_lost_ones_are_put_back_once_and_others_left_alone(self):
        export = self.request(at=timezone.now())
        with mock.patch.object(tasks, "build_export") as build_export:
            tasks.requeue_stale.call_local()
            build_export.assert_not_called()
            Export.objects.update(queued_at=timezone.now() - dt.timedelta(minutes=3))
            tasks.requeue_stale.call_local()
            tasks.requeue_stale.call_local()
        build_export.assert_called_once_with(export.pk)

    def test_a_worker_that_starts_takes_up_what_waits_at_once(self):
        waiting = self.request(at=timezone.now())
        with (
            mock.patch.object(tasks, "build_export") as build_export,
            mock.patch("interviews.exports.pdf_engine.warm_up"),
        ):
            tasks.start_worker()
        build_export.assert_called_once_with(waiting.pk)
