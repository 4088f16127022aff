import signal
import subprocess
import sys
from unittest import TestCase

from runner import processes


class OutputTests(TestCase):
    def test_code_and_both_outputs(self):
        program = "import sys; print('out'); sys.stdout.flush(); print('error', file=sys.stderr); sys.exit(3)"
        self.assertEqual(processes.output([sys.executable, "-c", program]), (3, "out\nerror\n"))


class CallTests(TestCase):
    def test_the_code_of_the_child(self):
        self.assertEqual(processes.call([sys.executable, "-c", "raise SystemExit(4)"]), 4)


class SignalsTests(TestCase):
    def test_handlers_are_those_from_before_afterwards(self):
        before, heard = signal.getsignal(signal.SIGHUP), []
        with processes.signals(to=lambda number, _frame: heard.append(number)):
            signal.raise_signal(signal.SIGHUP)
        self.assertEqual(heard, [signal.SIGHUP])
        self.assertIs(signal.getsignal(signal.SIGHUP), before)


class KillGroupTests(TestCase):
    def test_a_group_that_is_gone_is_no_error(self):
        with subprocess.Popen([sys.executable, "-c", ""], start_new_session=True) as child:
            child.wait()
        processes.kill_group(child, signal.SIGTERM)
        self.assertEqual(child.returncode, 0)
