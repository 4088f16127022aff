"""A temporary environment for the product."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from runner.engines import postgresql, redis, socket_folder
from runner.environment import isolated, variables
from runner.machine import BROWSERS, FIREFOXES, missing_test_tools, require


@contextlib.contextmanager
def engine(name: str) -> Iterator[dict[str, str]]:
    """Variables for SQLite in a temporary folder, or for a temporary PostgreSQL and Redis."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        environment = isolated(Path(folder)) | {"DJANGO_SETTINGS_MODULE": "config.settings"}
        copy_fonts(Path(folder) / "build")
        if name == "sqlite":
            yield environment
            return
        browsers = {*BROWSERS, *FIREFOXES}
        require(lambda: [tool for tool in missing_test_tools() if tool not in browsers], purpose="--engine postgresql")
        with socket_folder() as sockets, postgresql(sockets, is_durable=True) as database, redis(sockets) as queue:
            yield environment | {"DATABASE_URL": database, "REDIS_URL": queue}


def copy_fonts(build: Path) -> None:
    """Copy existing fonts, which saves twenty seconds; build missing ones."""
    usual = variables()
    made = Path(usual.get("BUILD_DIR") or Path(usual["VAR_DIR"]) / "build")
    for name in ("fonts", "pdf"):
        if (made / name).is_dir():
            shutil.copytree(made / name, build / name)
    if (made / "fonts.stamp").exists():
        shutil.copy(made / "fonts.stamp", build)
