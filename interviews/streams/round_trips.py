"""Statements that travel to PostgreSQL together: one round trip for all, each planned once per connection (ADR 19).

psycopg's cursors take ten times as long to send four statements, and so do its pipelines."""

import re
import select
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import count
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction

# SQL with a %s for each of its values.
Statement = tuple[str, Sequence[Any]]
Rows = list[Sequence[Any]]

# Prepared statements per connection. Beyond, the oldest is deallocated.
MOST = 200
# The types smallint and integer are sent as bigint: which of them psycopg takes depends on the number.
_INTEGERS, _BIGINT = {21, 23}, 20
# By itself PostgreSQL plans a prepared statement anew for each use where it hopes to gain from the values.
_PLANNED_ONCE = "SET LOCAL plan_cache_mode = force_generic_plan"


def applies(connection: Any) -> bool:
    """Whether statements can be sent over this connection of Django: on PostgreSQL, unless something listens to each
    query. It is passed on, because looking it up each time was 4 % of a tick."""
    is_heard = connection.queries_logged or any(one is not _send_first for one in connection.execute_wrappers)
    return connection.vendor == "postgresql" and not is_heard


def send(statements: Sequence[Statement], connection: Any) -> list[Rows]:
    """Run what waits, then these statements; return the rows of each of these. After one that fails, none is run.

    Raises Django's errors."""
    connection.validate_thread_sharing()
    connection.validate_no_broken_transaction()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    waiting = _waiting(connection) or []
    first = list(waiting)
    waiting.clear()
    with connection.wrap_database_errors:
        return _line(connection.connection).run([*first, *statements])[len(first) :]


def send_later(statements: Sequence[Statement], connection: Any) -> None:
    """Run statements without rows: within `one_transaction` together with the next ones, else now."""
    waiting = _waiting(connection)
    if waiting is None:
        send(statements, connection)
    else:
        waiting.extend(statements)


@contextmanager
def one_transaction() -> Iterator[None]:
    """A transaction. On PostgreSQL, what `send_later` takes waits for the next query, or for the COMMIT."""
    with transaction.atomic():
        connection = connections[DEFAULT_DB_ALIAS]
        if not applies(connection) or _waiting(connection) is not None:
            yield
            return
        setattr(connection, _WAITING, [(_PLANNED_ONCE, ())])
        try:
            with connection.execute_wrapper(_send_first):
                yield
                if _waiting(connection):
                    # Inside another transaction, this one is a savepoint, which Django releases.
                    send([] if connection.savepoint_ids else [("COMMIT", ())], connection)
        finally:
            delattr(connection, _WAITING)


_WAITING = "statements_that_wait"


def _waiting(connection: Any) -> list[Statement] | None:
    """The statements that wait; None outside of `one_transaction`."""
    waiting: list[Statement] | None = getattr(connection, _WAITING, None)
    return waiting


