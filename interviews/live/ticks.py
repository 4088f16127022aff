"""Commands for heard points: ticks, and extra points that the script did not list."""

import datetime as dt
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet

from interviews.live.context import CommandContext, Outcome, alone, heard_stream, or_refusal
from interviews.models import Interview, Panelist, ScriptedPoint, ScriptedQuestion, Tick, UnlistedPoint
from interviews.refusals import Invalid, NotAllowed, NotThere, Refused, TooLarge
from interviews.storable import text
from interviews.streams.prepared import Prepared, delete, insert

UNLISTED_CHARS = 500
# Per panelist and interview.
MOST_UNLISTED = 100


def tick(context: CommandContext) -> Outcome:
    """Tick a point, or (false) untick it. A point that was ticked before keeps its time."""
    return alone(tick_many, context)


def tick_many(contexts: Sequence[CommandContext]) -> list[Outcome | Refused]:
    """`tick` for several commands, in order. Three queries, however many there are."""
    wanted = [or_refusal(_wanted, context) for context in contexts]
    named = [one for one in wanted if not isinstance(one, Refused)]
    points = [point for _, point, _ in named]
    # Each once: SQLite refuses a condition with a thousand parts.
    panelists = list(dict.fromkeys(panelist.pk for panelist, _, _ in named))
    questions: dict[tuple[int, int], int] = {}
    ticks: dict[tuple[int, int], Tick] = {}
    for interview, question, point, pk, panelist, at in _ticks(points=points, panelists=panelists) if named else []:
        questions[interview, point] = question
        if pk is not None:
            ticks[panelist, point] = Tick(pk=pk, at=at)
    unticked: list[int] = []

    def outcome(context: CommandContext, panelist: Panelist, point: int, is_on: bool) -> Outcome | Refused:
        question, key = questions.get((context.interview.pk, point)), (panelist.pk, point)
        if question is None:
            return NotThere("This point isn’t in the interview.")
        before = ticks.get(key)
        if is_on and before is None:
            at = _at(context)
            ticks[key] = Tick(panelist_id=panelist.pk, point_id=point, at=at, **_circumstances(context, at))
        elif not is_on and before is not None:
            del ticks[key]
            unticked.extend([before.pk] if before.pk else [])
        told = ticks[key].at.isoformat() if is_on else None
        payload: dict[str, Any] = {
            "question": question,
            "point": point,
            "panelist": panelist.pk,
            "on": is_on,
            "at": told,
        }
        return Outcome(
            heard_stream(context, panelist), payload, _result(context, payload, before.at if before else None)
        )

    both = zip(contexts, wanted, strict=True)
    outcomes = [one if isinstance(one, Refused) else outcome(context, *one) for context, one in both]
    if unticked:
        delete(Tick, unticked)
    insert([tick for tick in ticks.values() if tick.pk is None])
    return outcomes


def _wanted(context: CommandContext) -> tuple[Panelist, int, bool]:
    panelist = context.author()
    context.started()
    is_on = context.command.wants()
    return panelist, context.command.target_id(), is_on


def visible_ticks(interview: Interview, panelist: Panelist | None) -> QuerySet[Tick]:
    """The panelist's own ticks, and those of lead and interviewers unless the interview is fully blind."""
    ticks = Tick.objects.filter(panelist__interview=interview).order_by("at", "pk")
    if interview.is_fully_blind:
        return ticks.filter(panelist=panelist)
    of_others = ~Q(panelist__part=Panelist.Part.SHADOW) & Q(is_from_revision=False)
    return ticks.filter(Q(panelist=panelist) | of_others)


@Prepared
def _ticks(*, points: list[int], panelists: list[int]) -> QuerySet[Any, tuple[Any, ...]]:
    """Interview, question and key of each point, with the key, panelist and time of each tick by these panelists."""
    # Not `__in`, which takes no parameters in a filtered relation.
    theirs = reduce(or_, (Q(ticks__panelist=panelist) for panelist in panelists))
    ticks = FilteredRelation("ticks", condition=theirs)
    rows = ScriptedPoint.objects.filter(pk__in=points).annotate(mine=ticks).order_by()
    return rows.values_list("question__interview", "question", "pk", "mine__pk", "mine__panelist", "mine__at")


