"""X-2: another opening's numbers, in addresses, commands and forms, answer as numbers do that nobody has."""

import json
import re

import pytest
from django.test import Client, TestCase
from django.urls import reverse

from interviews.models import ScriptedPoint, ScriptedSection
from tests import access_table
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.sqlite_only

NOWHERE = 10**9
NOBODY = "00000000-0000-4000-8000-000000000000"
OURS = ("lead", "interviewer", "shadow", "panel manager", "manager")
TOKEN = re.compile(rb"\b[A-Za-z0-9]{64}\b")


@pytest.mark.slow
class SwappedIdTests(TestCase):
    cast: Cast

    @classmethod
    def setUpTestData(cls):
        cls.cast = make_cast()

    def setUp(self):
        self.clients = {actor: Client() for actor in OURS}
        for actor, client in self.clients.items():
            client.force_login(self.cast.people[actor])

    def answer(self, actor: str, method: str, path: str, **options) -> tuple[int, bytes]:
        """Status and bytes, but for the token and for the address itself."""
        response = self.clients[actor].generic(method, path, **options)
        content = TOKEN.sub(b"", response.getvalue().replace(path.encode(), b""))
        return response.status_code, content

    def test_addresses(self):
        asked = 0
        for name, row in access_table.ADDRESSES.items():
            for swapped, nowhere in self.swaps(name):
                for method in row:
                    for actor in OURS:
                        got = self.answer(actor, method, swapped, **self.options(name, method))
                        self.assertEqual(
                            got, self.answer(actor, method, nowhere, **self.options(name, method)), swapped
                        )
                        # Without the role for it, it is 403 before any number is looked at. An old address leads
                        # to today's, whatever the number.
                        self.assertIn(got[0], (404, 403, 301), f"{method} {swapped} by {actor}")
                        asked += 1
        self.assertGreater(asked, 100)

    def options(self, name: str, method: str) -> dict:
        if name == "live-command":
            body = access_table.command(self.cast.ours.interviews["ended"], "note") | {"id": NOBODY}
            return {"data": json.dumps(body), "content_type": "application/json"}
        return {"data": "x=y", "content_type": "application/x-www-form-urlencoded"} if method == "POST" else {}

    def swaps(self, name: str):
        """The address with each of its numbers by itself, and all of them, taken from the other opening; and beside
        each the same with a number that nobody has."""
        words = access_table.kwargs(self.cast, name)
        if not words or not reverse(name, kwargs=words).startswith(access_table.ROOTS):
            return
        theirs = access_table.kwargs(self.cast, name, hiring=self.cast.theirs)
        query = "?since=0.0" if name == "live-events" else ""
        others = [word for word in words if words[word] != theirs[word]]
        for chosen in dict.fromkeys([*((word,) for word in others), tuple(others)]):
            yield tuple(
                reverse(name, kwargs=words | {word: where[word] for word in chosen}) + query
                for where in (theirs, dict.fromkeys(words, NOWHERE) | {"key": "f" * 64})
            )

    def test_commands(self):
        ours, theirs = self.cast.ours, self.cast.theirs
        path = reverse("live-command", args=[ours.interviews["live"].pk])
        question = theirs.question("live")
        point = ScriptedPoint.objects.filter(question=question)[0]
        gate = ScriptedSection.objects.filter(interview=theirs.interviews["live"]).exclude(gate="").get()
        unlisted = theirs.unlisted("live")
        for kind, target, value, nowhere in (
            ("ask", question.pk, "now", {"target": NOWHERE}),
            ("skip", question.pk, 1, {"target": NOWHERE}),
            ("park", question.pk, True, {"target": NOWHERE}),
            ("nudge_seen", str(unlisted.client_id), True, {"target": NOBODY}),
            (
                "suggest",
                NOBODY,
                {"kind": "change", "question": question.pk, "text": "x"},
                {"value": {"kind": "change", "question": NOWHERE, "text": "x"}},
            ),
            ("gate", gate.pk, True, {"target": NOWHERE}),
            ("tick", point.pk, True, {"target": NOWHERE}),
            ("unlisted_tick", str(unlisted.client_id), True, {"target": NOBODY}),
            ("unlisted", NOBODY, {"question": question.pk, "text": "x"}, {"value": {"question": NOWHERE, "text": "x"}}),
            ("rate", question.pk, 3, {"target": NOWHERE}),
            ("flag", question.pk, {"flag": "depth", "on": True}, {"target": NOWHERE}),
            ("note", question.pk, "x", {"target": NOWHERE}),
            (
                "loose_end",
                NOBODY,
                {"text": "x", "question": question.pk, "is_done": False},
                {"value": {"text": "x", "question": NOWHERE, "is_done": False}},
            ),
            ("turn", None, theirs.lead("live").pk, {"value": NOWHERE}),
            ("lead", None, theirs.lead("live").pk, {"value": NOWHERE}),
        ):
            with self.subTest(kind):
                sent = access_table.envelope(kind, target, value)
                got = self.answer("lead", "POST", path, data=json.dumps(sent), content_type="application/json")
                none = json.dumps(sent | nowhere)
                self.assertEqual(got, self.answer("lead", "POST", path, data=none, content_type="application/json"))
                self.assertEqual(got[0], 404, got)

    def test_a_revision_of_another_s_answer(self):
        path = reverse("scorecard-revise", args=[self.cast.ours.interviews["ended"].pk])
        answers = []
        for number in (self.cast.theirs.question("ended").pk, NOWHERE):
            sent = f"base=1&reason=x&rating-{number}=1&note-{number}=x&revision-{number}=0&late={number}&seen={number}"
            form = {"data": sent, "content_type": "application/x-www-form-urlencoded"}
            answers.append(self.answer("lead", "POST", path, **form))
        self.assertEqual(answers[0], answers[1])
        self.assertEqual(answers[0][0], 422)