def _send_first(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Runs what waits before any other query."""
    if waiting := _waiting(context["connection"]):
        if sql.startswith("ROLLBACK TO"):
            # All that waits came after the savepoint, which was a query.
            waiting.clear()
        else:
            send([], context["connection"])
    return execute(sql, params, many, context)


def _line(connection: Any) -> "_Line":
    """Made once for each connection of psycopg."""
    line: _Line | None = vars(connection).get("line")
    if line is None:
        line = vars(connection)["line"] = _Line(connection)
    return line


class _Line:
    """One connection, with the statements prepared on it."""

    def __init__(self, connection: Any) -> None:
        from psycopg.adapt import Transformer

        self.connection, self.pgconn = connection, connection.pgconn
        # It converts values and rows, and keeps what it has found out about types.
        self.transformer = Transformer(connection)
        self.names: dict[bytes, bytes] = {}
        self.new_names = map(b"ours_%d".__mod__, count())

    def run(self, statements: Sequence[Statement]) -> list[Rows]:
        """The rows of each statement. Raises psycopg's errors."""
        from psycopg import errors
        from psycopg.pq import ExecStatus, TransactionStatus

        # Before anything is sent, because it may fail.
        converted = [self._converted(*statement) for statement in statements]
        begins = not self.connection.autocommit and self.pgconn.transaction_status == TransactionStatus.IDLE
        if begins:
            converted.insert(0, (b"BEGIN", (), ()))
        with self.connection.lock:
            try:
                self.pgconn.enter_pipeline_mode()
                # For each result, the statement that it prepares; None for one with rows.
                prepares: list[bytes | None] = []
                for sql, values, types in converted:
                    if sql not in self.names:
                        prepares += self._prepare(sql, types)
                    self.pgconn.send_query_prepared(self.names[sql], values)
                    prepares.append(None)
                self.pgconn.pipeline_sync()
                results = _receive(self.pgconn)
                self.pgconn.exit_pipeline_mode()
            except BaseException:
                # In the middle of an exchange: nothing else may use this connection.
                self.connection.close()
                raise
        for made, result in zip(prepares, results, strict=True):
            if made and result.status != ExecStatus.COMMAND_OK:
                self.names.pop(made, None)
        for result in results:
            if result.status == ExecStatus.FATAL_ERROR:
                raise errors.error_from_result(result)
        # An aborted transaction answers so to COMMIT.
        if any(result.command_status == b"ROLLBACK" for result in results):
            raise errors.InFailedSqlTransaction("the transaction was rolled back")
        rows = [self._loaded(result) for made, result in zip(prepares, results, strict=True) if made is None]
        return rows[begins:]

    def _converted(self, sql: str, values: Sequence[Any]) -> tuple[bytes, Sequence[Any], Sequence[int]]:
        from psycopg.adapt import PyFormat

        texts = self.transformer.dump_sequence(values, [PyFormat.TEXT] * len(values))
        return _numbered(sql), texts, [_BIGINT if one in _INTEGERS else one for one in self.transformer.types or ()]

    def _prepare(self, sql: bytes, types: Sequence[int]) -> list[bytes]:
        """Send what prepares this statement; return for each result what it prepares."""
        made = []
        while len(self.names) >= MOST:
            oldest = next(iter(self.names))
            self.pgconn.send_query_params(b"DEALLOCATE " + self.names.pop(oldest), None)
            made.append(oldest)
        self.names[sql] = next(self.new_names)
        self.pgconn.send_prepare(self.names[sql], sql, types)
        return [*made, sql]

    def _loaded(self, result: Any) -> Rows:
        if not result.nfields:
            return []
        self.transformer.set_pgresult(result)
        rows: Rows = self.transformer.load_rows(0, result.ntuples, tuple)
        return rows


@lru_cache(500)
def _numbered(sql: str) -> bytes:
    """SQL as PostgreSQL takes it, with $1 for the first %s."""
    numbers = count(1)
    return re.sub("%[s%]", lambda found: "%" if found[0] == "%%" else f"${next(numbers)}", sql).encode()


def _receive(pgconn: Any) -> list[Any]:
    """The results of what was sent up to the last `pipeline_sync`. Other threads run while it waits."""
    from psycopg import OperationalError
    from psycopg.pq import ExecStatus

    poll = select.poll()
    poll.register(pgconn.socket, select.POLLIN | select.POLLOUT)
    while pgconn.flush():
        # The server may be stuck until what it has answered is read.
        poll.poll()
        pgconn.consume_input()
    poll.modify(pgconn.socket, select.POLLIN)
    results: list[Any] = []
    was_none = False
    while True:
        while pgconn.is_busy():
            poll.poll()
            pgconn.consume_input()
        result = pgconn.get_result()
        if result is None:
            # One ends each statement's results.
            if was_none:
                raise OperationalError("the connection is lost")
        elif result.status == ExecStatus.PIPELINE_SYNC:
            return results
        else:
            results.append(result)
        was_none = result is None
