"""How the time of a call is counted: the seconds of each question, the welcome before the first one, and pauses.

A pause counts in no question: meanwhile the current question has no `current_since`. These functions change the row;
the caller saves FIELDS."""

import datetime as dt

from accounts.models import User
from interviews.models import Interview

# A call reopened within this time was ended by mistake.
SLIP = dt.timedelta(minutes=10)
FIELDS = ["current_question", "current_since", "paused_at", "paused_by", "paused_seconds", "welcome_seconds"]


def leave_current(interview: Interview, at: dt.datetime) -> dict[str, int]:
    """Stop the clock of the current question; none is current then. Returns its seconds so far, by question id."""
    seconds = _count_current(interview, at)
    interview.current_question = interview.current_since = None
    return seconds


def _count_current(interview: Interview, at: dt.datetime) -> dict[str, int]:
    question = interview.current_question
    if question is None:
        return {}
    if interview.current_since is not None:
        question.seconds += max(0, round((at - interview.current_since).total_seconds()))
        question.save(update_fields=["seconds"])
    return {str(question.pk): question.seconds}


def pause(interview: Interview, at: dt.datetime, *, by: User) -> dict[str, int]:
    """Stop all clocks. Returns the seconds of the current question so far, by its id."""
    seconds = _count_current(interview, at)
    interview.current_since = None
    interview.paused_at, interview.paused_by = at, by
    return seconds


def resume(interview: Interview, at: dt.datetime) -> None:
    """End the pause, if there is one: the clock of the current question goes on."""
    if interview.paused_at is None:
        return
    interview.paused_seconds += max(0, round((at - interview.paused_at).total_seconds()))
    interview.paused_at = interview.paused_by = None
    if interview.current_question_id is not None:
        interview.current_since = at


def go_on(interview: Interview, since: dt.datetime, at: dt.datetime) -> None:
    """A call that had ended or broken off goes on: the time between counts like a pause, unless the end was a slip."""
    if at - since > SLIP:
        interview.paused_seconds += round((at - since).total_seconds())


def welcome_ends(interview: Interview, at: dt.datetime) -> None:
    """The first question is asked: the minutes before it are the welcome, without pauses."""
    if interview.welcome_seconds is None and interview.started_at is not None:
        passed = ((interview.paused_at or at) - interview.started_at).total_seconds() - interview.paused_seconds
        interview.welcome_seconds = max(0, round(passed))


def begin_anew(interview: Interview) -> None:
    """A call that will start again: its pauses and its welcome are not counted."""
    interview.paused_at = interview.paused_by = interview.welcome_seconds = None
    interview.paused_seconds = 0
