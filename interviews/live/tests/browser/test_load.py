"""What the first load of the live page costs."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


class TestFirstLoad:
    def test_takes_at_most_fourteen_requests_and_breaks_no_rule_of_the_policy(self, make_call, open_page):
        call = make_call(live=True)
        page = open_page(call.lead.user)
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"/interviews/{call.interview.pk}/live/", wait_until="networkidle")
        assert len(asked) <= 14, asked
        here = page.url.partition("/interviews/")[0]
        assert [url for url in asked if not url.startswith((here, "data:"))] == []
        policy = page.request.get(page.url).headers["content-security-policy"]
        assert "unsafe" not in policy
        assert page.locator("[style]").count() == 0
