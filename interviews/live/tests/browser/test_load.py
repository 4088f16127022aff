"""What the first load of the live page costs."""

import gzip

import brotli
import pytest

from host.scripts import as_served

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
# Bytes, compressed. Under hashed names files are cached for good, so that later loads bring the page alone.
MOST_BYTES = 120_000
# Everything that the page names itself, so that the browser asks for it at once.
NAMED = """() => [...document.querySelectorAll("[src], link[href]")].map((element) => element.src || element.href)"""


def sent(url: str, body: bytes) -> bytes:
    """What a built installation sends: files as they were compressed once, pages as they are compressed each time."""
    if "/static/" not in url:
        return gzip.compress(body)
    return brotli.compress(as_served(body.decode()).encode() if url.endswith((".js", ".css")) else body)


class TestFirstLoad:
    def test_is_120_kb_at_most_no_module_waits_for_another_and_it_breaks_no_rule_of_the_policy(
        self, make_call, open_page
    ):
        call = make_call(live=True)
        page = open_page(call.lead.user, is_new=True)
        answers = []
        page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  Playwright marks what it calls
        page.goto(f"/interviews/{call.interview.pk}/live/", wait_until="networkidle")
        here = page.url.partition("/interviews/")[0]
        loaded = {answer.url: answer for answer in answers if not answer.url.startswith("data:")}
        assert [url for url in loaded if not url.startswith(here)] == []
        sizes = {url: len(sent(url, answer.body())) for url, answer in loaded.items()}
        assert sum(sizes.values()) <= MOST_BYTES, sizes
        assert {url for url in loaded if url.endswith(".js")} <= set(page.evaluate(NAMED))
        policy = page.request.get(page.url).headers["content-security-policy"]
        assert "unsafe" not in policy
        assert page.locator("[style]").count() == 0
