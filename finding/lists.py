"""One list for every page of many rows: search, filters, sorting, and pages by key. The address holds all of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from editing.posted import whole_number

Row = TypeVar("Row")
New = TypeVar("New")

PAGE_SIZE = 50
# Beyond this a list says "more than": counting further takes as long as reading the whole table.
COUNT_MAX = 1_000
QUERY_MAX = 100


class Filter(NamedTuple):
    """A choice that narrows a list. `label` names it, `blank` is the option that narrows nothing."""

    name: str
    label: str
    blank: str
    options: Sequence[tuple[str, str]]
    apply: Callable[[Any, str], Any]


class Order(NamedTuple):
    """A way to sort: fields or annotations without nulls, the last one unique; "-" in front for descending."""

    value: str
    label: str
    keys: tuple[str, ...]


class Choice(NamedTuple):
    """A select box over a list."""

    name: str
    label: str
    blank: str
    options: list[tuple[str, str, bool]]
    value: str


@dataclass
class ListPage(Generic[Row]):
    """A page of a list, and the query strings of its neighbours."""

    rows: list[Row]
    q: str
    found: int
    choices: list[Choice]
    # Parameters of the address that belong to the page around the list.
    kept: dict[str, str] = field(default_factory=dict)
    previous: str = ""
    next: str = ""

    @property
    def is_capped(self) -> bool:
        return self.found > COUNT_MAX

    @property
    def most(self) -> int:
        return COUNT_MAX

    @property
    def has_any(self) -> bool:
        """Whether there is something to search, or was before the search."""
        return bool(self.rows) or self.is_narrowed

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or any(choice.value for choice in self.choices if choice.name != "sort"))

    def with_rows(self, rows: list[New]) -> "ListPage[New]":
        """This page with its rows as the template reads them."""
        return ListPage(rows, self.q, self.found, self.choices, self.kept, self.previous, self.next)

    def query(self, **changes: str) -> str:
        """The query string of this list: "?q=ada&opening=3", or ""."""
        values = self.kept | {"q": self.q} | {choice.name: choice.value for choice in self.choices} | changes
        wanted = {name: value for name, value in values.items() if value}
        return f"?{urlencode(wanted)}" if wanted else ""


def list_page(
    seen: QuerySet[Any],
    given: Mapping[str, str],
    *,
    search: Callable[[Any, str], Any],
    orders: Sequence[Order],
    filters: Sequence[Filter] = (),
    kept: Mapping[str, str] | None = None,
) -> "ListPage[Any]":
    """The rows of `seen` that the address asks for. Unknown values narrow nothing. At most three queries.

    A page is found by the row beside it (`after`, `before`: its number), not by counting rows: page 900 costs what
    page 1 costs, and a new row shifts nothing."""
    words = given.get("q", "").strip()[:QUERY_MAX]
    rows = search(seen, words) if words else seen
    values = {}
    for one in filters:
        value = given.get(one.name, "")
        values[one.name] = value if value in {option for option, _ in one.options} else ""
        if values[one.name]:
            rows = one.apply(rows, value)
    order = next((one for one in orders if one.value == given.get("sort")), orders[0])
    choices = [_choice(one, values[one.name]) for one in filters]
    if len(orders) > 1:
        choices.append(_sorting(orders, order))
    page: ListPage[Any] = ListPage([], words, 0, choices, kept=dict(kept or {}))
    _read(page, seen, rows, order.keys, given)
    is_all = not (page.previous or page.next)
    page.found = len(page.rows) if is_all else rows.order_by().values("pk")[: COUNT_MAX + 1].count()
    return page


def _choice(one: Filter, value: str) -> Choice:
    return Choice(one.name, one.label, one.blank, [(v, label, v == value) for v, label in one.options], value)


def _sorting(orders: Sequence[Order], order: Order) -> Choice:
    first, *others = orders
    options = [(one.value, one.label, one == order) for one in others]
    return Choice("sort", "Sort by", first.label, options, "" if order == first else order.value)


def _read(
    page: "ListPage[Any]",
    seen: QuerySet[Any],
    rows: QuerySet[Any],
    keys: Sequence[str],
    given: Mapping[str, str],
) -> None:
    is_back = "before" in given
    beside = whole_number(given.get("before" if is_back else "after", ""))
    anchor = None
    if beside is not None:
        anchor = seen.order_by().filter(pk=beside).values_list(*(key.lstrip("-") for key in keys)).first()
    is_back = is_back and anchor is not None
    ordered = [_turned(key) for key in keys] if is_back else list(keys)
    if anchor is not None:
        rows = rows.filter(_beyond(list(zip(ordered, anchor, strict=True))))
    found = list(rows.order_by(*ordered)[: PAGE_SIZE + 1])
    has_more = len(found) > PAGE_SIZE
    page.rows = found[:PAGE_SIZE][:: -1 if is_back else 1]
    if page.rows and (is_back or has_more):
        page.next = page.query(after=str(page.rows[-1].pk))
    if page.rows and (has_more if is_back else anchor is not None):
        page.previous = page.query(before=str(page.rows[0].pk))


def _turned(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"


def _beyond(keyed: Sequence[tuple[str, Any]]) -> Q:
    """Rows after these values. "At least" on the first key lets an index find the place."""
    (key, value), *others = keyed
    name, way = key.lstrip("-"), "lt" if key.startswith("-") else "gt"
    further = Q(**{f"{name}__{way}": value})
    if not others:
        return further
    return Q(**{f"{name}__{way}e": value}) & (further | _beyond(others))


def options_of(rows: QuerySet[Any]) -> Iterator[tuple[str, str]]:
    """Each row as an option of a filter."""
    return ((str(row.pk), str(row)) for row in rows)
