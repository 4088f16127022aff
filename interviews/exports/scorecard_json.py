"""The scorecards of one interview as data: what is attached to their PDF, and lies beside it in a zip.

The shape is described by `docs/scorecards.schema.json`. Each scorecard is exactly what was hashed when it was
submitted: its canonical JSON (`snapshots.canonical`) has the SHA-256 that stands beside it and in the PDF."""

import json
from typing import Any

from interviews.models import ScorecardVersion
from interviews.records import snapshots

FORMAT = 1


class Gone(Exception):
    """A scorecard that was to be printed is no longer there; the message is meant for the reader."""


def attachments(document: dict[str, Any]) -> dict[str, str]:
    """The records of a whole PDF by their file names. Raises Gone."""
    key = snapshots.sha256(snapshots.canonical(document))
    parts = document.get("interviews", [document])
    return {f"scorecards-{part['interview']}.json": record(part, key=key) for part in parts}


def record(document: dict[str, Any], *, key: str) -> str:
    """The record of a `documents.interview_document` as canonical JSON; `key` is the hash in the PDF's foot.

    Raises Gone."""
    sources = document["sources"]
    kept = dict(
        ScorecardVersion.objects.filter(sha256__in=[source["sha256"] for source in sources]).values_list(
            "sha256", "snapshot"
        )
    )
    if any(source["sha256"] not in kept for source in sources):
        raise Gone("What was to be printed has been deleted meanwhile.")
    return snapshots.canonical(
        {
            "format": FORMAT,
            "printed": {"sha256": key, "template": document["template"]},
            "score": document["score"],
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
