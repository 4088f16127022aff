"""What a panelist thinks: ratings, flags, notes, loose ends, the scorecard. It is their own until submitted."""

import json
from typing import Any

from django.db import transaction
from django.urls import reverse

from interviews.exports import tasks
from interviews.live.context import Call, Outcome
from interviews.live.coverage import scripted_question
from interviews.live.note_merge import merged
from interviews.models import LooseEnd, Note, Panelist, Rating, Receipt, ScriptedQuestion
from interviews.records import submitting
from interviews.records.note_history import difference, keep_revision, text_at
from interviews.refusals import Invalid, Missing, NotThere, TooLarge, WrongTime
from interviews.storable import text
from question_bank.models import RatingStep

LOOSE_END_CHARS = 500
# By one panelist in one interview.
MOST_LOOSE_ENDS = 200


def rate(call: Call) -> Outcome:
    """Rate an answer from 1 to 4, or (null) leave it unrated. After "I don't know" Poor is refused."""
    panelist, rating = _rating(call)
    value = call.command.value
    if value is not None and (type(value) is not int or value not in RatingStep.values):
        raise Invalid("An answer is rated from 1 to 4, or not at all.")
    if value == RatingStep.POOR and rating.dont_know:
        raise Invalid("Saying “I don’t know” is never rated below Mixed.")
    rating.value = value
    return _rated(call, panelist, rating)


def flag(call: Call) -> Outcome:
    """Set or clear a flag. "I don't know" raises Poor to Mixed in the same command and leaves no rating blank."""
    panelist, rating = _rating(call)
    value = call.command.value
    name, is_on = (value.get("flag"), value.get("on")) if isinstance(value, dict) else (None, None)
    if not isinstance(name, str) or name not in Rating.FLAGS or not isinstance(is_on, bool):
        raise Invalid(f"A flag is one of {', '.join(Rating.FLAGS)}, on or off.")
    setattr(rating, name, is_on)
    if rating.dont_know and rating.value == RatingStep.POOR:
        rating.value = RatingStep.MIXED
    return _rated(call, panelist, rating)


def note(call: Call) -> Outcome:
    """Keep the text of a note as sent. If it was changed elsewhere since `base_rev`, both texts are kept."""
    panelist = call.author()
    if call.interview.is_cancelled:
        raise WrongTime("This interview was cancelled.")
    sent = text(call.command.value, name="note", limit=Note.MAX_CHARS)
    question = None if call.command.target is None else scripted_question(call)
    row = Note.objects.filter(panelist=panelist, question=question).first() or Note(
        panelist=panelist, question=question, at=call.at
    )
    is_merge = call.command.base_rev != row.revision and row.text not in ("", sent)
    kept = merged(row, sent, base_rev=call.command.base_rev) if is_merge else sent
    if kept != row.text or row.pk is None:
        _revise(call, row, kept)
    # Without the text, which would be stored once more: whoever is told the event is given it (`streams`).
    payload = {
        "note": row.pk,
        "question": row.question_id,
        "revision": row.revision,
        "is_after_call": row.is_after_call,
    }
    # The sender has the text already, unless it was merged.
    result = {"revision": row.revision, "merged": is_merge, **({"note": row.pk, "text": kept} if is_merge else {})}
    return Outcome(panelist.own_stream, payload, result)


