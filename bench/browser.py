"""From a key to the paint that shows it, and to Saved: a live page of 25 questions with 10 points each, in Chromium."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.figure import CannotMeasure, Figure
from bench.world import World
from harness import browser
from runner.machine import chromium

# Milliseconds between two keys: three keys within 250 ms count as text. Each key changes the visible page.
PACE = 180
KEYS = [*"123456789", "g", "e", "d", "j", "k"]
# Milliseconds. The browser reports in steps of 8, and nothing shorter than this.
SHORTEST = 16
LISTEN = f"""() => {{
    globalThis.told = [];
    const isKey = ({{ name }}) => name === "keydown";
    const tell = (list) => told.push(...list.getEntries().filter(isKey).map(({{ duration }}) => duration));
    new PerformanceObserver(tell).observe({{ type: "event", durationThreshold: {SHORTEST} }});
}}"""


# The status line counts what waits; a change is saved when nothing does.
WATCH = """() => {
    globalThis.saved = [];
    let begin = null, isWaiting = false;
    const status = document.querySelector("[data-status]");
    addEventListener("input", () => (begin ??= performance.now()), true);
    new MutationObserver(() => {
        if (status.dataset.waiting !== "0") isWaiting = true;
        else if (isWaiting && begin !== null) {
            saved.push(performance.now() - begin);
            [begin, isWaiting] = [null, false];
        }
    }).observe(status, { attributeFilter: ["data-waiting"] });
}"""
# Milliseconds between two keys, long enough for each to be saved by itself.
APART = 1_200


@contextmanager
def _live_page(world: World, port: int) -> Iterator[Any]:
    """The wide live page in a new Chromium, ready for keys."""
    from playwright.sync_api import sync_playwright

    browser.allow_queries()
    path, cookie = world.wide
    with sync_playwright() as playwright:
        chrome = browser.launch(playwright)
        page = chrome.new_page(base_url=browser.address(port), viewport={"width": 1440, "height": 900})
        browser.sign_in(page.context, cookie)
        page.goto(path)
        page.locator("[data-status][data-waiting]").wait_for()
        yield page
        chrome.close()


def keystroke_to_saved(world: World, port: int, *, is_quick: bool) -> Iterator[Figure]:
    """From a key in a note until the page says that everything is saved. Nothing without Chromium."""
    if chromium() is None:
        return
    with _live_page(world, port) as page:
        page.keyboard.press("n")
        page.wait_for_timeout(1_000)
        page.evaluate(WATCH)
        for _ in range(2 if is_quick else 25):
            page.keyboard.press("x")
            page.wait_for_timeout(APART)
        took: list[float] = sorted(page.evaluate("saved"))
    if not took:
        raise CannotMeasure("no change was saved in time")
    yield Figure("keystroke_to_saved_p50", took[len(took) // 2], "ms")
    yield Figure("keystroke_to_saved_p95", took[min(len(took) - 1, int(len(took) * 0.95))], "ms")


def key_to_paint(world: World, port: int, *, is_quick: bool) -> Iterator[Figure]:
    """p50 and p95; keys that took less than the shortest told time count as that. Nothing without Chromium."""
    if chromium() is None:
        return
    keys = KEYS if is_quick else KEYS * 15
    with _live_page(world, port) as page:
        took = _press(page, keys)
    took = sorted([*took, *[SHORTEST] * (len(keys) - len(took))])
    yield Figure("key_to_paint_p50", took[len(took) // 2], "ms")
    yield Figure("key_to_paint_p95", took[int(len(took) * 0.95)], "ms")


def _press(page: Any, keys: list[str]) -> list[float]:
    """Ask the first question, then press the keys; what the browser told, in milliseconds."""
    page.keyboard.press("Enter")
    page.wait_for_timeout(1_000)
    page.evaluate(LISTEN)
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(PACE)
    page.wait_for_timeout(500)
    took: list[float] = page.evaluate("told")
    return took
