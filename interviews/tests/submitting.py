"""Ended interviews with evidence, and submitting scorecards in tests."""

import datetime as dt
from typing import Any

from django.db import transaction

from accounts.factories import InterviewerFactory
from interviews.factories import (
    START,
    CandidateFactory,
    InterviewFactory,
    PanelistFactory,
    RatingFactory,
    ScriptedQuestionFactory,
    ScriptedSectionFactory,
    TickFactory,
)
from interviews.models import Interview, Panelist, Scorecard, ScorecardVersion, ScriptedQuestion
from interviews.records import submitting

END = START + dt.timedelta(minutes=58)


def ended_interview(**fields: Any) -> Interview:
    """One that ran from 15:00 to 15:58 in Malta, without questions and without a panel."""
    candidate = fields.pop("candidate", None) or CandidateFactory(name="Ada Okafor")
    return InterviewFactory(
        candidate=candidate, script=None, script_name="Backend script", ended=True, **{"ended_at": END} | fields
    )


def seat(interview: Interview, name: str, part: str = "interviewer") -> Panelist:
    return PanelistFactory(interview=interview, user=InterviewerFactory(name=name), part=part)


def submit(panelist: Panelist, at: dt.datetime = END + dt.timedelta(minutes=20), **fields: Any) -> ScorecardVersion:
    """Submit the panelist's scorecard with these fields, as the dispatcher does: in a transaction, row freshly read.

    Without a recommendation it is "No decision"."""
    scorecard, _ = Scorecard.objects.update_or_create(panelist=panelist, defaults=fields)
    Scorecard.objects.filter(pk=scorecard.pk, recommendation=None).update(is_undecided=True)
    with transaction.atomic():
        fresh = Panelist.objects.select_related("interview", "user").get(pk=panelist.pk)
        return submitting.submit(panelist=fresh, at=at)


def revise(panelist: Panelist, *, reason: str, at: dt.datetime, **fields: Any) -> ScorecardVersion:
    if "recommendation" in fields:
        fields["is_undecided"] = fields["recommendation"] is None
    Scorecard.objects.filter(panelist=panelist).update(**fields)
    with transaction.atomic():
        fresh = Panelist.objects.select_related("interview", "user").get(pk=panelist.pk)
        return submitting.revise(panelist=fresh, reason=reason, at=at)


def questions(interview: Interview, count: int, **fields: Any) -> list[ScriptedQuestion]:
    """So many asked questions in a section of their own."""
    section = fields.pop("section", None) or ScriptedSectionFactory(interview=interview)
    return [ScriptedQuestionFactory(section=section, **{"asked": True} | fields) for _ in range(count)]


def rate(panelist: Panelist, question: ScriptedQuestion, value: int | None, **flags: bool) -> None:
    RatingFactory(panelist=panelist, question=question, value=value, **flags)


def tick(panelist: Panelist, *points: Any) -> None:
    for point in points:
        TickFactory(panelist=panelist, point=point)
