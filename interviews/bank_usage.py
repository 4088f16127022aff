"""Numbers that the question bank reads from interviews; they name no one."""

from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import Resolver404, ResolverMatch, resolve

from accounts.models import User
from interviews.candidate_names import is_whole_name_in, named_in
from interviews.models import Candidate, Interview, Opening, Panelist, ScriptedQuestion, Tick, UnlistedPoint
from question_bank.heard import hear_from
from question_bank.naming import find_names_by
from question_bank.typed import type_from
from question_bank.usage import count_asked_by
from question_bank.wanted_topics import WantedTopics, want_topics_by

PAGES_OF_AN_INTERVIEW = {"interview-detail", "live", "scorecard"}


@count_asked_by
def asked(questions: Collection[int]) -> int:
    """How often these questions of the bank were asked in interviews that ended."""
    return (
        ScriptedQuestion.objects.real()
        .filter(source__in=questions, state=ScriptedQuestion.State.ASKED, interview__status=Interview.Status.ENDED)
        .count()
    )


@hear_from
def extra_points(questions: Collection[int] | None) -> Iterator[tuple[int, str, int]]:
    """Extra points as (question of the bank, text, author), oldest first, once nobody holds them up: until then a fully
    blind one is private. A text that has a name of the candidate in it is left out. One query."""
    rows = _still_heard().filter(
        ~Exists(_waiting("question__interview")),
        question__is_removed=False,
        question__interview__opening__is_practice=False,
        question__interview__status=Interview.Status.ENDED,
        question__source__isnull=False,
    )
    if questions is not None:
        rows = rows.filter(question__source__in=questions)
    for source, text, author, name in rows.order_by("pk").values_list(
        "question__source_id", "text", "author__user_id", "question__interview__candidate__name"
    ):
        if not named_in(text, name):
            yield source, text, author


@type_from
def typed_in_calls() -> Iterator[tuple[str, int, list[str]]]:
    """Questions typed in calls as (prompt, author, extra points), oldest first, once nobody holds them up. A
    text with a name of the candidate in it is left out. Two queries."""
    rows = ScriptedQuestion.objects.added_free().filter(
        ~Exists(_waiting("interview")),
        interview__status=Interview.Status.ENDED,
        state=ScriptedQuestion.State.ASKED,
        added_by__isnull=False,
    )
    for row in (
        rows.order_by("pk")
        .select_related("added_by", "interview__candidate")
        .prefetch_related(Prefetch("unlisted_points", _still_heard()))
    ):
        name = row.interview.candidate.name
        points = [point.text for point in row.unlisted_points.all() if not named_in(point.text, name)]
        if row.added_by and not named_in(row.prompt, name):
            yield row.prompt, row.added_by.user_id, points


@find_names_by
def candidates_named(text: str, writer: User, page: str) -> list[str]:
    """Words of the name of the candidate on this page of an interview; else the whole name of any candidate that the
    writer may see. Two queries."""
    match = _match(page)
    if match and match.url_name in PAGES_OF_AN_INTERVIEW:
        interview = Interview.objects.open_to(writer).filter(pk=match.kwargs["pk"]).select_related("candidate").first()
        if interview and (names := named_in(text, interview.candidate.name)):
            return names
    visible = Candidate.objects.visible_to(writer).order_by().values_list("name", flat=True).distinct()
    return next(([name] for name in visible if is_whole_name_in(text, name)), [])


def _match(page: str) -> ResolverMatch | None:
    try:
        return resolve(urlsplit(page).path)
    except Resolver404:
        return None


@want_topics_by
def topics_of_openings(script: int | None, role: int | None, reader: User) -> Iterator[WantedTopics]:
    """What open openings look for that have interviews with this script, and one that the reader manages (`role`).
    Only managers learn which opening it is. Three queries at most."""
    interviews = Interview.objects.exclude(status=Interview.Status.CANCELLED).filter(opening=OuterRef("pk"))
    mine = Opening.objects.managed_by(reader)
    uses = Exists(interviews.filter(script=script)) if script else Q(pk=None)
    found = (
        Opening.objects.real().current().exclude(topics=None).annotate(is_mine=Exists(mine.filter(pk=OuterRef("pk"))))
    )
    for opening in found.filter(uses | Q(pk=role, is_mine=True)).prefetch_related("topics__merged_into"):
        yield WantedTopics(str(opening) if getattr(opening, "is_mine", False) else "", tuple(opening.wanted_topics))


def _still_heard() -> QuerySet[UnlistedPoint]:
    """Extra points of submitted scorecards that were not taken back. What only shadows heard counts nowhere."""
    ticks = Tick.objects.filter(unlisted_point=OuterRef("pk")).exclude(panelist__part=Panelist.Part.SHADOW)
    return UnlistedPoint.objects.filter(Exists(ticks), author__scorecard__submitted_at__isnull=False)


def _waiting(interview: str) -> QuerySet[Panelist]:
    """Panelists of this interview, a name in the outer query, whose scorecards can still come."""
    return Panelist.objects.holding_up_the_bank().filter(interview=OuterRef(interview))
