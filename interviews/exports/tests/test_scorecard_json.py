import datetime as dt
import json

import jsonschema
from django.conf import settings
from django.test import TestCase

from accounts.factories import HiringManagerFactory
from interviews.exports import documents, pdf, scorecard_json
from interviews.factories import (
    CandidateFactory,
    NoteFactory,
    OpeningFactory,
    ScriptedPointFactory,
    TickFactory,
    UnlistedPointFactory,
)
from interviews.models import ScorecardVersion
from interviews.records import snapshots
from interviews.tests.submitting import END, ended_interview, questions, rate, revise, seat, submit, tick

SCHEMA = json.loads((settings.BASE_DIR / "docs" / "scorecards.schema.json").read_text())


class RecordTests(TestCase):
    """What is attached to a PDF."""

    @classmethod
    def setUpTestData(cls):
        cls.hana = HiringManagerFactory()
        candidate = CandidateFactory(opening=OpeningFactory(managers=[cls.hana]), name="Ada Okafor")
        cls.interview = ended_interview(candidate=candidate)
        cls.mira, cls.jo = seat(cls.interview, "Mira Rahman", "lead"), seat(cls.interview, "Jo Tanaka")
        seat(cls.interview, "Luc Perrin")
        asked, flagged = questions(cls.interview, 2)
        questions(cls.interview, 1, asked=False)
        questions(cls.interview, 1, asked=False, skipped=True)
        rate(cls.mira, asked, 3)
        rate(cls.mira, flagged, None, depth=True)
        tick(cls.mira, ScriptedPointFactory(question=asked, text="measures first"))
        unlisted = UnlistedPointFactory(question=asked, author=cls.mira, text="a materialised view")
        TickFactory(panelist=cls.mira, point=None, unlisted_point=unlisted)
        NoteFactory(panelist=cls.mira, question=asked, text="Zoë said “SELECT *” 🦊")
        NoteFactory(panelist=cls.mira, question=None, text="Calm throughout.")
        submit(cls.mira, recommendation=3, because="She thinks aloud.", stood_out="One\nTwo")
        submit(cls.jo)
        revise(cls.mira, reason="I misread it.", at=END + dt.timedelta(hours=2), recommendation=4)

    def record(self):
        document = documents.interview_document(self.interview, self.hana)
        return document, json.loads(scorecard_json.record(document, key=pdf.key(document)))

    def test_it_fits_its_schema(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        errors = list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(self.record()[1]))
        self.assertEqual(errors, [])

    def test_the_schema_refuses_what_it_does_not_describe(self):
        _, record = self.record()
        validator = jsonschema.Draft202012Validator(SCHEMA)
        for broken in (
            record | {"verdict": "hire"},
            record | {"scorecards": []},
            record | {"printed": {"sha256": "short", "template": 2}},
            {name: value for name, value in record.items() if name != "score"},
        ):
            self.assertFalse(validator.is_valid(broken))
        record["scorecards"][0]["scorecard"]["recommendation"] = 5
        self.assertFalse(validator.is_valid(record))

    def test_every_scorecard_has_the_hash_that_stands_beside_it_and_in_the_pdf(self):
        document, record = self.record()
        self.assertEqual(len(record["scorecards"]), 3)
        for one in record["scorecards"]:
            self.assertEqual(snapshots.sha256(snapshots.canonical(one["scorecard"])), one["sha256"])
        printed = [source["sha256"] for source in document["sources"]]
        self.assertEqual([one["sha256"] for one in record["scorecards"]], printed)
        self.assertEqual(set(printed), set(ScorecardVersion.objects.values_list("sha256", flat=True)))

    def test_it_says_which_versions_count_and_who_is_not_in_it(self):
        _, record = self.record()
        counted = [
            (one["scorecard"]["author"]["name"], one["scorecard"]["number"], one["is_counted"])
            for one in record["scorecards"]
        ]
        self.assertEqual(counted, [("Mira Rahman", 1, True), ("Mira Rahman", 2, False), ("Jo Tanaka", 1, True)])
        self.assertEqual(record["not_here"], [{"name": "Luc Perrin", "state": "outstanding"}])

    def test_it_names_the_hash_in_the_foot(self):
        document, record = self.record()
        self.assertEqual(record["printed"], {"sha256": pdf.key(document), "template": documents.TEMPLATE})
        self.assertIn(pdf.key(document), pdf.html(document))

    def test_it_holds_nothing_that_its_reader_may_not_read(self):
        canary = seat(ended_interview(candidate=self.interview.candidate), "Canary")
        submit(canary, because="canary")
        document = documents.interview_document(self.interview, self.jo.user)
        self.assertNotIn("canary", scorecard_json.record(document, key=pdf.key(document)))

    def test_what_was_deleted_meanwhile_is_told_in_words(self):
        document, _ = self.record()
        document["sources"][0]["sha256"] = "0" * 64
        with self.assertRaisesMessage(scorecard_json.Gone, "have been deleted in the meantime"):
            scorecard_json.record(document, key="x")
