"""Commands for private judgements beside ratings and notes: follow-up-later items, the scorecard."""

import json
from typing import Any

from django.db import transaction
from django.urls import reverse

from interviews.exports import tasks
from interviews.live.context import CommandContext, Outcome
from interviews.models import LooseEnd, Note, Receipt, ScriptedQuestion
from interviews.records import submitting
from interviews.records.note_history import difference, text_at
from interviews.refusals import Invalid, Missing, NotThere, TooLarge
from interviews.storable import text

LOOSE_END_CHARS = 500
# Per panelist and interview.
MOST_LOOSE_ENDS = 200


def without_text(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer as the receipt stores it: without a merged text, which is a revision of the note already."""
    if "text" not in answer["result"]:
        return answer
    return answer | {"result": {key: value for key, value in answer["result"].items() if key != "text"}}


def without_key(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer as it is sent: without the note's key, which counts the notes of everyone."""
    return answer | {"result": {key: value for key, value in answer["result"].items() if key != "note"}}


def with_text(stored: str) -> str:
    """The answer of a receipt, byte for byte. If that revision is no longer stored, the newest text."""
    if '"merged": true' not in stored:
        return stored
    answer = json.loads(stored)
    row = Note.objects.get(pk=answer["result"].pop("note"))
    text = text_at(row, answer["result"]["revision"])
    answer["result"] |= {"text": text} if text is not None else {"revision": row.revision, "text": row.text}
    return json.dumps(answer)


def loose_end(context: CommandContext) -> Outcome:
    """Add or change a follow-up-later item; null deletes it."""
    panelist = context.author()
    context.writable()
    client_id, value = context.command.target_uuid(), context.command.value
    row = LooseEnd.objects.filter(panelist=panelist, client_id=client_id).first()
    if value is None:
        if row is not None:
            row.delete()
        return Outcome(panelist.own_stream, {"client_id": str(client_id), "removed": True})
    if not isinstance(value, dict) or not isinstance(value.get("is_done"), bool):
        raise Invalid("A follow-up item has a text, a question or none, and is done or not.")
    words = text(value.get("text"), name="follow-up item", limit=LOOSE_END_CHARS)
    if not words.strip():
        raise Invalid("Enter what to follow up.")
    if row is None and panelist.loose_ends.count() >= MOST_LOOSE_ENDS:
        raise TooLarge(f"You have {MOST_LOOSE_ENDS} items to follow up. Delete some, or write a note instead.")
    row = row or LooseEnd(panelist=panelist, interview=context.interview, client_id=client_id, at=context.at)
    row.text, row.is_done = words, value["is_done"]
    row.question = _question_named(context, value.get("question"))
    row.save()
    payload = {
        "client_id": str(client_id),
        "text": row.text,
        "question": row.question_id,
        "is_done": row.is_done,
        "removed": False,
    }
    return Outcome(panelist.own_stream, payload)


def scorecard(context: CommandContext) -> Outcome:
    """Set one field of the draft. The recommendation can be set only after the call has ended."""
    panelist = context.author()
    field, value = context.command.target, context.command.value
    before = {name: getattr(getattr(panelist, "scorecard", None), name, "") for name in submitting.MAX_CHARS}
    submitting.set_field(panelist=panelist, field=field, value=value, is_revision=context.is_revision)
    # Store only the lines that this change removes (another device may have written them), not the whole text at each
    # pause in typing.
    removed = difference(before[field], str(value))[2] if field in before else ""
    return Outcome(panelist.own_stream, {"field": field} | ({"removed": removed} if removed else {}))


def submit(context: CommandContext) -> Outcome:
    """Submit the scorecard. Only the author's own stream announces it: a number in the shared stream would reveal the
    order of submissions. The others see only the state, on the interview's page.

    Raises Missing while an earlier command of the same page has not arrived."""
    panelist = context.author()
    _refuse_missing(context)
    version = submitting.submit(panelist=panelist, at=context.now)
    # The worker builds the documents. Robust: an unreachable queue must not fail a submission.
    transaction.on_commit(lambda: tasks.build_after_submission(version.pk), robust=True)
    url = reverse("scorecard-read", args=[context.interview.pk, panelist.pk])
    result = {"redirect": url, "version": version.number}
    return Outcome(panelist.own_stream, {"version": version.number}, result)


def _refuse_missing(context: CommandContext) -> None:
    """Raises Missing unless all earlier commands of this page have receipts, except those that were refused."""
    last_n, without = _numbers_before(context)
    of_this_page = Receipt.objects.filter(interview=context.interview, user=context.user, client=context.command.client)
    here = set(of_this_page.filter(n__lte=last_n).values_list("n", flat=True))
    if missing := last_n - len(here | without):
        what, has, it = ("One change", "has", "it") if missing == 1 else (f"{missing:,} changes", "have", "they")
        raise Missing(f"{what} made on this page {has} not arrived yet. The scorecard is submitted once {it} {has}.")


def _numbers_before(context: CommandContext) -> tuple[int, set[int]]:
    """Read `{"last_n": …, "without": […]}`: the number of the last command, and the numbers of refused ones."""
    value = context.command.value
    last_n, without = (value.get("last_n"), value.get("without", [])) if isinstance(value, dict) else (None, None)
    if type(last_n) is not int or not 0 <= last_n < context.command.n:
        raise Invalid("Submitting says the number of the change before it.")
    if not isinstance(without, list) or not all(type(n) is int and 0 < n <= last_n for n in without):
        raise Invalid("Submitting says the numbers of the changes that were refused.")
    return last_n, set(without)


def _question_named(context: CommandContext, number: object) -> ScriptedQuestion | None:
    if number is None:
        return None
    question = None
    if type(number) is int:
        question = ScriptedQuestion.objects.filter(interview=context.interview, pk=number).first()
    if question is None:
        raise NotThere("This question isn’t in the interview.")
    return question
