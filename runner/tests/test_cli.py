import ast
import errno
import io
from contextlib import redirect_stderr, redirect_stdout
from unittest import TestCase, mock

from runner import ROOT, cli, suites
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

        words = "The disk is full: /srv/var/serve.lock cannot be written. Make room, then start again."
        self.assertEqual((code, printed), (1, f"\n{words}\n"))

    def test_fault_of_ours_keeps_its_traceback(self):
        with self.assertRaises(ZeroDivisionError):
            self.main("check", command=mock.Mock(side_effect=ZeroDivisionError))

    def test_interruption_is_no_traceback_either(self):
        code, printed = self.main("check", command=mock.Mock(side_effect=KeyboardInterrupt))

        self.assertEqual((code, printed), (130, "\nStopped.\n"))


class WarnTests(TestCase):
    def warning(self, missing):
        printed = io.StringIO()
        with redirect_stdout(printed):
            suites.warn(missing)
        return printed.getvalue()

    def test_what_is_missing_says_what_does_not_run(self):
        printed = self.warning(["chromium-headless-shell", "redis-server"])

        self.assertIn("SKIPPED: every browser test", printed)
        self.assertIn("SKIPPED: the whole run on PostgreSQL and Redis. Missing: redis-server.", printed)
        self.assertIn("apt-get install -y --no-install-recommends chromium-headless-shell redis-server", printed)

    def test_nothing_missing_leaves_pytest_the_last_word(self):
        self.assertEqual(self.warning([]), "")


class QuickTests(TestCase):
    def test_quick_runs_one_engine_without_browsers_and_workers(self):
        called = mock.Mock(return_value=0)
        with (
            mock.patch.object(suites, "missing_test_tools", return_value=[]),
            mock.patch.object(suites, "install"),
            mock.patch.object(suites, "own_var", mock.MagicMock()),
            mock.patch.object(suites, "isolated", return_value={}),
            mock.patch.object(suites, "call", called),
        ):
            self.assertEqual(suites.main(["--quick", "-k", "gate"]), 0)

        [(command,), _] = called.call_args
        self.assertEqual(command[-4:], ["-m", "not browser and not worker", "-k", "gate"])
        called.assert_called_once()

    def test_coverage_compares_with_the_main_of_the_origin_where_there_is_one(self):
        for has_origin in (0, 1):
            called = mock.Mock(return_value=0)
            with (
                mock.patch.object(suites, "missing_test_tools", return_value=[]),
                mock.patch.object(suites, "install"),
                mock.patch.object(suites, "own_var", mock.MagicMock()),
                mock.patch.object(suites, "isolated", return_value={}),
                mock.patch.object(suites, "output", return_value=(has_origin, "")),
                mock.patch.object(suites, "call", called),
            ):
                self.assertEqual(suites.main(["--coverage"]), 0)

            programs = [" ".join(command.args[0][2:4]) for command in called.call_args_list]
            covered = [program for program in programs if program.startswith("coverage")]
            self.assertEqual(covered, ["coverage run", "coverage combine", "coverage report", "coverage xml"])
            self.assertEqual("--compare-branch=origin/main --fail-under=100" in programs, has_origin == 0)
