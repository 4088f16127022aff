"""Records what curators and updates of the built-in bank change.

A row's first change also records how the row was before, so that a seeded question costs nothing until it is edited.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from accounts.models import User
from question_bank.models import Change, Question, Script
from question_bank.wanted_scripts import WantedScript

QUESTION_TEXTS = (
    "condition", "prompt", "purpose", "guidance", "kind", "level", "form", "exhibit", "exhibit_says", "expect",
    "minutes",
)  # fmt: skip
# Recorded even where the content is as before.
ALWAYS = (Change.Act.MERGED, Change.Act.PUBLISHED)
Content = dict[str, Any]


def question_content(question: Question) -> Content:
    """The content of a question from `with_parts()`, as JSON. Other questions are primary keys."""
    return {
        **{name: getattr(question, name) for name in QUESTION_TEXTS},
        "status": question.status,
        "topic": question.topic_id,
        "parent": question.parent_id,
        "points": [
            {"pk": point.pk, "text": point.text, "kind": point.kind, "leads_to": point.leads_to_id}
            for point in question.points.all()
        ],
        "anchors": {str(anchor.rating): anchor.text for anchor in question.anchors.all()},
        "references": [
            {"title": each.title, "author": each.author, "url": each.url} for each in question.references.all()
        ],
        "follow_ups": {str(follow_up.pk): follow_up.condition for follow_up in question.follow_ups.all()},
    }


def digest_of(question: Question) -> str:
    """A digest of all that the page of a question from `with_parts()` shows of it; any change gives another one."""
    return hashlib.sha256(json.dumps(question_content(question), sort_keys=True).encode()).hexdigest()


def script_content(script: Script) -> Content:
    """The newest content of a script from `with_parts()`, as JSON: of its draft, if it has one."""
    return WantedScript.newest(script).as_content() | {"is_retired": script.is_retired}


def keep_first(rows: Iterable[Question | Script]) -> None:
    """Before a change: record how rows without a history are now. Rows come from `with_parts()`. Two queries."""
    listed = list(rows)
    if not listed:
        return
    name = _name_of(listed[0])
    known = set(Change.objects.filter(**{f"{name}__in": listed}).values_list(f"{name}_id", flat=True))
    Change.objects.bulk_create(
        _change(row, Change.Act.FIRST, by=row.changed_by, at=row.changed_at) for row in listed if row.pk not in known
    )


def record(
    rows: Iterable[Question | Script], act: Change.Act, *, by: User | None, at: dt.datetime, why: str = ""
) -> None:
    """After a change: record how rows are now, unless nothing changed since the last record; merging and
    publishing always.

    Rows come fresh from `with_parts()`. Two queries."""
    listed = list(rows)
    if not listed:
        return
    name = _name_of(listed[0])
    past = Change.objects.filter(**{f"{name}__in": listed}).order_by("pk")
    latest = dict(past.values_list(f"{name}_id", "content"))
    changes = [_change(row, act, by=by, at=at, why=why) for row in listed]
    Change.objects.bulk_create(
        change
        for change, row in zip(changes, listed, strict=True)
        if change.content != latest.get(row.pk) or act in ALWAYS
    )


def _name_of(row: Question | Script) -> str:
    return "question" if isinstance(row, Question) else "script"


def _change(
    row: Question | Script, act: Change.Act, *, by: User | None, at: dt.datetime | None, why: str = ""
) -> Change:
    content = question_content(row) if isinstance(row, Question) else script_content(row)
    return Change(**{_name_of(row): row}, act=act, version=row.version, by=by, at=at, why=why, content=content)
