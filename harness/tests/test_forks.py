import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import forks
from harness.forks import Loaded

pytestmark = [pytest.mark.sqlite_only, pytest.mark.worker]

PRODUCT = """
import os, sys
from django.apps import apps
print(apps.ready, "config.asgi" in sys.modules, sys.argv[1:], flush=True)
sys.exit("the reason")
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    own = {"VAR_DIR": str(tmp_path_factory.mktemp("var")), "DJANGO_SETTINGS_MODULE": "config.settings"}
    with forks.loaded(os.environ | own) as one:
        yield one


def test_a_fork_has_the_product_loaded_and_runs_what_python_would(loaded: Loaded, tmp_path: Path) -> None:
    (tmp_path / "told").touch()
    with (tmp_path / "told").open("r+") as told:
        done = loaded.fork(["-c", PRODUCT, "more"], out=told.fileno(), errors=told.fileno())
        assert done.wait(60) == 1
        told.seek(0)
        assert told.read() == "True False ['more']\nthe reason\n"
    assert done.poll() == 1


def test_it_is_waited_for_and_killed_like_any_process(loaded: Loaded) -> None:
    sleeping = loaded.fork(["-c", "import time; time.sleep(600)"], out=1, errors=2)
    assert sleeping.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        sleeping.wait(0.01)
    sleeping.kill()
    assert sleeping.wait(60) == -signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        os.kill(sleeping.pid, 0)


def test_where_the_settings_are_others_python_starts_anew(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forks, "_here", [loaded])
    started = forks.python(["-c", "import sys; sys.exit('django' in sys.modules)"])
    assert isinstance(started, subprocess.Popen)
    assert started.wait(60) == 0


def test_an_error_in_a_copy_of_this_process_ends_the_copy() -> None:
    pid = os.fork()
    if not pid:
        forks._end(int, "no number")
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1
