"""Commands for the time of the call."""

from interviews.live import timing
from interviews.live.context import CommandContext, Outcome
from interviews.live.coverage import moved_on
from interviews.models import Interview
from interviews.refusals import Invalid
from interviews.streams.payloads import clock, plan_of


def minutes(context: CommandContext) -> Outcome:
    """Set the length of a live call, in minutes. It is the length in the plan, too."""
    context.as_lead()
    context.live()
    interview, wanted = context.interview, context.command.value
    if type(wanted) is not int or not Interview.MINUTES_MIN <= wanted <= Interview.MINUTES_MAX:
        raise Invalid(f"A call can last {Interview.MINUTES_MIN} to {Interview.MINUTES_MAX} minutes.")
    interview.minutes = wanted
    interview.save(update_fields=["minutes"])
    payload = plan_of(interview, in_call=True)
    return Outcome(payload=payload, result=payload, kind="panel")


def run_over(context: CommandContext) -> Outcome:
    """Whether a call that began late, or was paused, has its whole length (true), or ends by its slot (false)."""
    context.as_lead()
    context.live()
    interview = context.interview
    interview.may_run_over = context.command.wants()
    interview.save(update_fields=["may_run_over"])
    payload = plan_of(interview, in_call=True)
    return Outcome(payload=payload, result=payload, kind="panel")


def pause(context: CommandContext) -> Outcome:
    """Pause the call (true), or resume it (false). Pausing a paused call changes nothing, nor does a pause that arrives
    after someone else has asked or resumed."""
    context.as_lead()
    context.live()
    interview, wants = context.interview, context.command.wants()
    if wants == (interview.paused_at is not None) or (wants and moved_on(context)):
        return Outcome(result=clock(interview))
    seconds: dict[str, int] = {}
    if wants:
        seconds = timing.pause(interview, context.at, by=context.user)
    else:
        timing.resume(interview, context.at)
    interview.save(update_fields=timing.FIELDS)
    payload = clock(interview) | {"seconds": seconds}
    return Outcome(payload=payload, result=payload)
