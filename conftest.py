"""For every test: emptying tables despite triggers. For browser tests: a real server on its database, and a browser."""

import asyncio
import functools
import gc
import os
import re
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import factory.random
import hypothesis
import pytest
import uvicorn
from django.conf import settings
from django.core.cache import caches
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.template import Context, Template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.test import SimpleTestCase, TransactionTestCase
from django.test.signals import template_rendered
from django.utils.safestring import SafeString

from config.health import EVERY, health
from config.protocol_router import ProtocolRouter
from harness.migrated import make_database, migrated_database, put_copy
from interviews.live import rate_limits, taker
from interviews.models.immutability import GUARDED, triggers_dropped
from interviews.streams import socket_monitor
from runner import machine
from runner.environment import variables
from tests.dealing import dealt
from tests.looking import AXE, COLOURS, USUAL, axe_script, run_axe
from tests.once import is_once, mark_once
from tests.static_files import static_file
from tests.waiting import PATIENCE
from tests.windows import PARKED, Windows

# No limit of time: another suite may run on this machine. The same examples each time, so that a run fails because of
# what was changed; `--hypothesis-seed=7` looks for others.
hypothesis.settings.register_profile(
    "suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], derandomize=True
)
hypothesis.settings.load_profile("suite")

pytest_plugins = ["tests.failed_parts"]

