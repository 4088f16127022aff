"""Commands for the facts that the whole panel shares: start, end, reopen, ask, skip, park, gates, and the clock."""

import datetime as dt
from typing import Any

from interviews.live import taking_back, timing
from interviews.live.added_blocks import block_ids
from interviews.live.context import CommandContext, Outcome
from interviews.live.ticks import visible_ticks
from interviews.live.timing import leave_current
from interviews.models import Event, Interview, Panelist, ScriptedQuestion, ScriptedSection
from interviews.refusals import Invalid, NotThere, WrongTime
from interviews.streams.payloads import block_of, clock, current_of, iso, time_of

State = ScriptedQuestion.State


def start(context: CommandContext) -> Outcome:
    """Start the call, or (false) take the start back. Starting one that is live changes nothing."""
    interview = context.interview
    if context.command.value is False:
        return _take_start_back(context)
    context.as_lead()
    if interview.is_cancelled:
        raise WrongTime("This interview was cancelled and cannot be started.")
    if interview.is_ended:
        raise WrongTime("This interview has ended. Reopen it instead of starting it again.")
    if interview.is_live:
        return Outcome(result=clock(interview))
    interview.status = Interview.Status.LIVE
    interview.started_at = context.now
    interview.save(update_fields=["status", "started_at"])
    return Outcome(payload=clock(interview), result=clock(interview))


def _take_start_back(context: CommandContext) -> Outcome:
    """Make a live call a scheduled one again, with its clock at zero: for ten minutes, by who started it or a manager.
    Raises WrongTime once anything was asked, heard or decided, as far as the sender sees it."""
    interview = context.interview
    taking_back.require_own_start(context)
    if interview.is_scheduled:
        return Outcome(result=clock(interview))
    context.live()
    taking_back.require_recent_start(context)
    questions = interview.questions.all()
    if has_begun(interview, context.panelist):
        raise WrongTime("The call has begun, so its start can’t be undone.")
    interview.status, interview.started_at = Interview.Status.SCHEDULED, None
    timing.begin_anew(interview)
    interview.save(update_fields=["status", "started_at", *timing.FIELDS])
    interview.panelists.update(sat_in_call=True)
    used = list(questions.exclude(seconds=0))
    questions.update(seconds=0)
    payload = clock(interview) | {"seconds": {str(question.pk): 0 for question in used}}
    return Outcome(payload=payload, result=payload)


def has_begun(interview: Interview, panelist: Panelist | None) -> bool:
    """Whether anything was asked, heard, decided or closed in the call, as far as this panelist sees it."""
    begun = [
        interview.questions.exclude(state=State.UNASKED),
        interview.sections.exclude(is_gate_open=None),
        visible_ticks(interview, panelist),
        Event.objects.closings(interview),
    ]
    return any(rows.exists() for rows in begun)


def end(context: CommandContext) -> Outcome:
    """End the call. Ending one that has ended changes nothing."""
    context.as_closer()
    context.started()
    interview = context.interview
    if interview.is_ended:
        return Outcome(result=clock(interview))
    payload = end_at(interview, context.at) | {"by": str(context.user)}
    return Outcome(payload=payload, result=payload)


def end_at(interview: Interview, at: dt.datetime) -> dict[str, Any]:
    """End a live call at this moment, and a pause with it; returns what the event tells."""
    seconds = leave_current(interview, at)
    timing.resume(interview, at)
    interview.status = Interview.Status.ENDED
    interview.ended_at = max(at, interview.started_at or at)
    interview.save(update_fields=["status", "ended_at", *timing.FIELDS])
    return clock(interview) | {"seconds": seconds}


def reopen(context: CommandContext) -> Outcome:
    """Make an ended call live again, unless a scorecard was submitted. Reopening a live call changes nothing.

    For the lead and managers, and for ten minutes for the person who ended it, even if they no longer lead.

    Drafts stay, and records made after the end stay marked "after the call". Scorecards become due again after the
    next end."""
    if not taking_back.did_lately(context, "end"):
        context.as_closer()
    context.started()
    interview = context.interview
    if interview.is_live:
        return Outcome(result=clock(interview))
    # Shadows do not count: nobody else may learn that a shadow has submitted.
    if interview.panelists.counting().filter(scorecard__submitted_at__isnull=False).exists():
        raise WrongTime("A scorecard has been submitted, so this call can no longer be reopened.")
    assert interview.ended_at is not None
    timing.go_on(interview, interview.ended_at, context.at)
    interview.status, interview.ended_at = Interview.Status.LIVE, None
    interview.save(update_fields=["status", "ended_at", *timing.FIELDS])
    payload = clock(interview) | {"seconds": {}, "by": str(context.user)}
    return Outcome(payload=payload, result=payload)


def ask(context: CommandContext) -> Outcome:
    """Make a question the current one ("now"), mark it as asked ("asked"), or undo that (null).

    Asking now ends a pause. A command that was delayed offline does not undo a question that others have asked
    since."""
    context.as_coverer()
    context.live()
    question = scripted_question(context)
    if context.command.value not in ("now", "asked", None):
        raise Invalid("A question is asked “now”, was “asked”, or null.")
    if context.command.value is None:
        return _covered(context, question, _unasked(context, question))
    is_back = question.is_removed
    seconds = _asked(context, question)
    return _brought_back(context, question, seconds) if is_back else _covered(context, question, seconds)


def _unasked(context: CommandContext, question: ScriptedQuestion) -> dict[str, int]:
    """Mark a question as not asked. Returns the seconds of the current question, if it is left."""
    interview = context.interview
    if _asked_since(context, question):
        return {}
    is_current = interview.current_question_id == question.pk
    seconds = leave_current(interview, context.at) if is_current else {}
    question.state, question.skip_reason = State.UNASKED, None
    question.asked_at = question.asked_by = None
    if not interview.questions.filter(state=State.ASKED).exclude(pk=question.pk).exists():
        interview.welcome_seconds = None
    return seconds


