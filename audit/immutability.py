"""Triggers that make rows immutable, on both engines."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class Guarded:
    """A table of immutable rows. UPDATE is always refused, DELETE unless `erased` is true: SQL that calls the row
    OLD, or "" to refuse always."""

    name: str
    table: str
    refusal: str
    erased: str = ""

    def create(self, vendor: str) -> list[str]:
        if vendor == "sqlite":
            when = f"WHEN NOT {self.erased}" if self.erased else ""
            return [
                f"""CREATE TRIGGER {self.name}_no_update BEFORE UPDATE ON {self.table}
                    BEGIN SELECT RAISE(ABORT, '{self.refusal}'); END""",
                f"""CREATE TRIGGER {self.name}_no_delete BEFORE DELETE ON {self.table} {when}
                    BEGIN SELECT RAISE(ABORT, '{self.refusal}'); END""",
            ]
        passes = f"IF TG_OP = 'DELETE' AND {self.erased} THEN RETURN OLD; END IF;" if self.erased else ""
        return [
            f"""CREATE FUNCTION {self.name}_immutable() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                {passes}
                RAISE EXCEPTION '{self.refusal}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
            f"""CREATE TRIGGER {self.name}_immutable BEFORE UPDATE OR DELETE ON {self.table}
                FOR EACH ROW EXECUTE FUNCTION {self.name}_immutable()""",
        ]

    def drop(self, vendor: str) -> list[str]:
        if vendor == "sqlite":
            return [f"DROP TRIGGER {self.name}_no_update", f"DROP TRIGGER {self.name}_no_delete"]
        return [f"DROP TRIGGER {self.name}_immutable ON {self.table}", f"DROP FUNCTION {self.name}_immutable()"]


AUDIT = Guarded("audit_entry", "audit_auditentry", "an audit entry never changes")


def create_triggers(connection: BaseDatabaseWrapper, guarded: Sequence[Guarded]) -> None:
    _run(connection, [statement for one in guarded for statement in one.create(connection.vendor)])


def drop_triggers(connection: BaseDatabaseWrapper, guarded: Sequence[Guarded]) -> None:
    _run(connection, [statement for one in guarded for statement in one.drop(connection.vendor)])


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
