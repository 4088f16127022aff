"""Commands that pass a role to another panelist, asking next, a section or the lead; and taking a missing lead's."""

from interviews import access
from interviews.live import taking_back
from interviews.live.context import CommandContext, Outcome
from interviews.models import Interview, Panelist
from interviews.planning.calendar_entries import tell_panel
from interviews.refusals import Invalid, NotAllowed, NotThere, WrongTime
from interviews.storable import LARGEST_ID
from interviews.streams.payloads import plan_of


def turn(context: CommandContext) -> Outcome:
    """Choose who asks next. The value is a panelist; senders may name themselves."""
    context.as_coverer()
    _require_open(context.interview)
    panelist = _named(context)
    if panelist.is_shadow:
        raise Invalid("Shadows can’t ask questions.")
    context.interview.asks_next = panelist
    context.interview.save(update_fields=["asks_next"])
    payload = {"panelist": panelist.pk}
    return Outcome(payload=payload, result=payload)


def asker(context: CommandContext) -> Outcome:
    """Give a section to a panelist, who is to ask its questions, or (null) to nobody; before and during the call.

    Interviewers may take one themselves that nobody with access has, such as a stand-in does."""
    section = context.interview.sections.select_related("asker__user").filter(pk=context.command.target_id()).first()
    if section is None:
        raise NotThere("This section isn’t in the interview.")
    is_lead = access.may_lead(context.panelist, is_manager=context.panelist is None)
    is_free = section.asker is None or not section.asker.has_access
    takes_it = is_free and context.panelist is not None and context.command.value == context.panelist.pk
    if not (is_lead or takes_it or access.is_manager_of(context.user, context.interview.opening)):
        raise NotAllowed("Only the lead or a hiring manager of the opening can say who asks what.")
    _require_open(context.interview)
    panelist = None if context.command.value is None else _named(context)
    if panelist is not None and panelist.is_shadow:
        raise Invalid("Shadows can’t ask questions.")
    section.asker = panelist
    section.save(update_fields=["asker"])
    payload = {"section": section.pk, "asker": section.asker_id}
    return Outcome(payload=payload, result=payload)


def lead(context: CommandContext) -> Outcome:
    """Make another panelist the lead, who then also asks next. The former lead becomes an interviewer, and may take the
    lead back as long as it was not used."""
    if not taking_back.gave_the_lead_away(context):
        context.as_lead()
    _require_open(context.interview)
    panelist = _named(context)
    if panelist.is_shadow:
        raise Invalid("Shadows can’t lead.")
    return _make_lead(context, panelist)


def take_lead(context: CommandContext) -> Outcome:
    """Become the lead oneself, as the lead is missing: for interviewers, from the planned time on."""
    panelist = context.panelist
    if panelist is None or panelist.is_shadow:
        raise NotAllowed("Only interviewers on the panel can take the lead.")
    _require_open(context.interview)
    if not panelist.is_lead and context.now < context.interview.scheduled_for:
        raise WrongTime("You can take the lead from the planned time on.")
    return _make_lead(context, panelist)


def _make_lead(context: CommandContext, panelist: Panelist) -> Outcome:
    if not panelist.is_lead:
        # Demote first: a constraint allows only one lead at any time.
        Panelist.objects.current().filter(interview=context.interview, part=Panelist.Part.LEAD).update(
            part=Panelist.Part.INTERVIEWER
        )
        panelist.part = Panelist.Part.LEAD
        panelist.save(update_fields=["part"])
    context.interview.asks_next = panelist
    context.interview.save(update_fields=["asks_next"])
    if context.interview.is_scheduled:  # nobody looks up a running call in a calendar
        tell_panel(interview=context.interview, at=context.now)
    payload = plan_of(context.interview, in_call=True)
    return Outcome(payload=payload, result=payload, kind="panel")


def _require_open(interview: Interview) -> None:
    if interview.is_ended or interview.is_cancelled:
        raise WrongTime("The interview has ended, so there’s nothing to hand over.")


def _named(context: CommandContext) -> Panelist:
    seats = Panelist.objects.with_access().filter(interview=context.interview)
    value = context.command.value
    panelist = seats.filter(pk=value).first() if type(value) is int and 0 < value <= LARGEST_ID else None
    if panelist is None:
        raise NotThere("This person isn’t on the panel.")
    return panelist
