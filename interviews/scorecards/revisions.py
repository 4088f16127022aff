"""Revise a submitted scorecard: a new version with its reason. Earlier versions never change."""

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from interviews.live import commands, dispatch
from interviews.live.context import CommandContext
from interviews.models import LateCommand, Panelist, ScorecardVersion
from interviews.records import submitting
from interviews.refusals import Invalid, Refused, WrongTime
from interviews.scorecards.locking import locked_author


class RevisedMeanwhile(WrongTime):
    """The page was opened with an older version than the newest one."""


@dataclass(frozen=True)
class Change:
    """One change: a kind of command, its target and the state wanted; for a note, the revision it is based on."""

    kind: str
    target: Any
    value: Any
    base_rev: int | None = None


@transaction.atomic
def revise(
    *,
    user: User,
    interview_id: int,
    changes: list[Change],
    late: list[int],
    reason: str,
    at: dt.datetime,
    seen: list[int] | None = None,
    base: int | None = None,
) -> ScorecardVersion | None:
    """Apply the late commands with the ids `late`, then `changes`, and freeze the result as a new version.

    Other late commands are dismissed; with `seen`, only those with these ids, so that newer ones keep waiting. If
    nothing is applied, there is no new version: None. `base` is the number of the version that was revised.

    Raises NotThere for people who are not on the panel, WrongTime before the first submission, RevisedMeanwhile if
    `base` is not the newest version, Invalid without a reason, and what the commands raise. Then nothing was changed.
    """
    panelist = locked_author(user=user, interview_id=interview_id)
    _require_newest(panelist, base)
    waiting = list(panelist.late_commands.filter(settled_at=None))
    settled = [command.pk for command in waiting if seen is None or command.pk in seen]
    taken = [command for command in waiting if command.pk in late]
    for command in taken:
        _apply_late(user, panelist, command, now=at)
    for change in changes:
        _apply(user, panelist, change, at=at, now=at)
    is_left_out = bool(settled) and not (taken or changes)
    version = None if is_left_out else submitting.revise(panelist=panelist, reason=reason, at=at)
    LateCommand.objects.filter(pk__in=settled).update(settled_at=at)
    return version


def _require_newest(panelist: Panelist, base: int | None) -> None:
    newest = ScorecardVersion.objects.filter(scorecard__panelist=panelist).order_by("-number").first()
    if base is not None and newest is not None and newest.number != base:
        raise RevisedMeanwhile(
            f"You submitted version {newest.number} on another page in the meantime. Your changes are below, "
            "on top of that version, and not submitted yet. Check them and submit."
        )


def _apply_late(user: User, panelist: Panelist, late: LateCommand, *, now: dt.datetime) -> None:
    try:
        # Its author had not seen the submitted text, so a note is merged, not replaced.
        _apply(user, panelist, Change(late.kind, late.target, late.value, base_rev=0), at=late.at, now=now)
    except Refused as refusal:
        raise Invalid(f"A late change can’t be included: {refusal} Leave it out and try again.") from refusal


def _apply(user: User, panelist: Panelist, change: Change, *, at: dt.datetime, now: dt.datetime) -> None:
    body = {"id": str(uuid.uuid4()), "client": "revision", "n": 1, "kind": change.kind, "target": change.target}
    body |= {"value": change.value, "base_rev": change.base_rev}
    command = commands.read(json.dumps(body).encode())
    context = CommandContext(user, panelist.interview, panelist, command, at, now, is_revision=True)
    dispatch.record(context, dispatch.COMMANDS[change.kind].apply(context))
