"""A call as a command finds it: who does what when, and what that comes to."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from interviews import access
from interviews.live.commands import Command
from interviews.models import Event, Interview, Panelist
from interviews.refusals import NotAllowed, TooLate, WrongTime


@dataclass
class Call:
    """Who commands what, when. `panelist` is None for a hiring manager who is not on the panel.
    `at` is when the person did it, `now` when it arrived."""

    user: User
    interview: Interview
    panelist: Panelist | None
    command: Command
    at: dt.datetime
    now: dt.datetime
    # Part of a correction: the one way to change what was submitted, which becomes a new version.
    is_correction: bool = False

    @property
    def is_after_call(self) -> bool:
        """Done after the call ended, by the moment it was done, not the moment it arrived."""
        return self.interview.ended_at is not None and self.at > self.interview.ended_at

    def author(self) -> Panelist:
        """The panelist whose evidence this is. Raises NotAllowed for those who are not on the panel,
        TooLate once their scorecard is submitted."""
        if self.panelist is None:
            raise NotAllowed("Only the panel takes notes, ticks and rates.")
        if self.panelist.has_submitted and not self.is_correction:
            raise TooLate("Your scorecard is submitted and does not change any more.")
        return self.panelist

    def started(self) -> None:
        """Raises WrongTime before the start and in a cancelled interview."""
        if self.interview.is_cancelled:
            raise WrongTime("This interview was cancelled.")
        if self.interview.is_scheduled:
            raise WrongTime("The interview has not started yet.")

    def live(self) -> None:
        """Raises WrongTime unless the call is going on."""
        self.started()
        if self.interview.is_ended:
            raise WrongTime("The interview has ended.")

    def as_lead(self) -> None:
        """Raises NotAllowed for those who do not run the call."""
        if not access.may_lead(self.panelist, is_manager=self.panelist is None):
            raise NotAllowed("Only the lead starts the call and decides at gates.")

    def as_closer(self) -> None:
        """Raises NotAllowed for those who neither lead nor manage the opening, on the panel or not: a call must not
        stay open because its lead has gone."""
        if self.panelist is None or access.may_lead(self.panelist, is_manager=False):
            return
        if not access.is_manager_of(self.user, self.interview.opening):
            raise NotAllowed("Only the lead or a hiring manager of the opening can end or reopen a call.")

    def as_coverer(self) -> None:
        """Raises NotAllowed for shadows, who watch."""
        if not access.may_cover(self.panelist, is_manager=self.panelist is None):
            raise NotAllowed("A shadow watches; asking and skipping is for the others.")


@dataclass
class Outcome:
    """What a command came to: the resulting state, and the stream that tells it. Without a payload nothing changed."""

    stream: str = Event.SHARED
    payload: dict[str, Any] | None = None
    result: dict[str, Any] | None = None
    # The event's kind, where it is not the command's.
    kind: str | None = None


def heard_stream(call: Call, panelist: Panelist) -> str:
    """Heard points are shared, unless the interview is fully blind; a shadow's stay their own, and so does what is
    heard in a correction, by somebody who may have read what others think."""
    is_own = panelist.is_shadow or call.interview.is_fully_blind or call.is_correction
    return panelist.own_stream if is_own else Event.SHARED
