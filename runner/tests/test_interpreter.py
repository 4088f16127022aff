"""Which Python `./run` goes on with."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from runner import interpreter

PYENV = "'--prefix=/home/ada/.pyenv/versions/3.11.7' '--enable-shared'"
NAME = f"python3.{sys.version_info.minor}"


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """`system(compiled=…, has_ensurepip=…)`: this Python and the system's; gives where the latter is."""

    def make(*, compiled: str | None, has_ensurepip: bool = True) -> Path:
        folder = tmp_path / "usr" / "bin"
        folder.mkdir(parents=True)
        (folder / NAME).write_text(f"#!/bin/sh\nexit {0 if has_ensurepip else 1}\n")
        (folder / NAME).chmod(0o755)
        monkeypatch.setattr(interpreter, "SYSTEM", folder)
        monkeypatch.setattr(sys, "prefix", "/home/ada/.pyenv/versions/3.11.7")
        monkeypatch.setattr(sys, "base_prefix", sys.prefix)
        monkeypatch.setattr("sysconfig.get_config_var", {"CONFIG_ARGS": compiled}.get)
        return folder / NAME

    return make


class TestQuicker:
    def test_compiled_without_optimisations(self, system):
        place = system(compiled=PYENV)
        assert interpreter.quicker() == str(place)

    def test_compiled_with_optimisations(self, system):
        system(compiled=f"{PYENV} '--enable-optimizations'")
        assert interpreter.quicker() is None

    def test_not_compiled_by_configure(self, system):
        system(compiled=None)
        assert interpreter.quicker() is None

    def test_system_cannot_make_environments(self, system):
        system(compiled=PYENV, has_ensurepip=False)
        assert interpreter.quicker() is None

    def test_system_has_no_python_of_this_version(self, system):
        system(compiled=PYENV).unlink()
        assert interpreter.quicker() is None

    def test_is_the_system_s_own(self, system, monkeypatch):
        place = system(compiled=PYENV)
        monkeypatch.setattr(sys, "prefix", str(place.parents[1]))
        monkeypatch.setattr(sys, "base_prefix", sys.prefix)
        assert interpreter.quicker() is None

    def test_chosen_by_a_virtual_environment(self, system, monkeypatch):
        system(compiled=PYENV)
        monkeypatch.setattr(sys, "prefix", "/home/ada/project/.venv")
        assert interpreter.quicker() is None
