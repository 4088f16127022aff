"""The virtual environment, synchronised with the hashed locks, and the variables of commands."""

import fcntl
import hashlib
import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from host import settings_file
from runner import ROOT
from runner.machine import missing_libraries, require
from runner.processes import Stop, call

VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
STAMP = VENV / "installed.json"
LOCKS = ("requirements.txt", "requirements-dev.txt")


def variables() -> dict[str, str]:
    """The environment over `.env`. Blank means not set. VAR_DIR is absolute, PORT a port."""
    found = settings_file.read(ROOT / ".env", os.environ)
    found["DJANGO_SETTINGS_MODULE"] = "config.settings"  # overrides the developer's shell
    found["VAR_DIR"] = str((ROOT / found.get("VAR_DIR", "var")).resolve())
    found.setdefault("PORT", "8000")
    if not (found["PORT"].isdecimal() and 0 < int(found["PORT"]) < 65536):
        raise Stop(f"PORT must be a number from 1 to 65535, not {found['PORT']!r}.")
    return found


def isolated(var: Path) -> dict[str, str]:
    """An environment without the settings of `.env` and of the developer's shell."""
    settings = {"VAR_DIR": var, "BUILD_DIR": var / "build", "DATABASE_URL": sqlite_url(var / "db.sqlite3")}
    settings |= {"PORT": 8000, "SITE_URL": "http://127.0.0.1:8000", "ALLOWED_HOSTS": "127.0.0.1", "REDIS_URL": ""}
    settings |= {"SECRET_KEY": "only for tests", "EMAIL_URL": "consolemail://", "TIME_ZONE": "UTC"}
    # Suites start Python a hundred times, so what it compiles is cached whatever the shell says.
    left_out = {"DJANGO_SETTINGS_MODULE", "PYTHONDONTWRITEBYTECODE"}
    shell = {name: value for name, value in os.environ.items() if name not in left_out}
    return shell | {name: str(value) for name, value in settings.items()}


def sqlite_url(file: Path) -> str:
    """For DATABASE_URL. Quoted, because the path may have spaces and other special characters."""
    return f"sqlite:///{quote(str(file))}"


def wanted_stamp(locks: tuple[str, ...]) -> dict[str, str]:
    """The stamp of these locks, installed by this Python in this folder."""
    stamp = {"python": sys.version, "place": str(VENV)}
    for lock in locks:
        stamp[lock] = hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
    return stamp


def read_stamp() -> dict[str, str]:
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp


@contextmanager
def only_one_installs(folder: Path) -> Iterator[int]:
    """Serialise concurrent commands. The lock is on the folder, so no file stays behind.

    A child that inherits the descriptor holds the lock if we are killed while it works.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def missing_at_all() -> list[str]:
    """Required Debian packages: WeasyPrint's libraries, and parts of Python that Debian packages separately."""
    has_venv = importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv")
    return missing_libraries() + ([] if has_venv else [f"python3.{sys.version_info.minor}-venv"])


def install(*, dev: bool) -> None:
    """Create `.venv` and install changes since the last time.

    The stamp is removed before the first change and written after the last one. An environment without a stamp is
    incomplete, and is recreated.
    """
    require(missing_at_all, purpose="Interview Script")
    locks = LOCKS if dev else LOCKS[:1]
    if VENV.is_symlink():  # `venv --clear` would empty the folder that it points to
        raise Stop(".venv is a link. Remove it: ./run makes its own .venv, and would empty the linked folder.")
    with only_one_installs(ROOT) as lock_held:
        wanted, found = wanted_stamp(locks), read_stamp()
        if wanted.items() <= found.items() and Path(PYTHON).exists():
            return
        STAMP.unlink(missing_ok=True)
        if not Path(PYTHON).exists() or any(found.get(key) != wanted[key] for key in ("python", "place")):
            print("Creating the virtual environment in .venv", flush=True)
            if call([sys.executable, "-m", "venv", "--clear", str(VENV)], pass_fds=[lock_held]):
                raise Stop("The virtual environment could not be created; see above for the reason.")
            found = {}
        print(f"Installing {' and '.join(locks)}", flush=True)
        # A fraction of the packages for tests is ever imported: those are compiled then, by several processes.
        quick = ["--no-compile"] if dev else []
        pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet", *quick]
        files = [part for lock in locks for part in ("-r", lock)]
        if call([*pip, "--require-hashes", "--only-binary=:all:", *files], pass_fds=[lock_held]):
            raise Stop("The packages could not be installed; see above. Can the package index be reached?")
        STAMP.write_text(json.dumps(found | wanted, indent=1))
