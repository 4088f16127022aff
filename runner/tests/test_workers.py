import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase, mock, skipUnless

from runner import ROOT, workers
from runner.processes import Stop

SLEEP = "import time; time.sleep(60)"


def child(program):
    return workers.start([sys.executable, "-c", program], dict(os.environ))


class WorkerTests(TestCase):
    def setUp(self):
        self.said = []
        self.enterContext(mock.patch.object(workers, "say", self.said.append))
        self.enterContext(mock.patch.object(workers, "FIRST_PAUSE", 0.05))

    def worker(self, program=SLEEP):
        worker = workers.Worker("The queue consumer", [sys.executable, "-c", program], dict(os.environ))
        self.addCleanup(lambda: workers.end([worker.child], []))
        return worker

    def supervise(self, worker, until):
        deadline = time.monotonic() + 20
        while not until():
            worker.supervise()
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    def test_killed_child_is_started_again(self):
        worker = self.worker()
        first = worker.child
        first.kill()

        self.supervise(worker, until=lambda: worker.child is not first)

        self.assertIsNone(worker.child.poll())
        self.assertEqual(
            self.said,
            ["The queue consumer stopped (signal SIGKILL). It will restart in 0.05 s; nothing else is interrupted."],
        )

    def test_child_that_ended_well_without_being_asked_is_started_again_too(self):
        worker = self.worker("")

        self.supervise(worker, until=lambda: len(self.said) == 2)

        self.assertIn("(exit code 0)", self.said[0])

    def test_pause_grows_up_to_its_limit_and_begins_anew_after_a_good_run(self):
        with mock.patch.object(workers, "LONGEST_PAUSE", 0.15), mock.patch.object(workers, "ATTEMPTS", 100):
            worker = self.worker("")
            self.supervise(worker, until=lambda: len(self.said) == 4)
            self.assertEqual(
                [words.split(" s; ")[0].split()[-1] for words in self.said], ["0.05", "0.1", "0.15", "0.15"]
            )

            worker.command = [sys.executable, "-c", SLEEP]
            with mock.patch.object(workers, "STEADY", 0.1):
                self.supervise(worker, until=lambda: worker.deaths == 0)
            worker.child.kill()
            self.supervise(worker, until=lambda: len(self.said) == 5)
            self.assertIn("in 0.05 s", self.said[-1])

    def test_child_that_never_gets_up_ends_with_one_sentence(self):
        worker = self.worker("raise SystemExit(3)")

        with self.assertRaises(Stop) as stop:
            self.supervise(worker, until=lambda: False)

        self.assertEqual(
            str(stop.exception),
            "The queue consumer stopped at once, 5 times in a row (exit code 3). See above for why.",
        )

    def test_child_that_ran_well_before_is_never_given_up(self):
        worker = self.worker("raise SystemExit(3)")
        worker.has_run_well = True

        self.supervise(worker, until=lambda: worker.deaths > workers.ATTEMPTS)

        self.assertIn("It will restart", self.said[-1])

    def test_what_a_killed_child_had_started_is_ended(self):
        with TemporaryDirectory() as name:
            pid_file = Path(name) / "pid"
            worker = self.worker(
                f"import pathlib, subprocess; p = subprocess.Popen(['sleep', '60']);"
                f"pathlib.Path({str(pid_file)!r}).write_text(str(p.pid)); p.wait()"
            )
            while not (pid_file.exists() and pid_file.read_text()):
                time.sleep(0.01)
            grandchild = int(pid_file.read_text())
            worker.child.kill()

            self.supervise(worker, until=lambda: self.said)

        self.assertTrue(is_gone(grandchild))


def is_gone(pid):
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists() or "(zombie)" in Path(f"/proc/{pid}/status").read_text():
            return True
        time.sleep(0.05)
    return False


class StartTests(TestCase):
    @skipUnless(sys.platform == "linux", "other systems leave the child alive")
    def test_child_ends_when_its_parent_is_killed(self):
        parent = (
            "import os, sys, time; from runner import ROOT, workers;"
            "print(workers.start([sys.executable, '-c', 'import time; time.sleep(60)'], os.environ).pid, flush=True);"
            "time.sleep(60)"
        )
        with subprocess.Popen([sys.executable, "-c", parent], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            child_pid = int(process.stdout.readline())
            process.kill()

        self.assertTrue(is_gone(child_pid))


@mock.patch.object(workers, "say", mock.Mock())
class EndTests(TestCase):
    def stubborn(self):
        """A child that ignores SIGTERM, as one in a long task does."""
        with TemporaryDirectory() as name:
            ready = Path(name) / "ready"
            process = child(
                "import pathlib, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
                f"pathlib.Path({str(ready)!r}).touch(); time.sleep(60)"
            )
            while not ready.exists():
                time.sleep(0.01)
        return process

    def test_child_that_ends_when_asked_is_clean(self):
        process = child("import time; time.sleep(60)")

        self.assertTrue(workers.end([process], []))
        self.assertEqual(process.returncode, -signal.SIGTERM)

    def test_second_signal_kills(self):
        process, asked = self.stubborn(), [signal.SIGINT]
        threading.Timer(0.3, asked.append, [signal.SIGINT]).start()

        self.assertFalse(workers.end([process], asked))
        self.assertEqual(process.returncode, -signal.SIGKILL)

    def test_child_that_never_ends_is_killed_at_the_limit(self):
        process, started_at = self.stubborn(), time.monotonic()

        with mock.patch.object(workers, "STOP_LIMIT", -4.8):
            self.assertFalse(workers.end([process], []))

        self.assertLess(time.monotonic() - started_at, 5)
