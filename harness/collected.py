"""Static files as they are deployed, to copy: to collect them takes three seconds, and each process of faults needs
them."""

import fcntl
import hashlib
import io
import shutil
from pathlib import Path

from runner import ROOT

# What they are made of, besides the fonts.
SOURCES = ("static/**/*", "config/static.py", "host/scripts.py", "requirements.txt")


def collect_static(folder: Path) -> None:
    """Put the fonts and static files where the settings say: from this folder, where one process of a run has left
    those of today's sources."""
    from django.conf import settings
    from django.core.management import call_command

    call_command("build_fonts", stdout=io.StringIO())
    place, made = Path(settings.STATIC_ROOT), folder / _key(Path(settings.BUILD_DIR))
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first process collects them, the others wait
        if made.is_dir():
            shutil.copytree(made, place, dirs_exist_ok=True)
            return
        for old in folder.glob("*/"):
            shutil.rmtree(old)
        call_command("collectstatic", interactive=False, verbosity=0)
        shutil.copytree(place, folder / "half")
        (folder / "half").rename(made)  # only a whole one has the name


def _key(build: Path) -> str:
    paths = [*(path for pattern in SOURCES for path in ROOT.glob(pattern)), *(build / "fonts").glob("*")]
    digest = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file()):
        digest.update(f"{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
