import io
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase, mock

from runner import suites


class WarnTests(TestCase):
    def warning(self, missing):
        printed = io.StringIO()
        with redirect_stdout(printed):
            suites.warn(missing)
        return printed.getvalue()

    def test_what_is_missing_says_what_does_not_run(self):
        printed = self.warning(["chromium-headless-shell", "redis-server"])

        self.assertIn("SKIPPED: every browser test", printed)
        self.assertNotIn("nginx", printed)
        self.assertIn("SKIPPED: the product behind nginx.", self.warning(["nginx-light"]))
        self.assertIn("SKIPPED: the whole run on PostgreSQL and Redis. Missing: redis-server.", printed)
        self.assertIn("apt-get install -y --no-install-recommends chromium-headless-shell redis-server", printed)

    def test_nothing_missing_leaves_pytest_the_last_word(self):
        self.assertEqual(self.warning([]), "")


class OnlyIfAskedTests(TestCase):
    def marks(self, *arguments):
        """What pytest is told to select, of each run."""
        called = mock.Mock(return_value=0)
        with (
            mock.patch.object(suites, "own_var", mock.MagicMock()),
            mock.patch.object(suites, "isolated", return_value={"VAR_DIR": "/nowhere"}),
            mock.patch.object(suites, "postgresql", mock.MagicMock()),
            mock.patch.object(suites, "redis", mock.MagicMock()),
            mock.patch.object(suites, "call", called),
            redirect_stdout(io.StringIO()),
        ):
            self.assertEqual(suites.run(list(arguments), missing=[]), 0)
        commands = [command.args[0] for command in called.call_args_list]
        return [command[command.index("-m", 3) :] for command in commands if "pytest" in command]

    def test_the_deployed_product_and_the_benchmark_are_tested_once_and_only_if_asked_for(self):
        usual = ["-m", "not bench and not deployment"]
        self.assertEqual(self.marks(), [usual, ["-m", "not sqlite_only"]])
        for mark in ("deployment", "bench"):
            self.assertEqual(self.marks("-m", mark), [[*usual, "-m", mark]])


class RunAgainTests(TestCase):
    """A suite of this one file, in a folder of its own; each test may look at how many runs there were before."""

    def run_suite(self, tests: str) -> tuple[int, str]:
        folder = Path(self.enterContext(TemporaryDirectory()))
        (folder / "test_it.py").write_text(f"from pathlib import Path\nruns = Path({str(folder / 'runs')!r})\n{tests}")
        (folder / "pytest.ini").write_text("[pytest]\n")
        printed = io.StringIO()
        # Without the plugins of our own suite, which take longer to load than these tests run.
        plugins = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "-p xdist.plugin"}
        env = {**os.environ, "VAR_DIR": str(folder), **plugins}
        config = ["--rootdir", str(folder), "-c", str(folder / "pytest.ini"), "-n", "0"]
        with redirect_stdout(printed), mock.patch.object(suites, "PYTHON", sys.executable):
            return suites.suite([*config, str(folder)], env=env, missing=[]), printed.getvalue()

    def test_what_passes_alone_passes_and_is_named(self):
        code, printed = self.run_suite("def test_busy():\n    n = runs.exists()\n    runs.touch()\n    assert n\n")

        self.assertEqual(code, 0)
        self.assertIn("Failed beside other tests, and now run alone:\n  test_it.py::test_busy", printed)

    def test_what_fails_again_fails(self):
        self.assertEqual(self.run_suite("def test_wrong():\n    assert not 1\n")[0], 1)

    def test_what_is_wrong_in_many_places_is_not_run_again(self):
        many = "".join(f"def test_{number}():\n    assert not 1\n" for number in range(suites.FEW + 1))
        code, printed = self.run_suite(many)

        self.assertEqual((code, printed), (1, ""))


class TestToolTests(TestCase):
    def installed(self, *, missing: set[str]) -> list[list[str]]:
        """What apt is asked for, where it does not have some."""
        with mock.patch.object(suites, "apt_install", side_effect=missing.isdisjoint) as apt:
            suites.install_test_tools(["chromium-headless-shell", "redis-server"])
        return [call.args[0] for call in apt.call_args_list]

    def test_they_come_together(self):
        self.assertEqual(self.installed(missing=set()), [["chromium-headless-shell", "redis-server"]])

    def test_one_that_is_not_there_prevents_no_other(self):
        alone = self.installed(missing={"chromium-headless-shell"})[1:]
        self.assertEqual(alone, [["chromium-headless-shell"], ["chromium"], ["redis-server"]])


class QuickTests(TestCase):
    def test_quick_runs_one_engine_without_browsers_processes_and_slow_tests(self):
        called = mock.Mock(return_value=0)
        with (
            mock.patch.object(suites, "missing_test_tools", return_value=[]),
            mock.patch.object(suites, "install"),
            mock.patch.object(suites, "own_var", mock.MagicMock()),
            mock.patch.object(suites, "isolated", return_value={"VAR_DIR": "/nowhere"}),
            mock.patch.object(suites, "call", called),
        ):
            self.assertEqual(suites.main(["--quick", "-k", "gate"]), 0)

        [(command,), _] = called.call_args
        self.assertEqual(int(command[command.index("-n") + 1]), os.cpu_count())
        self.assertEqual(command[-4:], ["-m", "not browser and not worker and not slow", "-k", "gate"])
        called.assert_called_once()

    def test_coverage_compares_with_the_main_of_the_origin_where_there_is_one(self):
        for has_origin in (0, 1):
            called = mock.Mock(return_value=0)
            with (
                mock.patch.object(suites, "missing_test_tools", return_value=[]),
                mock.patch.object(suites, "install"),
                mock.patch.object(suites, "own_var", mock.MagicMock()),
                mock.patch.object(suites, "isolated", return_value={"VAR_DIR": "/nowhere"}),
                mock.patch.object(suites, "output", return_value=(has_origin, "")),
                mock.patch.object(suites, "call", called),
            ):
                self.assertEqual(suites.main(["--coverage"]), 0)

            programs = [" ".join(command.args[0][2:4]) for command in called.call_args_list]
            covered = [program for program in programs if program.startswith("coverage")]
            self.assertEqual(covered, ["coverage run", "coverage combine", "coverage report", "coverage xml"])
            self.assertEqual("--compare-branch=origin/main --fail-under=100" in programs, has_origin == 0)


class SuiteTests(TestCase):
    def test_tests_that_wait_for_browsers_or_servers_get_more_processes_than_there_are_cores(self):
        for without, per_cores in (
            (["bench"], {1: 2, 2: 4, 8: 16}),
            (["sqlite_only"], {1: 2, 2: 3, 8: 12}),
            (["browser", "worker"], {1: 1, 2: 2, 8: 8}),
        ):
            found = {cores: suites.processes(cores, without) for cores in per_cores}
            self.assertEqual(found, per_cores, without)

    def test_failure_of_javascript_counts_after_pytest_has_run(self):
        with (
            mock.patch.multiple(
                suites,
                install=mock.Mock(),
                install_fonts=mock.Mock(),
                may_install=mock.Mock(return_value=False),
                missing_test_tools=mock.Mock(return_value=[]),
                run_tests=mock.Mock(return_value=1),
                run=mock.Mock(return_value=0),
            ),
        ):
            self.assertEqual(suites.main([]), 1)
            suites.run.assert_called_once()
