"""The command for a question that is not in the script: typed, or picked from the bank, and asked now."""

import uuid
from typing import TypedDict

from django.db.models import F

from interviews.live import timing
from interviews.live.added_blocks import block_ids
from interviews.live.context import CommandContext, Outcome
from interviews.models import Interview, ScriptedQuestion, ScriptedSection
from interviews.planning import freezing
from interviews.refusals import Invalid, NotAllowed, NotThere, TooLarge, WrongTime
from interviews.storable import LARGEST_ID, text
from interviews.streams.payloads import block_of, current_of, time_of
from question_bank.models import Question

PROMPT_CHARS = 500
# Per interview, with those that were taken back.
MOST_ADDED = 30
# Of one that was typed: its topic, and its minutes.
TOPIC, MINUTES = "Added in the call", 5
# Above any position: a question in a script of thousands could not be asked.
_ASIDE = 10_000

State = ScriptedQuestion.State


def add(context: CommandContext) -> Outcome:
    """Freeze a question into the running call and make it the current one; or (null) take it back.

    It is optional, and comes after the block being asked. Sent again it changes nothing. Taken back, it is hidden:
    other panelists keep what they recorded there, and the answer tells nobody."""
    context.as_coverer()
    context.live()
    client_id = context.command.target_uuid()
    row = ScriptedQuestion.objects.filter(interview=context.interview, added_id=client_id).first()
    if context.command.value is None:
        return _remove(context, row)
    if row is None:
        return _ask_now(context, _freeze(context, client_id))
    # The block of a question that was taken back comes back; one that is there stays as it is.
    return _ask_now(context, row) if row.is_removed else Outcome(result={"question": row.pk})


def _remove(context: CommandContext, row: ScriptedQuestion | None) -> Outcome:
    if row is None:
        raise NotThere("This question isn’t in the interview.")
    if row.added_by_id != (context.panelist and context.panelist.pk):
        raise NotAllowed("Only the panelist who added this question can take it back.")
    interview = context.interview
    ids = block_ids(interview, row)
    seconds = timing.leave_current(interview, context.at) if interview.current_question_id in ids else {}
    ScriptedQuestion.objects.filter(pk__in=ids).update(
        state=State.UNASKED, asked_at=None, asked_by=None, skip_reason=None, is_parked=False, is_removed=True
    )  # fmt: skip
    if not interview.questions.filter(state=State.ASKED).exists():
        interview.welcome_seconds = None
    return _told(context, row, seconds)


def _ask_now(context: CommandContext, row: ScriptedQuestion) -> Outcome:
    interview = context.interview
    timing.welcome_ends(interview, context.at)
    seconds = timing.leave_current(interview, context.at)
    ScriptedQuestion.objects.filter(pk__in=block_ids(interview, row)).update(is_removed=False)
    # A page that did not know that it was taken back may have skipped or parked it since.
    ScriptedQuestion.objects.filter(pk=row.pk).update(
        state=State.ASKED, asked_at=context.at, asked_by=context.panelist, skip_reason=None, is_parked=False
    )  # fmt: skip
    interview.current_question, interview.current_since = row, context.at
    timing.resume(interview, context.at)
    return _told(context, row, seconds)


def _told(context: CommandContext, row: ScriptedQuestion, seconds: dict[str, int]) -> Outcome:
    context.interview.save(update_fields=timing.FIELDS)
    payload = block_of(row) | {"current": current_of(context.interview), "seconds": seconds}
    payload |= time_of(context.interview)
    return Outcome(payload=payload, result={"question": row.pk})


def _freeze(context: CommandContext, client_id: uuid.UUID) -> ScriptedQuestion:
    interview, value = context.interview, context.command.value
    wanted = value if isinstance(value, dict) else {}
    if ScriptedQuestion.objects.filter(interview=interview, added_id__isnull=False).count() >= MOST_ADDED:
        raise TooLarge(f"A call has room for {MOST_ADDED} added questions. Write this one in a note.")
    picked = _picked(context, wanted["question"]) if "question" in wanted else None
    prompt = "" if picked else text(wanted.get("text"), name="question", limit=PROMPT_CHARS).strip()
    if not picked and not prompt:
        raise Invalid("Enter a question, or pick one from the bank.")
    section, position = _place(interview)
    _make_room(interview, position, freezing.size_of(picked) if picked else 1)
    if picked:
        block = freezing.freeze_one(section=section, question=picked, position=position)
    else:
        block = [_typed(section, prompt, position)]
    for question in block:
        question.added_at, question.added_by = context.at, context.panelist
    block[0].added_id = client_id
    ScriptedQuestion.objects.bulk_update(block, ["added_at", "added_by", "added_id"])
    return block[0]


def _picked(context: CommandContext, number: object) -> Question:
    """The published question of this number. Raises Invalid for one that is in the interview already."""
    if type(number) is not int or not 0 < number <= LARGEST_ID:
        raise Invalid("A question from the bank is picked by its number.")
    question = Question.objects.published().filter(pk=number).first()
    if question is None:
        raise NotThere("This question is no longer in the bank.")
    if ScriptedQuestion.objects.present().filter(interview=context.interview, source=question).exists():
        raise Invalid("This question is already in the interview. Ask it there.")
    return question


def _typed(section: ScriptedSection, prompt: str, position: int) -> ScriptedQuestion:
    return ScriptedQuestion.objects.create(
        interview=section.interview, section=section, source_version=0, topic=TOPIC, prompt=prompt,
        kind=Question.Kind.ANSWER, level=Question.Level.ANY, minutes=MINUTES, is_must_ask=False, position=position,
    )  # fmt: skip


def _place(interview: Interview) -> tuple[ScriptedSection, int]:
    """After the block of the current question or, without one, of the question asked last; else first of all."""
    rows = list(interview.questions.in_order())
    asked = [(row.asked_at, row) for row in rows if row.asked_at]
    last = max(asked, key=lambda one: one[0])[1] if asked else None
    here = next((row for row in rows if row.pk == interview.current_question_id), last)
    if here is None:
        section = interview.sections.first()
        if section is None:
            raise WrongTime("This script has no section to add a question to.")
        return section, 1
    by_pk = {row.pk: row for row in rows}
    while here.parent_id:
        here = by_pk[here.parent_id]
    block = block_ids(interview, here)
    return here.section, max(row.position for row in rows if row.pk in block) + 1


def _make_room(interview: Interview, position: int, count: int) -> None:
    """Move the questions from a position on. In two steps: positions are unique at any moment."""
    interview.questions.filter(position__gte=position).update(position=F("position") + _ASIDE)
    interview.questions.filter(position__gt=_ASIDE).update(position=F("position") - _ASIDE + count)


class Match(TypedDict):
    """A question of the bank to add; `here` is its copy in this interview, if there is one."""

    id: int
    prompt: str
    topic: str
    level: str
    minutes: int
    is_rated: bool
    here: int | None


def matches(interview: Interview, query: str, *, most: int = 20) -> list[Match]:
    """Published questions of the bank with every word of `query`, as JSON."""
    here = dict(interview.questions.present().exclude(source=None).values_list("source", "pk"))
    found = Question.objects.published().matching(query).select_related("topic").order_by("topic__position", "pk")
    return [
        {
            "id": question.pk,
            "prompt": question.prompt,
            "topic": question.topic.name,
            "level": "" if question.level == Question.Level.ANY else question.get_level_display().lower(),
            "minutes": question.minutes,
            "is_rated": question.kind == Question.Kind.ANSWER,
            "here": here.get(question.pk),
        }
        for question in found[:most]
    ]
