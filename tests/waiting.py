"""Browser tests wait for what is a moment behind the page: rows, texts stored in the browser, requests, receipts."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

PATIENCE = 15_000  # milliseconds for a page to show the expected state; the machine may be busy
Found = TypeVar("Found")

# A page shows in its next frame what waits for a receipt.
LEAVE = """async () => {
    document.activeElement.blur();
    await new Promise(requestAnimationFrame);
}"""
# Values of the commands and unsent lines of the person on the page, in the order in which they were made.
STORED = """async () => {
    const { listEntries } = await import("/static/js/outbox/journal.js");
    const all = await listEntries(Number(document.body.dataset.user));
    return all.flatMap(({ entries }) => entries.filter(({ refused }) => !refused).map(({ value }) => value));
}"""


def eventually(page: Any, look: Callable[[], Found], wanted: Found) -> None:
    """`look` comes to what is wanted, now or within a moment. Meanwhile the page, its routes and its dialogs go on."""
    until = time.monotonic() + PATIENCE / 1000
    while (found := look()) != wanted and time.monotonic() < until:
        page.wait_for_timeout(20)
    assert found == wanted


def saved(page: Any) -> None:
    """Leave the field; then the server has said that everything is saved."""
    from playwright.sync_api import expect

    page.evaluate(LEAVE)
    expect(page.locator("[data-status][data-waiting='0']")).to_be_visible()


def stored(page: Any) -> list[Any]:
    """What waits in this browser for its receipt, and lines that were not added yet."""
    values: list[Any] = page.evaluate(STORED)
    return values