def _asked(context: CommandContext, question: ScriptedQuestion) -> dict[str, int]:
    """Mark a question as asked, and make it the current one if it is asked now. Returns the seconds of the one left."""
    interview = context.interview
    seconds: dict[str, int] = {}
    if context.command.value == "now" or not question.is_asked:
        question.is_parked = False
    timing.welcome_ends(interview, context.at)
    if context.command.value == "now" and not moved_on(context):
        if interview.current_question_id != question.pk:
            seconds = leave_current(interview, context.at)
            interview.current_question, interview.current_since = question, context.at
        timing.resume(interview, context.at)
    if not question.is_asked:
        asked_at, asked_by = taking_back.first_asked(context)
        question.asked_at = question.asked_at or asked_at or context.at
        question.asked_by = question.asked_by or asked_by or context.panelist
        question.state, question.skip_reason = State.ASKED, None
    return seconds


def _brought_back(context: CommandContext, question: ScriptedQuestion, seconds: dict[str, int]) -> Outcome:
    """Someone asks a question that was taken back, from a page that did not know: its block is there again."""
    covered = _covered(context, question, seconds)
    root = question
    while root.parent is not None:
        root = root.parent
    ScriptedQuestion.objects.filter(pk__in=block_ids(context.interview, root)).update(is_removed=False)
    payload = block_of(root) | {"current": current_of(context.interview), "seconds": seconds}
    payload |= time_of(context.interview)
    return Outcome(payload=payload, result=covered.result, kind="add")


def park(context: CommandContext) -> Outcome:
    """Park a question for later in the call, or (false) no longer. What was asked stays asked."""
    context.as_coverer()
    context.live()
    question = scripted_question(context)
    question.is_parked = context.command.wants()
    return _covered(context, question, {})


def skip(context: CommandContext) -> Outcome:
    """Skip a question with a reason from 1 to 5, or (null) undo the skip."""
    context.as_coverer()
    context.live()
    question = scripted_question(context)
    reason = context.command.value
    seconds: dict[str, int] = {}
    if reason is None:
        if question.is_skipped:
            question.state = State.ASKED if question.asked_at else State.UNASKED
            question.skip_reason = None
    elif type(reason) is int and reason in ScriptedQuestion.SkipReason.values:
        if not _asked_since(context, question):
            if context.interview.current_question_id == question.pk:
                seconds = leave_current(context.interview, context.at)
            question.state, question.skip_reason, question.is_parked = State.SKIPPED, reason, False
    else:
        raise Invalid("A question is skipped for one of the reasons 1 to 5.")
    return _covered(context, question, seconds)


def moved_on(context: CommandContext) -> bool:
    """Whether someone else started the current question, paused or resumed, after this command was given.

    The sender's own commands arrive in order, even if a slow connection makes an earlier one look later."""
    interview = context.interview
    if interview.paused_at is not None:
        return context.at < interview.paused_at and interview.paused_by_id != context.user.pk
    if interview.current_since is None or context.at >= interview.current_since:
        return False
    begun = Event.objects.filter(
        interview=interview,
        stream=Event.SHARED,
        kind__in=["ask", "pause"],
        payload__current__since=iso(interview.current_since),
    )
    return begun.order_by("seq").values_list("actor", flat=True).first() != context.user.pk


def _asked_since(context: CommandContext, question: ScriptedQuestion) -> bool:
    """Whether someone else asked this question, or returned to it, after this command was given."""
    if context.interview.current_question_id == question.pk and moved_on(context):
        return True
    is_mine = question.asked_by_id == (context.panelist and context.panelist.pk)
    return question.asked_at is not None and question.asked_at > context.at and not is_mine


def gate(context: CommandContext) -> Outcome:
    """Continue after a gate (true), stop there (false), or leave it undecided (null)."""
    context.as_lead()
    context.live()
    section = (
        ScriptedSection.objects.filter(interview=context.interview, pk=context.command.target_id())
        .exclude(gate="")
        .first()
    )
    if section is None:
        raise NotThere("This gate isn’t in the interview.")
    if not (context.command.value is None or isinstance(context.command.value, bool)):
        raise Invalid("A gate is open, closed or undecided: true, false or null.")
    section.is_gate_open = context.command.value
    section.save(update_fields=["is_gate_open"])
    payload = {"section": section.pk, "is_open": section.is_gate_open}
    return Outcome(payload=payload, result=payload)


def scripted_question(context: CommandContext) -> ScriptedQuestion:
    """The question of this interview that the command is about. Raises NotThere for any other."""
    try:
        return ScriptedQuestion.objects.get(interview=context.interview, pk=context.command.target_id())
    except ScriptedQuestion.DoesNotExist:
        raise NotThere("This question isn’t in the interview.") from None


def _covered(context: CommandContext, question: ScriptedQuestion, seconds: dict[str, int]) -> Outcome:
    question.save(update_fields=["state", "asked_at", "asked_by", "skip_reason", "is_parked"])
    context.interview.save(update_fields=timing.FIELDS)
    payload = {
        "question": question.pk,
        "state": question.state,
        "asked_at": iso(question.asked_at),
        "asked_by": question.asked_by_id,
        "skip_reason": question.skip_reason,
        "parked": question.is_parked,
        "current": current_of(context.interview),
        "seconds": seconds,
        **time_of(context.interview),
    }
    return Outcome(payload=payload, result=payload)
