"""A row of My day: an interview of the person's own, or of an opening that they manage."""

import datetime as dt
import math
from dataclasses import dataclass

from django.utils import timezone
from django.utils.text import get_text_list

from interviews.models import Decision, Interview, Panelist, Recommendation
from interviews.models.panelists import with_names

# A planned interview that was not started within this time counts as missed.
PATIENCE = dt.timedelta(hours=4)
NEVER_STARTED = "never started"
ALONE = "only one interviewer"


class DayRow:
    """An interview on My day, read `knowing_debrief`: what its reader may know of it."""

    interview: Interview
    now: dt.datetime

    @property
    def has_debrief(self) -> bool:
        return self.interview.has_open_debrief

    @property
    def decided(self) -> str:
        """ "Advance"; "" if there is no decision, or the reader may not know it."""
        choice = self.interview.decided if self.has_debrief else None
        return str(Decision.Choice(choice).label) if choice else ""

    @property
    def is_left_open(self) -> bool:
        """Whether the call is long over its time and was not ended."""
        return self.interview.is_left_open(self.now)

    @property
    def waiting_for(self) -> list[Panelist]:
        return self.interview.outstanding

    @property
    def absent(self) -> list[Panelist]:
        return self.interview.absent

    @property
    def not_awaited(self) -> list[Panelist]:
        return self.interview.not_awaited

    @property
    def is_overdue(self) -> bool:
        return self.interview.due_at is not None and self.interview.due_at < self.now


@dataclass(frozen=True)
class Mine(DayRow):
    """An interview with the person on its panel; `rated_count` counts their ratings."""

    interview: Interview
    now: dt.datetime
    seat: Panelist
    rated_count: int

    @property
    def part_words(self) -> str:
        """ "you lead" """
        return {"lead": "you lead", "shadow": "you shadow"}.get(self.seat.part, "you interview")

    @property
    def others(self) -> list[Panelist]:
        return [seat for seat in self.interview.panelists.all() if seat != self.seat]

    @property
    def minutes_to_go(self) -> int:
        """Minutes until the planned start; 0 or less once it has passed."""
        return math.ceil((self.interview.scheduled_for - self.now).total_seconds() / 60)

    @property
    def is_stale(self) -> bool:
        return self.interview.scheduled_for + PATIENCE < self.now

    @property
    def is_due_today(self) -> bool:
        """Due today in the reader's time zone, and not overdue yet."""
        due_at = self.interview.due_at
        if due_at is None or self.is_overdue:
            return False
        return timezone.localdate(due_at) == timezone.localdate(self.now)

    @property
    def is_submitted(self) -> bool:
        return self.seat.has_submitted

    @property
    def said(self) -> str:
        """The person's own recommendation, in words."""
        return Recommendation.words_of(self.seat.scorecard.recommendation)

    @property
    def has_recommendation(self) -> bool:
        scorecard = getattr(self.seat, "scorecard", None)
        return scorecard is not None and scorecard.has_recommendation


@dataclass(frozen=True)
class Managed(DayRow):
    """An interview of an opening that the person manages."""

    interview: Interview
    now: dt.datetime

    @property
    def panel(self) -> list[Panelist]:
        return list(self.interview.panelists.all())

    @property
    def concern(self) -> str:
        """The warning, unless a manager has dismissed it."""
        dismissed = getattr(self.interview, "dismissed", None)
        return "" if dismissed is not None and dismissed.words == self.warning else self.warning

    @property
    def may_dismiss(self) -> bool:
        """Whether the call can take place as it is planned."""
        has_lead = any(seat.is_lead and seat.has_access for seat in self.panel)
        return self.interview.is_scheduled and has_lead and self.warning not in ("", NEVER_STARTED)

    @property
    def warning(self) -> str:
        """The problem with a planned interview's panel or a call, in words; "" if there is none."""
        if self.is_left_open:
            return "call not ended"
        able = [seat for seat in self.panel if seat.has_access]
        gone = [name for seat, name in with_names(self.panel, self.panel) if not seat.has_access]
        why = f"{get_text_list(gone, 'and')} no longer {'has' if len(gone) == 1 else 'have'} access" if gone else ""
        if not any(seat.is_lead for seat in able):
            return f"no lead: {why}" if why else "no lead"
        if why:
            return why
        if self.interview.scheduled_for + PATIENCE < self.now:
            return NEVER_STARTED
        return "" if sum(not seat.is_shadow for seat in able) > 1 else ALONE
