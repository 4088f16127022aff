from pathlib import Path
from unittest import mock

import pytest

from harness import collected

pytestmark = pytest.mark.sqlite_only


def test_they_are_collected_once_for_all_until_a_source_changes(tmp_path: Path, settings) -> None:
    made = tmp_path / "made"

    def put(place: str, sources: tuple[str, ...] = ("config/static.py",)) -> bool:
        """Whether they were collected there, and not copied."""
        settings.BUILD_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / place

        def call(command: str, **_options: object) -> None:
            if command == "collectstatic":
                settings.STATIC_ROOT.mkdir()
                (settings.STATIC_ROOT / "staticfiles.json").write_text("{}")

        with (
            mock.patch("django.core.management.call_command", side_effect=call) as called,
            mock.patch.object(collected, "SOURCES", sources),
        ):
            collected.collect_static(made)
        assert (tmp_path / place / "staticfiles.json").read_text() == "{}"
        return called.call_args.args == ("collectstatic",)

    assert [put("first"), put("second"), put("third", ("host/scripts.py",))] == [True, False, True]
    assert len([*made.glob("*/")]) == 1


def test_a_changed_script_is_another_source(tmp_path: Path) -> None:
    named = {path.name for pattern in collected.SOURCES for path in collected.ROOT.glob(pattern)}
    assert {"live.css", "main.js", "static.py", "requirements.txt"} <= named
    before = collected._key(tmp_path)
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "inter.woff2").touch()
    assert collected._key(tmp_path) != before
