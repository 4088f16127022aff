"""The fault harness in its short form, on the engine of this run; and the proof that it would notice a loss."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.worker]

ROOT = Path(__file__).resolve().parent.parent
# Each line is one sequence in one process: several of them run beside each other.
OF_THE_ENGINE = {
    "server": ("R-1", "R-2", "R-11", "R-13", "R-14", "R-line", "R-acts", "R-processes"),
    "queue and machine": ("R-16", "R-25-worker", "R-25-disk", "R-25-locked", "R-25-redis"),
    "two pages": ("R-7",),
}
# Of the journal in the browser, whatever engine is behind the server.
OF_THE_BROWSER = {
    "journal": ("R-5", "R-8", "R-9", "R-10", "R-21", "R-22", "R-24", "R-answers"),
    "typing": ("R-23", "R-23-live"),
}


def faults(*arguments: str) -> subprocess.CompletedProcess[str]:
    # The harness makes a database of its own, on the same server where there is one.
    command = [sys.executable, "-m", "faults", *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=900, check=False)


class TestFaults:
    @pytest.mark.parametrize("cases", OF_THE_ENGINE.values(), ids=OF_THE_ENGINE)
    def test_nothing_is_lost_and_nothing_doubled(self, cases: tuple[str, ...]) -> None:
        self.assert_clean(cases)

    @pytest.mark.sqlite_only
    @pytest.mark.parametrize("cases", OF_THE_BROWSER.values(), ids=OF_THE_BROWSER)
    def test_nor_in_the_journal_of_the_browser(self, cases: tuple[str, ...]) -> None:
        self.assert_clean(cases)

    @pytest.mark.sqlite_only
    def test_no_case_is_left_out(self) -> None:
        offered = re.search(r"--case\{(.*?)\}", "".join(faults("--help").stdout.split()))
        assert offered
        here = [*OF_THE_ENGINE.values(), *OF_THE_BROWSER.values()]
        assert sorted(offered[1].split(",")) == sorted(case for cases in here for case in cases)

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
