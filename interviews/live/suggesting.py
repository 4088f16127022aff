"""The command for a suggestion to the curators: part of no record, and told to nobody else on the panel."""

import uuid
from typing import Any

from interviews.candidate_names import named_in
from interviews.live.context import CommandContext, Outcome
from interviews.models import ScriptedQuestion
from interviews.refusals import Invalid, NotAllowed, NotThere, TooLarge
from interviews.storable import text
from question_bank.curation import suggestions
from question_bank.models import Question, Suggestion
from question_bank.naming import naming

# Open ones of one person.
MOST_OPEN = 200


def suggest(context: CommandContext) -> Outcome:
    """Send a suggestion, or (null) take one's own back before it is answered. Sent again it changes nothing but that.

    Without a question, and for one that is not in the bank, it is for a new question."""
    client_id = context.command.target_uuid()
    mine = Suggestion.objects.filter(by=context.user)
    row = mine.filter(client_id=client_id).first()
    if context.command.value is None:
        if row is None:
            raise NotThere("This suggestion was not sent.")
        if not row.is_open:
            raise NotAllowed("A curator has already answered this suggestion.")
        row.delete()
    elif row is not None:
        return Outcome()
    else:
        if mine.open().count() >= MOST_OPEN:
            raise TooLarge(f"You already have {MOST_OPEN} suggestions waiting for an answer.")
        _create(context, client_id)
    return Outcome(result={"suggested": context.command.value is not None})


def _create(context: CommandContext, client_id: uuid.UUID) -> None:
    value = context.command.value
    wanted: dict[str, Any] = value if isinstance(value, dict) else {}
    words = text(wanted.get("text"), name="suggestion", limit=Suggestion.LENGTH).strip()
    if not words:
        raise Invalid("Enter a suggestion.")
    if wanted.get("kind") not in Suggestion.Kind:
        raise Invalid("A suggestion is a change, says that a question is dated, or is a new question.")
    if reason := naming(named_in(words, context.interview.candidate.name)):
        raise Invalid(reason)
    kind, question = Suggestion.Kind(wanted["kind"]), None
    if kind != Suggestion.Kind.NEW:
        question = _in_the_bank(context, wanted.get("question"))
    suggestions.suggest(
        kind=kind if question else Suggestion.Kind.NEW,
        text=words,
        question=question,
        by=context.user,
        at=context.at,
        client_id=client_id,
    )


def _in_the_bank(context: CommandContext, pk: object) -> Question | None:
    """The question of the bank that this one of the interview came from, if it is still there."""
    if type(pk) is not int:
        raise Invalid("A change is about a question of this interview.")
    row = ScriptedQuestion.objects.present().filter(interview=context.interview, pk=pk).select_related("source").first()
    if row is None:
        raise NotThere("This question isn’t in the interview.")
    return row.source
