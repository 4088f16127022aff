import datetime as dt
from unittest import mock

from accounts.factories import HiringManagerFactory
from interviews.exports import requests, tasks
from interviews.exports.documents import NothingSubmitted
from interviews.models import Export, ExportRequest
from interviews.refusals import TooMany
from interviews.tests.exporting import NOW, SECOND, ExportCase
from interviews.tests.submitting import ended_interview, seat, submit


class RequestExportTests(ExportCase):
    def test_asked_for_the_first_time_it_is_queued_on_commit_with_its_id_alone(self):
        with mock.patch.object(tasks, "build_export") as build_export, self.captureOnCommitCallbacks(execute=True):
            export = self.request()
            build_export.assert_not_called()
        build_export.assert_called_once_with(export.pk)
        self.assertEqual((export.state, export.created_at, export.attempts), ("queued", NOW, 0))

    def test_a_queue_that_is_out_of_reach_is_told_and_fails_nothing(self):
        away = mock.patch.object(tasks, "build_export", side_effect=ConnectionError)
        with away, self.assertLogs("interviews.exports.requests", "ERROR"), self.captureOnCommitCallbacks(execute=True):
            export = self.request()
        export.refresh_from_db()
        self.assertEqual((export.state, export.waits_for), ("queued", requests.QUEUE_AWAY))
        self.assertEqual(requests.stage(export, now=NOW), "waits")
        self.make(export)
        export.refresh_from_db()
        self.assertEqual((export.state, requests.stage(export, now=NOW)), ("ready", "ready"))

    def test_asked_for_again_nothing_is_queued_and_a_ready_one_is_there_at_once(self):
        export = self.request()
        self.make(export)
        with mock.patch.object(tasks, "build_export") as build_export, self.captureOnCommitCallbacks(execute=True):
            again = self.request(at=NOW + SECOND)
        build_export.assert_not_called()
        self.assertEqual((again.pk, again.state), (export.pk, "ready"))

    def test_whoever_may_read_the_same_shares_it(self):
        self.assertEqual(self.request().pk, self.request(self.mira.user).pk)
        self.assertEqual(ExportRequest.objects.count(), 2)

    def test_two_managers_share_a_zip_and_one_on_a_panel_who_may_read_less_does_not(self):
        ida = HiringManagerFactory()
        self.opening.managers.add(ida)
        shared = self.request(target=self.opening)
        self.assertEqual(self.request(ida, target=self.opening).pk, shared.pk)
        other = self.another()
        seat(other, "Hana Berg again").delete()
        hana_on_panel = other.panelists.create(user=self.hana, part="interviewer")
        self.assertNotEqual(self.request(target=self.opening).key, self.request(ida, target=self.opening).key)
        submit(hana_on_panel)
        self.assertEqual(self.request(target=self.opening).key, self.request(ida, target=self.opening).key)

    def test_another_submission_makes_another_one(self):
        before = [self.request(target=target) for target in (self.interview, self.candidate, self.opening)]
        submit(seat(self.interview, "Jo Tanaka"))
        for export in before:
            with self.subTest(export.kind):
                self.assertNotEqual(self.request(target=export.target).key, export.key)

    def test_a_failed_one_begins_from_the_start(self):
        failed = self.request()
        failed.fail(at=NOW, failure="No.")
        with mock.patch.object(tasks, "build_export") as build_export, self.captureOnCommitCallbacks(execute=True):
            again = self.request(at=NOW + SECOND)
        build_export.assert_called_once_with(again.pk)
        self.assertEqual((again.state, again.failure, again.created_at), ("queued", "", NOW + SECOND))
        self.assertEqual(Export.objects.count(), 1)

    def test_an_expired_one_is_made_again_from_what_is_there_now(self):
        export = self.request()
        self.make(export)
        export.expire(at=NOW + dt.timedelta(days=400))
        again = self.request()
        self.assertEqual((again.pk, again.state), (export.pk, "queued"))
        self.assertIn("Ada Okafor", again.document)

    def test_a_ready_one_whose_file_is_gone_is_made_again(self):
        export = self.request()
        self.make(export)
        self._remove_files()
        self.assertIsNone(requests.find(target=self.interview, reader=self.hana))
        self.assertEqual(self.request().state, "queued")

    def test_who_may_read_nothing_gets_nothing(self):
        for reader in (HiringManagerFactory(), seat(self.interview, "Jo Tanaka").user):
            for target in (self.interview, self.candidate, self.opening):
                with self.subTest(target=target), self.assertRaises(NothingSubmitted):
                    self.request(reader, target=target)
        self.assertFalse(Export.objects.exists())

    def test_a_packet_holds_the_interviews_that_its_reader_may_read_and_no_others(self):
        second = ended_interview(candidate=self.candidate)
        submit(seat(second, "Luc Perrin", "lead"), because="canary")
        self.assertIn("canary", self.request(target=self.candidate).document)
        self.assertNotIn("canary", self.request(self.mira.user, target=self.candidate).document)


