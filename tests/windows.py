"""Browser windows that one test gives back and the next one takes.

A page costs half of the CPU where another page of this site was: its process, modules and their code are there."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.test import Client

from tests.waiting import PATIENCE

# Addresses that the product does not have, and the empty page there, for windows that no test has.
OUR_OWN = "/no-test/"
PARKED = f"{OUR_OWN}parked/"
# What is done with these cannot be undone: such a window is closed after its test.
FOR_GOOD = {
    "page": ("once", "add_init_script", "expose_function", "expose_binding", "add_locator_handler"),
    "context": ("on", "once", "add_init_script", "expose_function", "expose_binding", "new_cdp_session"),
}
STORED = "indexeddb,local_storage,cache_storage,service_workers,file_systems"
FORGET = """() => {
    localStorage.clear();
    sessionStorage.clear();
    window.name = "";
    // As long as Playwright does not stop the clock.
    return Date.toString().includes("native code");
}"""


class Window:
    """A page with a context of its own, and the errors that its console told during this test."""

    def __init__(self, chromium: Any, zone: str, options: dict[str, Any]) -> None:
        self.zone = zone
        self.context = chromium.new_context(**{"timezone_id": zone} | options)
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.storage = self.context.new_cdp_session(self.page)
        self.problems: list[str] = []
        self.is_spent = self.is_offline = False
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._listen)
        for one, names in ((self.page, FOR_GOOD["page"]), (self.context, FOR_GOOD["context"])):
            for name in names:
                setattr(one, name, self._spending(getattr(one, name)))
        self.listeners: list[tuple[Any, ...]] = []
        self._on, self._set_offline = self.page.on, self.context.set_offline
        self.page.on, self.context.set_offline = self._listen_also, self._go_offline

    def _spending(self, done: Callable) -> Callable:
        def do(*args: Any, **options: Any) -> Any:
            self.is_spent = True
            return done(*args, **options)

        return do

    def _listen_also(self, *event_and_listener: Any) -> None:
        self.listeners.append(event_and_listener)
        self._on(*event_and_listener)

    def _go_offline(self, offline: bool) -> None:
        self.is_offline = offline
        self._set_offline(offline)

    def _listen(self, line: Any) -> None:
        url = line.location.get("url", "")
        # The font is made by `./run serve`, not for tests: the page falls back to the system's. A socket that cannot be
        # opened is tried again, or done without; the browser says so all the same.
        is_known = "inter.woff2" in url or line.text.startswith("WebSocket connection to")
        if line.type == "error" and not is_known:
            self.problems.append(f"{line.text} {url}")

    def begin(self, *, width: int, height: int, dark: bool) -> None:
        self.problems.clear()
        self.page.expected_errors = []
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme="dark" if dark else "light")

    def park(self) -> bool:
        """Leave the site and forget everything of the test. Whether the window is as good as a new one."""
        if self.is_spent or self.is_offline or self.page.is_closed():
            return False
        while self.listeners:
            self.page.remove_listener(*self.listeners.pop())
        for other in self.context.pages:
            if other is not self.page:
                other.close()
        self.page.goto(PARKED)
        self.page.unroute_all()
        self.context.unroute_all()
        self.context.clear_cookies()
        self.context.clear_permissions()
        self.page.emulate_media(media="null", reduced_motion="null", forced_colors="null", contrast="null")
        self.page.mouse.move(-1, -1)
        is_usual: bool = self.page.evaluate(FORGET)
        origin = self.page.evaluate("origin")
        self.storage.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": STORED})
        return is_usual


class Windows:
    """The windows of one browser: those that tests have now, and those that they gave back."""

    def __init__(self, chromium: Any, url: str) -> None:
        self.chromium, self.url = chromium, url
        self.free: list[Window] = []
        self.taken: list[Window] = []

    def open(self, user: Any, width: int, height: int, dark: bool, is_new: bool, options: dict[str, Any]) -> Any:
        """A page with that person signed in. With `options` of its own the window is new, and closed after the test."""
        zone = (user and user.time_zone) or "Europe/Malta"  # people sit where they say
        alike = [] if is_new else [window for window in self.free if window.zone == zone]
        if alike:
            window = alike[-1]
            self.free.remove(window)
        else:
            window = Window(self.chromium, zone, {"base_url": self.url} | options)
            window.is_spent = bool(options)
        self.taken.append(window)
        window.begin(width=width, height=height, dark=dark)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            window.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.url}])
        return window.page

    def give_back(self, *, is_site_running: bool) -> list[str]:
        """Park or close what the test had. What its consoles told, except what a page expected."""
        unexpected = []
        for window in self.taken:
            told, expected = list(window.problems), window.page.expected_errors
            unexpected += [text for text in told if not any(part in text for part in expected)]
            if is_site_running and window.park():
                self.free.append(window)
            else:
                window.context.close()
        self.taken.clear()
        return unexpected
