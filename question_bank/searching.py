"""Search that reads as people do: neither case nor accents matter, and every word must be found."""

import re
import unicodedata
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, TextField

# More words than this make no question easier to find, and each costs a look at every text.
WORDS_LIMIT, LENGTH_LIMIT = 8, 200
ACCENTS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """Small letters without accents: “Ärger” and “arger” alike."""
    if text.isascii():
        return text.lower()
    return ACCENTS.sub("", unicodedata.normalize("NFKD", text)).lower()


def teach_sqlite(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """SQLite knows case for ASCII only: give each new connection our `fold`."""
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
    """The words to look for, each once. NUL, which no text holds and PostgreSQL refuses, is left out."""
    return list(dict.fromkeys(query.replace("\0", " ")[:LENGTH_LIMIT].split()))[:WORDS_LIMIT]
