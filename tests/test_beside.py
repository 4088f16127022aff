"""Each module of the product has its test file beside it: `live/tests/test_ticks.py` for `live/ticks.py`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FOLDERS = sorted(
    path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name not in {"bench", "faults", "tests"}
)
NO_MODULES = {"migrations", "tests"}
# Set up by name, and tested wherever they are used: Django's apps and addresses, what serves a process, and tests' own.
WIRING = {"__init__", "apps", "asgi", "conftest", "factories", "testing", "urls", "wsgi"}

pytestmark = pytest.mark.sqlite_only


def has_logic(path: Path) -> bool:
    """Whether it defines a function or method; a module of constants, types or imports needs no test."""
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in ast.walk(ast.parse(path.read_text()))
    )


def places(path: Path) -> list[Path]:
    """Where its test file may be: in `tests` beside it, or in those of its room as `test_<package>_<module>.py`.

    Django gives some packages their names; their modules need no prefix."""
    room, package = path.parent, path.parent.name
    if room.name == "commands":
        room, package = room.parent, "management"
    names = [f"test_{package}_{path.stem}.py"]
    if package in ("management", "templatetags"):
        names.append(f"test_{path.stem}.py")
    return [path.parent / "tests" / f"test_{path.stem}.py", *(room.parent / "tests" / name for name in names)]


def modules() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*.py")):
            if not NO_MODULES & {*path.parts} and path.stem not in WIRING:
                yield path


def test_each_module_has_its_test_file_beside_it():
    without = [path for path in modules() if not any(place.exists() for place in places(path)) and has_logic(path)]
    assert [str(path.relative_to(ROOT)) for path in without] == [], "Add a test file with the module's name."
