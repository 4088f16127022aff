"""Search that ignores case and accents and requires every word."""

import re
import unicodedata
from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, Q, QuerySet, TextField

from editing.fields import seen

Rows = TypeVar("Rows", bound=QuerySet[Any])

# Cap words per search; each scans every text.
WORDS_LIMIT, LENGTH_LIMIT = 8, 200
ACCENTS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """Lower case without accents: “Ärger” becomes “arger”."""
    if text.isascii():
        return text.lower()
    return ACCENTS.sub("", unicodedata.normalize("NFKD", text)).lower()


def teach_sqlite(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Register `fold` on each new connection: SQLite folds case for ASCII only."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("FOLD", 1, fold, deterministic=True)


class Fold(Func):
    """`fold` in the database, on both engines."""

    function = "FOLD"
    arity = 1
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        template = r"LOWER(REGEXP_REPLACE(NORMALIZE(%(expressions)s, NFKD), '[\u0300-\u036f]', '', 'g'))"
        return self.as_sql(compiler, connection, template=template, **extra)


def words_of(query: str) -> list[str]:
    """The distinct words to search for, without NUL, which PostgreSQL refuses, and what cannot be seen in them."""
    return list(dict.fromkeys(seen(query.replace("\0", " ")[:LENGTH_LIMIT]).split()))[:WORDS_LIMIT]


def with_words(rows: Rows, query: str, *fields: str) -> Rows:
    """The rows with every word of `query` in one of these fields; all if it is blank. It folds them row by row: for
    tables of some hundred rows."""
    folded = {f"folded_{number}": Fold(field) for number, field in enumerate(fields)}
    return with_folded_words(rows.alias(**folded), query, lambda word: has_word(word, *folded))


def with_folded_words(rows: Rows, query: str, found: Callable[[str], Q]) -> Rows:
    """The rows for which `found` holds of each folded word of `query`; all if it is blank."""
    for word in map(fold, words_of(query)):
        rows = rows.filter(found(word))
    return rows


def has_word(word: str, *folded: str) -> Q:
    """Whether one of these folded fields has this folded word."""
    return reduce(or_, (Q(**{f"{name}__contains": word}) for name in folded))
