import os
import subprocess
import sys
from unittest import mock

from django.conf import settings
from django.test import SimpleTestCase

from interviews.exports import process_identity
from interviews.exports.process_identity import gone, is_gone, this_process

NAME = "from interviews.exports.process_identity import this_process as name; print(name())"


def dead_process() -> str:
    """The name of a process that ran on this machine and has ended."""
    done = subprocess.run(
        [sys.executable, "-c", NAME], cwd=settings.BASE_DIR, capture_output=True, check=True, text=True
    )
    return done.stdout.strip()


class IsGoneTests(SimpleTestCase):
    def test_this_process_is_alive(self):
        self.assertIn(f" {os.getpid()} ", this_process())
        self.assertFalse(is_gone(this_process()))

    def test_ended_process_is_gone(self):
        dead = dead_process()
        self.assertEqual(gone([dead, this_process(), "", "elsewhere 1 999999999 12"]), [dead])

    def test_process_that_reuses_the_number_of_a_dead_one_is_not_that_one(self):
        self.assertTrue(is_gone(f"{this_process().rpartition(' ')[0]} 12"))

    def test_nothing_is_known_of_another_machine(self):
        with mock.patch.object(process_identity, "_machine", return_value="boot-2 4026531836"):
            other = this_process()
        self.assertTrue(other)
        self.assertFalse(is_gone(other))

    def test_machine_that_does_not_tell_has_no_names(self):
        with mock.patch.object(process_identity, "_machine", return_value=""):
            self.assertEqual(this_process(), "")
            self.assertFalse(is_gone(""))
