"""A submitted version never changes: refused by the database itself, on both engines.

UPDATE is always refused; DELETE only passes while an Erasure row names the candidate."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "interviews_scorecardversion"
ERASED = """EXISTS (
    SELECT 1 FROM interviews_erasure erasure
    JOIN interviews_interview interview ON interview.candidate_id = erasure.candidate_id
    JOIN interviews_panelist panelist ON panelist.interview_id = interview.id
    JOIN interviews_scorecard scorecard ON scorecard.panelist_id = panelist.id
    WHERE scorecard.id = OLD.scorecard_id)"""
REFUSAL = "a submitted scorecard version never changes"

CREATE = {
    "sqlite": [
        f"CREATE TRIGGER version_no_update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        f"""CREATE TRIGGER version_no_delete BEFORE DELETE ON {TABLE} WHEN NOT {ERASED}
            BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    ],
    "postgresql": [
        f"""CREATE FUNCTION version_immutable() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP = 'DELETE' AND {ERASED} THEN RETURN OLD; END IF;
            RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
        f"""CREATE TRIGGER version_immutable BEFORE UPDATE OR DELETE ON {TABLE}
            FOR EACH ROW EXECUTE FUNCTION version_immutable()""",
    ],
}
DROP = {
    "sqlite": ["DROP TRIGGER version_no_update", "DROP TRIGGER version_no_delete"],
    "postgresql": [f"DROP TRIGGER version_immutable ON {TABLE}", "DROP FUNCTION version_immutable()"],
}


def _run(connection: BaseDatabaseWrapper, statements: dict[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)


def create_triggers(connection: BaseDatabaseWrapper) -> None:
    _run(connection, CREATE)


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    _run(connection, DROP)


@contextmanager
def triggers_dropped(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """For tests that flush the whole database, and for nothing else."""
    drop_triggers(connection)
    try:
        yield
    finally:
        create_triggers(connection)
