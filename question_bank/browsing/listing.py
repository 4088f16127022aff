"""The bank's list: topics with counts, and the filtered questions in reading order."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import NamedTuple, Self
from urllib.parse import urlencode

from django.utils import timezone

from accounts.models import User
from editing.posted import whole_number
from question_bank.models import Question, Topic
from question_bank.tree import Tree

# Lists for curators only: three statuses, and what is due for review.
DUE = "due"
TASKS = {
    DUE: "Due for review",
    Question.Status.DRAFT: "Drafts",
    Question.Status.REVIEW: "In review",
    Question.Status.RETIRED: "Retired",
}
# Questions per page; a button loads more.
LIST_LENGTH = 60
# A question further down than this is listed with its page only.
REACH = 5 * LIST_LENGTH


@dataclass(frozen=True)
class ListFilter:
    """The filters of the list, as in the query string. A blank one filters nothing."""

    q: str = ""
    topic: str = ""
    level: str = ""
    form: str = ""
    status: str = ""
    since: int = 0
    upto: int = LIST_LENGTH

    @classmethod
    def of(cls, user: User, given: Mapping[str, str]) -> Self:
        """Read a query string. Invalid or forbidden values filter nothing."""
        level, form, status = (given.get(name, "") for name in ("level", "form", "status"))
        since, upto = (whole_number(given.get(name, ""), digits=6) or 0 for name in ("since", "upto"))
        return cls(
            q=given.get("q", "").strip(),
            topic=given.get("topic", ""),
            level=level if level in Question.Level.values and level != Question.Level.ANY else "",
            form=form if form in Question.Form.values else "",
            status=status if user.is_curator and status in TASKS else "",
            since=since,
            upto=max(since + LIST_LENGTH, upto),
        )

    def query(self, **changes: str | int) -> str:
        """The query string of these filters with `changes`: "?topic=python", or ""."""
        wanted = {name: value for name, value in (asdict(self) | changes).items() if value != getattr(ListFilter, name)}
        return f"?{urlencode(wanted)}" if wanted else ""

    def __str__(self) -> str:
        return self.query()


class FilterLink(NamedTuple):
    """A link that filters the list by topic or status, with its number of questions."""

    label: str
    size: int
    query: str
    is_current: bool


@dataclass(frozen=True)
class Listing:
    """The content of the list. Topics count search results; tasks count the whole bank."""

    choice: ListFilter
    topic: Topic | None
    topics: list[FilterLink]
    tasks: list[FilterLink]
    questions: list[Question]
    # How many come before the listed ones.
    skipped: int
    found: int
    bank_size: int
    current: int | None

    @property
    def more(self) -> str:
        """The query string that lists more questions; blank if all are listed."""
        last = self.skipped + len(self.questions)
        if self.found == last:
            return ""
        return self.choice.query(since=self.skipped, upto=last + LIST_LENGTH)

    @property
    def earlier(self) -> str:
        """The query string that also lists the page before; blank if nothing comes before."""
        since = max(self.skipped - LIST_LENGTH, 0)
        return self.choice.query(since=since, upto=self.skipped + len(self.questions)) if self.skipped else ""

    @property
    def wider(self) -> str:
        """The query string that searches all topics; blank if it already does."""
        is_narrow = self.topic or self.choice.level or self.choice.form
        return self.choice.query(topic="", level="", form="", since=0, upto=LIST_LENGTH) if is_narrow else ""

    @property
    def levels(self) -> list[tuple[str, str]]:
        """Levels to filter by, as (value, label)."""
        return [(level.value, f"{level.label} only") for level in Question.Level if level != Question.Level.ANY]

    @property
    def forms(self) -> list[tuple[str, str]]:
        return [(form.value, form.label) for form in Question.Form]


def browse(user: User, choice: ListFilter, *, current: int | None = None) -> Listing:
    """List the filtered questions, with the `current` one among them. Four queries at most."""
    is_curator = user.is_curator
    visible = Question.objects.visible_to(user)
    shape = list(visible.shape())
    matching: set[int] | None = None
    if choice.q or choice.level or choice.form:
        found_rows = visible.matching(choice.q).at_level(choice.level).of_form(choice.form)
        matching = set(found_rows.values_list("pk", flat=True))
    topics = list(Topic.objects.current())
    topic = next((topic for topic in topics if topic.key == choice.topic), None)

    rows = shape if matching is None else [row for row in shape if row[0] in matching]
    in_use = [row for row in rows if row[3] != Question.Status.RETIRED]
    due = set(visible.due(timezone.localdate()).order_by().values_list("pk", flat=True)) if is_curator else set()
    listed = [row for row in rows if _is_in(choice.status, row, due)] if choice.status else in_use
    chosen = {pk for pk, _, of_topic, _ in listed if topic is None or of_topic == topic.pk}
    found = [pk for pk in Tree((pk, parent) for pk, parent, _, _ in shape).order() if pk in chosen]
    since, upto = _span(choice, found.index(current) if current is not None and current in chosen else None)
    questions = visible.in_bulk(found[since:upto])
    return Listing(
        choice=choice,
        topic=topic,
        topics=_topics(choice, topics, topic, Counter(of_topic for _, _, of_topic, _ in in_use)),
        tasks=_tasks(choice, Counter(status for *_, status in shape) + Counter({DUE: len(due)}))
        if user.is_curator
        else [],
        questions=[questions[pk] for pk in found[since:upto] if pk in questions],
        skipped=min(since, len(found)),
        found=len(found),
        bank_size=len(shape),
        current=current,
    )


def _span(choice: ListFilter, place: int | None) -> tuple[int, int]:
    """The part of the list to show, so that it has the question at this place."""
    if place is None or choice.since <= place < choice.upto:
        return choice.since, choice.upto
    if place < REACH and not choice.since:
        return 0, place + 1
    start = place // LIST_LENGTH * LIST_LENGTH
    return start, start + LIST_LENGTH


def _topics(choice: ListFilter, topics: list[Topic], current: Topic | None, counts: Counter[int]) -> list[FilterLink]:
    short = replace(choice, status="", since=0, upto=LIST_LENGTH)
    return [
        FilterLink("All", counts.total(), short.query(topic=""), current is None and not choice.status),
        *(
            FilterLink(topic.name, counts[topic.pk], short.query(topic=topic.key), topic == current)
            for topic in topics
            if counts[topic.pk] or topic == current or not topic.is_retired
        ),
    ]


def _is_in(status: str, row: tuple[int, int | None, int, str], due: set[int]) -> bool:
    return row[0] in due if status == DUE else row[3] == status


def _tasks(choice: ListFilter, counts: Counter[str]) -> list[FilterLink]:
    """Drafts always, so that curators know where to find them; the others if there are any."""
    return [
        FilterLink(label, counts[status], ListFilter(status=status).query(), choice.status == status)
        for status, label in TASKS.items()
        if counts[status] or status == Question.Status.DRAFT or choice.status == status
    ]
