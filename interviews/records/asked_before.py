"""Questions that a candidate was asked in another interview, as far as the reader may see that interview."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import User
from interviews.models import Candidate, Interview, ScriptedQuestion
from interviews.models.scripted import ScriptedQuestionQuerySet
from question_bank.models import ScriptItem


@dataclass(frozen=True)
class AskedBefore:
    """When a question of the bank, in any version, was last asked, and by whom; "" if that is not known."""

    at: dt.datetime
    by: str
    interview: int


def knowing_asked(questions: ScriptedQuestionQuerySet, interview: Interview) -> ScriptedQuestionQuerySet:
    """Questions of this interview with `asked_elsewhere`: whether the candidate was asked it in another one, visible or
    not. Most candidates were not, and asked_before then needs no query."""
    same = _of(interview.candidate, but=interview).filter(source=OuterRef("source"))
    knowing: ScriptedQuestionQuerySet = questions.annotate(asked_elsewhere=Exists(same))
    return knowing


def sources_of(questions: Iterable[Any]) -> set[int]:
    """The questions of the bank that may have been asked before; `questions` come from `knowing_asked`."""
    return {question.source_id for question in questions if question.asked_elsewhere}


def asked_before(*, reader: User, interview: Interview, sources: Collection[int]) -> dict[int, AskedBefore]:
    """By the question in the bank: what was asked before this interview, in those that `reader` may see. One query for
    the questions and one for the reader's roles; none without sources."""
    if not sources:
        return {}
    earlier = _asked(reader, interview.candidate, but=interview).filter(source__in=sources)
    if interview.started_at:
        earlier = earlier.filter(asked_at__lt=interview.started_at)
    # The last one wins.
    rows = earlier.select_related("asked_by__user").order_by("asked_at", "pk")
    return {
        row.source_id: AskedBefore(row.asked_at, str(row.asked_by.user) if row.asked_by else "", row.interview_id)
        for row in rows
        if row.source_id and row.asked_at
    }


def scripts_asked(*, reader: User, candidate: Candidate, but: Interview | None = None) -> list[tuple[str, int]]:
    """The names of scripts with questions that this candidate was asked, and how many. One query."""
    asked = _asked(reader, candidate, but=but).exclude(source=None)
    items = ScriptItem.objects.filter(question__in=asked.order_by().values("source"))
    counted = items.order_by().values("section__script__name").annotate(count=Count("question", distinct=True))
    return [(row["section__script__name"], row["count"]) for row in counted.order_by("section__script__name")]


def _asked(reader: User, candidate: Candidate, *, but: Interview | None) -> QuerySet[ScriptedQuestion]:
    """Questions asked of this person in interviews that `reader` may see."""
    return _of(candidate, but=but).filter(interview__in=Interview.objects.visible_to(reader))


def _of(candidate: Candidate, *, but: Interview | None) -> QuerySet[ScriptedQuestion]:
    """Questions asked of this person: as this candidate, or as one with the same email in another opening."""
    same = Q(interview__candidate=candidate)
    if candidate.email:
        same |= Q(interview__candidate__email__iexact=candidate.email)
    asked: QuerySet[ScriptedQuestion] = (
        ScriptedQuestion.objects.real().present().filter(same, state=ScriptedQuestion.State.ASKED)
    )
    return asked if but is None else asked.exclude(interview=but)
