"""Sign-in by email and password, and the person of each request."""

from functools import cache
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db import connection

from accounts.models import User


class Backend(ModelBackend):
    """Django's, but each request finds its person by SQL that the ORM writes once: a sixth of a tick."""

    def get_user(self, user_id: Any) -> User | None:
        sql, names, converters = _reading()
        with connection.cursor() as cursor:
            cursor.execute(sql, [user_id])
            row = cursor.fetchone()
        if row is None:
            return None
        values = list(row)
        for place, converter, column in converters:
            values[place] = converter(values[place], column, connection)
        user = User.from_db(connection.alias, names, values)
        return user if self.user_can_authenticate(user) else None


@cache
def _reading() -> tuple[str, list[str], list[tuple[int, Any, Any]]]:
    """The SQL that reads a person by key, the fields of its columns, and what converts some of them, by place."""
    fields = User._meta.concrete_fields  # noqa: SLF001  documented
    columns = [field.get_col(User._meta.db_table) for field in fields]  # noqa: SLF001
    sql, _ = User.objects.filter(pk=0).query.sql_with_params()
    converters = [
        (place, converter, column)
        for place, column in enumerate(columns)
        for converter in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection))
    ]
    return sql, [field.attname for field in fields], converters
