"""What waits outlives the page: reload, killed tab, two tabs, signed out, no room to keep anything."""

import pytest
from playwright.sync_api import expect

from accounts.factories import InterviewerFactory
from interviews.models import Note, Receipt, Tick
from interviews.tests.live_page import GONE, ONLINE
from tests.waiting import eventually, saved, stored

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.usefixtures("over_http")]
PASSWORD = "three calm words"

JOURNAL = """async (act) => {
    const { createJournal, countWaiting } = await import("/static/js/outbox/journal.js");
    const entry = (id, n, more) => ({id, client: "one", n, at: Date.now(), kind: "tick", ...more});
    const mine = createJournal({user: 1, interview: 7, client: "one"});
    await mine.put(entry("b", 2));
    await mine.put(entry("a", 1, {at: Date.now() + 3600000}));
    await mine.put(entry("old", 3, {at: Date.now() - 8 * 86400000}));
    const others = createJournal({user: 2, interview: 7, client: "two"});
    await others.put(entry("c", 1, {client: "two"}));
    const before = (await mine.load()).map(({ id }) => id);
    const counts = [await countWaiting(1), await countWaiting(2), await countWaiting(3)];
    await mine.remove("a");
    return {before, counts, after: (await mine.load()).map(({ id }) => id)};
}"""


@pytest.fixture
def lab(open_page):
    page = open_page()
    page.goto("/sign-in/")
    return page


class TestJournal:
    def test_keeps_by_person_in_the_order_of_the_numbers_whatever_the_clock_says_and_forgets_only_on_a_receipt(
        self, lab
    ):
        told = lab.evaluate(JOURNAL)
        assert told["before"] == ["a", "b", "old"]
        assert told["counts"] == [[{"interview": 7, "count": 3}], [{"interview": 7, "count": 1}], []]
        assert told["after"] == ["b", "old"]

    def test_what_was_refused_does_not_count_as_waiting(self, lab):
        counts = lab.evaluate(
            """async () => {
                const { createJournal, countWaiting } = await import("/static/js/outbox/journal.js");
                const journal = createJournal({user: 1, interview: 7, client: "one"});
                await journal.put({id: "x", client: "one", n: 1, at: 0, refused: "No."});
                return countWaiting(1);
            }"""
        )
        assert counts == []


class TestDrafts:
    def test_are_one_person_s_and_survive_the_page_and_typing_without_a_pause_is_kept(self, lab):
        lab.evaluate(
            """async () => {
                const { createDrafts, throttled } = await import("/static/js/outbox/storage.js");
                const mine = createDrafts(1);
                await createDrafts(2).put("question:12", {text: "Not mine"});
                let text = "";
                const typing = throttled(() => mine.put("question:12", {text}));
                for (let i = 0; i < 40; i += 1) {
                    text += "x";
                    typing.changed();
                    await new Promise((resolve) => setTimeout(resolve, 10));
                }
            }"""
        )
        other = lab.context.new_page()
        lab.close(run_before_unload=False)
        other.goto("/sign-in/")
        told = other.evaluate(
            """async () => {
                const { createDrafts } = await import("/static/js/outbox/storage.js");
                const [mine, hers] = [createDrafts(1), createDrafts(2)];
                const { text } = await mine.get("question:12");
                await mine.clear();
                return [text.length, await mine.all(), (await hers.all()).map(({ name }) => name)];
            }"""
        )
        assert told[0] > 25
        assert told[1:] == [[], ["question:12"]]

    def test_what_a_living_page_keeps_is_adopted_by_another_only_once_it_is_gone(self, lab):
        lab.evaluate(
            """async () => {
                const { createJournal } = await import("/static/js/outbox/journal.js");
                const journal = createJournal({user: 1, interview: 7, client: "gone"});
                await journal.put({id: "x", client: "gone", n: 1, at: Date.now()});
            }"""
        )
        other = lab.context.new_page()
        other.goto("/sign-in/")
        other.evaluate(
            """async () => {
                globalThis.adopted = [];
                const { createJournal } = await import("/static/js/outbox/journal.js");
                const keep = (user) => (entries) => adopted.push(...entries.map(({ id }) => `${user} ${id}`));
                await createJournal({user: 1, interview: 7, client: "next"}).adoptFromTheGone(keep(1));
                await createJournal({user: 2, interview: 7, client: "hers"}).adoptFromTheGone(keep(2));
                await new Promise((resolve) => setTimeout(resolve, 200));
            }"""
        )
        assert other.evaluate("adopted") == []
        lab.close(run_before_unload=False)
        eventually(other, lambda: other.evaluate("adopted"), ["1 x"])


