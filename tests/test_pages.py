"""Every page, as each of the demo people finds it: links, headers, looks, keyboard."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, TestCase
from django.urls import get_resolver, reverse
from playwright.sync_api import Route, expect

from accounts.factories import HiringManagerFactory
from accounts.models import User
from interviews.models import Candidate
from tests.crawl import Visit, crawl
from tests.demo import load_demo
from tests.looking import fit, look_at
from tests.parts import fewest, parts_of
from tests.waiting import eventually

pytestmark = pytest.mark.sqlite_only

PEOPLE = {
    "interviewer": "mira.rahman@example.org",
    "hiring manager": "hana.berg@example.org",
    "curator": "arin.kim@example.org",
    "administrator": "noor.haddad@example.org",
}
WRITES = re.compile(r'\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b[^"]*"?(?P<table>\w+)', re.IGNORECASE)
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self' data:",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def client_of(role: str) -> Client:
    client = Client()
    if role in PEOPLE:
        client.force_login(User.objects.get(email=PEOPLE[role]))
    return client


@contextmanager
def nothing_is_written() -> Iterator[None]:
    """What is asked for in here changes no rows but those of sessions."""
    written = []

    def listen(execute, sql, *more):
        if (found := WRITES.match(sql)) and found["table"] != Session._meta.db_table:
            written.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(listen):
        yield
    assert written == []


@pytest.mark.slow
class EveryPageTests(TestCase):
    """One class, since loading what all of them read takes longer than most of them."""

    @classmethod
    def setUpTestData(cls):
        load_demo()

    def assert_is_hardened(self, response, name):
        policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
        self.assertEqual(policy, POLICY, name)
        self.assertEqual(response["X-Content-Type-Options"], "nosniff", name)
        self.assertEqual(response["X-Frame-Options"], "DENY", name)
        self.assertEqual(response["Referrer-Policy"], "same-origin", name)
        self.assertIn("no-store", response["Cache-Control"], name)

    # Each of these is one person who opens everything that they can get to.

    def crawl(self, role: str) -> set[str]:
        """Everything that is linked, then the other addresses."""
        client = client_of(role)
        with nothing_is_written():
            visits = crawl(client)
            self.ask_for_the_rest(client, role, {visit.path for visit in visits})
        names = [candidate.name for candidate in Candidate.objects.all()]
        for visit in visits:
            self.assertLess(visit.response.status_code, 400, f"{visit.path}, linked from {visit.found_on}")
            self.assert_is_hardened(visit.response, visit.path)
            if visit.is_page:
                outline = visit.outline
                said = (outline.lang, outline.headings, "Interview Script" in outline.title)
                self.assertEqual(said, ("en", 1, True), visit.path)
                # Others see titles on a shared screen.
                self.assertEqual([name for name in names if name in outline.title], [], visit.path)
        return {visit.url_name for visit in visits}

    def test_interviewer(self):
        found = self.crawl("interviewer")
        self.assertLessEqual({"my-day", "live", "scorecard", "scorecard-read", "export-pdf", "account"}, found)
        self.assertFalse({"opening-list", "interview-edit", "question-edit", "person-list"} & found)

    def test_hiring_manager(self):
        found = self.crawl("hiring manager")
        self.assertLessEqual({"opening-edit", "candidate-edit", "interview-create", "interview-cancel"}, found)
        self.assertFalse({"live", "scorecard", "question-edit", "person-list"} & found)

    def test_curator(self):
        found = self.crawl("curator")
        self.assertLessEqual({"question-create", "question-edit", "question-retire", "script-edit"}, found)
        self.assertFalse({"interview-list", "interview-detail", "opening-list", "person-list"} & found)

    def test_administrator(self):
        found = self.crawl("administrator")
        self.assertLessEqual({"person-list", "person-create", "person-edit", "question-detail"}, found)
        self.assertFalse({"interview-list", "interview-detail", "opening-list", "question-edit"} & found)

    def test_who_is_not_signed_in_finds_the_sign_in(self):
        self.assertEqual(self.crawl("nobody"), {"my-day", "password-forgotten", "sign-in"})

    # And these go to the addresses that no link leads to as well, with whatever number is in them.

    def addresses(self, number: int = 1):
        """Each of our addresses, for the rows with this number."""
        words = {"uidb64": "MQ", "token": "x-y", "key": "0" * 64}
        for name, ways in get_resolver().reverse_dict.lists():
            if isinstance(name, str):
                wanted = ways[0][0][0][1]
                yield name, reverse(name, kwargs={word: words.get(word, number) for word in wanted})

    def ask_for_the_rest(self, client: Client, role: str, asked: set[str]) -> None:
        """Nothing breaks, and every answer is hardened."""
        found = {path: name for number in (1, 8, 10**25) for name, path in self.addresses(number)}
        for path, name in found.items():
            if path not in asked:
                response = client.get(path)
                self.assertLess(response.status_code, 500, f"{path} for {role}")
                self.assert_is_hardened(response, f"{name} for {role}")

    def test_no_number_is_too_large_to_be_refused(self):
        ages: list[dict] = [{"age": 0}, {"age": 0, "kind": "ask", "value": "now"}, {"age": 10**25}]
        command = {"id": str(uuid.uuid4()), "client": "tab", "n": 1, "kind": "tick", "target": 10**25, "value": True}
        for role in PEOPLE:
            client = client_of(role)
            for path in {path: True for number in (1, 10**25) for _, path in self.addresses(number)}:
                for more in ages if path.endswith("/commands/") else ages[:1]:
                    response = client.post(path, command | more, content_type="application/json")
                    self.assertLess(response.status_code, 500, f"{path} for {role}")

    def test_nothing_is_taken_without_the_page_s_token(self):
        everything = User.objects.get(email=PEOPLE["hiring manager"])
        everything.groups.set(Group.objects.all())  # who may do more is refused too
        for person in (everything, None):
            client = Client(enforce_csrf_checks=True)
            if person:
                client.force_login(person)
            with nothing_is_written():
                for name, path in self.addresses():
                    response = client.post(path, {"x": "y"})
                    self.assertIn(response.status_code, (302, 403, 404, 405), f"{path} for {person}")
                    self.assert_is_hardened(response, f"{name} for {person}")

    def test_what_is_not_there_is_hardened_too(self):
        self.assert_is_hardened(client_of("nobody").get("/nowhere/"), "nobody")
        response = client_of("curator").get("/nowhere/")
        self.assertEqual(response.status_code, 404)
        self.assert_is_hardened(response, "curator")


def kind_of(visit: Visit) -> tuple[str, str]:
    """An interview is another page in each of its states."""
    interview = (visit.response.context or {}).get("interview")
    return visit.url_name, getattr(interview, "status", "")


@pytest.mark.slow
def test_every_page_looks_right_and_is_all_there_by_keyboard(open_page):
    """Each kind of page at each width; and each part of all pages, as each person finds them, on one of them."""
    load_demo()
    found = {
        (role, visit.path): visit
        for role in [*PEOPLE, "nobody"]
        for visit in crawl(client_of(role), most=1)
        if visit.is_page
    }
    parts = {of: parts_of(visit.response.content.decode()) for of, visit in found.items()}
    windows: dict[str, Any] = {}
    names: set[str] = set()
    wrong = []
    for (role, path), has_new_parts in fewest(((of, kind_of(visit)) for of, visit in found.items()), parts).items():
        has_new_menu = role not in windows
        page = windows.setdefault(role, None) or open_page(user=User.objects.filter(email=PEOPLE.get(role)).first())
        windows[role] = page
        name = found[role, path].url_name
        if has_new_parts:
            wrong += look_at(page, path, is_another=name in names, has_new_menu=has_new_menu)
        else:
            wrong += [f"{path}: {words}" for words in fit(page, path)]
        names.add(name)
    assert not wrong, "\n".join(wrong)


def test_a_form_that_is_sent_twice_counts_once(open_page):
    hana = HiringManagerFactory()
    page = open_page(user=hana)
    page.goto("/openings/new/")
    page.get_by_role("textbox", name="Role required").fill("Backend engineer")
    sent: list[Route] = []
    page.route("**/openings/new/", lambda route: sent.append(route))  # noqa: PLW0108  Playwright marks what it calls
    with page.expect_console_message(lambda message: message.text == "twice"):
        page.evaluate(
            "const button = document.querySelector('main .form-end [type=submit]'); button.click();"
            "setTimeout(() => { button.click(); console.log('twice'); }, 100)"
        )
    eventually(page, lambda: bool(sent), True)
    for route in sent:
        route.continue_()
    expect(page.get_by_role("heading", name="Backend engineer")).to_be_visible()
    assert hana.openings.count() == 1
    assert Candidate.objects.count() == 0