_assert_contains = SimpleTestCase._assert_contains


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Give each test the same random names in each run: some contain a word that must not be found."""
    factory.random.reseed_random(item.nodeid)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where tests of one engine are left out, do not even import the modules that have no others, which are a third of
    all."""
    is_left_out = "not sqlite_only" in config.option.markexpr and collection_path.name.startswith("test_")
    return True if is_left_out and collection_path.is_file() and is_once(collection_path) else None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark tests that open a browser, and tests that one engine is enough for; put slow tests first."""
    for item in items:
        if "_chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    mark_once(items)
    yield
    items[:] = dealt(items, processes=int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay to the end: looking for garbage among them, and often, is a twentieth of the
    time."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """The test database is a copy of a migrated one."""
    name = connection.settings_dict["TEST"]["NAME"] or f"test_{connection.settings_dict['NAME']}"
    if connection.vendor == "sqlite":
        put_copy(migrated_database(settings.BUILD_DIR / "test-database"), Path(name))
    else:
        make_database(variables()["DATABASE_URL"], name)
    return True


def _delete_rows(_: TransactionTestCase) -> None:
    """Delete what a test has committed. Django's flush empties each table, which is a truncated file each on
    PostgreSQL, and fills those of the roles and models anew."""
    with connection.cursor() as cursor:
        each = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in _emptied_tables())
        cursor.execute(" UNION ALL ".join(each))
        filled = {table for (table,) in cursor.fetchall()}
        guarded = not filled.isdisjoint(one.table for one in GUARDED)
        with triggers_dropped(connection) if guarded else nullcontext(), transaction.atomic():
            for table in sorted(filled):  # keys are checked at the end, so that their order does not matter
                cursor.execute(f"DELETE FROM {table}")


@functools.cache
def _emptied_tables() -> list[str]:
    return sorted(set(connection.introspection.django_table_names()) - {"auth_group", "django_content_type"})


def _assert_contains_as_shown(self: SimpleTestCase, response, text, status_code, msg_prefix, html) -> tuple:
    """A page shows any run of whitespace as one space, wherever a template breaks its lines."""
    text_repr, count, prefix, content_repr = _assert_contains(self, response, text, status_code, msg_prefix, html)
    if not (html or response.streaming or isinstance(text, bytes)):
        content = response.content.decode(response.charset)
        count = re.sub(r"\s+", " ", content).count(re.sub(r"\s+", " ", str(text)))
    return text_repr, count, prefix, content_repr


@pytest.fixture(autouse=True, scope="session")
def _contain_as_shown() -> Iterator[None]:
    SimpleTestCase._assert_contains = _assert_contains_as_shown
    yield
    SimpleTestCase._assert_contains = _assert_contains


def _render_and_tell_of_pages(self: Template, context: Context) -> SafeString:
    """Django's test client copies the context of each rendered template: of a page and what it extends, and of its
    hundreds of icons and fields. Tests ask for the former only."""
    if context.template is self or BLOCK_CONTEXT_KEY in context.render_context:
        template_rendered.send(sender=self, template=self, context=context)
    return self.nodelist.render(context)


@pytest.fixture(autouse=True, scope="session")
def _tell_of_pages(django_test_environment: None) -> None:
    Template._render = _render_and_tell_of_pages


@pytest.fixture(autouse=True, scope="session")
def _empty_quickly() -> Iterator[None]:
    usual = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = _delete_rows
    yield
    TransactionTestCase._fixture_teardown = usual


@pytest.fixture(autouse=True)
def _forget_what_processes_remember() -> None:
    health.outage, health.looked_at = None, -EVERY
    for cache in caches.all(initialized_only=False):
        cache.clear()
    rate_limits.forget_all()


@pytest.fixture(autouse=True)
def _committed(request: pytest.FixtureRequest) -> None:
    """The browser's server uses other connections, so the test's rows must be committed."""
    if "_chromium" in request.fixturenames:
        request.getfixturevalue("transactional_db")


class LiveSite:
    """The product behind a real socket. It can be stopped and restarted on the same port."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.running: set[object] = set()
        self.django = get_wsgi_application()
        self.application = ProtocolRouter(self._counted)
        self.start()

    def _counted(self, environ: dict, start_response: Callable) -> object:
        if environ["PATH_INFO"] == PARKED:
            # With the header of our pages: else the browser changes to another process.
            start_response("200 OK", [("Content-Type", "text/html"), ("Cross-Origin-Opener-Policy", "same-origin")])
            return [b""]
        if environ["PATH_INFO"] == AXE:
            start_response("200 OK", [("Content-Type", "text/javascript"), ("Cache-Control", "max-age=3600")])
            return [axe_script()]
        if file := static_file(environ["PATH_INFO"]):
            status, headers, content = file
            start_response(status, headers)
            return [content]
        request = object()
        self.running.add(request)
        try:
            return self.django(environ, start_response)
        finally:
            self.running.discard(request)

    def settle(self) -> None:
        """Wait for the browser's last requests and commands, and until its sockets are closed.

        The end of the test empties the tables, which can deadlock with a query on several of them."""
        until, still_since = time.monotonic() + 10, time.monotonic()
        while time.monotonic() < until and time.monotonic() - still_since < 0.05:
            time.sleep(0.01)
            if self._is_busy():
                still_since = time.monotonic()

    def _is_busy(self) -> bool:
        monitor, taking = socket_monitor._monitors.get(self.loop), taker._takers.get(self.loop)
        is_taking = taking is not None and taking.working is not None and not taking.working.done()
        return bool(self.running) or is_taking or bool(monitor and monitor.sockets)

    def start(self) -> None:
        config = uvicorn.Config(
            self.application,
            host="127.0.0.1",
            port=self.port,
            log_level="error",
            lifespan="off",
            ws_per_message_deflate=False,
            proxy_headers=False,
            ws_max_size=16384,
            ws_ping_interval=5,
            ws_ping_timeout=5,
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self.thread.start()
        while not self.server.started:
            self.thread.join(0.01)
            assert self.thread.is_alive(), "the server did not start"

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        await self.server.serve()

    def stop(self) -> None:
        self.server.should_exit = self.server.force_exit = True
        self.thread.join(90)  # longer than a thread may wait for the database, on a busy machine
        assert not self.thread.is_alive(), f"the server did not stop:\n{self._still_running()}"

    def _still_running(self) -> str:
        """What each task of its loop waits for, and the stack of each thread."""
        stacks = ["".join(traceback.format_stack(frame)) for frame in sys._current_frames().values()]
        return "\n".join([*map(_waiting, asyncio.all_tasks(self.loop)), *stacks])


def _waiting(task: asyncio.Task) -> str:
    """The places at which this task and what it awaits have stopped; a task's own stack has the first only."""
    places: list[str] = []
    awaited: Any = task.get_coro()
    while frame := getattr(awaited, "cr_frame", None):
        places.append(f"{frame.f_code.co_qualname}:{frame.f_lineno}")
        awaited = awaited.cr_await
    return f"{task!r} at {' > '.join(places)}"


@pytest.fixture(scope="session")
def _site(django_db_setup: None, django_db_blocker) -> Iterator[LiveSite]:
    # Any other database may have real data.
    assert "test" in str(connection.settings_dict["NAME"]), connection.settings_dict["NAME"]
    site = LiveSite()
    yield site
    site.stop()


@pytest.fixture
def live_site(_site: LiveSite, transactional_db: None) -> Iterator[LiveSite]:
    """The running product on the test database; its `url`, and `stop()` and `start()` for faults."""
    yield _site
    if not _site.thread.is_alive():
        _site.start()


@pytest.fixture(scope="session")
def _chromium():
    from playwright.sync_api import expect, sync_playwright

    # Playwright's sync API runs a loop in this thread; Django would refuse the test's own queries beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    program = machine.chromium()
    assert program, "Chromium is not installed: apt-get install chromium-headless-shell"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            # Each page runs its code, and axe's, for a moment only: to optimise it takes longer than to run it.
            args=[
                *("--no-sandbox", "--disable-background-networking", "--disable-quic"),
                "--js-flags=--always-sparkplug,--no-maglev,--no-turbofan",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def _windows(_site: LiveSite, _chromium) -> Windows:
    return Windows(_chromium, _site.url)


@pytest.fixture
def open_page(live_site: LiveSite, _windows: Windows) -> Iterator[Callable]:
    """`open_page(user=…, width=1440, dark=False)` opens a browser window with that person signed in.

    Another test may have had it, so files are in its cache, and nothing else; with `is_new=True` none had.

    Console errors and exceptions of the page fail the test, except messages that contain a string of
    `page.expected_errors`."""

    def window(user=None, width: int = 1440, height: int = 1000, dark: bool = False, is_new=False, **options):
        return _windows.open(user, width, height, dark, is_new or bool(options), options)

    yield window
    unexpected = _windows.give_back(is_site_running=live_site.thread.is_alive())
    live_site.settle()
    assert unexpected == []


@pytest.fixture
def axe() -> Callable:
    """`axe(page)` asserts that axe finds nothing on the current page, in light and dark.

    `axe(page, "dialog[open]")` looks at what is new there: a part of a page that it has looked at before."""

    def check(page, part: str | None = None) -> None:
        if connection.vendor != "sqlite":
            return  # the suite on SQLite has looked at the same page
        # In the dark the same page has other colours, and nothing else.
        assert [*run_axe(page, "light", USUAL, part), *run_axe(page, "dark", COLOURS, part)] == []

    return check
