"""The benchmark runs and says what it promises; how quick anything is depends on the machine and is not asserted."""

import json
import subprocess
import sys

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


@pytest.mark.slow
@pytest.mark.worker
@pytest.mark.sqlite_only
def test_quick_run_prints_each_figure_with_its_floor_as_json():
    command = [sys.executable, "-W", "error", "-m", "bench", "--quick", "--json"]
    run = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    figures = {figure["name"]: figure for figure in json.loads(run.stdout)}
    assert {name: figures[name]["floor"] is not None for name in PROMISED} == PROMISED
    for figure in figures.values():
        assert set(figure) == {"name", "value", "unit", "floor", "ratio", "missing"}
        assert not figure["missing"]
    assert figures["tick_20_clients_errors"]["value"] == 0
    assert figures["live_first_load_requests"]["value"] > 2, "the page and nothing that it names"