def without_text(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer as its receipt stores it: two texts that were put together are the note's own revision."""
    if "text" not in answer["result"]:
        return answer
    return answer | {"result": {key: value for key, value in answer["result"].items() if key != "text"}}


def with_text(stored: str) -> str:
    """The answer of a receipt, to the byte; the newest text where that revision is not stored any more."""
    if '"merged": true' not in stored:
        return stored
    answer = json.loads(stored)
    row = Note.objects.get(pk=answer["result"]["note"])
    text = text_at(row, answer["result"]["revision"])
    answer["result"] |= {"text": text} if text is not None else {"revision": row.revision, "text": row.text}
    return json.dumps(answer)


def loose_end(call: Call) -> Outcome:
    """Keep something to come back to; sent again it changes, null removes it."""
    panelist = call.author()
    if call.interview.is_cancelled:
        raise WrongTime("This interview was cancelled.")
    client_id, value = call.command.target_uuid(), call.command.value
    row = LooseEnd.objects.filter(panelist=panelist, client_id=client_id).first()
    if value is None:
        if row is not None:
            row.delete()
        return Outcome(panelist.own_stream, {"client_id": str(client_id), "removed": True})
    if not isinstance(value, dict) or not isinstance(value.get("is_done"), bool):
        raise Invalid("A loose end has a text, a question or none, and is done or not.")
    words = text(value.get("text"), name="loose end", limit=LOOSE_END_CHARS)
    if not words.strip():
        raise Invalid("Say in a few words what to come back to.")
    if row is None and panelist.loose_ends.count() >= MOST_LOOSE_ENDS:
        raise TooLarge(f"You follow up {MOST_LOOSE_ENDS} things in this interview. Delete some, or write a note.")
    row = row or LooseEnd(panelist=panelist, interview=call.interview, client_id=client_id, at=call.at)
    row.text, row.is_done, row.question = (
        words,
        value["is_done"],
        _question_named(call, value.get("question")),
    )
    row.save()
    payload = {
        "client_id": str(client_id),
        "text": row.text,
        "question": row.question_id,
        "is_done": row.is_done,
        "removed": False,
    }
    return Outcome(panelist.own_stream, payload)


def scorecard(call: Call) -> Outcome:
    """Set one field of the draft; the recommendation only once the call has ended."""
    panelist = call.author()
    field, value = call.command.target, call.command.value
    before = {name: getattr(getattr(panelist, "scorecard", None), name, "") for name in submitting.MAX_CHARS}
    submitting.set_field(panelist=panelist, field=field, value=value, at=call.at, is_correction=call.is_correction)
    # Each rest would store a whole text. What it leaves out of the one before is stored: another device may have
    # written that.
    removed = difference(before[field], str(value))[2] if field in before else ""
    return Outcome(panelist.own_stream, {"field": field} | ({"removed": removed} if removed else {}))


def submit(call: Call) -> Outcome:
    """Freeze the scorecard. No stream but the author's own tells it: a number or a place among other events would give
    away the order of submissions. The others read the state alone, on the interview's page.

    Raises Missing while something that the same page did before is not here."""
    panelist = call.author()
    _refuse_missing(call)
    version = submitting.submit(panelist=panelist, at=call.now)
    # The worker builds the documents. Robust: a queue that is out of reach must not fail a submission.
    transaction.on_commit(lambda: tasks.build_after_submission(version.pk), robust=True)
    url = reverse("scorecard-read", args=[call.interview.pk, panelist.pk])
    result = {"redirect": url, "version": version.number}
    return Outcome(panelist.own_stream, {"version": version.number}, result)


def _refuse_missing(call: Call) -> None:
    """All that this page did before has its receipt, but for what was refused for good."""
    last_n, without = _numbers_before(call)
    of_this_page = Receipt.objects.filter(interview=call.interview, user=call.user, client=call.command.client)
    here = set(of_this_page.filter(n__lte=last_n).values_list("n", flat=True))
    if missing := last_n - len(here | without):
        what, has, it = ("One change", "has", "it") if missing == 1 else (f"{missing:,} changes", "have", "they")
        raise Missing(f"{what} made on this page {has} not arrived yet. The scorecard is submitted once {it} {has}.")


def _numbers_before(call: Call) -> tuple[int, set[int]]:
    """Of `{"last_n": …, "without": […]}`."""
    value = call.command.value
    last_n, without = (value.get("last_n"), value.get("without", [])) if isinstance(value, dict) else (None, None)
    if type(last_n) is not int or not 0 <= last_n < call.command.n:
        raise Invalid("Submitting says the number of the change before it.")
    if not isinstance(without, list) or not all(type(n) is int and 0 < n <= last_n for n in without):
        raise Invalid("Submitting says the numbers of the changes that were refused.")
    return last_n, set(without)


def _rating(call: Call) -> tuple[Panelist, Rating]:
    panelist = call.author()
    call.started()
    question = scripted_question(call)
    if not question.is_answer:
        raise Invalid("A conversation is not rated.")
    row = Rating.objects.filter(panelist=panelist, question=question).first()
    return panelist, row or Rating(panelist=panelist, question=question)


def _rated(call: Call, panelist: Panelist, rating: Rating) -> Outcome:
    rating.at, rating.is_after_call = call.at, call.is_after_call
    rating.save()
    result = {"value": rating.value, "flags": rating.flags}
    return Outcome(panelist.own_stream, {"question": rating.question_id, **result}, result)


def _revise(call: Call, row: Note, kept: str) -> None:
    before: dict[str, Any] = {"before": row.text, "at": row.at, "is_after_call": row.is_after_call}
    row.text, row.at, row.is_after_call = kept, call.at, call.is_after_call
    row.revision += 1
    row.save()
    if row.revision > 1:
        keep_revision(row, **before)


def _question_named(call: Call, number: object) -> ScriptedQuestion | None:
    if number is None:
        return None
    question = None
    if type(number) is int:
        question = ScriptedQuestion.objects.filter(interview=call.interview, pk=number).first()
    if question is None:
        raise NotThere("There is no such question in this interview.")
    return question
