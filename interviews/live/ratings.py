"""Commands for ratings and flags, which stay private until their author has submitted."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet

from interviews.live.context import CommandContext, Outcome, alone, or_refusal
from interviews.models import Panelist, Rating, ScriptedQuestion
from interviews.refusals import Invalid, NotThere, Refused
from interviews.streams.prepared import Prepared
from question_bank.models import Question, RatingStep

_WRITTEN = ["value", *Rating.FLAGS, "at", "is_after_call"]


def rate(context: CommandContext) -> Outcome:
    """Rate an answer from 1 to 4, or (null) leave it unrated. After "I don't know" Poor is refused."""
    return alone(judge_many, context)


def flag(context: CommandContext) -> Outcome:
    """Set or clear a flag. "I don't know" raises Poor to Mixed in the same command."""
    return alone(judge_many, context)


def judge_many(contexts: Sequence[CommandContext]) -> list[Outcome | Refused]:
    """`rate` and `flag` for several commands, in order. Three queries, however many there are."""
    wanted = [or_refusal(_wanted, context) for context in contexts]
    named = [one for one in wanted if not isinstance(one, Refused)]
    questions = {pk: (of, kind) for pk, of, kind in _questions(pks=[pk for _, pk in named])} if named else {}
    ratings = {(row.panelist_id, row.question_id): row for row in _ratings_at(named)}
    changed: dict[tuple[int, int], Rating] = {}

    def outcome(context: CommandContext, panelist: Panelist, question: int) -> Outcome:
        interview, kind = questions.get(question, (None, None))
        if interview != context.interview.pk:
            raise NotThere("This question isn’t in the interview.")
        if kind != Question.Kind.ANSWER:
            raise Invalid("Conversation questions aren’t rated.")
        key = (panelist.pk, question)
        rating = ratings.get(key) or Rating(panelist=panelist, question_id=question)
        _CHANGES[context.command.kind](context, rating)
        rating.at, rating.is_after_call = context.at, context.is_after_call
        ratings[key] = changed[key] = rating
        result = {"value": rating.value, "flags": rating.flags}
        return Outcome(panelist.own_stream, {"question": question, **result}, result)

    both = zip(contexts, wanted, strict=True)
    outcomes = [one if isinstance(one, Refused) else or_refusal(outcome, context, *one) for context, one in both]
    _write(changed.values())
    return outcomes


def _wanted(context: CommandContext) -> tuple[Panelist, int]:
    panelist = context.author()
    context.started()
    return panelist, context.command.target_id()


def _rated(context: CommandContext, rating: Rating) -> None:
    value = context.command.value
    if value is not None and (type(value) is not int or value not in RatingStep.values):
        raise Invalid("An answer is rated from 1 to 4, or not at all.")
    if value == RatingStep.POOR and rating.dont_know:
        raise Invalid("“I don’t know” can’t be rated below Mixed.")
    rating.value = value


def _flagged(context: CommandContext, rating: Rating) -> None:
    value = context.command.value
    name, is_on = (value.get("flag"), value.get("on")) if isinstance(value, dict) else (None, None)
    if not isinstance(name, str) or name not in Rating.FLAGS or not isinstance(is_on, bool):
        raise Invalid(f"A flag is one of {', '.join(Rating.FLAGS)}, on or off.")
    setattr(rating, name, is_on)
    if rating.dont_know and rating.value == RatingStep.POOR:
        rating.value = RatingStep.MIXED


# Change the rating. Each raises its refusal before it changes anything.
_CHANGES: dict[str, Callable[[CommandContext, Rating], None]] = {"rate": _rated, "flag": _flagged}


@Prepared
def _questions(*, pks: list[int]) -> QuerySet[Any, tuple[int, int, str]]:
    return ScriptedQuestion.objects.filter(pk__in=pks).order_by().values_list("pk", "interview", "kind")


@Prepared
def _ratings(*, panelists: list[int], questions: list[int]) -> QuerySet[Any, Rating]:
    return Rating.objects.filter(panelist__pk__in=panelists, question__pk__in=questions).order_by()


def _ratings_at(named: Sequence[tuple[Panelist, int]]) -> list[Rating]:
    panelists, questions = [panelist.pk for panelist, _ in named], [question for _, question in named]
    return _ratings(panelists=panelists, questions=questions) if named else []


def _write(ratings: Any) -> None:
    """Insert or update these rows in one statement, which finds them by panelist and question."""
    rows = list(ratings)
    for row in rows:
        row.pk = None
    Rating.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["panelist", "question"], update_fields=_WRITTEN
    )
