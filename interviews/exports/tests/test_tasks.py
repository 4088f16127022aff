import json
import subprocess
import sys
from unittest import mock

from django.conf import settings
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from interviews.exports import tasks
from interviews.models import Export, Scorecard, ScorecardVersion
from interviews.tests.commanding import sender
from interviews.tests.debriefing import managed_interview
from interviews.tests.submitting import seat

EXPORTS = {
    "interviews.exports.documents",
    "interviews.exports.pdf",
    "interviews.exports.building",
    "interviews.exports.export_content",
    "interviews.exports.requests",
}


class SubmittingTests(TestCase):
    """What submitting a scorecard does in the web process, and what it leaves to the worker."""

    @classmethod
    def setUpTestData(cls):
        cls.hana, cls.interview = managed_interview()
        cls.mira = seat(cls.interview, "Mira Rahman", "lead")

    def test_builds_no_document_and_queues_the_number_of_the_version(self):
        with (
            mock.patch("interviews.exports.documents.interview_document") as document,
            mock.patch.object(tasks, "build_after_submission") as build,
            CaptureQueriesContext(connection) as queries,
        ):
            with self.captureOnCommitCallbacks(execute=True):
                sender(self.mira).send("submit")
                build.assert_not_called()
            build.assert_called_once_with(ScorecardVersion.objects.get().pk)
        document.assert_not_called()
        self.assertFalse([query for query in queries if '"interviews_export' in query["sql"]])

    def test_takes_as_many_queries_however_many_submitted_before(self):
        seats = [seat(self.interview, f"Panelist {number}") for number in range(4)]
        counts = []
        for panelist in seats:
            browser = sender(panelist)
            with (
                mock.patch.object(tasks, "build_after_submission"),
                CaptureQueriesContext(connection) as queries,
                self.captureOnCommitCallbacks(execute=True),
            ):
                browser.send("submit")
            counts.append(len(queries))
        self.assertEqual(counts, counts[:1] * 4)

    def test_the_worker_then_builds_the_documents(self):
        with mock.patch.object(tasks, "build_export") as build_export:
            with self.captureOnCommitCallbacks(execute=True):
                sender(self.mira).send("submit")
        # The author and the manager read the same, so it is one.
        build_export.assert_called_once_with(Export.objects.get().pk)

    def test_a_queue_that_is_out_of_reach_does_not_lose_the_submission(self):
        with mock.patch.object(tasks, "build_after_submission", side_effect=ConnectionError("no queue")):
            with self.assertLogs("django", "ERROR"), self.captureOnCommitCallbacks(execute=True):
                self.assertEqual(sender(self.mira).send("submit").status_code, 200)
        self.assertTrue(Scorecard.objects.get().is_submitted)

    def test_imports_no_module_of_the_exports(self):
        code = (
            "import json, sys, django; django.setup(); from interviews.records import submitting as scorecards; "
            "print(json.dumps([name for name in sys.modules if name.startswith('interviews.')]))"
        )
        told = subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, check=True)
        loaded = set(json.loads(told.stdout))
        self.assertIn("interviews.records.submitting", loaded)
        self.assertFalse(loaded & EXPORTS)
