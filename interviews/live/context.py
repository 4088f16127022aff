"""The context a command runs in, and its outcome."""

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from accounts.models import User
from interviews import access
from interviews.live.commands import Command
from interviews.models import Event, Interview, Panelist, Receipt
from interviews.refusals import NotAllowed, Refused, TooLate, WrongTime


@dataclass
class CommandContext:
    """A command with its sender and interview, and the permission checks that commands share.

    `panelist` is None for a hiring manager who is not on the panel. `at` is when the person did it, `now` when the
    command arrived."""

    user: User
    interview: Interview
    panelist: Panelist | None
    command: Command
    at: dt.datetime
    now: dt.datetime
    # Part of a revision: only a revision may change a submitted scorecard, as a new version.
    is_revision: bool = False

    @property
    def is_after_call(self) -> bool:
        """True if the person did it after the call ended, whenever the command arrived."""
        return self.is_after_call_at(self.at)

    def is_after_call_at(self, at: dt.datetime) -> bool:
        return self.interview.ended_at is not None and at > self.interview.ended_at

    def taken_back(self) -> dict[str, Any] | None:
        """The answer to the command that this one takes back: a command of the same person in the same interview."""
        undoes = self.command.undoes
        if undoes is None:
            return None
        mine = Receipt.objects.filter(user=self.user, interview=self.interview)
        receipt = mine.filter(command_id=undoes).first()
        return json.loads(receipt.answer) if receipt else None

    def author(self) -> Panelist:
        """The panelist who records something. Raises NotAllowed for people who are not on the panel, TooLate once
        their scorecard is submitted."""
        if self.panelist is None:
            raise NotAllowed("Only panelists can take notes, tick and rate.")
        if self.panelist.has_submitted and not self.is_revision:
            raise TooLate("You’ve submitted your scorecard, so it can’t change.")
        return self.panelist

    def writable(self) -> None:
        """Raises WrongTime in an interview that was cancelled before its start. What was typed in a call that broke off
        is still stored."""
        if self.interview.is_cancelled and self.interview.started_at is None:
            raise WrongTime("This interview was cancelled.")

    def started(self) -> None:
        """Raises WrongTime before the start, and in a cancelled interview."""
        if self.interview.is_cancelled:
            raise WrongTime("This interview was cancelled.")
        if self.interview.is_scheduled:
            raise WrongTime("The interview has not started yet.")

    def live(self) -> None:
        """Raises WrongTime unless the call is live."""
        self.started()
        if self.interview.is_ended:
            raise WrongTime("The interview has ended.")

    def as_lead(self) -> None:
        """Raises NotAllowed unless the sender is the lead or the hiring manager."""
        if not access.may_lead(self.panelist, is_manager=self.panelist is None):
            raise NotAllowed("Only the lead can start or pause the call and decide at gates.")

    def as_closer(self) -> None:
        """Raises NotAllowed unless the sender is the lead or manages the opening. A manager on the panel counts too: a
        call must not stay open because its lead has gone."""
        if self.panelist is None or access.may_lead(self.panelist, is_manager=False):
            return
        if not access.is_manager_of(self.user, self.interview.opening):
            raise NotAllowed("Only the lead or a hiring manager of the opening can end or reopen a call.")

    def as_coverer(self) -> None:
        """Raises NotAllowed for shadows."""
        if not access.may_cover(self.panelist, is_manager=self.panelist is None):
            raise NotAllowed("Shadows can’t ask or skip questions.")


@dataclass
class Outcome:
    """The new state, and the stream that announces it. Without a payload nothing changed."""

    stream: str = Event.SHARED
    payload: Mapping[str, Any] | None = None
    result: Mapping[str, Any] | None = None
    # The event's kind, where it is not the command's.
    kind: str | None = None


def heard_stream(context: CommandContext, panelist: Panelist) -> str:
    """The stream for heard points: the shared one, unless the interview is fully blind. A shadow's points stay private,
    and so do those of a revision, whose author may have read the others' scorecards."""
    is_own = panelist.is_shadow or context.interview.is_fully_blind or context.is_revision
    return panelist.own_stream if is_own else Event.SHARED


Given = ParamSpec("Given")
Result = TypeVar("Result")


def or_refusal(act: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Result | Refused:
    """The result, or the refusal that was raised instead: one refused command does not stop the others."""
    try:
        return act(*given, **named)
    except Refused as refusal:
        return refusal


def alone(
    apply_many: Callable[[Sequence[CommandContext]], list[Outcome | Refused]], context: CommandContext
) -> Outcome:
    """Apply a single command. Raises its refusal."""
    [outcome] = apply_many([context])
    if isinstance(outcome, Refused):
        raise outcome
    return outcome
