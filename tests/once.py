"""Which tests run on one engine only: those to which it makes no difference."""

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from django.test import TransactionTestCase

from runner import ROOT

# Pages, forms and files that show what others have read. On PostgreSQL, tests/test_on_postgresql.py opens each page and
# sends each form and command once.
SHOWN = (
    "accounts/tests/test_error_pages.py",
    "accounts/tests/test_forms.py",
    "accounts/tests/test_views_*.py",
    "config/tests/test_menu.py",
    "finding/tests/test_views.py",
    "interviews/*/tests/test_*forms.py",
    "interviews/*/tests/test_views_*.py",
    "interviews/debriefs/tests/test_debrief.py",
    "interviews/debriefs/tests/test_disagreements.py",
    "interviews/exports/tests/test_documents.py",
    "interviews/exports/tests/test_opening_scorecards.py",
    "interviews/exports/tests/test_scorecard_json.py",
    "interviews/exports/tests/test_verifying.py",
    "interviews/exports/tests/test_zips.py",
    "interviews/live/tests/test_page.py",
    "interviews/live/tests/test_question_cards.py",
    "interviews/pages/tests/test_*.py",
    "interviews/planning/tests/test_calendar_entries.py",
    "interviews/planning/tests/test_mail_times.py",
    "interviews/records/tests/test_snapshots.py",
    "interviews/tests/test_factories.py",
    "question_bank/browsing/tests/test_cards.py",
    "question_bank/browsing/tests/test_outlines.py",
    "question_bank/browsing/tests/test_views.py",
    "question_bank/curation/tests/test_forms_*.py",
    "question_bank/curation/tests/test_views_*.py",
    "tests/test_code_shown.py",
)
# Yet these meet what the engines do differently: two people at once, the cache.
AT_ONCE = (
    "accounts/tests/test_views_sign_in.py",
    "interviews/debriefs/tests/test_views_decisions.py",
    "interviews/pages/tests/test_search.py",
    "question_bank/curation/tests/test_views_reviews.py",
)
# Without a table, but on Redis or on a server of their own.
ON_SERVERS = (
    "accounts/tests/test_sessions.py",
    "accounts/tests/test_throttling.py",
    "config/tests/test_cache.py",
    "config/tests/test_outages.py",
    "interviews/streams/tests/*.py",
    "tests/test_faults.py",
)

# A module that says so of all its tests.
MARKED = re.compile(r"^pytestmark = [^\]\n]*?(?:\[[^\]]*?)?\bsqlite_only\b", re.MULTILINE)


def is_once(file: Path) -> bool:
    """Whether every test of this module runs on SQLite only, told without importing it."""
    path = file.relative_to(ROOT).as_posix()
    return _is_shown(path) or bool(MARKED.search(file.read_text()))


def mark_once(tests: list[pytest.Item]) -> None:
    """Mark as `sqlite_only` what touches no table, and what only shows what others have read."""
    for test in tests:
        path = Path(test.nodeid.partition("::")[0]).as_posix()
        if _is_shown(path) or not (_meets_servers(path) or _touches_tables(test)):
            test.add_marker("sqlite_only")


def _is_shown(path: str) -> bool:
    return _is(path, SHOWN) and not _meets_servers(path)


def _meets_servers(path: str) -> bool:
    return _is(path, AT_ONCE + ON_SERVERS)


def _is(path: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in patterns)


def _touches_tables(test: pytest.Item) -> bool:
    of_class = getattr(test, "cls", None)
    if of_class and issubclass(of_class, TransactionTestCase):
        return True
    fixtures = {"db", "transactional_db"}.intersection(getattr(test, "fixturenames", ()))
    return bool(fixtures) or test.get_closest_marker("django_db") is not None
