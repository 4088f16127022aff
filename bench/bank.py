"""Pages of a bank of 5,000 questions beside the same pages with 600: CPU time and queries."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.figure import CannotMeasure, Figure

FEW, MANY, QUICK = 600, 5_000, 700
POINTS = 4
# Lists and searches, which have a goal.
LISTED = ("list", "list_level", "list_due", "search", "search_words", "search_nothing", "search_everywhere")


@dataclass(frozen=True)
class Cost:
    ms: float
    queries: int


def figures(*, is_quick: bool) -> Iterator[Figure]:
    """The floor of a page among many questions is the same page among few."""
    from accounts.factories import CuratorFactory

    http = Client(SERVER_NAME="127.0.0.1")
    http.force_login(CuratorFactory.create())
    texts = _Texts()
    _fill(texts, FEW)
    paths, rounds = _paths(), 2 if is_quick else 15
    few = {name: _cost(http, path, rounds) for name, path in paths.items()}
    _fill(texts, QUICK if is_quick else MANY)
    for name, path in paths.items():
        many = _cost(http, path, rounds)
        yield Figure(f"bank_{name}", many.ms, "ms", few[name].ms)
        yield Figure(f"bank_{name}_queries", many.queries, "queries", few[name].queries)


class _Texts:
    """Texts whose words are as frequent as in the built-in bank."""

    def __init__(self) -> None:
        from question_bank.models import Question

        self.random = random.Random(5)  # the same bank in every run
        rows = Question.objects.order_by("pk").values_list("prompt", "purpose", "guidance")
        self.words = " ".join(text for row in rows for text in row).split()

    def of(self, words: int) -> str:
        return " ".join(self.random.choices(self.words, k=words))


def _fill(texts: _Texts, total: int) -> None:
    """Published questions up to this many, a quarter of them follow-ups, with points."""
    from question_bank.models import Point, Question, Topic

    topics = list(Topic.objects.current())
    number = total - Question.objects.count()
    rows = [
        Question(
            topic=texts.random.choice(topics),
            prompt=f"{texts.of(12)}?",
            purpose=texts.of(15),
            guidance=texts.of(30),
            level=texts.random.choice(Question.Level.values),
            status="published",
            position=n,
        )
        for n in range(number)
    ]
    made = Question.objects.bulk_create(rows, batch_size=300)
    for parent, row in zip(made, made[number - number // 4 :], strict=False):
        row.parent, row.topic, row.condition = parent, parent.topic, texts.of(3)
    Question.objects.bulk_update(made[number - number // 4 :], ["parent", "topic", "condition"], batch_size=100)
    points = [Point(question=row, text=texts.of(6)[:240], position=n) for row in made for n in range(POINTS)]
    Point.objects.bulk_create(points, batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _paths() -> dict[str, str]:
    from question_bank.models import Question

    last = Question.objects.top_level().published().order_by("-topic__position", "-position", "-pk")[0]
    listed, detail = reverse("question-list"), reverse("question-detail", args=[last.pk])
    return {
        "list": listed,
        "list_level": f"{listed}?level=senior",
        "list_due": f"{listed}?status=due",
        # Found in so many that both fill a page; and in none.
        "search": f"{listed}?q=how",
        "search_words": f"{listed}?q=the+and+you",
        "search_nothing": f"{listed}?q=the+and+qwertz",
        "search_everywhere": f"{reverse('search')}?q=cache",
        "question": detail,
        "question_new": reverse("question-create"),
        "question_edit": reverse("question-edit", args=[last.pk]),
        "question_choose": f"{reverse('question-choose')}?words=cache",
        "question_similar": f"{reverse('question-similar')}?prompt=Where+would+you+cache+the+results+of+a+slow+query",
        "script_new": reverse("script-create"),
        "script_pick": reverse("script-pick"),
        "script_pick_search": f"{reverse('script-pick')}?find=cache",
    }


def _cost(http: Client, path: str, rounds: int) -> Cost:
    with CaptureQueriesContext(connection) as captured:
        response = http.get(path)
    queries = len(captured)
    if response.status_code != 200:
        raise CannotMeasure(f"{path} was answered with {response.status_code}")
    cpu = _cpu()
    times = []
    for _ in range(rounds):
        begin = cpu()
        http.get(path)
        times.append(cpu() - begin)
    return Cost(min(times) * 1000, queries)


def _cpu() -> Callable[[], float]:
    """A clock of CPU seconds: of this process, and of its database server's process if that is on this machine."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            return time.process_time
        cursor.execute("SELECT pg_backend_pid()")
        server = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    if not server.exists():
        return time.process_time
    # Nanoseconds on a CPU, up to the last switch of processes: it waits for this one when asked.
    return lambda: time.process_time() + int(server.read_text().split()[0]) / 1e9
