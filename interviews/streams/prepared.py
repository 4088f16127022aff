"""Prepared queries for hot paths: Django compiles their SQL once, not at each call.

Compiling took ten times as long as running the query (ADR 19). `insert` does without the compiler."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Expression, QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable, get_related_populators

from interviews.storable import LARGEST_ID
from interviews.streams import round_trips

Row = TypeVar("Row")
# Of some columns, by place: what converts a value as the database returns it, one after the other, and the column.
Converters = list[tuple[int, list[Callable[[Any, Any, Any], Any]], Any]]

# Shared: creating a field for each value takes longer than converting the value.
_UUIDS, _TIMES = models.UUIDField(), models.DateTimeField()
_PLAIN = {int, str, type(None)}


class Parameter(Expression):
    """A placeholder for a value: the one of this name, or an item of that list."""

    def __init__(self, name: str, *places: int) -> None:
        super().__init__()
        self.name, self.places = name, places

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]

    def value(self, values: dict[str, Any], connection: Any) -> Any:
        value = values[self.name]
        for place in self.places:
            value = value[place]
        if isinstance(value, int) and abs(value) > LARGEST_ID:
            raise EmptyResultSet
        if isinstance(value, int | str):
            return value
        # Convert as the field of this type does for this database.
        return (_UUIDS if isinstance(value, UUID) else _TIMES).get_db_prep_value(value, connection)


class Prepared(Generic[Row]):
    """A query built by a function whose keyword arguments are its values: numbers, texts, UUIDs, times, or lists.

    Call it with values to get the rows. A list may hold tuples of one length. Lists are padded with their last item to
    the next power of two, so that few lengths are compiled: use them only with `IN`.

    A number outside the range of database columns matches no row. Raises ValueError for an empty list."""

    def __init__(self, make: Callable[..., "QuerySet[Any, Row]"]) -> None:
        self.make = make
        self.written: dict[Any, tuple[str, tuple[Any, ...], Converters, Callable[[Any], Row]]] = {}

    def __call__(self, **values: Any) -> list[Row]:
        [rows] = ask(self.given(**values))
        return rows

    def given(self, **values: Any) -> "Given[Row]":
        """This query with its values, for `ask`."""
        connection = connections[DEFAULT_DB_ALIAS]
        values = {name: _filled_up(value) if isinstance(value, list) else value for name, value in values.items()}
        key = connection.vendor, *(len(value) for value in values.values() if isinstance(value, list))
        if key not in self.written:
            self.written[key] = self._write(values, connection)
        sql, parts, converters, read = self.written[key]
        try:
            parts = tuple(part.value(values, connection) if isinstance(part, Parameter) else part for part in parts)
        except EmptyResultSet:
            return Given(None, lambda _: [])
        return Given((sql, parts), lambda rows: [read(_converted(row, converters, connection)) for row in rows])

    def _write(self, values: dict[str, Any], connection: Any) -> Any:
        queryset = self.make(**{name: _stand_in(value, name) for name, value in values.items()})
        compiler = queryset.query.get_compiler(connection=connection)
        sql, parts = compiler.as_sql()
        # They depend on the columns and the database only, and Django looks for them at each call.
        converters = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])
        return sql, parts, [(place, *both) for place, both in converters.items()], _reader(queryset, compiler)


@dataclass(frozen=True)
class Given(Generic[Row]):
    """A query with its values; None where they match no row."""

    statement: round_trips.Statement | None
    read: Callable[[round_trips.Rows], list[Row]]


def ask(*given: Given[Any]) -> list[list[Any]]:
    """The rows of each of these queries, run in order; on PostgreSQL in one round trip."""
    statements = [one.statement for one in given if one.statement]
    connection = connections[DEFAULT_DB_ALIAS]
    is_together = round_trips.applies(connection)
    rows = iter(round_trips.send(statements, connection) if is_together else map(_fetched, statements))
    return [one.read(next(rows)) if one.statement else [] for one in given]


def _fetched(statement: round_trips.Statement) -> round_trips.Rows:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(*statement)
        rows: round_trips.Rows = cursor.fetchall()
        return rows


def _converted(row: Sequence[Any], converters: Converters, connection: Any) -> Sequence[Any]:
    """A row as Django's compiler converts it."""
    if not converters:
        return row
    values = list(row)
    for place, some, column in converters:
        for convert in some:
            values[place] = convert(values[place], column, connection)
    return values


def _reader(queryset: Any, compiler: Any) -> Callable[[Any], Any]:
    """Turns a row of the database into what the queryset yields: a model with related rows and annotations, a tuple,
    or a single value. Not for `values()` or named tuples."""
    kind = queryset._iterable_class  # noqa: SLF001
    if kind is not ModelIterable:
        return itemgetter(0) if kind is FlatValuesListIterable else tuple
    columns, model = compiler.klass_info["select_fields"], compiler.klass_info["model"]
    own = slice(columns[0], columns[-1] + 1)
    names = [column.target.attname for column, *_ in compiler.select[own]]
    # The stubs are those of a newer Django.
    related = get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
    annotations = [*(compiler.annotation_col_map or {}).items()]

    def read(row: Sequence[Any]) -> Any:
        found = model.from_db(DEFAULT_DB_ALIAS, names, row[own])
        for populator in related:
            populator.populate(row, found)
        for name, place in annotations:
            setattr(found, name, row[place])
        return found

    return read


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model. Like `bulk_create`, which compiles its SQL anew each time; the rows get no keys."""
    if not rows:
        return
    connection, table = connections[DEFAULT_DB_ALIAS], rows[0]._meta  # noqa: SLF001  documented
    fields = [field for field in table.concrete_fields if not field.primary_key]
    name, *columns = map(connection.ops.quote_name, [table.db_table, *(str(field.column) for field in fields)])
    places = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608  names of the model
    values = [[_stored(field, getattr(row, field.attname), connection) for field in fields] for row in rows]
    run_for_each(sql, values, connection)


def _stored(field: Any, value: Any, connection: Any) -> Any:
    """The value as the field stores it. Numbers and texts are stored as they are, and asking the field takes longer."""
    is_plain = type(value) in _PLAIN and not isinstance(field, models.JSONField)
    return value if is_plain else field.get_db_prep_save(value, connection)


def delete(model: type[models.Model], keys: Sequence[int]) -> None:
    """Delete rows that no other row references. `QuerySet.delete` would look for such rows each time."""
    connection, table = connections[DEFAULT_DB_ALIAS], model._meta  # noqa: SLF001  documented
    name, key = map(connection.ops.quote_name, [table.db_table, str(table.pk.column)])
    sql = f"DELETE FROM {name} WHERE {key} = %s"  # noqa: S608  names of the model
    run_for_each(sql, [[one] for one in keys], connection)


def run_for_each(sql: str, values: Sequence[Sequence[Any]], connection: Any = None) -> None:
    """Run a statement with each of these values, at the latest when `one_transaction` ends."""
    connection = connection or connections[DEFAULT_DB_ALIAS]
    if round_trips.applies(connection):
        round_trips.send_later([(sql, one) for one in values], connection)
        return
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)


def _filled_up(values: list[Any]) -> list[Any]:
    if not values:
        raise ValueError("An empty list asks for nothing.")
    return values + values[-1:] * ((1 << (len(values) - 1).bit_length()) - len(values))


def _stand_in(value: Any, name: str, *places: int) -> Any:
    """Parameters in the shape of the value."""
    if isinstance(value, list | tuple):
        return type(value)(_stand_in(one, name, *places, place) for place, one in enumerate(value))
    return Parameter(name, *places)
