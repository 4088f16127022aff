import subprocess
import sys

from harness import browser


def test_kill_ends_the_processes_of_this_profile_alone(tmp_path):
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    with subprocess.Popen([*sleep, str(tmp_path / "one")]) as one, subprocess.Popen([*sleep, "two"]) as other:
        browser.kill(str(tmp_path / "one"))
        assert one.wait(10) == -9
        assert other.poll() is None
        other.kill()
