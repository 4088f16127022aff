"""System requirements: probed, installed with apt if allowed, otherwise named."""

import contextlib
import ctypes
import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from host import fonts
from runner import ROOT
from runner.processes import Stop

# Debian package -> the names under which WeasyPrint loads the library (Linux, macOS).
# Without the last one WeasyPrint starts, but embeds whole fonts and warns.
LIBRARIES = {
    "libpango-1.0-0": ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    "libpangoft2-1.0-0": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    "libharfbuzz-subset0": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
}
# The first is headless Chromium, in which the tests take two thirds of the time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

FIREFOXES = ("firefox-esr", "firefox")
NGINX = "nginx-light"  # the configuration that we ship runs in front of the product


def missing_libraries(load: Callable[[str], object] = ctypes.CDLL) -> list[str]:
    """Debian packages of the system libraries that cannot be loaded."""

    def loads(name: str) -> bool:
        try:
            load(name)
        except OSError:
            return False
        return True

    return [package for package, names in LIBRARIES.items() if not any(map(loads, names))]


def chromium() -> str | None:
    """The browser that the tests drive."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def firefox() -> str | None:
    """The second browser, for layout and keys."""
    return next(filter(None, map(shutil.which, FIREFOXES)), None)


def nginx() -> str | None:
    """Debian installs it in /usr/sbin, which is not on everyone's PATH."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def postgresql_folder() -> Path | None:
    """The folder of initdb, pg_ctl and postgres. Debian has one per version, not on the PATH."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True
    )
    found = shutil.which("initdb")
    folders += [Path(found).resolve().parent] if found else []
    return next(
        (folder for folder in folders if (folder / "postgres").exists() and (folder / "initdb").exists()),
        None,
    )


def missing_test_tools() -> list[str]:
    """Debian packages the whole test suite needs in addition to the app's."""
    found = {
        BROWSERS[0]: chromium(),
        FIREFOXES[0]: firefox(),
        "postgresql": postgresql_folder(),
        "redis-server": shutil.which("redis-server"),
        NGINX: nginx(),
    }
    return [package for package, place in found.items() if not place] + fonts.missing_packages()


def install_fonts() -> None:
    """Install fonts for every script, if allowed. Without them, PDFs print boxes; the worker warns."""
    fonts.look_again()
    if may_install():
        for package in fonts.missing_packages():
            apt_install([package])
        fonts.look_again()


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_line(packages: Iterable[str]) -> str:
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {' '.join(packages)}"


def apt_install(packages: list[str]) -> bool:
    """Install with apt. Updates the package lists only if apt needs them."""
    with _only_one_apt():
        return _apt_install(packages)


@contextlib.contextmanager
def _only_one_apt() -> Iterator[None]:
    """`./run check` and `./run test` may run side by side, and apt does not wait for another."""
    descriptor = os.open(ROOT / "runner", os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _apt_install(packages: list[str]) -> bool:
    print(f"Installing by apt: {', '.join(packages)}", flush=True)
    quick = ["-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=10"]  # do not wait without a network
    command = ["apt-get", *quick, "install", "-y", "-qq", "--no-install-recommends", *packages]
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    if subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0:
        return True
    subprocess.run(["apt-get", *quick, "update", "-qq"], stdin=subprocess.DEVNULL)
    done = subprocess.run(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        print(done.stdout, flush=True)
    return done.returncode == 0


def require(missing: Callable[[], list[str]], *, purpose: str) -> None:
    """Install what `missing()` names, or stop with the command that installs it."""
    if not (packages := missing()):
        return
    if may_install() and apt_install(packages) and not (packages := missing()):
        return
    how = "Install with:" if shutil.which("apt-get") else "These are Debian's names; there it would be:"
    raise Stop(f"{purpose} needs {', '.join(packages)}. {how}\n\n  {apt_line(packages)}\n")