class TestAPageThatIsGone:
    def test_killed_while_the_server_was_down_delivers_each_change_once_when_opened_again(
        self, make_call, open_live, live_site
    ):
        call = make_call(live=True)
        live = open_live(call)
        live.page.expected_errors.append(GONE)
        live.press("Enter")
        live.saved()
        before = Receipt.objects.count()
        live_site.stop()
        live.press("1", "2", "n")
        live.type("Typed to nobody")
        eventually(live.page, lambda: "Typed to nobody" in stored(live.page), True)
        waiting = len(stored(live.page))
        context = live.page.context
        live.page.close(run_before_unload=False)
        live_site.start()
        live.page = context.new_page()
        live.page.expected_errors = []
        live.__init__(live.page, call)
        expect(live.card.locator("textarea")).to_have_value("Typed to nobody")
        live.saved()
        assert (Tick.objects.count(), Note.objects.get().text) == (2, "Typed to nobody")
        assert Receipt.objects.count() == before + waiting
        eventually(live.page, lambda: stored(live.page), [])

    def test_a_reload_while_offline_loses_none_of_300_edits(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        live.page.expected_errors.append(GONE)
        live.press("Enter")
        live.saved()
        live.page.route("**/commands/", lambda route: route.abort())
        live.page.evaluate(
            """() => {
                const boxes = document.querySelectorAll(".one.is-shown [data-point]");
                for (let i = 0; i < 300; i += 1) boxes[i % 2].click();
            }"""
        )
        live.sees(live.status, "300 changes saved on this device")
        live.page.on("dialog", lambda dialog: dialog.accept())
        live.page.reload()
        live.sees(live.status, "300 changes saved on this device")
        live.page.unroute("**/commands/")
        live.page.evaluate(ONLINE)
        expect(live.page.locator("[data-status][data-waiting='0']")).to_be_visible(timeout=60_000)
        saved(live.page)
        assert Receipt.objects.filter(n__gt=0).exclude(command_id=None).count() == 301


def sign_out(live):
    cookies = live.page.context.cookies()
    live.page.context.add_cookies([one | {"value": "nobody"} for one in cookies if one["name"] == "sessionid"])


def with_password(user):
    user.set_password(PASSWORD)
    user.save()
    return user


def fifty(live):
    live.page.evaluate(
        """() => {
            const boxes = document.querySelectorAll(".one.is-shown [data-point]");
            for (let i = 0; i < 50; i += 1) boxes[i % 2].click();
        }"""
    )


class TestSignedOut:
    def test_fifty_waiting_are_delivered_after_signing_in_by_the_dialog(self, make_call, open_live):
        call = make_call(live=True)
        with_password(call.lead.user)
        live = open_live(call)
        live.page.expected_errors.append(GONE)
        live.press("Enter")
        live.saved()
        before = Receipt.objects.count()
        sign_out(live)
        fifty(live)
        live.page.get_by_role("link", name="50 changes saved on this device").click()
        dialog = live.page.locator("#sign-in-again")
        expect(dialog.get_by_label("Email")).to_have_value(call.lead.user.email)
        dialog.get_by_label("Password").fill("wrong")
        dialog.get_by_role("button", name="Sign in").click()
        live.sees(dialog, "Wrong email or password")
        dialog.get_by_label("Password").fill(PASSWORD)
        dialog.get_by_role("button", name="Sign in").click()
        expect(dialog).to_be_hidden()
        live.saved()
        assert Receipt.objects.count() == before + 50
        eventually(live.page, lambda: stored(live.page), [])

    def test_another_person_who_signs_in_there_is_told_so_and_sends_none(self, make_call, open_live):
        call = make_call(live=True)
        jo = with_password(InterviewerFactory(email="jo@example.org"))
        live = open_live(call)
        live.page.expected_errors.append(GONE)
        live.press("Enter")
        live.saved()
        before = Receipt.objects.count()
        sign_out(live)
        fifty(live)
        live.page.get_by_role("link", name="50 changes saved on this device").click()
        dialog = live.page.locator("#sign-in-again")
        dialog.get_by_label("Email").fill(jo.email)
        dialog.get_by_label("Password").fill(PASSWORD)
        dialog.get_by_role("button", name="Sign in").click()
        live.sees(dialog, "Someone else is signed in now")
        live.page.evaluate(ONLINE)
        live.page.wait_for_timeout(500)
        assert Receipt.objects.count() == before
        assert len(stored(live.page)) == 50


class TestElsewhere:
    def test_my_day_says_what_waits_and_signing_out_asks_first(self, make_call, open_live):
        call = make_call(live=True)
        live = open_live(call)
        live.page.expected_errors.append(GONE)
        live.press("Enter")
        live.saved()
        live.page.route("**/commands/", lambda route: route.abort())
        live.press("1", "2")
        eventually(live.page, lambda: len(stored(live.page)), 2)
        page = live.page.context.new_page()
        page.goto("/")
        live.sees(page.locator("#messages"), "2 changes from an interview are saved on this device only.")
        page.locator(".site-person summary").click()
        page.get_by_role("button", name="Sign out").click()
        live.sees(page.locator("#sign-out-first"), "2 changes aren’t saved yet")
        page.get_by_role("button", name="Stay signed in").click()
        link = page.locator("#messages").get_by_role("link")
        expect(link).to_have_attribute("href", f"/interviews/{call.interview.pk}/live/")


ANSWERS = [
    {"status": 400, "body": "<h1>Bad</h1>", "content_type": "text/html"},
    {"status": 401, "json": {"error": "Sign in again."}},
    {"status": 500, "body": "<h1>Error</h1>", "content_type": "text/html"},
    {"status": 503, "body": ""},
    {"status": 504, "body": "<h1>Timeout</h1>", "content_type": "text/html"},
]
REFUSALS = [403, 404, 409, 413, 422]


class TestAnswers:
    """The ones without a reason in words that `test_live_sending` does not try, and the final ones."""

    def test_none_that_is_not_a_receipt_takes_a_change_out_of_the_journal(self, make_call, open_live):
        live = open_live(make_call(live=True))
        live.page.expected_errors.append(GONE)
        left = list(ANSWERS)
        live.page.route("**/commands/", lambda route: route.fulfill(**left.pop()) if left else route.abort())
        live.press("1")
        while left:
            live.page.evaluate(ONLINE)
            live.page.wait_for_timeout(100)
        eventually(live.page, lambda: len(stored(live.page)), 2)
        live.page.unroute("**/commands/")
        live.page.evaluate(ONLINE)
        live.saved()
        assert Tick.objects.count() == 1

    def test_a_final_refusal_is_in_the_tray_and_still_there_after_a_reload(self, make_call, open_live):
        live = open_live(make_call(live=True))
        live.page.expected_errors.append(GONE)
        left = list(REFUSALS)

        def refuse(route):
            if not left:
                return route.abort()
            status, body = left.pop(), route.request.post_data_json
            words = {"error": "Not like this.", "code": "invalid"}
            if "commands" not in body:
                return route.fulfill(status=status, json=words)
            # In a batch each is refused by itself; the rest stays.
            row = words | {"id": body["commands"][0]["id"], "status": status}
            return route.fulfill(json={"answers": [row], "receipts": [], "now": "2026-01-01T00:00:00Z"})

        live.page.route("**/commands/", refuse)
        tray = live.page.locator("[data-tray]")
        live.press("Enter")
        for _ in REFUSALS[1:]:
            live.press("g", "e")
        expect(tray.get_by_role("button", name="Dismiss")).to_have_count(len(REFUSALS))
        live.page.on("dialog", lambda dialog: dialog.accept())
        live.page.reload()
        expect(tray.get_by_role("button", name="Dismiss")).to_have_count(len(REFUSALS))
        tray.get_by_role("button", name="Dismiss").first.click()
        expect(tray.get_by_role("button", name="Dismiss")).to_have_count(len(REFUSALS) - 1)