class FloodTests(ExportCase):
    def ask(self, count):
        for _ in range(count):
            self.request(target=self.another())

    def test_many_at_a_time_are_refused_in_words_and_none_is_queued(self):
        self.ask(requests.UNFINISHED_MAX)
        with self.assertRaisesMessage(TooMany, "Several files are already being made."):
            self.request()
        self.assertEqual(Export.objects.count(), requests.UNFINISHED_MAX)

    def test_what_is_there_already_is_given_however_much_one_waits_for(self):
        ready = self.request()
        self.make(ready)
        self.ask(requests.UNFINISHED_MAX)
        self.assertEqual(self.request().pk, ready.pk)

    def test_another_person_is_not_held_back(self):
        self.ask(requests.UNFINISHED_MAX)
        self.assertEqual(self.request(self.mira.user).state, "queued")

    def test_many_within_an_hour_are_refused(self):
        with mock.patch.object(requests, "HOURLY_MAX", 2):
            for interview in (self.another(), self.another()):
                self.make(self.request(target=interview))
            with self.assertRaisesMessage(TooMany, "this hour"):
                self.request(at=NOW + 60 * SECOND)
            self.assertEqual(self.request(at=NOW + 3601 * SECOND).state, "queued")


class StageTests(ExportCase):
    def test_stages(self):
        export = self.request()
        self.assertEqual(requests.stage(None, now=NOW), "none")
        self.assertEqual(requests.stage(export, now=NOW + 30 * SECOND), "busy")
        self.assertEqual(requests.stage(export, now=NOW + 31 * SECOND), "slow")
        export.claim(holder="", at=NOW, lease=60 * SECOND)
        self.assertEqual(requests.stage(export, now=NOW + 31 * SECOND), "busy")
        export.wait(at=NOW, until=NOW + 60 * SECOND, waits_for="The disk is full.")
        self.assertEqual(requests.stage(export, now=NOW + 31 * SECOND), "waits")
        export.fail(at=NOW, failure="No.")
        self.assertEqual(requests.stage(export, now=NOW), "failed")
        self.assertEqual(requests.find(target=self.interview, reader=self.hana), export)


class OpenFileTests(ExportCase):
    def open(self, reader, key, target=None):
        opened = requests.open_file(target=target or self.interview, reader=reader, key=key)
        if opened is None:
            return None
        export, file = opened
        with file:
            return export, file.read()

    def test_only_the_finished_one_that_the_reader_may_read_now(self):
        export = self.request()
        self.assertIsNone(self.open(self.hana, export.key))
        self.make(export)
        self.assertEqual(self.open(self.hana, export.key), (export, self.content(export)))
        self.assertIsNone(self.open(self.hana, "0" * 64))
        submit(seat(self.interview, "Jo Tanaka"))
        self.assertIsNone(self.open(self.hana, export.key))

    def test_a_zip_may_be_older_as_long_as_all_in_it_may_be_read(self):
        export = self.request(target=self.opening)
        self.make(export)
        self.another()
        self.assertNotEqual(self.request(target=self.opening).pk, export.pk)
        self.assertEqual(self.open(self.hana, export.key, self.opening)[0], export)
        self.assertEqual(requests.older_zip(target=self.opening, reader=self.hana), export)

    def test_a_zip_with_something_in_it_that_may_not_be_read_any_more_is_not_there(self):
        other = self.another()
        export = self.request(target=self.opening)
        self.make(export)
        # From now on she is on that panel herself, and reads the others after her own.
        other.panelists.create(user=self.hana, part="interviewer")
        self.assertIsNone(self.open(self.hana, export.key, self.opening))
        self.assertIsNone(requests.older_zip(target=self.opening, reader=self.hana))


class NamesTests(ExportCase):
    def test_they_are_plain_and_name_nobody(self):
        for target, name in (
            (self.interview, f"scorecard-{self.interview.pk}-"), (self.candidate, f"packet-{self.candidate.pk}-"),
            (self.opening, f"scorecards-{self.opening.pk}-"),
        ):  # fmt: skip
            export = self.request(target=target)
            self.assertRegex(export.file_name, rf"^{name}[0-9a-f]{{8}}\.(pdf|zip)$")
            self.assertRegex(export.storage_name, r"^((candidate|opening)-)?\d+/[0-9a-f]{64}\.(pdf|zip)$")
