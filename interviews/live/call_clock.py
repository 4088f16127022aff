"""Commands for the time of the call."""

from interviews.live.context import CommandContext, Outcome
from interviews.models import Interview
from interviews.refusals import Invalid
from interviews.streams.payloads import plan_of


def minutes(context: CommandContext) -> Outcome:
    """Set the length of a live call, in minutes. It is the length in the plan, too."""
    context.as_lead()
    context.live()
    interview, wanted = context.interview, context.command.value
    if type(wanted) is not int or not Interview.MINUTES_MIN <= wanted <= Interview.MINUTES_MAX:
        raise Invalid(f"A call takes between {Interview.MINUTES_MIN} and {Interview.MINUTES_MAX} minutes.")
    interview.minutes = wanted
    interview.save(update_fields=["minutes"])
    payload = plan_of(interview)
    return Outcome(payload=payload, result=payload, kind="panel")
