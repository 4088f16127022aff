"""Each test shows what it asserts, in its own lines: an assertion, `expect`, `raises`, or a helper named `assert_…`."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FILES = sorted(path for folder in ROOT.glob("*/__init__.py") for path in folder.parent.rglob("test_*.py"))
Function = ast.FunctionDef | ast.AsyncFunctionDef

pytestmark = pytest.mark.sqlite_only


def is_assertion(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return isinstance(node, ast.Assert)
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in {"expect", "raises", "fail"} or name.startswith("assert")


def test_each_test_shows_what_it_asserts():
    assert FILES
    assert [
        f"{path.relative_to(ROOT)}:{test.lineno} {test.name}"
        for path in FILES
        for test in ast.walk(ast.parse(path.read_text()))
        if isinstance(test, Function) and test.name.startswith("test_") and not any(map(is_assertion, ast.walk(test)))
    ] == []


def test_none_replaces_the_clock_of_the_event_loop():
    """The browser tests' server reads it in another thread, and would wait for hours. Replace a module's own name."""
    replaced = re.compile(r"""\btime(\.|, ")monotonic\"""")
    assert [str(path.relative_to(ROOT)) for path in FILES if replaced.search(path.read_text())] == []
