"""The benchmark runs and says what it promises; how quick anything is depends on the machine and is not asserted."""

import json
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

# name: whether it has a floor beside it
PROMISED = {
    "seeding_first": False,
    "tick_p50": True,
    "tick_p95": True,
    "tick_20_clients": True,
    "panel_4_p95": True,
    "panel_4_lost": False,
    "panel_4_cpu_per_tick": False,
    "sockets_12_rate": True,
    "sockets_12_cpu_per_tick": False,
    "after_idle": False,
    "page_live": True,
    "live_first_load": False,
    "live_first_load_requests": False,
    "key_to_paint_p95": False,
    "tick_p95_while_printing": True,
    "queries_live": False,
    "queries_tick": False,
    "pdf_warm": True,
    "typing_12_p95": False,
    "keystroke_to_saved_p95": False,
    "pdf_3x12": True,
    "zip_seconds": False,
    "zip_worker_memory": True,
    "tick_p95_while_zipping": True,
    "list_candidates": True,
    "list_candidates_queries": True,
    "list_candidates_late": True,
    "list_interviews_late": True,
}


# Without Chromium, PDFs and many rows: in each run of the suite.
SHORT = ("tick_p50", "tick_p95", "tick_20_clients", "panel_4_p95", "panel_4_lost", "panel_4_cpu_per_tick")

pytestmark = [pytest.mark.sqlite_only, pytest.mark.worker]


def assert_measured(wanted: dict[str, bool], *arguments: str) -> dict[str, dict[str, Any]]:
    """The quick run prints each of these, with its floor where it has one."""
    command = [sys.executable, "-W", "error", "-m", "bench", "--quick", "--json", *arguments]
    run = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    figures = {figure["name"]: figure for figure in json.loads(run.stdout)}
    assert {name: figures[name]["floor"] is not None for name in wanted} == wanted
    for figure in figures.values():
        assert set(figure) == {"name", "value", "unit", "floor", "ratio", "missing"}
        assert not figure["missing"]
    return figures


@pytest.mark.slow
def test_commands_and_the_panel_are_measured():
    figures = assert_measured({name: PROMISED[name] for name in SHORT}, "--only", "ticks", "panel")
    assert figures["panel_4_lost"]["value"] == 0


@pytest.mark.bench
def test_quick_run_prints_each_figure_with_its_floor_as_json():
    figures = assert_measured(PROMISED)
    assert figures["live_first_load_requests"]["value"] > 2, "the page and nothing that it names"
