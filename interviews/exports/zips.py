"""All scorecards of an opening in one zip: a PDF and a JSON file for each interview, and a list of what is in it.

It is written from the single PDFs, so finished ones are not built again, and after a crash the build resumes with the
next one. File names hold no names of people."""

import datetime as dt
import json
import zipfile
from dataclasses import dataclass
from typing import IO

from django.core.files.storage import storages

from accounts.models import User
from interviews import access
from interviews.exports import documents, scorecard_json
from interviews.exports.document_types import InterviewDocument
from interviews.exports.documents import NothingSubmitted
from interviews.models import Export, Interview, Opening, Panelist
from interviews.records import snapshots


@dataclass(frozen=True)
class Plan:
    """The interviews of a reader's zip now, with its key and the submitted versions in it."""

    key: str
    sources: list[str]
    interviews: list[Interview]


def plan(opening: Opening, reader: User) -> Plan:
    """Every interview with a scorecard that `reader` may see; constant queries.

    The key changes with everything that the PDFs print. Raises NothingSubmitted."""
    identity: list[object] = []
    interviews: list[Interview] = []
    sources: set[str] = set()
    seen = Interview.objects.visible_to(reader).filter(opening=opening).in_order()
    decided = documents.decisions(seen, reader)
    for interview, readable in access.readable_in(reader, seen):
        hashes = {one.pk: [version.sha256 for version in one.scorecard.versions.all()] for one in readable}
        sources.update(sha256 for of_one in hashes.values() for sha256 in of_one)
        interviews.append(interview)
        everybody = interview.panelists.all()
        made = decided.get(interview.pk)
        sources |= documents.decision_marks(interview.pk, made.number if made else 0)
        identity.append(
            [interview.pk, made.number if made else 0, [[*_state(one), hashes.get(one.pk, [])] for one in everybody]]
        )
    if not interviews:
        raise NothingSubmitted
    key = snapshots.sha256(snapshots.canonical([documents.TEMPLATE, opening.pk, identity]))
    return Plan(key, sorted(sources), interviews)


def _state(panelist: Panelist) -> list[object]:
    """The facts in a PDF about a panelist whose scorecard it does not print."""
    return [
        panelist.pk,
        str(panelist.user),
        panelist.part,
        panelist.left_at is None,
        panelist.has_access,
        panelist.has_submitted,
    ]


def write(file: IO[bytes], parts: list[Export], missing: list[str]) -> None:
    """Write the zip of these finished PDFs to `file`; `missing` names failed ones. Raises scorecard_json.Gone."""
    lines, newest = [], ""
    with zipfile.ZipFile(file, "w") as archive:
        for part in parts:
            document = json.loads(part.document)
            stem = part.file_name.removesuffix(".pdf")
            at = document["created"]
            with (
                storages["exports"].open(part.storage_name) as pdf,
                archive.open(_entry(f"{stem}.pdf", at), "w") as into,
            ):
                while piece := pdf.read(1 << 20):
                    into.write(piece)
            record = scorecard_json.record(document, key=part.key)
            archive.writestr(_entry(f"{stem}.json", at, zipfile.ZIP_DEFLATED), record)
            lines.append(f"{stem}  {line(document)}")
            newest = max(newest, at)
        listed = "\n".join(["Each interview has a PDF and the same scorecards as JSON.", "", *lines, *missing, ""])
        archive.writestr(_entry("contents.txt", newest, zipfile.ZIP_DEFLATED), listed)


def line(document: InterviewDocument) -> str:
    """The candidate and the time of the interview, on one line."""
    return " ".join(f"{document['head']['candidate']}, {document['head']['when']}".split())


def _entry(name: str, at: str, compression: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    """`at`: the time of the newest scorecard or decision in it, so that the same content gives the same bytes."""
    moment = dt.datetime.fromisoformat(at) if at else dt.datetime(1980, 1, 1)  # noqa: DTZ001 - the format's first day
    entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
    entry.compress_type = compression  # a PDF is compressed in itself
    entry.external_attr = 0o600 << 16
    return entry
