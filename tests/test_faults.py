"""The fault harness in its short form, on the engine of this run; and the proof that it would notice a loss."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.worker]

ROOT = Path(__file__).resolve().parent.parent
# Of the server, the queue and the sockets between two pages.
OF_THE_ENGINE = (
    "R-1",
    "R-2",
    "R-7",
    "R-11",
    "R-13",
    "R-14",
    "R-16",
    "R-acts",
    "R-25-worker",
    "R-25-disk",
    "R-25-locked",
    "R-25-redis",
    "R-line",
    "R-processes",
)
# Of the journal in the browser, whatever engine is behind the server.
OF_THE_BROWSER = ("R-5", "R-8", "R-9", "R-10", "R-21", "R-22", "R-23", "R-23-live", "R-24", "R-answers")


def faults(*arguments: str) -> subprocess.CompletedProcess[str]:
    # The harness makes a database of its own, on the same server where there is one.
    command = [sys.executable, "-m", "faults", *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=900, check=False)


class TestFaults:
    def test_nothing_is_lost_and_nothing_doubled(self) -> None:
        self.assert_clean(OF_THE_ENGINE)

    @pytest.mark.sqlite_only
    def test_nor_in_the_journal_of_the_browser(self) -> None:
        self.assert_clean(OF_THE_BROWSER)

    @pytest.mark.sqlite_only
    def test_no_case_is_left_out(self) -> None:
        offered = re.search(r"--case\{(.*?)\}", "".join(faults("--help").stdout.split()))
        assert offered
        assert sorted(offered[1].split(",")) == sorted([*OF_THE_ENGINE, *OF_THE_BROWSER])

    def assert_clean(self, cases: tuple[str, ...]) -> None:
        done = faults(*(part for case in cases for part in ("--case", case)))
        assert done.returncode == 0, done.stdout + done.stderr
        lines = done.stdout.splitlines()
        assert [line.split()[0] for line in lines] == list(cases), done.stdout
        for line in (line for line in lines if " not run: " not in line):
            assert " lost=0 duplicated=0 " in line, done.stdout
            assert " edits=0 " not in line, line

    @pytest.mark.sqlite_only
    def test_a_client_that_forgets_before_the_receipt_is_found_out(self) -> None:
        done = faults("--case", "R-1", "--break", "forgets_early")
        assert done.returncode == 1, done.stdout + done.stderr
        assert re.search(r" lost=[1-9]", done.stdout), done.stdout

    @pytest.mark.sqlite_only
    def test_a_server_that_keeps_no_receipts_is_found_out(self) -> None:
        done = faults("--case", "R-11", "--break", "has_no_receipts")
        assert done.returncode == 1, done.stdout + done.stderr
        assert re.search(r" lost=[1-9]\d* duplicated=[1-9]", done.stdout), done.stdout
