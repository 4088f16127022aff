"""The history of the lists that curators save at once: topics, and ground rules."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from editing.merging import Content, everything
from editing.word_diff import word_diff
from question_bank.curation.versions import Changed
from question_bank.models import ListChange, Script

# The page of a list shows this many; older ones stay stored.
SHOWN = 50


@dataclass(frozen=True)
class ListChanged:
    """One save, and what it changed, word by word."""

    change: ListChange
    changed: list[Changed]


def record(
    kind: ListChange.Kind, old: Content, new: Content, *, script: Script | None = None, by: User, at: dt.datetime
) -> None:
    """After a save: record each part that differs, and a new order. Nothing if the list is as before."""
    parts = [(each.label, each.saved or "", each.yours or "") for each in everything(new, old)]
    before, after = ([path for path in one if path in other] for one, other in ((old, new), (new, old)))
    if before != after:
        parts.append(("Order", _in_words(before, old), _in_words(after, new)))
    write(kind, parts, script=script, by=by, at=at)


def write(
    kind: ListChange.Kind, parts: list[tuple[str, str, str]], *, script: Script | None, by: User, at: dt.datetime
) -> None:
    """Record parts given as label, old and new words."""
    if parts:
        ListChange.objects.create(kind=kind, script=script, by=by, at=at, parts=parts)


def newest(kind: ListChange.Kind, script: Script | None = None) -> list[ListChanged]:
    return [ListChanged(change, _changed(change.parts)) for change in ListChange.objects.of(kind, script)[:SHOWN]]


def _changed(parts: list[Any]) -> list[Changed]:
    return [Changed(label, word_diff(old, new)) for label, old, new in parts]


def _in_words(paths: list[str], content: Content) -> str:
    """One name or title a line."""
    return "\n".join(str(content[path].value) for path in paths)
