"""Lists with many rows beside the same lists with few: time, queries, and a late page beside the first one."""

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.figure import CannotMeasure, Figure

if TYPE_CHECKING:
    from interviews.models import Interview, Opening

# Candidates, interviews for them, questions in the bank, people (of each an entry of the audit log, and a notice).
FEW, MANY, QUICK = (120, 300, 60, 60), (20_000, 50_000, 5_000, 2_000), (150, 400, 60, 60)
PER_OPENING = 250
LISTS = {
    "candidates": ("candidate-list", ""),
    "interviews": ("interview-list", "?show=ended"),
    "questions": ("question-list", ""),
    "openings": ("opening-list", ""),
    "people": ("person-list", ""),
    "audit": ("audit-list", ""),
    "notices": ("notice-list", ""),
    "my_day": ("my-day", ""),
    # The same rows are found among the many, whose names and addresses differ.
    "candidates_search": ("candidate-list", "?q=candidate+omer"),
    "email_search": ("candidate-list", "?q=@few.example.org"),
    "questions_search": ("question-list", "?q=why+few+4"),
    "search": ("search", "?q=candidate"),
    "search_rare": ("search", "?q=omer"),
}
# Of one opening, which has as many candidates among the many.
OF_OPENING = ("opening-detail", "opening-board", "opening-compare")
PAGE, LATE = 50, 900


@dataclass(frozen=True)
class Read:
    ms: float
    queries: int


def figures(*, is_quick: bool) -> Iterator[Figure]:
    """The floor of a list with many rows is the same list with few; that of a late page is the first page."""
    http, opening = _manager()
    _fill(opening, *FEW, ended=dt.timedelta(days=2), names=("Ömer", "few"))
    rounds = 2 if is_quick else 15
    paths = {name: reverse(url) + query for name, (url, query) in LISTS.items()}
    paths |= {name.replace("-", "_"): reverse(name, args=[opening]) for name in OF_OPENING}
    few = {name: _read(http, path, rounds) for name, path in paths.items()}
    # The rest is history: My day shows what ended lately, and it is as much as before.
    others = QUICK if is_quick else MANY
    _fill(opening, *others, ended=dt.timedelta(days=70), names=("Zoë", "many"))
    for name, path in paths.items():
        many = _read(http, path, rounds)
        yield Figure(f"list_{name}", many.ms, "ms", few[name].ms)
        yield Figure(f"list_{name}_queries", many.queries, "queries", few[name].queries)
    for name, path in _late():
        first, late = _read(http, path.partition("&after")[0].partition("?after")[0], rounds), _read(http, path, rounds)
        yield Figure(f"list_{name}_late", late.ms, "ms", first.ms)


def _manager() -> tuple[Client, int]:
    from accounts.factories import HiringManagerFactory
    from accounts.roles import Role
    from interviews.factories import OpeningFactory
    from interviews.models.stages import add_stages

    person = HiringManagerFactory.create(roles=[Role.HIRING_MANAGER, Role.ADMINISTRATOR])
    opening = OpeningFactory.create(managers=[person])
    add_stages(opening)
    _more_openings(opening, PAGE)  # a whole page, as of everything else
    http = Client(SERVER_NAME="127.0.0.1")
    http.force_login(person)
    return http, opening.pk


def _fill(
    opening_pk: int,
    candidates: int,
    interviews: int,
    questions: int,
    people: int,
    *,
    ended: dt.timedelta,
    names: tuple[str, str],
) -> None:
    """Candidates with interviews of one panelist each, which ended so long ago and before; published questions.
    `names`: a name of all these candidates, and the host of their addresses.

    There are as many in this opening as in each of the new ones."""
    from accounts.factories import InterviewerFactory
    from interviews.models import Candidate, Interview, Opening, Panelist
    from question_bank.models import Question, Topic

    opening = Opening.objects.get(pk=opening_pk)
    at, openings = opening.created_at, [opening, *_more_openings(opening, candidates // PER_OPENING)]
    stages = [one.stages.current().first() for one in openings]
    rows, (name, host) = [], names
    for n in range(candidates):
        place = n % len(openings)
        row = Candidate(opening=openings[place], name=f"Candidate {name} {n}", email=f"candidate{n}@{host}.example.org")
        row.stage, row.created_at = stages[place], at
        rows.append(row)
    invited = Candidate.objects.bulk_create(rows, batch_size=500)
    held = []
    for n in range(interviews):
        start = at - ended - dt.timedelta(minutes=n)
        times = {"scheduled_for": start, "started_at": start, "ended_at": start + dt.timedelta(hours=1)}
        held.append(
            Interview(
                opening=invited[n % candidates].opening,
                candidate=invited[n % candidates],
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
    texts = [
        Question(topic=topic, prompt=f"Why {host} number {n}?", minutes=5, status="published") for n in range(questions)
    ]
    Question.objects.bulk_create(texts, batch_size=300)
    _add_people(opening, done[-1], people)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _more_openings(like: "Opening", number: int) -> list["Opening"]:
    """Other openings of the same managers."""
    from interviews.factories import OpeningFactory
    from interviews.models.stages import add_stages

    managers = list(like.managers.all())
    openings = [OpeningFactory.create(managers=managers) for _ in range(number)]
    for opening in openings:
        add_stages(opening)
    return openings


def _add_people(opening: "Opening", interview: "Interview", number: int) -> None:
    """People; for each an entry of the audit log, and a notice for the opening's manager."""
    from accounts.models import User
    from audit.models import Act, AuditEntry
    from interviews.models import Notice

    at, manager, known = opening.created_at, opening.managers.first(), User.objects.count()
    people = [User(name=f"Person {n}", email=f"known{n}@example.org") for n in range(known, known + number)]
    made = User.objects.bulk_create(people, batch_size=500)
    AuditEntry.objects.bulk_create(
        [AuditEntry(at=at, actor=manager, act=Act.PASSWORD_SET, person=one, about=one.email) for one in made]
    )
    notice: dict[str, Any] = {"interview": interview, "kind": Notice.Kind.values[0], "at": at, "is_on_page": True}
    Notice.objects.bulk_create([Notice(user=manager, is_for_digest=False, **notice) for _ in made])


def _late() -> Iterator[tuple[str, str]]:
    """The lists by key, at page 900, or at the last whole page."""
    from interviews.models import Candidate, Interview

    ended = Interview.objects.order_by("-ended_at", "-pk")
    newest = Candidate.objects.order_by("-pk")
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
