import datetime as dt
import io
import json
import zipfile
from pathlib import PurePosixPath
from unittest import mock

import jsonschema
from django.db import transaction
from django.utils import timezone

from accounts.factories import HiringManagerFactory
from interviews.exports import building, pdf, requests, tasks, zips
from interviews.exports.tests.test_scorecard_json import SCHEMA
from interviews.models import Export
from interviews.models.exports import ATTEMPTS_MAX
from interviews.tests.deciding import decide
from interviews.tests.exporting import MADE, NOW, SECOND, ExportCase
from interviews.tests.submitting import ended_interview, seat, submit


class ZipCase(ExportCase):
    def names(self, export):
        with zipfile.ZipFile(io.BytesIO(self.content(export))) as archive:
            self.assertIsNone(archive.testzip())
            return archive.namelist()

    def read(self, export, name):
        with zipfile.ZipFile(io.BytesIO(self.content(export))) as archive:
            return archive.read(name)

    def order(self):
        return self.request(target=self.opening)


class PlanTests(ZipCase):
    def test_it_takes_a_few_queries_whatever_the_number_of_interviews(self):
        with self.assertNumQueries(5):
            zips.plan(self.opening, self.hana)
        for number in range(5):
            submit(seat(self.another(f"Candidate {number}"), "Jo Tanaka"))
        with self.assertNumQueries(5):
            plan = zips.plan(self.opening, self.hana)
        self.assertEqual(len(plan.interviews), 6)

    def test_interviews_without_anything_to_read_are_left_out(self):
        ended_interview(candidate=self.candidate)
        self.assertEqual(zips.plan(self.opening, self.hana).interviews, [self.interview])

    def test_its_key_says_nothing_about_what_its_reader_may_not_read(self):
        self.interview.blind_policy = "never"
        self.interview.save()
        jo, hana = seat(self.interview, "Jo Tanaka"), self.interview.panelists.create(user=self.hana)
        submit(hana)
        plans = []
        for recommendation, because in ((1, "canary"), (4, "another")):
            with transaction.atomic():
                submit(jo, recommendation=recommendation, because=because)
                plans.append(zips.plan(self.opening, self.hana))
                transaction.set_rollback(True)
        self.assertEqual(plans[0], plans[1])
        self.assertEqual(len(plans[0].sources), 1)

    def test_its_key_changes_with_whatever_a_pdf_says(self):
        keys = {zips.plan(self.opening, self.hana).key}
        jo = seat(self.interview, "Jo Tanaka")
        keys.add(zips.plan(self.opening, self.hana).key)
        jo.user.name = "Joanna Tanaka"
        jo.user.save()
        keys.add(zips.plan(self.opening, self.hana).key)
        submit(jo)
        keys.add(zips.plan(self.opening, self.hana).key)
        self.another()
        keys.add(zips.plan(self.opening, self.hana).key)
        decide(self.interview, by=self.hana)
        keys.add(zips.plan(self.opening, self.hana).key)
        self.assertEqual(len(keys), 6)

    def test_one_that_tells_a_decision_is_not_given_to_those_who_may_not_know_it(self):
        """A manager who reads every scorecard in it, but was on the panel, where nobody reads the others'."""
        self.interview.blind_policy = "never"
        self.interview.save()
        tendai = HiringManagerFactory()
        self.opening.managers.add(tendai)
        self.mira.user = tendai
        self.mira.save()
        decide(self.interview, by=self.hana)
        export = self.order()
        self.make(export)
        self.assertIsNotNone(requests.older_zip(target=self.opening, reader=self.hana))
        self.assertIsNone(requests.older_zip(target=self.opening, reader=tendai))
        self.assertIsNone(requests.open_file(target=self.opening, reader=tendai, key=export.key))


