"""Queries that run at every tick: the ORM writes their SQL once and not each time.

Writing it took ten times as long as the database then worked on it (ADR 19)."""

from collections.abc import Callable
from copy import copy
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from interviews.storable import LARGEST_ID

Row = TypeVar("Row")


class Parameter(Expression):
    """Stands in a query where a value will be: the one of this name, or one of several."""

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
        # What the field of its type makes of it for this database.
        prepare = models.UUIDField() if isinstance(value, UUID) else models.DateTimeField()
        return prepare.get_db_prep_value(value, connection)


class Prepared(Generic[Row]):
    """A query made by a function whose keywords are its values: numbers, texts, UUIDs, times, or lists of them.

    Called with values it gives the rows. A list may also hold tuples, all of one length. It is filled up with its last
    one to the next power of two, so that few lengths are prepared: the function may only ask for "one of these".

    A number that no database column holds finds nothing. Raises ValueError for an empty list: that asks nothing."""

    def __init__(self, make: Callable[..., "QuerySet[Any, Row]"]) -> None:
        self.make = make
        self.written: dict[Any, tuple[QuerySet[Any, Row], SQLCompiler, str, tuple[Any, ...]]] = {}

    def __call__(self, **values: Any) -> list[Row]:
        connection = connections[DEFAULT_DB_ALIAS]
        values = {name: _filled_up(value) if isinstance(value, list) else value for name, value in values.items()}
        key = connection.vendor, *(len(value) for value in values.values() if isinstance(value, list))
        if key not in self.written:
            self.written[key] = self._write(values, connection)
        queryset, writer, sql, parts = self.written[key]
        try:
            parts = tuple(part.value(values, connection) if isinstance(part, Parameter) else part for part in parts)
        except EmptyResultSet:
            return []
        # The queryset's own way from here on, but with a compiler that has written already. Each call has one of its
        # own: threads ask at once, each over its own connection.
        compiler, query = copy(writer), copy(queryset.query)
        compiler.connection = connection
        compiler.as_sql = lambda *_, **__: (sql, parts)  # type: ignore[method-assign]
        query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        asked = type(queryset)(queryset.model, query)
        asked._iterable_class = queryset._iterable_class  # noqa: SLF001
        return list(asked)

    def _write(self, values: dict[str, Any], connection: Any) -> Any:
        queryset = self.make(**{name: _stand_in(value, name) for name, value in values.items()})
        compiler = queryset.query.get_compiler(connection=connection)
        sql, parts = compiler.as_sql()
        # Kept for every thread, so without the connection of this one.
        compiler.connection = None
        return queryset, compiler, sql, parts


def _filled_up(values: list[Any]) -> list[Any]:
    if not values:
        raise ValueError("An empty list asks for nothing.")
    return values + values[-1:] * ((1 << (len(values) - 1).bit_length()) - len(values))


def _stand_in(value: Any, name: str, *places: int) -> Any:
    """Parameters in the shape of the value."""
    if isinstance(value, list | tuple):
        return type(value)(_stand_in(one, name, *places, place) for place, one in enumerate(value))
    return Parameter(name, *places)