def _at(context: CommandContext) -> dt.datetime:
    """When a point was heard: now, or, where this takes its unticking back, when it was ticked before."""
    unticked = ((context.taken_back() or {}).get("result") or {}).get("unticked") or {}
    is_same = unticked.get("target") == str(context.command.target)
    return dt.datetime.fromisoformat(unticked["at"]) if is_same else context.at


def _circumstances(context: CommandContext, at: dt.datetime) -> dict[str, bool]:
    return {"is_after_call": context.is_after_call_at(at), "is_from_revision": context.is_revision}


def _result(context: CommandContext, payload: dict[str, Any], ticked_at: dt.datetime | None) -> dict[str, Any]:
    """When the point was heard; of one that was unticked, when it had been, for an undo."""
    if payload["on"] or ticked_at is None:
        return {"at": payload["at"]}
    return {"at": None, "unticked": {"target": str(context.command.target), "at": ticked_at.isoformat()}}


def unlisted(context: CommandContext) -> Outcome:
    """Add an extra point, ticked for its author. Sent again, it changes the text."""
    panelist = context.author()
    context.started()
    value = context.command.value
    if not isinstance(value, dict) or type(value.get("question")) is not int:
        raise Invalid("An extra point has a question and a text.")
    words = text(value.get("text"), name="point", limit=UNLISTED_CHARS)
    if not words.strip():
        raise Invalid("Enter what was good.")
    question = ScriptedQuestion.objects.filter(interview=context.interview, pk=value["question"]).first()
    if question is None:
        raise NotThere("This question isn’t in the interview.")
    client_id = context.command.target_uuid()
    row = UnlistedPoint.objects.filter(question__interview=context.interview, client_id=client_id).first()
    if row is None:
        if UnlistedPoint.objects.filter(author=panelist).count() >= MOST_UNLISTED:
            raise TooLarge(f"You have added {MOST_UNLISTED} extra points in this interview. Put this one in a note.")
        row = UnlistedPoint.objects.create(
            question=question, author=panelist, client_id=client_id, text=words, created_at=context.at
        )
    elif row.author_id != panelist.pk:
        raise NotAllowed("Only the panelist who added this point can edit it.")
    elif row.text != words and context.is_revision:
        raise Invalid("The others have seen this point, so it can’t be edited.")
    elif row.text != words:
        row.text = words
        row.save(update_fields=["text"])
    return _heard(context, panelist, row, is_on=True)


def unlisted_tick(context: CommandContext) -> Outcome:
    """Tick or untick an existing extra point. An extra point without ticks is not shown."""
    panelist = context.author()
    context.started()
    is_on = context.command.wants()
    row = (
        UnlistedPoint.objects.filter(question__interview=context.interview, client_id=context.command.target_uuid())
        .select_related("author")
        .first()
    )
    if row is None or not _is_shown(context, panelist, row):
        raise NotThere("This point isn’t in the interview.")
    return _heard(context, panelist, row, is_on=is_on)


def _is_shown(context: CommandContext, panelist: Panelist, row: UnlistedPoint) -> bool:
    """Whether the panelist sees an extra point: their own, and those of others unless private to their author."""
    return row.author_id == panelist.pk or not (context.interview.is_fully_blind or row.author.is_shadow)


def _heard(context: CommandContext, panelist: Panelist, row: UnlistedPoint, *, is_on: bool) -> Outcome:
    tick = Tick.objects.filter(panelist=panelist, unlisted_point=row).first()
    ticked_at = tick.at if tick else None
    if is_on and tick is None:
        at = _at(context)
        tick = Tick.objects.create(panelist=panelist, unlisted_point=row, at=at, **_circumstances(context, at))
    elif not is_on and tick is not None:
        tick.delete()
    payload: dict[str, Any] = {
        "question": row.question_id,
        "client_id": str(row.client_id),
        "text": row.text,
        "author": row.author_id,
        "panelist": panelist.pk,
        "on": is_on,
        "at": tick.at.isoformat() if is_on and tick else None,
    }
    return Outcome(heard_stream(context, panelist), payload, _result(context, payload, ticked_at))
