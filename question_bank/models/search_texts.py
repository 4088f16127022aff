"""The texts that a search for questions reads, and the triggers that write them, on both engines.

SQLite rebuilds a table to change a column. A migration that does so to questions or points calls `drop_triggers` first,
or SQLite refuses it. They are created again after the migrations, and the texts written anew (`audit.triggers`)."""

# ruff: noqa: S608  Every part of these statements is written here.

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class QuestionText(models.Model):
    """The folded texts of a question and its points: a narrow table is read fast. Triggers write it, so that no write
    of a question or a point leaves it behind."""

    question = models.OneToOneField("Question", on_delete=models.CASCADE, primary_key=True, related_name="+")
    folded = models.TextField(editable=False)

    def __str__(self) -> str:
        return self.folded


_QUESTION, _POINT, _TEXT = "question_bank_question", "question_bank_point", "question_bank_questiontext"
# (event, table, which questions it is about)
_EVENTS = (
    ("UPDATE OF folded", _QUESTION, ("NEW.id",)),
    ("INSERT", _POINT, ("NEW.question_id",)),
    ("UPDATE OF folded, question_id", _POINT, ("OLD.question_id", "NEW.question_id")),
    ("DELETE", _POINT, ("OLD.question_id",)),
)
_INSERT = f"INSERT INTO {_TEXT} (question_id, folded) VALUES (NEW.id, NEW.folded)"


def create_triggers(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for statement in of_sqlite():
                cursor.execute(statement)
            return
        for number, (event, table, body) in enumerate(_triggers(connection.vendor)):
            name = _name(number)
            cursor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NULL; END $$"
            )
            cursor.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def of_sqlite() -> list[str]:
    """What creates each trigger on SQLite."""
    return [
        f"CREATE TRIGGER {_name(number)} AFTER {event} ON {table} BEGIN {body}; END"
        for number, (event, table, body) in enumerate(_triggers("sqlite"))
    ]


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for number, (_, table, _) in enumerate(_triggers(connection.vendor)):
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {_name(number)}")
            else:
                cursor.execute(f"DROP TRIGGER {_name(number)} ON {table}")
                cursor.execute(f"DROP FUNCTION {_name(number)}()")


def fill(connection: BaseDatabaseWrapper) -> None:
    """Write the texts of all questions."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_TEXT}")
        texts = _texts("q.id", connection.vendor)
        cursor.execute(f"INSERT INTO {_TEXT} (question_id, folded) SELECT q.id, {texts} FROM {_QUESTION} q")


def _triggers(vendor: str) -> list[tuple[str, str, str]]:
    """(event, table, statements) of each."""
    found = [("INSERT", _QUESTION, _INSERT)]
    for event, table, about in _EVENTS:
        updates = [f"UPDATE {_TEXT} SET folded = {_texts(pk, vendor)} WHERE question_id = {pk}" for pk in about]
        found.append((event, table, "; ".join(updates)))
    return found


def _texts(pk: str, vendor: str) -> str:
    """The folded texts of the question with this primary key, and of its points."""
    joined = "group_concat(p.folded, char(10))" if vendor == "sqlite" else "string_agg(p.folded, chr(10))"
    newline = "char(10)" if vendor == "sqlite" else "chr(10)"
    points = f"(SELECT {joined} FROM {_POINT} p WHERE p.question_id = {pk})"
    return f"(SELECT t.folded || {newline} || COALESCE({points}, '') FROM {_QUESTION} t WHERE t.id = {pk})"


def _name(number: int) -> str:
    return f"question_text_{number}"
