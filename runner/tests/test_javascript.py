import os
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase, mock

from runner import checks, javascript


class InstallToolsTests(TestCase):
    def test_without_node_the_reason_is_given(self):
        with mock.patch.object(javascript, "node_folder", return_value=None):
            self.assertEqual(javascript.install_tools(), "Node is not in the virtual environment.")

    def test_npm_out_of_reach_leaves_nothing_half_installed(self):
        with TemporaryDirectory() as name:
            tools, lock = Path(name, "node_modules"), Path(name, "package-lock.json")
            tools.mkdir()
            lock.write_text("{}")
            with (
                mock.patch.multiple(javascript, TOOLS=tools, STAMP=tools / "stamp", LOCK=lock),
                mock.patch.object(javascript, "node_folder", return_value=Path(name, "bin")),
                mock.patch.object(javascript, "output", return_value=(1, "no such host")),
            ):
                why = javascript.install_tools()

            self.assertEqual(why, "npm could not install its packages.\nno such host")
            self.assertFalse(tools.exists())

    def test_installs_again_only_when_the_lock_changed(self):
        with TemporaryDirectory() as name:
            tools, lock = Path(name, "node_modules"), Path(name, "package-lock.json")
            tools.mkdir()
            lock.write_text("{}")
            with (
                mock.patch.multiple(javascript, TOOLS=tools, STAMP=tools / "stamp", LOCK=lock),
                mock.patch.object(javascript, "node_folder", return_value=Path(name, "bin")),
                mock.patch.object(javascript, "output", return_value=(0, "")) as npm,
            ):
                self.assertIsNone(javascript.install_tools())
                self.assertIsNone(javascript.install_tools())
                self.assertEqual(npm.call_count, 1)
                lock.write_text('{"changed": true}')
                self.assertIsNone(javascript.install_tools())
                self.assertEqual(npm.call_count, 2)


class EnvironmentTests(TestCase):
    def test_node_of_the_virtual_environment_is_found_first(self):
        with mock.patch.object(javascript, "node_folder", return_value=Path("/x/bin")):
            self.assertTrue(javascript.node_environment()["PATH"].startswith(f"/x/bin{os.pathsep}"))


class SkippedTests(TestCase):
    """What did not run is said, and fails nothing."""

    def test_tests_without_node(self):
        with mock.patch.object(javascript, "node_folder", return_value=None), mock.patch("builtins.print") as said:
            self.assertEqual(javascript.run_tests(), 0)

        self.assertIn("!!! SKIPPED: the tests of JavaScript.", said.call_args.args[0])

    def test_checks_without_the_packages(self):
        with (
            mock.patch.multiple(checks, install=mock.Mock(), install_tools=mock.Mock(return_value="No line.")),
            mock.patch.object(checks, "checks", return_value=[("one", lambda: (0, ""))]),
            mock.patch("builtins.print") as said,
        ):
            self.assertEqual(checks.main([]), 0)

        lines = [call.args[0] for call in said.call_args_list]
        self.assertIn("\n!!! SKIPPED: the checks of JavaScript. No line.", lines)
