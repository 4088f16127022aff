"""Lists with many rows beside the same lists with few: time, queries, and a late page beside the first one."""

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.figure import CannotMeasure, Figure

# Candidates, interviews for them, questions in the bank.
FEW, MANY, QUICK = (120, 300, 0), (20_000, 50_000, 5_000), (150, 400, 60)
LISTS = {
    "candidates": ("candidate-list", ""),
    "interviews": ("interview-list", "?show=ended"),
    "questions": ("question-list", ""),
    "my_day": ("my-day", ""),
}
PAGE, LATE = 50, 900


@dataclass(frozen=True)
class Read:
    ms: float
    queries: int


def figures(*, is_quick: bool) -> Iterator[Figure]:
    """The floor of a list with many rows is the same list with few; that of a late page is the first page."""
    http, opening = _manager()
    _fill(opening, *FEW, ended=dt.timedelta(days=2))
    rounds = 2 if is_quick else 15
    few = {name: _read(http, reverse(url) + query, rounds) for name, (url, query) in LISTS.items()}
    # The rest is history: My day shows what ended lately, and it is as much as before.
    _fill(opening, *(QUICK if is_quick else MANY), ended=dt.timedelta(days=70))
    for name, (url, query) in LISTS.items():
        many = _read(http, reverse(url) + query, rounds)
        yield Figure(f"list_{name}", many.ms, "ms", few[name].ms)
        yield Figure(f"list_{name}_queries", many.queries, "queries", few[name].queries)
    for name, path in _late(opening):
        first, late = _read(http, path.partition("&after")[0].partition("?after")[0], rounds), _read(http, path, rounds)
        yield Figure(f"list_{name}_late", late.ms, "ms", first.ms)


def _manager() -> tuple[Client, int]:
    from accounts.factories import HiringManagerFactory
    from interviews.factories import OpeningFactory
    from interviews.models.stages import add_stages

    person = HiringManagerFactory.create()
    opening = OpeningFactory.create(managers=[person])
    add_stages(opening)
    http = Client(SERVER_NAME="127.0.0.1")
    http.force_login(person)
    return http, opening.pk


def _fill(opening_pk: int, candidates: int, interviews: int, questions: int, *, ended: dt.timedelta) -> None:
    """Candidates with interviews of one panelist each, which ended so long ago and before; published questions."""
    from accounts.factories import InterviewerFactory
    from interviews.models import Candidate, Interview, Opening, Panelist
    from question_bank.models import Question, Topic

    opening = Opening.objects.get(pk=opening_pk)
    at, stage = opening.created_at, opening.stages.current().first()
    rows = [Candidate(opening=opening, name=f"Candidate {n}", stage=stage, created_at=at) for n in range(candidates)]
    people = Candidate.objects.bulk_create(rows, batch_size=500)
    held = []
    for n in range(interviews):
        start = at - ended - dt.timedelta(minutes=n)
        times = {"scheduled_for": start, "started_at": start, "ended_at": start + dt.timedelta(hours=1)}
        held.append(
            Interview(
                opening=opening,
                candidate=people[n % candidates],
                script_name="Backend",
                script_version=1,
                status=Interview.Status.ENDED,
                time_zone="Europe/Malta",
                minutes=60,
                blind_policy=opening.blind_policy,
                created_at=at,
                **times,
            )
        )
    lead = InterviewerFactory.create()
    done = Interview.objects.bulk_create(held, batch_size=300)
    seats = [Panelist(interview=one, user=lead, part=Panelist.Part.LEAD) for one in done]
    Panelist.objects.bulk_create(seats, batch_size=500)
    topic = Topic.objects.first()
    texts = [Question(topic=topic, prompt=f"Why number {n}?", minutes=5, status="published") for n in range(questions)]
    Question.objects.bulk_create(texts, batch_size=300)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _late(opening_pk: int) -> Iterator[tuple[str, str]]:
    """The lists by key, at page 900, or at the last whole page."""
    from interviews.models import Candidate, Interview

    ended = Interview.objects.filter(opening=opening_pk).order_by("-ended_at", "-pk")
    newest = Candidate.objects.filter(opening=opening_pk).order_by("-pk")
    for name, rows in (("candidates", newest), ("interviews", ended)):
        keys = list(rows.values_list("pk", flat=True)[: PAGE * (LATE - 1)])
        before = keys[PAGE * ((len(keys) - 1) // PAGE) - 1]
        url, query = LISTS[name]
        yield name, f"{reverse(url)}{query or '?'}{'&' if query else ''}after={before}"


def _read(http: Client, path: str, rounds: int) -> Read:
    with CaptureQueriesContext(connection) as captured:
        response = http.get(path)
    queries = len(captured)  # the next request empties the log
    if response.status_code != 200:
        raise CannotMeasure(f"{path} was answered with {response.status_code}")
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        http.get(path)
        times.append((time.perf_counter() - begin) * 1000)
    return Read(median(times), queries)
