"""The scorecards of one interview as JSON: attached to their PDF, and beside it in a zip.

`docs/scorecards.schema.json` describes the shape. Each scorecard is exactly what was hashed when it was submitted:
its canonical JSON (`snapshots.canonical`) has the SHA-256 given beside it and in the PDF."""

import json

from interviews.exports.document_types import Document, InterviewDocument, parts
from interviews.models import ScorecardVersion
from interviews.records import snapshots

FORMAT = 1


class Gone(Exception):
    """A scorecard was deleted before it was printed; the message is for the reader."""


def attachments(document: Document) -> dict[str, str]:
    """The JSON files of a PDF by name, one for each interview in it. Raises Gone."""
    key = snapshots.sha256(snapshots.canonical(document))
    return {f"scorecards-{part['interview']}.json": record(part, key=key) for part in parts(document)}


def record(document: InterviewDocument, *, key: str) -> str:
    """The scorecards that a document prints, as canonical JSON; `key` is the hash in the PDF's footer.

    Raises Gone."""
    sources = document["sources"]
    kept = dict(
        ScorecardVersion.objects.filter(sha256__in=[source["sha256"] for source in sources]).values_list(
            "sha256", "snapshot"
        )
    )
    if any(source["sha256"] not in kept for source in sources):
        raise Gone("The scorecards have been deleted in the meantime.")
    return snapshots.canonical(
        {
            "format": FORMAT,
            "printed": {"sha256": key, "template": document["template"]},
            "score": document["score"],
            "decision": document["decision"],
            "not_here": [
                {"name": row["name"], "state": row["state"]} for row in document["panel"] if row["state"] != "submitted"
            ],
            "scorecards": [
                {
                    "sha256": source["sha256"],
                    "is_counted": source["is_counted"],
                    "scorecard": json.loads(kept[source["sha256"]]),
                }
                for source in sources
            ],
        }
    )
