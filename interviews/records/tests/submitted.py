"""Submissions in few words, without a database, for the tests of what is shown of them."""

from types import SimpleNamespace
from typing import Any, cast

from interviews.records.reading import Submission
from interviews.records.snapshot_types import Snapshot, SnapshotNote


def submission(pk: int, name: str = "Mira Rahman", part: str = "lead", **said: Any) -> Submission:
    """The counted scorecard of the panelist `pk`; `said` are fields of its snapshot."""
    snapshot = {
        "author": {"panelist": pk, "user": pk, "name": name, "short_name": name.split()[0], "part": part},
        "interview": {"time_zone": "Europe/Malta"},
        "recommendation": None,
        "because": "",
        "stood_out": "",
        "still_open": "",
        "questions": [],
    }
    panelist, version = cast(Any, SimpleNamespace(pk=pk)), cast(Any, SimpleNamespace(is_blind=True, submitted_at=pk))
    return Submission(panelist, version, cast(Snapshot, snapshot | said), (), ())


def note(text: str, call_text: str | None = None) -> SnapshotNote:
    return {"text": text, "at": "2026-11-20T14:04:09.120Z", "call_text": call_text}
