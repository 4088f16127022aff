"""Which Python makes .venv and runs everything."""

import subprocess
import sys
import sysconfig
from pathlib import Path

SYSTEM = Path("/usr/bin")


def quicker() -> str | None:
    """The system's Python of the same version, if this one was compiled without optimisations and that one can make a
    virtual environment.

    pyenv compiles without, unless told otherwise, and the same code then takes a quarter more processor time."""
    options = sysconfig.get_config_var("CONFIG_ARGS")  # None on Windows
    is_of_system = sys.prefix == str(SYSTEM.parent)  # distributions optimise in their own ways, and do not say so there
    is_chosen = sys.prefix != sys.base_prefix  # somebody's virtual environment
    if options is None or "--enable-optimizations" in options or is_of_system or is_chosen:
        return None
    other = SYSTEM / f"python3.{sys.version_info.minor}"
    return str(other) if _makes_environments(other) else None


def _makes_environments(python: Path) -> bool:
    """Debian packages these two modules separately."""
    try:
        return subprocess.run([python, "-c", "import ensurepip, venv"], capture_output=True).returncode == 0
    except OSError:
        return False
