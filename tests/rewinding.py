"""Doing the same thing twice from the same beginning."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction


@contextmanager
def rewound() -> Iterator[None]:
    """Afterwards it is as if it had not been: the rows, and the numbers that new rows have been given. They begin
    behind the rows that are there, whatever earlier tests have used up."""
    _rewind_numbers()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    _rewind_numbers()


def _rewind_numbers() -> None:
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(sql)
