"""Handing over in a panel: who asks next, and who leads."""

from interviews.live.context import Call, Outcome
from interviews.models import Interview, Panelist
from interviews.refusals import Invalid, NotThere, WrongTime
from interviews.storable import LARGEST_ID
from interviews.streams.payloads import plan_of


def turn(call: Call) -> Outcome:
    """Hand over the word: the value is the panelist whose Next asks the next question, oneself to take it."""
    call.as_coverer()
    _require_open(call.interview)
    panelist = _named(call)
    if panelist.is_shadow:
        raise Invalid("A shadow watches and does not ask.")
    call.interview.asks_next = panelist
    call.interview.save(update_fields=["asks_next"])
    payload = {"panelist": panelist.pk}
    return Outcome(payload=payload, result=payload)


def lead(call: Call) -> Outcome:
    """Hand over the lead, and the word with it: the value is the panelist who leads from now on. Who led before goes
    on as an interviewer."""
    call.as_lead()
    _require_open(call.interview)
    panelist = _named(call)
    if panelist.is_shadow:
        raise Invalid("A shadow watches and does not lead.")
    if not panelist.is_lead:
        # One at a time, and at no time two: the database would refuse.
        Panelist.objects.current().filter(interview=call.interview, part=Panelist.Part.LEAD).update(
            part=Panelist.Part.INTERVIEWER
        )
        panelist.part = Panelist.Part.LEAD
        panelist.save(update_fields=["part"])
    call.interview.asks_next = panelist
    call.interview.save(update_fields=["asks_next"])
    payload = plan_of(call.interview)
    return Outcome(payload=payload, result=payload, kind="panel")


def _require_open(interview: Interview) -> None:
    if interview.is_ended or interview.is_cancelled:
        raise WrongTime("The interview is over. There is nothing left to hand over.")


def _named(call: Call) -> Panelist:
    seats = Panelist.objects.with_access().filter(interview=call.interview)
    value = call.command.value
    panelist = seats.filter(pk=value).first() if type(value) is int and 0 < value <= LARGEST_ID else None
    if panelist is None:
        raise NotThere("There is no such person on this panel.")
    return panelist
