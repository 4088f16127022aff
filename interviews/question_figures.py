"""How a question of the bank went in interviews: ratings, points heard, minutes. Nothing here says in which interview.

Interviews are taken in groups of five, in the order in which their panels were complete: figures that change after
every interview would tell what its candidate answered.
"""

from collections import Counter
from collections.abc import Collection
from statistics import median

from django.db.models import Exists, Max, OuterRef, Prefetch

from interviews.models import Interview, Panelist, ScorecardVersion, ScriptedPoint, ScriptedQuestion
from interviews.records.reading import Submission, submissions
from question_bank.usage import GROUP, Figures, figures_from

# Read at most: a submitted scorecard is a document.
LATEST = 100


@figures_from
def figures(questions: Collection[int]) -> Figures:
    """Of these questions (primary keys), from scorecards that were written blind, without shadows. Five queries."""
    waiting = Panelist.objects.holding_up_the_bank().filter(interview=OuterRef("interview"))
    complete = (
        ScriptedQuestion.objects.real()
        .filter(~Exists(waiting), source__in=questions, state=ScriptedQuestion.State.ASKED, is_removed=False)
        .filter(interview__status=Interview.Status.ENDED)
        .annotate(complete_at=Max("interview__panelists__scorecard__versions__submitted_at"))
        .exclude(complete_at=None)
        .order_by("complete_at", "pk")
        .only("interview", "seconds", "minutes")
    )
    found = list(complete)
    rows = found[: len(found) // GROUP * GROUP][-LATEST:]
    if not rows:
        return Figures(needed=GROUP - len(found))
    submitted = _submitted({row.interview_id for row in rows})
    heard, listed = _heard(rows, submitted)
    minutes = [row.seconds / 60 for row in rows if row.seconds]
    return Figures(
        interviews=len(rows),
        ratings=Counter(
            rating["value"]
            for row in rows
            for one in submitted.get(row.interview_id, [])
            if (answer := one.answers.get(row.pk)) and (rating := answer["rating"]) and rating["value"]
        ),
        heard={pk: (heard[pk], listed[pk]) for pk in listed if listed[pk] >= GROUP},
        minutes=round(median(minutes)) if len(minutes) >= GROUP else None,
        planned=round(median(row.minutes for row in rows)),
    )


def _submitted(interviews: set[int]) -> dict[int, list[Submission]]:
    """The scorecards that count, by interview."""
    found: dict[int, list[Submission]] = {}
    versions = Prefetch("scorecard__versions", ScorecardVersion.objects.order_by("number"))
    seats = Panelist.objects.filter(interview__in=interviews, scorecard__versions__isnull=False).distinct()
    for one in submissions(seats.select_related("scorecard", "user").prefetch_related(versions)):
        if one.counts:
            found.setdefault(one.panelist.interview_id, []).append(one)
    return found


def _heard(rows: list[ScriptedQuestion], submitted: dict[int, list[Submission]]) -> tuple[Counter[int], Counter[int]]:
    """Of each point of the bank (primary key): in how many interviews it was heard, and in how many it was listed."""
    points = ScriptedPoint.objects.filter(question__in=rows, source__isnull=False)
    heard, listed = Counter[int](), Counter[int]()
    interview_of = {row.pk: row.interview_id for row in rows}
    for pk, question, source in points.values_list("pk", "question_id", "source_id"):
        listed[source] += 1
        answers = (one.answers.get(question) for one in submitted.get(interview_of[question], []))
        heard[source] += any(point["id"] == pk for answer in answers if answer for point in answer["points"])
    return heard, listed
