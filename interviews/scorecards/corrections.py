"""A correction of a submitted scorecard: a new version with its reason; the ones before stay as they are."""

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from interviews.live import commands, dispatch
from interviews.live.context import Call
from interviews.models import LateCommand, Panelist, ScorecardVersion
from interviews.records import submitting
from interviews.refusals import Invalid, NotThere, Refused, WrongTime


class CorrectedMeanwhile(WrongTime):
    """The page was opened on an older version than the one that stands now."""


@dataclass(frozen=True)
class Wish:
    """One change: a kind of command with its target and the state wanted; for a note, the revision it began from."""

    kind: str
    target: Any
    value: Any
    base_rev: int | None = None


@transaction.atomic
def correct(
    *,
    user: User,
    interview_id: int,
    wishes: list[Wish],
    late: list[int],
    reason: str,
    at: dt.datetime,
    seen: list[int] | None = None,
    base: int | None = None,
) -> ScorecardVersion | None:
    """Apply the late commands with the ids `late`, then `wishes`, and freeze what results as a new version.

    Late commands that are not named are set aside; with `seen`, only those, for what came since goes on waiting.
    Where that is all, there is no new version: None. `base` is the number of the version that was corrected.
    Raises NotThere for those who are not on the panel, WrongTime before the first submission, CorrectedMeanwhile
    where `base` is not the newest, Invalid without a reason, and what the commands themselves raise; then nothing
    was changed."""
    panelist = (
        Panelist.objects.with_access()
        .select_for_update(of=("self", "interview"))
        .select_related("interview", "scorecard")
        .filter(interview__pk=interview_id, user=user)
        .first()
    )
    if panelist is None:
        raise NotThere("There is no such scorecard.")
    _require_newest(panelist, base)
    waiting = list(panelist.late_commands.filter(settled_at=None))
    settled = [command.pk for command in waiting if seen is None or command.pk in seen]
    taken = [command for command in waiting if command.pk in late]
    for command in taken:
        _apply_late(user, panelist, command, now=at)
    for wish in wishes:
        _apply(user, panelist, wish, at=at, now=at)
    is_left_out = bool(settled) and not (taken or wishes)
    version = None if is_left_out else submitting.correct(panelist=panelist, reason=reason, at=at)
    LateCommand.objects.filter(pk__in=settled).update(settled_at=at)
    return version


def _require_newest(panelist: Panelist, base: int | None) -> None:
    newest = ScorecardVersion.objects.filter(scorecard__panelist=panelist).order_by("-number").first()
    if base is not None and newest is not None and newest.number != base:
        raise CorrectedMeanwhile(
            f"You have kept version {newest.number} on another page meanwhile. What you changed here stands below, "
            "over that version, and is not kept yet: read it through and keep it."
        )


def _apply_late(user: User, panelist: Panelist, late: LateCommand, *, now: dt.datetime) -> None:
    try:
        # Written without having seen what was submitted: a note keeps both texts.
        _apply(user, panelist, Wish(late.kind, late.target, late.value, base_rev=0), at=late.at, now=now)
    except Refused as refusal:
        raise Invalid(
            f"A change that came late cannot be taken in ({refusal}). Leave it out and try again."
        ) from refusal


def _apply(user: User, panelist: Panelist, wish: Wish, *, at: dt.datetime, now: dt.datetime) -> None:
    body = {"id": str(uuid.uuid4()), "client": "correction", "n": 1, "kind": wish.kind, "target": wish.target}
    body |= {"value": wish.value, "base_rev": wish.base_rev}
    command = commands.read(json.dumps(body).encode())
    call = Call(user, panelist.interview, panelist, command, at, now, is_correction=True)
    dispatch.record(call, dispatch.COMMANDS[wish.kind].apply(call))
