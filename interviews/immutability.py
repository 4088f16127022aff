"""What is kept for good never changes: refused by the database itself, on both engines.

UPDATE is always refused; DELETE only passes while an Erasure row names the candidate."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class Guarded:
    """A table whose rows never change. `way` joins from `interview` to the row, which SQL calls OLD."""

    name: str
    table: str
    refusal: str
    way: str

    @property
    def _erased(self) -> str:
        return f"""EXISTS (
            SELECT 1 FROM interviews_erasure erasure
            JOIN interviews_interview interview ON interview.candidate_id = erasure.candidate_id
            {self.way})"""  # noqa: S608  # all of it stands in this module

    def create(self, vendor: str) -> list[str]:
        if vendor == "sqlite":
            return [
                f"""CREATE TRIGGER {self.name}_no_update BEFORE UPDATE ON {self.table}
                    BEGIN SELECT RAISE(ABORT, '{self.refusal}'); END""",
                f"""CREATE TRIGGER {self.name}_no_delete BEFORE DELETE ON {self.table} WHEN NOT {self._erased}
                    BEGIN SELECT RAISE(ABORT, '{self.refusal}'); END""",
            ]
        return [
            f"""CREATE FUNCTION {self.name}_immutable() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF TG_OP = 'DELETE' AND {self._erased} THEN RETURN OLD; END IF;
                RAISE EXCEPTION '{self.refusal}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
            f"""CREATE TRIGGER {self.name}_immutable BEFORE UPDATE OR DELETE ON {self.table}
                FOR EACH ROW EXECUTE FUNCTION {self.name}_immutable()""",
        ]

    def drop(self, vendor: str) -> list[str]:
        if vendor == "sqlite":
            return [f"DROP TRIGGER {self.name}_no_update", f"DROP TRIGGER {self.name}_no_delete"]
        return [f"DROP TRIGGER {self.name}_immutable ON {self.table}", f"DROP FUNCTION {self.name}_immutable()"]


VERSIONS = Guarded(
    "version",
    "interviews_scorecardversion",
    "a submitted scorecard version never changes",
    """JOIN interviews_panelist panelist ON panelist.interview_id = interview.id
       JOIN interviews_scorecard scorecard ON scorecard.panelist_id = panelist.id
       WHERE scorecard.id = OLD.scorecard_id""",
)
DECISIONS = Guarded(
    "decision", "interviews_decision", "a decision never changes", "WHERE interview.id = OLD.interview_id"
)
EARLY_OPENINGS = Guarded(
    "early_opening",
    "interviews_earlyopening",
    "why a debrief was opened early never changes",
    "WHERE interview.id = OLD.interview_id",
)
ALL = (VERSIONS, DECISIONS, EARLY_OPENINGS)


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def create_triggers(connection: BaseDatabaseWrapper, guarded: Sequence[Guarded] = (VERSIONS,)) -> None:
    for one in guarded:
        _run(connection, one.create(connection.vendor))


def drop_triggers(connection: BaseDatabaseWrapper, guarded: Sequence[Guarded] = (VERSIONS,)) -> None:
    for one in guarded:
        _run(connection, one.drop(connection.vendor))


@contextmanager
def triggers_dropped(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """For tests that flush the whole database, and for nothing else."""
    drop_triggers(connection, ALL)
    try:
        yield
    finally:
        create_triggers(connection, ALL)
