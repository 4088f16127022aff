import threading
from unittest import TestCase, mock

from runner import machine
from runner.processes import Stop


class MissingLibrariesTests(TestCase):
    def test_what_does_not_load_is_named_by_its_package(self):
        def load(name):
            if "subset" in name:
                raise OSError(name)

        self.assertEqual(machine.missing_libraries(load), ["libharfbuzz-subset0"])

    def test_another_system_s_name_is_as_good(self):
        def load(name):
            if not name.endswith(".dylib"):
                raise OSError(name)

        self.assertEqual(machine.missing_libraries(load), [])


class MissingTestToolsTests(TestCase):
    def test_nginx_outside_the_path_is_found(self):
        with mock.patch("shutil.which", side_effect=lambda name, path=None: path and f"{path}/{name}"):
            self.assertEqual(machine.nginx(), "/usr/sbin/nginx")
            self.assertNotIn("nginx-light", machine.missing_test_tools())

    def test_without_nginx_its_package_is_named(self):
        with mock.patch("shutil.which", return_value=None):
            self.assertIn("nginx-light", machine.missing_test_tools())


@mock.patch("builtins.print", mock.Mock())
class RequireTests(TestCase):
    def test_complete_machine_installs_nothing(self):
        with mock.patch.object(machine, "apt_install") as apt_install:
            machine.require(list, purpose="A test")

        apt_install.assert_not_called()

    def test_root_installs_what_is_missing(self):
        missing = ["libpango-1.0-0"]

        with (
            mock.patch.object(machine, "may_install", return_value=True),
            mock.patch.object(machine, "apt_install", side_effect=lambda _: missing.clear() or True) as apt_install,
        ):
            machine.require(lambda: list(missing), purpose="A test")

        apt_install.assert_called_once_with(["libpango-1.0-0"])

    def test_anybody_else_gets_the_one_line(self):
        with mock.patch("os.geteuid", return_value=1000), self.assertRaises(Stop) as stop:
            machine.require(lambda: ["libpango-1.0-0", "libharfbuzz-subset0"], purpose="A test")

        line = "sudo apt-get install -y --no-install-recommends libpango-1.0-0 libharfbuzz-subset0"
        self.assertIn(f"sudo apt-get update && {line}", str(stop.exception))

    def test_apt_that_did_not_help_is_told(self):
        with (
            mock.patch.object(machine, "may_install", return_value=True),
            mock.patch.object(machine, "apt_install", return_value=False),
            self.assertRaisesRegex(Stop, "A test needs redis-server"),
        ):
            machine.require(lambda: ["redis-server"], purpose="A test")


class OnlyOneAptTests(TestCase):
    def test_a_second_command_waits_for_the_first(self):
        with mock.patch.object(machine, "_apt_install", return_value=True) as apt:
            second = threading.Thread(target=machine.apt_install, args=(["redis-server"],))
            with machine._only_one_apt():
                second.start()
                second.join(0.05)
                apt.assert_not_called()
            second.join()
        apt.assert_called_once_with(["redis-server"])
