"""Facts of the call that the whole panel shares: started, asked, skipped, gates, ended, and the clock."""

import datetime as dt

from interviews.live.context import Call, Outcome
from interviews.models import Event, Interview, ScriptedQuestion, ScriptedSection
from interviews.refusals import Invalid, NotThere, WrongTime
from interviews.streams.payloads import clock, current_of, iso

State = ScriptedQuestion.State


def start(call: Call) -> Outcome:
    """Start the call. Starting one that is live changes nothing."""
    call.as_lead()
    interview = call.interview
    if interview.is_cancelled:
        raise WrongTime("This interview was cancelled and cannot be started.")
    if interview.is_ended:
        raise WrongTime("This interview has ended. Reopen it instead of starting it again.")
    if interview.is_live:
        return Outcome(result=clock(interview))
    interview.status = Interview.Status.LIVE
    interview.started_at = call.now
    interview.save(update_fields=["status", "started_at"])
    return Outcome(payload=clock(interview), result=clock(interview))


def end(call: Call) -> Outcome:
    """End the call. Ending one that has ended changes nothing."""
    call.as_closer()
    call.started()
    interview = call.interview
    if interview.is_ended:
        return Outcome(result=clock(interview))
    seconds = _leave_current(interview, call.at)
    interview.status = Interview.Status.ENDED
    interview.ended_at = max(call.at, interview.started_at or call.at)
    interview.save(update_fields=["status", "ended_at", "current_question", "current_since"])
    payload = clock(interview) | {"seconds": seconds, "by": str(call.user)}
    return Outcome(payload=payload, result=payload)


def reopen(call: Call) -> Outcome:
    """Make an ended call live again, as long as nobody has submitted. Reopening one that is live changes nothing.

    Drafts stay; what was recorded after the end stays marked "after the call". Scorecards are due anew after the next
    end."""
    call.as_closer()
    call.started()
    interview = call.interview
    if interview.is_live:
        return Outcome(result=clock(interview))
    # A shadow's scorecard is nobody else's business, not even that it was submitted.
    if interview.panelists.counting().filter(scorecard__submitted_at__isnull=False).exists():
        raise WrongTime("A scorecard has been submitted, so this call can no longer be reopened.")
    interview.status, interview.ended_at = Interview.Status.LIVE, None
    interview.save(update_fields=["status", "ended_at"])
    payload = clock(interview) | {"seconds": {}, "by": str(call.user)}
    return Outcome(payload=payload, result=payload)


def ask(call: Call) -> Outcome:
    """A question is being asked "now", was "asked" without being the current one, or (null) was not asked after all.

    What comes late from a browser without a line does not take back what others have asked since."""
    call.as_coverer()
    call.live()
    question = scripted_question(call)
    if call.command.value not in ("now", "asked", None):
        raise Invalid("A question is asked “now”, was “asked”, or null.")
    interview = call.interview
    seconds: dict[str, int] = {}
    if call.command.value is None:
        if not _asked_since(call, question):
            if interview.current_question_id == question.pk:
                seconds = _leave_current(interview, call.at)
            question.state, question.skip_reason = State.UNASKED, None
            question.asked_at = question.asked_by = None
    else:
        if call.command.value == "now" and interview.current_question_id != question.pk and not _moved_on(call):
            seconds = _leave_current(interview, call.at)
            interview.current_question, interview.current_since = question, call.at
        if not question.is_asked:
            question.asked_at = question.asked_at or call.at
            question.asked_by = question.asked_by or call.panelist
            question.state, question.skip_reason = State.ASKED, None
    return _covered(call, question, seconds)


def skip(call: Call) -> Outcome:
    """Skip a question with a reason from 1 to 5, or (null) take that back."""
    call.as_coverer()
    call.live()
    question = scripted_question(call)
    reason = call.command.value
    seconds: dict[str, int] = {}
    if reason is None:
        if question.is_skipped:
            question.state = State.ASKED if question.asked_at else State.UNASKED
            question.skip_reason = None
    elif type(reason) is int and reason in ScriptedQuestion.SkipReason.values:
        if not _asked_since(call, question):
            if call.interview.current_question_id == question.pk:
                seconds = _leave_current(call.interview, call.at)
            question.state, question.skip_reason = State.SKIPPED, reason
    else:
        raise Invalid("A question is skipped for one of the reasons 1 to 5.")
    return _covered(call, question, seconds)


def _moved_on(call: Call) -> bool:
    """Whether somebody else began with the current question after this was done. One's own come in their order, though
    a slow line may make an earlier one look later."""
    interview = call.interview
    if interview.current_since is None or call.at >= interview.current_since:
        return False
    begun = Event.objects.filter(
        interview=interview, stream=Event.SHARED, kind="ask", payload__current__since=iso(interview.current_since)
    )
    return begun.order_by("seq").values_list("actor", flat=True).first() != call.user.pk


def _asked_since(call: Call, question: ScriptedQuestion) -> bool:
    """Whether somebody else asked this question, or came back to it, after this was done."""
    if call.interview.current_question_id == question.pk and _moved_on(call):
        return True
    is_mine = question.asked_by_id == (call.panelist and call.panelist.pk)
    return question.asked_at is not None and question.asked_at > call.at and not is_mine


def gate(call: Call) -> Outcome:
    """Go on behind a gate (true), stop there (false), or leave it undecided (null)."""
    call.as_lead()
    call.live()
    section = (
        ScriptedSection.objects.filter(interview=call.interview, pk=call.command.target_id()).exclude(gate="").first()
    )
    if section is None:
        raise NotThere("There is no such gate in this interview.")
    if not (call.command.value is None or isinstance(call.command.value, bool)):
        raise Invalid("A gate is open, closed or undecided: true, false or null.")
    section.is_gate_open = call.command.value
    section.gate_decided_at = None if call.command.value is None else call.at
    section.save(update_fields=["is_gate_open", "gate_decided_at"])
    payload = {"section": section.pk, "is_open": section.is_gate_open}
    return Outcome(payload=payload, result=payload)


def scripted_question(call: Call) -> ScriptedQuestion:
    """The question of this interview that the command is about. Raises NotThere for any other."""
    try:
        return ScriptedQuestion.objects.get(interview=call.interview, pk=call.command.target_id())
    except ScriptedQuestion.DoesNotExist:
        raise NotThere("There is no such question in this interview.") from None


def _covered(call: Call, question: ScriptedQuestion, seconds: dict[str, int]) -> Outcome:
    question.save(update_fields=["state", "asked_at", "asked_by", "skip_reason"])
    call.interview.save(update_fields=["current_question", "current_since"])
    payload = {
        "question": question.pk,
        "state": question.state,
        "asked_at": iso(question.asked_at),
        "asked_by": question.asked_by_id,
        "skip_reason": question.skip_reason,
        "current": current_of(call.interview),
        "seconds": seconds,
    }
    return Outcome(payload=payload, result=payload)


def _leave_current(interview: Interview, at: dt.datetime) -> dict[str, int]:
    """Stop the clock of the current question. Returns its seconds so far, by question id."""
    question = interview.current_question
    if question is None or interview.current_since is None:
        return {}
    question.seconds += max(0, round((at - interview.current_since).total_seconds()))
    question.save(update_fields=["seconds"])
    interview.current_question = interview.current_since = None
    return {str(question.pk): question.seconds}