class MakeZipTests(ZipCase):
    def test_each_file_has_the_date_of_its_content(self):
        decide(self.interview, by=self.hana, at=dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC))
        export = self.order()
        self.make(export)
        with zipfile.ZipFile(io.BytesIO(self.content(export))) as archive:
            self.assertEqual({entry.date_time for entry in archive.infolist()}, {(2026, 11, 21, 9, 30, 0)})

    def test_each_interview_has_a_pdf_and_its_data_under_names_that_tell_nothing(self):
        other = self.another("Ben /../ Aydin")
        export = self.order()
        self.make(export)
        parts = [Export.objects.get(interview=interview) for interview in (self.interview, other)]
        stems = [f"scorecard-{part.interview_id}-{part.key[:8]}" for part in parts]
        self.assertEqual(
            self.names(export), [f"{stem}.{end}" for stem in stems for end in ("pdf", "json")] + ["contents.txt"]
        )
        for part, stem in zip(parts, stems, strict=True):
            self.assertEqual(self.read(export, f"{stem}.pdf"), MADE + part.key.encode())
            record = json.loads(self.read(export, f"{stem}.json"))
            jsonschema.Draft202012Validator(SCHEMA).validate(record)
            self.assertEqual(record["printed"]["sha256"], part.key)
        self.assertIn(f"{stems[1]}  Ben /../ Aydin, ", self.read(export, "contents.txt").decode())
        self.assertEqual((export.state, export.made, export.total), ("ready", 2, 2))

    def test_names_are_unique_and_lead_nowhere(self):
        for _ in range(3):
            submit(seat(ended_interview(candidate=self.candidate), "Luc Perrin", "lead"))
        self.make(export := self.order())
        names = self.names(export)
        self.assertEqual(len(set(names)), 2 * 4 + 1)
        for name in names:
            self.assertEqual(PurePosixPath(name).parts, (name,))

    def test_the_same_content_gives_the_same_bytes(self):
        self.another()
        export = self.order()
        self.make(export)
        first = self.content(export)
        export.fail(at=NOW, failure="")
        self._remove_files()
        self.request(target=self.opening)
        self.make(export)
        self.assertEqual(self.content(export), first)

    def test_pdfs_that_are_there_already_are_not_made_again(self):
        self.make(self.request())
        self.another()
        self.assertEqual(self.make(self.order()).call_count, 1)

    def test_it_holds_what_was_there_when_it_was_begun(self):
        export = self.order()
        self.another()
        self.make(export)
        self.assertEqual((export.state, export.failure), ("failed", building.CHANGED))

    def test_a_reader_who_manages_it_no_more_gets_nothing(self):
        export = self.order()
        self.opening.managers.clear()
        self.make(export).assert_not_called()
        self.assertEqual(export.state, "failed")
        self.assertEqual(self.files(), [])

    def test_one_pdf_that_cannot_be_made_is_named_and_the_others_are_there(self):
        self.another("Ben Aydin")
        export = self.order()
        self.make(export, side_effect=[pdf.TooLong("Too much."), MADE])
        self.assertEqual((export.state, len(self.names(export))), ("ready", 3))
        self.assertRegex(self.read(export, "contents.txt").decode(), r"missing  Ada Okafor, .+: Too much\.")

    def test_an_interview_deleted_meanwhile_is_left_out(self):
        other = self.another()
        export = self.order()
        building._plan_zip(export)
        Export.objects.filter(interview=other).delete()
        self.make(export)
        self.assertEqual(len(self.names(export)), 3)


class TurnTests(ZipCase):
    def setUp(self):
        super().setUp()
        self.another("Ben Aydin")
        self.another("Caro Diaz")
        self.enterContext(mock.patch.object(building, "TURN", -1))

    def test_others_have_their_turn_after_each_pdf_and_progress_is_kept(self):
        export = self.order()
        with mock.patch.object(building, "monotonic", side_effect=[0, -9, 0]):
            self.make(export)
        self.assertEqual((export.state, export.made, export.total, self.seconds), ("queued", 1, 3, 0))
        self.assertIsNone(export.lease_until)

    def test_turn_by_turn_it_gets_done(self):
        export = self.order()
        ticking = iter(range(1000))
        with mock.patch.object(building, "monotonic", side_effect=lambda: -2 * next(ticking)):
            with mock.patch.object(pdf, "render_apart", return_value=MADE):
                tasks.build_export.call_local(export.pk)
        export.refresh_from_db()
        self.assertEqual((export.state, export.made), ("ready", 3))

    def test_killed_in_mid_work_it_goes_on_with_the_next_one(self):
        export = self.order()
        with mock.patch.object(building, "TURN", 60):
            with self.assertRaises(KeyboardInterrupt):
                self.make(export, side_effect=[MADE, KeyboardInterrupt])
            export.refresh_from_db()
            self.assertEqual((export.state, export.made, len(self.files())), ("running", 1, 1))
            Export.objects.filter(state="running").update(lease_until=timezone.now() - SECOND)
            render = self.make(export, side_effect=[MADE, MADE])
        self.assertEqual((render.call_count, export.state, export.made), (2, "ready", 3))

    def test_killed_before_the_last_pdf_was_recorded_all_are_counted(self):
        export = self.order()
        with mock.patch.object(building, "TURN", 60):
            with mock.patch.object(Export, "record_progress", side_effect=[None, None, KeyboardInterrupt]):
                with self.assertRaises(KeyboardInterrupt):
                    self.make(export)
            Export.objects.filter(state="running").update(lease_until=timezone.now() - SECOND)
            self.make(export).assert_not_called()
        self.assertEqual((export.state, export.made), ("ready", 3))

    def test_a_pdf_that_keeps_killing_its_worker_is_given_up_and_its_zip_is_not(self):
        export = self.order()
        building._plan_zip(export)
        Export.objects.filter(interview=self.interview).update(attempts=ATTEMPTS_MAX)
        Export.objects.filter(pk=export.pk).update(attempts=ATTEMPTS_MAX)
        with mock.patch.object(building, "TURN", 60):
            self.make(export)
        self.assertEqual(
            (export.state, Export.objects.get(interview=self.interview).failure), ("ready", building.GIVEN_UP)
        )

    def test_while_another_worker_makes_a_pdf_it_looks_again(self):
        export = self.order()
        building._plan_zip(export)
        part = Export.objects.get(interview=self.interview)
        part.claim(holder="", at=timezone.now(), lease=60 * SECOND)
        with mock.patch.object(building, "TURN", 60):
            self.make(export)
        self.assertEqual((export.state, export.made, self.seconds), ("queued", 2, building.LOOK_AGAIN))

    def test_without_room_it_waits_as_its_pdf_does(self):
        export = self.order()
        full = mock.patch("host.files.os.fsync", side_effect=OSError(28, "No space left on device"))
        with full, mock.patch.object(building, "TURN", 60), self.assertLogs("interviews.exports.building", "WARNING"):
            self.make(export)
        self.assertEqual((export.state, export.waits_for, self.files()), ("queued", building.DISK_FULL, []))
