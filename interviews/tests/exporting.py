"""Exports in tests: an ended interview of an opening, with a manager and a lead who has submitted."""

import datetime as dt
import shutil
from pathlib import Path
from unittest import mock

from django.core.files.storage import storages
from django.test import TestCase

from accounts.factories import HiringManagerFactory
from interviews.exports import building, pdf, requests
from interviews.factories import CandidateFactory, OpeningFactory
from interviews.models import Export
from interviews.tests.submitting import ended_interview, seat, submit

NOW = dt.datetime(2026, 11, 20, 17, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
MADE = b"%PDF-1.7 made"


class ExportCase(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory(name="Hana Berg", email="hana@example.org")
        self.opening = OpeningFactory(managers=[self.hana], title="Backend engineer")
        self.candidate = CandidateFactory(opening=self.opening, name="Ada Okafor")
        self.interview = ended_interview(candidate=self.candidate)
        self.mira = seat(self.interview, "Mira Rahman", "lead")
        submit(self.mira)
        # However slow the machine is, a zip is written in one turn.
        self.enterContext(mock.patch.object(building, "TURN", 60))
        self._remove_files()
        self.addCleanup(self._remove_files)

    def _remove_files(self):
        shutil.rmtree(storages["exports"].path(""), ignore_errors=True)

    def another(self, name="Ben Aydin", **fields):
        """An interview of somebody else for the opening, with a submitted scorecard."""
        interview = ended_interview(candidate=CandidateFactory(opening=self.opening, name=name), **fields)
        submit(seat(interview, "Luc Perrin", "lead"))
        return interview

    def request(self, reader=None, at=NOW, target=None):
        """Ask for it; the queue is not run."""
        return requests.request_export(target=target or self.interview, reader=reader or self.hana, at=at)

    def make(self, export, **rendered):
        """Have it made; what a PDF looks like is another test's business."""
        rendered = rendered or {"side_effect": lambda document, data, seconds: MADE + pdf.key(document).encode()}
        with mock.patch.object(pdf, "render_apart", **rendered) as render:
            self.seconds = building.build(Export.objects.get(pk=export.pk))
        export.refresh_from_db()
        return render

    def files(self):
        root = Path(storages["exports"].path(""))
        return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())

    def content(self, export):
        with storages["exports"].open(export.storage_name) as file:
            return file.read()
