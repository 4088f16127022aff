"""A form never overwrites another person's change, made while it was open."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django import forms
from django.test import Client, TestCase

from editing.forms import EditForm
from question_bank.curation.forms.rows import RowForm
from tests import access_table
from tests.cast import make_cast
from tests.forms_read import posted_forms
from tests.rewinding import rewound

pytestmark = pytest.mark.sqlite_only

NOW = "2026-11-21T09:00:00Z"
# Who opens it, in which state of the interview; two fields to change, each with two texts; the rest stays as it is.
EDITS: dict[str, dict[str, Any]] = {
    "account": {"by": "lead", "fields": {"name": ("Jo", "Joy"), "time_zone": ("Asia/Tokyo", "Europe/Malta")}},
    "person-edit": {
        "by": "administrator",
        "fields": {"name": ("Jo", "Joy"), "email": ("jo@example.org", "joy@example.org")},
    },
    "opening-edit": {
        "by": "manager",
        "fields": {"look_for": ("- Calm\n- Curious", "Honesty."), "blind_policy": ("never", "after_all")},
    },
    "candidate-edit": {
        "by": "manager",
        "fields": {"notes": ("On call\nsince May.", "On leave."), "email": ("a@example.org", "b@example.org")},
    },
    "interview-edit": {
        "by": "manager",
        "state": "scheduled",
        "fields": {
            "call_link": ("https://example.org/a", "https://example.org/b"),
            "date": ("2026-12-01", "2026-12-02"),
        },
    },
    "question-edit": {
        "by": "curator",
        "fields": {"guidance": ("Listen\nfirst.", "Ask again."), "purpose": ("To hear.", "To see.")},
    },
    "topic-list": {
        "by": "curator",
        "fields": {"topics-0-name": ("Caches", "Cache"), "topics-1-name": ("Queues", "Queue")},
    },
    "script-edit": {"by": "curator", "fields": {"name": ("Short", "Long"), "purpose": ("To hear.", "To see.")}},
}
# They take a form and change no text that somebody could have open: what each does instead.
NO_EDITS = {
    "sign-in": "starts a session",
    "sign-out": "ends a session",
    "password-set": "replaces a secret that no page shows",
    "password-change": "replaces a secret that no page shows",
    "person-create": "adds a row",
    "person-invite": "a button",
    "email-again": "a button",
    "email-delete": "a button",
    "live-keys": "one switch, the state wanted",
    "live-command": "commands carry their own base",
    "question-create": "adds a row",
    "question-publish": "carries what was read; see test_views_reviews",
    "question-retire": "a button",
    "question-restore": "a button",
    "practice-create": "adds a row",
    "feed-settings": "a button",
    "feed-delete": "a button",
    "notice-read": "a button",
    "notice-settings": "one person’s; the last choice counts",
    "person-create-many": "adds rows",
    "password-forgotten": "sends an email",
    "scorecard-remind": "a button",
    "scorecard-waive": "the last reason counts; the debrief names who gave it",
    "scorecard-await": "a button",
    "question-delete": "a button",
    "question-merge": "once; refused when one of them was merged already",
    "question-preview": "saves nothing",
    "script-plan": "saves nothing",
    "suggestion-create": "adds a row",
    "suggestion-answer": "once; refused when it was answered already",
    "review-policy": "one switch, the state wanted",
    "question-point": "adds a row",
    "typed-dismiss": "adds a row",
    "question-comment": "adds a row",
    "question-review": "a button",
    "question-draft": "a button",
    "topic-merge": "once; refused when one of them was merged already",
    "script-rules": "rows, as of topic-list; see test_views_lists",
    "script-own-rules": "rows, as of topic-list; see test_views_lists",
    "question-revert": "shows the difference again; see test_views_versions",
    "script-revert": "shows the difference again; see test_views_versions",
    "script-publish": "shows the difference again; see test_views_scripts",
    "script-create": "adds a row",
    "script-copy": "adds a row",
    "script-retire": "a button",
    "script-restore": "a button",
    "opening-create": "adds a row",
    "opening-close": "a button",
    "opening-reopen": "a button",
    "candidate-create": "adds a row",
    "candidate-files": "adds a row",
    "candidate-file-delete": "a button",
    "interview-create": "adds a row",
    "loop-create": "adds rows",
    "interview-cancel": "once; refused when it was cancelled already",
    "interview-outcome": "once; refused when the interview is off already, or asked when it was rescheduled",
    "interview-restore": "a button",
    "interview-panel-add": "adds a row",
    "candidate-withdraw": "once; the first reason stays",
    "candidate-reinstate": "a button",
    "candidate-feedback": "one field, with its revision; see test_views_feedback",
    "candidate-move": "one choice, the state wanted",
    "candidate-merge": "once; the other is gone then",
    "candidate-unmerge": "a button",
    "account-zone": "a button",
    "interview-warning": "a button, with the words that it dismisses",
    "candidate-delete": "once",
    "candidate-stage": "one choice, the state wanted",
    "candidate-outcome": "once; the history keeps both",
    "debrief-open": "once; the first reason stays",
    "scorecard-submit": "carries what it changes as it was opened; see test_submission",
    "scorecard-revise": "adds a version, from its one author's pages; see test_views_revisions",
    "decision-create": "adds a decision to the series; see test_decision_views",
    "export-pdf": "a button",
    "candidate-packet": "a button",
    "opening-zip": "a button",
    "export-verify": "reads a file",
    "candidate-packet-verify": "reads a file",
    "document-verify": "reads a file",
    "interview-end": "a button",
    "interview-renew": "a button",
    "interview-reopen": "a button",
    "interview-unstart": "a button",
    "interview-askers": "each section with what the form showed; see test_askers",
    "opening-manager-name": "a button",
    "healthz": "reads",
    "favicon": "reads",
}


def all_model_forms(base: type[forms.BaseForm] = forms.ModelForm) -> set[type[forms.BaseForm]]:
    below = set(base.__subclasses__())
    return below.union(*(all_model_forms(form) for form in below)) if below else set()


def is_ours(form: type[forms.BaseForm]) -> bool:
    return form.__module__.partition(".")[0] in {"accounts", "interviews", "question_bank", "editing"}


class EveryFormTests(TestCase):
    def test_every_address_that_takes_a_form_is_listed(self):
        posted = {name for name, row in access_table.ADDRESSES.items() if "POST" in row}
        self.assertEqual(sorted(posted), sorted({*EDITS, *NO_EDITS}), "Say whether it edits a row, and what it does.")

    def test_every_model_form_carries_its_revision(self):
        # QuestionForm and the rows are parts of an editor, which carries one revision for all of them.
        parts = {"QuestionForm"}
        bare = {
            form.__name__
            for form in all_model_forms()
            if is_ours(form) and not issubclass(form, EditForm | RowForm) and form.__name__ not in parts
        }
        self.assertEqual(bare, set())


@pytest.mark.slow
@time_machine.travel(NOW, tick=False)
class StaleFormTests(TestCase):
    """Two people have the same form open; the second saves after the first."""

    @classmethod
    def setUpTestData(cls):
        with time_machine.travel(NOW, tick=False):
            cls.cast = make_cast()

    def each(self, check: Callable[["Page"], None]) -> None:
        for name, about in EDITS.items():
            with self.subTest(name), rewound():
                client = Client()
                client.force_login(self.cast.people[about["by"]])
                check(Page(self, client, access_table.path(self.cast, name, about.get("state", "ended")), about))

    def test_saved_alone_it_is_saved(self):
        def check(page: Page) -> None:
            page.saves(page.open(), page.first)
            self.assertEqual(page.now(page.name), page.first[page.name])

        self.each(check)

    def test_different_fields_are_merged(self):
        def check(page: Page) -> None:
            stale = page.open()
            page.saves(page.open(), page.first)
            answer = page.saves(stale, page.other)
            self.assertEqual((page.now(page.name), page.now(page.other_name)), page.merged)
            said = self.client_messages(answer)
            self.assertIn("Other changes were saved in the meantime", said)

        self.each(check)

    def test_the_same_field_is_for_the_sender_to_choose(self):
        def check(page: Page) -> None:
            stale = page.open()
            page.saves(page.open(), page.first)
            before = page.open()
            answer = page.send(stale, page.second)
            self.assertEqual(answer.status_code, 409)
            self.assertContains(answer, 'class="notice bad clash"', status_code=409)
            for text in (page.words(page.first), page.words(page.second)):
                self.assertContains(answer, text, status_code=409)
            self.assertNotContains(answer, "Saved.", status_code=409)
            self.assertEqual(page.open(), before, "something was saved by itself")
            shown = page.read(answer)
            self.assertEqual(page.value(shown, page.name), page.second[page.name], "the sender's text is gone")
            page.saves(shown, {})
            self.assertEqual(page.now(page.name), page.second[page.name])

        self.each(check)

    def test_the_sender_may_take_what_is_saved(self):
        def check(page: Page) -> None:
            stale = page.open()
            page.saves(page.open(), page.first)
            answer = page.send(stale, page.second | page.other)
            shown = page.read(answer)
            choice = next(name for name in shown if name.startswith("use-"))
            page.saves(shown, {choice: "saved"})
            self.assertEqual((page.now(page.name), page.now(page.other_name)), page.merged)

        self.each(check)

    def test_a_form_that_says_nothing_of_its_revision_overwrites_nothing(self):
        def check(page: Page) -> None:
            bare = page.open()
            del bare["base"]
            before = page.open()
            self.assertIn(page.send(bare, page.first).status_code, (409, 422))
            self.assertEqual(page.open(), before)

        self.each(check)

    def client_messages(self, answer: Any) -> str:
        return " ".join(str(message) for message in answer.wsgi_request._messages)


class Page:
    """The form at one address, as one person sees it."""

    def __init__(self, case: TestCase, client: Client, path: str, about: dict[str, Any]) -> None:
        self.case, self.client, self.path = case, client, path
        (self.name, (one, two)), (self.other_name, (other, _)) = about["fields"].items()
        self.first, self.second, self.other = {self.name: one}, {self.name: two}, {self.other_name: other}
        self.merged = (one, other)
        self.write = about.get("write", {})

    def read(self, answer: Any) -> dict[str, list[str]]:
        forms = posted_forms(answer.content.decode())
        found = max((values for action, values in forms if action in ("", self.path)), key=len)
        return {name: values for name, values in found.items() if name != "csrfmiddlewaretoken"}

    def open(self) -> dict[str, list[str]]:
        return self.read(self.client.get(self.path))

    def value(self, fields: dict[str, list[str]], name: str) -> str:
        return fields[name][0].removeprefix("\n")

    def now(self, name: str) -> str:
        return self.value(self.open(), name)

    def send(self, fields: dict[str, list[str]], changes: dict[str, str]) -> Any:
        given = {name: [value.removeprefix("\n") for value in values] for name, values in fields.items()}
        sent = given | {name: [value] for name, value in (self.write | changes).items()}
        # A browser sends every line end as two characters.
        return self.client.post(self.path, {n: [v.replace("\n", "\r\n") for v in vs] for n, vs in sent.items()})

    def saves(self, fields: dict[str, list[str]], changes: dict[str, str]) -> Any:
        answer = self.send(fields, changes)
        self.case.assertEqual(answer.status_code, 302, answer.content.decode()[:200])
        return answer

    def words(self, change: dict[str, str]) -> str:
        return next(iter(change.values()))
