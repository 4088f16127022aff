"""Permanent rows never change: triggers on both engines refuse it.

UPDATE is always refused; DELETE passes only while an Erasure row names the candidate."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

from audit import immutability
from audit.immutability import AUDIT, Guarded


def _erased(way: str) -> str:
    """Whether the candidate of a row is being erased; `way` joins from `interview` to the row, which SQL calls OLD."""
    return f"""EXISTS (
        SELECT 1 FROM interviews_erasure erasure
        JOIN interviews_interview interview ON interview.candidate_id = erasure.candidate_id
        {way})"""  # noqa: S608  # it contains no input


VERSIONS = Guarded(
    "version",
    "interviews_scorecardversion",
    "a submitted scorecard version never changes",
    _erased(
        """JOIN interviews_panelist panelist ON panelist.interview_id = interview.id
           JOIN interviews_scorecard scorecard ON scorecard.panelist_id = panelist.id
           WHERE scorecard.id = OLD.scorecard_id"""
    ),
)
DECISIONS = Guarded(
    "decision", "interviews_decision", "a decision never changes", _erased("WHERE interview.id = OLD.interview_id")
)
EARLY_DEBRIEFS = Guarded(
    "early_debrief",
    "interviews_earlydebrief",
    "why a debrief was opened early never changes",
    _erased("WHERE interview.id = OLD.interview_id"),
)
ALL = (VERSIONS, DECISIONS, EARLY_DEBRIEFS)
GUARDED = (*ALL, AUDIT)


def create_triggers(connection: BaseDatabaseWrapper, guarded: Sequence[Guarded] = (VERSIONS,)) -> None:
    immutability.create_triggers(connection, guarded)


def drop_triggers(connection: BaseDatabaseWrapper, guarded: Sequence[Guarded] = (VERSIONS,)) -> None:
    immutability.drop_triggers(connection, guarded)


@contextmanager
def triggers_dropped(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """For tests that empty the whole database, and for nothing else."""
    drop_triggers(connection, GUARDED)
    try:
        yield
    finally:
        create_triggers(connection, GUARDED)
