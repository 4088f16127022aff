"""Payloads of shared events, as JSON: the state of the call, and its plan."""

import datetime as dt
from typing import Any

from interviews import access
from interviews.models import Interview, Panelist


def current_of(interview: Interview) -> dict[str, Any]:
    return {"question": interview.current_question_id, "since": iso(interview.current_since)}


def clock(interview: Interview) -> dict[str, Any]:
    """Status, start and end of the call, and the question being asked."""
    return {
        "status": interview.status,
        "started_at": iso(interview.started_at),
        "ended_at": iso(interview.ended_at),
        "current": current_of(interview),
    }


def iso(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def plan_of(interview: Interview) -> dict[str, Any]:
    """The panel with its parts, who asks next, and the other facts of the plan that the live page shows."""
    panel = list(Panelist.objects.filter(interview=interview).knowing_access())
    return {
        "panel": {str(seat.pk): person(seat) for seat in panel},
        "turn": access.asks_next(interview, panel),
        "minutes": interview.minutes,
        "script": frozen_as(interview),
    }


def frozen_as(interview: Interview) -> int | None:
    """An id of the frozen script. It changes when the script is replaced or renewed."""
    return interview.sections.values_list("pk", flat=True).first()


def person(seat: Panelist) -> dict[str, Any]:
    """A panelist as the live page shows them. Read `seat` with `knowing_access`."""
    user = seat.user
    return {
        "user": user.pk,
        "name": str(user),
        "short": user.short_name,
        "initials": user.initials,
        "part": seat.part,
        "has_left": not seat.has_access,
    }
