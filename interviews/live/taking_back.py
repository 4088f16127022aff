"""Undo and redo: a command that names the earlier one that it takes back.

It carries the state wanted like any other command, and is applied like any other, but for two things. What someone else
has done since is never taken back, nor a question's asking once something is recorded there. And an undo that comes too
late is no lost change: it gets a receipt with the reason in words, `{"stays": …}`, and nothing changes."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from interviews import access
from interviews.live.added_blocks import block_of_added
from interviews.live.commands import Command
from interviews.live.context import CommandContext
from interviews.live.ticks import visible_ticks
from interviews.models import Event, Note, Panelist, Rating
from interviews.refusals import NotAllowed, WrongTime
from interviews.streams.payloads import people

# Start and end can be taken back for so long.
WITHIN = dt.timedelta(minutes=10)
CLOCK = ("start", "end", "reopen", "cancel", "restore", "reschedule")
COVERAGE = (*CLOCK, "ask", "skip", "park", "add", "gate", "turn", "panel", "pause")


def why_not(context: CommandContext) -> str | None:
    """Why the command that this one names can't be taken back, in words; None if it can."""
    told = context.taken_back()
    if told is None:
        return "That change was never saved, so there’s nothing to undo."
    if told["shared"] is None:
        # Private, so no one else can have changed it. An answer without any number means that nothing changed; a
        # suggestion has none either, because it is not part of the interview.
        has_changed = told["own"] is not None or "suggested" in told["result"]
        return None if has_changed else "Nothing had changed, so there’s nothing to undo."
    return _why_it_stays(context, told["result"], told["shared"])


def did_lately(context: CommandContext, kind: str) -> bool:
    """Whether the sender did the latest of these acts on the call within the last ten minutes."""
    done = _latest(context, kind)
    return done is not None and done.actor_id == context.user.pk and context.now - done.at <= WITHIN


def require_own_start(context: CommandContext) -> None:
    """Raises NotAllowed unless the sender started the call or manages the opening."""
    done = _latest(context, "start")
    is_mine = done is not None and done.actor_id == context.user.pk
    if not is_mine and context.panelist and not access.is_manager_of(context.user, context.interview.opening):
        raise NotAllowed("Only the person who started the call or a hiring manager of the opening can undo the start.")


def require_recent_start(context: CommandContext) -> None:
    """Raises WrongTime once the call was started more than ten minutes ago."""
    done = _latest(context, "start")
    at = done.at if done else context.interview.started_at
    if at is not None and context.now - at > WITHIN:
        raise WrongTime("The call started more than ten minutes ago, so its start can’t be undone.")


def _latest(context: CommandContext, kind: str) -> Event | None:
    return _of_coverage(context).filter(kind=kind).order_by("seq").last()


def first_asked(context: CommandContext) -> tuple[dt.datetime | None, Panelist | None]:
    """When and by whom the question was asked, before the command that this one takes back."""
    told = _before(context)
    if not told.get("asked_at"):
        return None, None
    return dt.datetime.fromisoformat(told["asked_at"]), context.interview.panelists.filter(pk=told["asked_by"]).first()


def _before(context: CommandContext) -> dict[str, Any]:
    """The question's last event before the command that this one takes back; empty if there was none."""
    taken_back = context.taken_back()
    if taken_back is None:
        return {}
    events = _of_coverage(context).filter(seq__lt=taken_back["shared"] or 0, kind__in=("ask", "skip"))
    told = events.filter(payload__question=context.command.target).order_by("seq").last()
    return told.payload if told else {}


def gave_the_lead_away(context: CommandContext) -> bool:
    """Whether the sender takes back for themself a lead that they gave away. Who has it now has not used it: otherwise
    `why_not` has said so."""
    if context.panelist is None or context.command.value != context.panelist.pk:
        return False
    taken_back = context.taken_back()
    # Only a command that passes the lead is answered with the panel.
    return taken_back is not None and "panel" in taken_back["result"]


def _why_it_stays(context: CommandContext, left: dict[str, Any], seq: int) -> str | None:
    """`left` is what the command that is taken back had answered, `seq` its number."""
    command = context.command
    events = _of_coverage(context).filter(seq__gt=seq, kind__in=COVERAGE).exclude(actor=context.user)
    since = [event for event in events.order_by("seq") if _is_in_the_way(command, left, event)]
    if since:
        return f"{_name(context, since[-1])} has changed this since, so it wasn’t undone."
    if command.kind == "ask" and command.value is None:
        if _before(context).get("state") == "asked":
            return "This question had already been asked, so it stays asked."
        if _is_anything_recorded(context, {command.target_id()}):
            return "This question stays asked: something is recorded there."
    if command.kind == "add" and command.value is None and _is_anything_recorded(context, block_of_added(context)):
        return "This question stays in the interview: something is recorded there."
    return None


def _is_in_the_way(command: Command, left: dict[str, Any], event: Event) -> bool:
    """Whether someone else's event is about what the command would change."""
    kind, told = event.kind, event.payload
    match command.kind:
        case "start" | "end" | "reopen":
            return kind in CLOCK
        case "pause":
            return kind == "pause" or kind in CLOCK
        case "gate":
            return kind == "gate" and told["section"] == command.target
        case "turn":
            then = left.get("panelist", left.get("turn"))
            return kind == "turn" or (kind == "panel" and told["turn"] != then)
        case "minutes":
            # A command that claims to take back one of another kind left no minutes.
            return kind == "panel" and told["minutes"] != left.get("minutes")
        case "run_over":
            return kind == "panel" and told["may_run_over"] != left.get("may_run_over")
        case "lead":
            # Asking, deciding and ending the call all use the lead.
            return True
        case "add" | "park" if kind in ("ask", "skip", "park", "add"):
            return told["question"] in (command.target, left.get("question"))
        case "ask" | "skip" if kind in ("ask", "skip"):
            here = (command.target, left.get("question"))
            is_moved = kind == "ask" and told["current"]["question"] == told["question"]
            return told["question"] in here or (command.value == "now" and is_moved)
    return False


def _is_anything_recorded(context: CommandContext, questions: set[int]) -> bool:
    """Points heard at these questions as far as the sender sees them, and the sender's own judgements and notes.

    Never the others' judgements: the answer would tell of them."""
    ticks = visible_ticks(context.interview, context.panelist)
    if ticks.filter(Q(point__question__in=questions) | Q(unlisted_point__question__in=questions)).exists():
        return True
    mine = Rating.objects.filter(panelist=context.panelist, question__in=questions)
    if any(rating.value is not None or rating.flags for rating in mine):
        return True
    return Note.objects.filter(panelist=context.panelist, question__in=questions).exclude(text="").exists()


def _of_coverage(context: CommandContext) -> QuerySet[Event]:
    return Event.objects.filter(interview=context.interview, stream=Event.SHARED)


def _name(context: CommandContext, event: Event) -> str:
    panel = people(list(context.interview.panelists.knowing_access()))
    return next((seat["short"] for seat in panel.values() if seat["user"] == event.actor_id), "The hiring manager")
