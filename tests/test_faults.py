"""The fault harness in its short form, on the engine of this run; and the proof that it would notice a loss."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# R-16 waits out the queue's patience with a dead worker; it is in `./run faults`.
CASES = ("R-1", "R-2", "R-11", "R-13")


def faults(*arguments: str) -> subprocess.CompletedProcess[str]:
    # The harness makes a database of its own, on the same server where there is one.
    command = [sys.executable, "-m", "faults", *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=240, check=False)


class TestFaults:
    def test_nothing_is_lost_and_nothing_doubled(self) -> None:
        done = faults(*(word for case in CASES for word in ("--case", case)))
        assert done.returncode == 0, done.stdout + done.stderr
        lines = done.stdout.splitlines()
        assert [line.split()[0] for line in lines] == list(CASES), done.stdout
        for line in lines:
            assert " lost=0 duplicated=0 " in line, done.stdout
            assert " edits=0 " not in line, line

    def test_a_client_that_forgets_before_the_receipt_is_found_out(self) -> None:
        done = faults("--case", "R-1", "--break", "forgets_early")
        assert done.returncode == 1, done.stdout + done.stderr
        assert re.search(r" lost=[1-9]", done.stdout), done.stdout
