"""The bank's list: topics with counts, and the filtered questions in reading order."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, Count, TextField
from django.utils import timezone

from accounts.models import User
from editing.posted import whole_number
from question_bank.models import Question, Topic
from question_bank.models.questions import QuestionQuerySet
from question_bank.tree import in_reading_order

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


class Joined(Aggregate):
    """Numbers with commas between: a row for each topic is read much faster than one for each question."""

    function, arity, output_field = "GROUP_CONCAT", 1, TextField()

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="STRING_AGG((%(expressions)s)::text, ',')", **extra)


class Hits(NamedTuple):
    """The questions of one status that a search found in one topic."""

    topic: int
    status: str
    size: int
    joined: str

    def pks(self) -> list[int]:
        return [int(pk) for pk in self.joined.split(",")]


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
    """List the filtered questions, with the `current` one among them. The database counts, filters and sorts; the
    number of queries does not grow with the bank."""
    visible = Question.objects.visible_to(user)
    topics = list(Topic.objects.current())
    topic = next((topic for topic in topics if topic.key == choice.topic), None)
    counts = in_matching = _counts(visible)
    matching = visible.matching(choice.q).at_level(choice.level).of_form(choice.form)
    listed = _listed(matching, choice.status, topic)
    hits: list[Hits] | None = None
    if choice.q or choice.level or choice.form:
        # Read once: a search looks through all texts.
        hits = _hits(matching)
        in_matching = Counter({(each.topic, each.status): each.size for each in hits})
        if choice.status or topic:
            hits = _hits(listed)
        hits = [each for each in hits if choice.status or each.status != Question.Status.RETIRED]
        sizes = Counter[int]()
        for each in hits:
            sizes[each.topic] += each.size
    elif choice.status or topic:
        sizes = Counter(dict(listed.order_by().values_list("topic_id").annotate(size=Count("pk"))))
    else:
        sizes = _in_use(counts)
    since, page, found = _page(visible, choice, topics, sizes, listed if hits is None else hits, current)
    questions = visible.in_bulk(page)
    return Listing(
        choice=choice,
        topic=topic,
        topics=_topics(choice, topics, topic, _in_use(in_matching)),
        tasks=_tasks(choice, _of_tasks(counts, visible)) if user.is_curator else [],
        questions=[questions[pk] for pk in page if pk in questions],
        skipped=min(since, found),
        found=found,
        bank_size=counts.total(),
        current=current,
    )


def _page(
    visible: QuestionQuerySet,
    choice: ListFilter,
    topics: list[Topic],
    sizes: Counter[int],
    found: QuestionQuerySet | list[Hits],
    current: int | None,
) -> tuple[int, list[int], int]:
    """The first place of a page, its questions in reading order, and how many were found. `found`: rows that the
    database finds fast, or what a search found; `sizes`: their number in each topic.

    Reads the places in the page's topics only: follow-ups are in the topic of their question. Topics with the same
    position are read together."""

    def read(positions: set[int]) -> list[int]:
        of_topics = {topic.pk for topic in topics if topic.position in positions}
        if isinstance(found, list):
            rows = visible.filter(pk__in=[pk for each in found if each.topic in of_topics for pk in each.pks()])
        else:
            rows = found.filter(topic__in=of_topics)
        return in_reading_order(visible, list(rows.places()))

    spans: dict[int, tuple[int, int]] = {}
    total = 0
    for topic in topics:
        start, _ = spans.get(topic.position, (total, total))
        total += sizes[topic.pk]
        spans[topic.position] = (start, total)
    place = None
    if current is not None and (not isinstance(found, list) or any(current in each.pks() for each in found)):
        # At most one.
        seen = visible if isinstance(found, list) else found
        for position in seen.filter(pk=current, topic__in=topics).values_list("topic__position", flat=True):
            place = spans[position][0] + read({position}).index(current)
    since, upto = _span(choice, place)
    near = {position for position, (start, end) in spans.items() if start < upto and end > since}
    first = min((spans[position][0] for position in near), default=0)
    return since, read(near)[since - first : upto - first] if near else [], total


def _hits(questions: QuestionQuerySet) -> list[Hits]:
    rows = questions.order_by().values_list("topic_id", "status").annotate(size=Count("pk"), joined=Joined("pk"))
    return [Hits(*row) for row in rows]


def _counts(questions: QuestionQuerySet) -> Counter[tuple[int, str]]:
    """How many there are of each topic and status."""
    rows = questions.order_by().values_list("topic_id", "status").annotate(size=Count("pk"))
    return Counter({(topic, status): size for topic, status, size in rows})


def _in_use(counts: Counter[tuple[int, str]]) -> Counter[int]:
    """How many of each topic are not retired."""
    found: Counter[int] = Counter()
    for (topic, status), size in counts.items():
        found[topic] += size if status != Question.Status.RETIRED else 0
    return found


def _of_tasks(counts: Counter[tuple[int, str]], visible: QuestionQuerySet) -> Counter[str]:
    found = Counter({DUE: visible.due(timezone.localdate()).count()})
    for (_, status), size in counts.items():
        found[status] += size
    return found


def _listed(questions: QuestionQuerySet, status: str, topic: Topic | None) -> QuestionQuerySet:
    """Those of a task, or all that are not retired; of the topic, if there is one."""
    if status == DUE:
        questions = questions.due(timezone.localdate())
    elif status:
        questions = questions.filter(status=status)
    else:
        questions = questions.exclude(status=Question.Status.RETIRED)
    return questions.filter(topic=topic) if topic else questions


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


def _tasks(choice: ListFilter, counts: Counter[str]) -> list[FilterLink]:
    """Drafts always, so that curators know where to find them; the others if there are any."""
    return [
        FilterLink(label, counts[status], ListFilter(status=status).query(), choice.status == status)
        for status, label in TASKS.items()
        if counts[status] or status == Question.Status.DRAFT or choice.status == status
    ]
