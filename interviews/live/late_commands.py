"""Stores commands that arrive after their author has submitted or left the panel. They wait for a revision."""

import json
from typing import Any

from interviews.models import LateCommand
from interviews.records.note_history import difference
from interviews.refusals import TooLarge

MOST_LATE = 500
# Of one that is no note, as JSON. What an applied command ignores is stored here as well.
LARGEST_LATE = 30_000


def keep(late: LateCommand) -> int:
    """Store a late command; return how many are waiting. It replaces those it supersedes: an earlier state, or a text
    whose every line it contains. Raises TooLarge for one over LARGEST_LATE, and if more than MOST_LATE are waiting."""
    if late.kind != "note" and len(json.dumps([late.target, late.value], ensure_ascii=False)) > LARGEST_LATE:
        raise TooLarge("This change is too large to save. Copy it to a safe place and shorten it.")
    waiting = list(late.panelist.late_commands.filter(settled_at=None, kind=late.kind))
    replaced = [old.pk for old in waiting if subject_of(old) == subject_of(late) and _goes_on(late.value, old.value)]
    LateCommand.objects.filter(pk__in=replaced).delete()
    count = late.panelist.late_commands.filter(settled_at=None).count()
    if count >= MOST_LATE:
        raise TooLarge("Too many changes are already waiting for your revision. Copy this one and add it there.")
    late.save()
    return count + 1


def _goes_on(value: Any, before: Any) -> bool:
    if not (isinstance(value, str) and isinstance(before, str)):
        return True
    return not difference(before, value)[2]


def subject_of(command: LateCommand) -> str:
    """The subject of a command: commands with the same subject replace each other."""
    flag = command.value.get("flag") if command.kind == "flag" and isinstance(command.value, dict) else None
    return json.dumps([command.kind, command.target, flag])
