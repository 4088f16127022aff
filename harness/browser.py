"""Chromium on the running product, with a person signed in."""

import atexit
import contextlib
import functools
import os
import signal
from pathlib import Path
from typing import Any

from harness.http import HOST
from runner.machine import chromium

HIDE_TAKES = """{
    const parse = JSON.parse;
    JSON.parse = (text, ...more) => parse(text.replace(/"takes": \\d+/, '"takes": 0'), ...more);
}"""
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-quic"]


def allow_queries() -> None:
    """Playwright's sync API runs a loop in this thread; Django would refuse our own queries beside it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@functools.cache
def driver() -> Any:
    """Playwright, started once per process: that takes longer than most cases."""
    from playwright.sync_api import sync_playwright

    allow_queries()
    playwright = sync_playwright().start()
    atexit.register(playwright.stop)
    return playwright


@functools.cache
def shared() -> Any:
    """A browser without a profile, for contexts that have nothing in common."""
    return launch(driver())


def launch(playwright: Any) -> Any:
    """A browser without a profile."""
    return playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)


def launch_profile(playwright: Any, folder: str, *, port: int) -> Any:
    """A browser context that stores its data in `folder`, as a person's browser does."""
    return playwright.chromium.launch_persistent_context(
        folder, executable_path=chromium(), args=ARGUMENTS, base_url=address(port)
    )


def address(port: int) -> str:
    return f"http://{HOST}:{port}"


def send_over_http(context: Any) -> None:
    """Pages of this context do not learn that the socket takes commands, so Playwright can stop their requests."""
    context.add_init_script(HIDE_TAKES)


def sign_in(context: Any, session: str) -> None:
    """Give the context this session, for every port of this machine."""
    name, _, value = session.partition("=")
    context.add_cookies([{"name": name, "value": value, "domain": HOST, "path": "/"}])


def kill(folder: str) -> None:
    """Kill every process of the browser that has its profile in `folder`, with -9."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder in (process / "cmdline").read_text(errors="replace"):
                os.kill(int(process.name), signal.SIGKILL)
