import ast
import errno
import io
from contextlib import redirect_stderr, redirect_stdout
from unittest import TestCase, mock

from runner import ROOT, cli
from runner.processes import Stop


class RunTests(TestCase):
    def test_old_python_can_read_far_enough_to_refuse(self):
        program = ast.parse((ROOT / "run").read_text(), feature_version=(3, 4))

        self.assertTrue(program.body)


@mock.patch.object(cli, "end_on_signals", mock.Mock())
class MainTests(TestCase):
    def main(self, *arguments, command=None):
        printed = io.StringIO()
        with (
            redirect_stdout(printed),
            redirect_stderr(printed),
            mock.patch.dict(cli.COMMANDS, {"check": command}) if command else mock.patch.dict(cli.COMMANDS),
        ):
            return cli.main(list(arguments)), printed.getvalue()

    def test_without_a_command_it_explains_itself(self):
        code, printed = self.main()

        self.assertEqual(code, 0)
        self.assertIn("./run serve --setup", printed)

    def test_unknown_command_is_refused_with_the_known_ones(self):
        code, printed = self.main("server")

        self.assertEqual(code, 2)
        self.assertIn("no command 'server'", printed)
        self.assertIn("./run serve", printed)

    def test_rest_goes_to_the_command_and_its_code_comes_back(self):
        code, printed = self.main("check", "-k", "a b", command=len)

        self.assertEqual((code, printed), (2, ""))

    def test_reason_to_stop_is_said_without_a_traceback(self):
        code, printed = self.main("check", command=mock.Mock(side_effect=Stop("No room.")))

        self.assertEqual((code, printed), (1, "\nNo room.\n"))

    def test_fault_of_the_machine_is_one_sentence(self):
        full = OSError(errno.ENOSPC, "No space left on device", "/srv/var/serve.lock")

        code, printed = self.main("check", command=mock.Mock(side_effect=full))

        words = "The disk is full: /srv/var/serve.lock cannot be written. Free some space, then start again."
        self.assertEqual((code, printed), (1, f"\n{words}\n"))

    def test_fault_of_ours_keeps_its_traceback(self):
        with self.assertRaises(ZeroDivisionError):
            self.main("check", command=mock.Mock(side_effect=ZeroDivisionError))

    def test_interruption_is_no_traceback_either(self):
        code, printed = self.main("check", command=mock.Mock(side_effect=KeyboardInterrupt))

        self.assertEqual((code, printed), (130, "\nStopped.\n"))
