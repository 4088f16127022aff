"""X-1: every address of the resolver × every kind of actor × methods × states, as `access.yaml` declares it.

Pages are requested, not rendered: this tests access; others test the content."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from unittest import mock

import pytest
from django.db import connection, transaction
from django.template.backends.django import Template
from django.test import Client, TestCase
from django.urls import reverse

from interviews.live import dispatch
from tests import access_table
from tests.cast import ACTORS, SIGNED_OUT, STATES, Cast, make_cast

SENTENCE = re.compile(r"[A-Z][^ ]*( [^ ]+){2,}[.?]")
FORM = {"data": "x=y", "content_type": "application/x-www-form-urlencoded"}
JSON = {"content_type": "application/json", "headers": {"accept": "application/json"}}


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is written meanwhile was never written."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class AccessTableCase(TestCase):
    cast: Cast
    clients: dict[str, Client]

    @classmethod
    def setUpTestData(cls):
        cls.cast = make_cast()

    def setUp(self):
        self.clients = {name: Client() for name in ACTORS}
        for name, person in self.cast.people.items():
            self.clients[name].force_login(person)
        self.enterContext(mock.patch.object(Template, "render", return_value=""))

    def ask(self, actor: str, method: str, path: str, **options) -> int:
        with taken_back():
            response = self.clients[actor].generic(method, path, **(options or FORM))
            if response.streaming:
                response.getvalue()  # read to its end, a download lets go of its file
        self.content = b"" if response.streaming else response.content
        if actor in SIGNED_OUT and response.status_code == access_table.TO_SIGN_IN and path != reverse("favicon"):
            self.assertEqual(response["Location"].split("?")[0], reverse("sign-in"), f"{path} for {actor}")
        if path == reverse("sign-out") and method == "POST" and actor not in SIGNED_OUT:
            self.clients[actor].force_login(self.cast.people[actor])
        return response.status_code

    def send(self, actor: str, kind: str, line: dict, state: str) -> list[str]:
        """How the answer to a command differs from the declared one. Whoever may see the interview is told why not."""
        sent = json.dumps(access_table.command(self.cast.ours.interviews[state], kind))
        wanted = access_table.expected({**line, "signed out": 401}, actor, state)
        got = self.ask(actor, "POST", access_table.path(self.cast, "live-command", state), data=sent, **JSON)
        wrong = [f"{kind} by {actor} ({state}): {got}, not {wanted}"] if got != wanted else []
        if got in (403, 409) and not SENTENCE.fullmatch(words := json.loads(self.content)["error"]):
            wrong.append(f"{kind} by {actor} ({state}): “{words}” is no reason in words")
        return wrong


@pytest.mark.sqlite_only
class AccessTableTests(AccessTableCase):
    def test_every_address_is_declared(self):
        new = sorted(set(access_table.names()) - set(access_table.ADDRESSES))
        self.assertEqual(
            new,
            [],
            "Say in tests/access.yaml who may GET and POST there, and in access_table.kwargs with which number.",
        )
        gone = sorted(set(access_table.ADDRESSES) - set(access_table.names()))
        self.assertEqual(gone, [], "These are addresses no more: take them out of tests/access.yaml.")

    def test_every_command_is_declared(self):
        self.assertEqual(
            sorted(dispatch.COMMANDS),
            sorted(access_table.COMMANDS),
            "Say in tests/access.yaml who may send it, and in access_table.command what it looks like.",
        )

    def test_the_table_names_nobody_who_is_not_there(self):
        self.assertEqual(access_table.unknown_words(), [])

    @pytest.mark.slow
    def test_each_address_answers_as_declared(self):
        wrong = []
        for number, (name, row) in enumerate(access_table.ADDRESSES.items()):
            paths = {state: access_table.path(self.cast, name, state) for state in access_table.states(name)}
            for method, line in row.items():
                for actor, state in access_table.asked(number, line, tuple(paths)):
                    wanted, got = access_table.expected(line, actor, state), self.ask(actor, method, paths[state])
                    if got != wanted:
                        wrong.append(f"{name}: {method} by {actor} ({state}): {got}, not {wanted}")
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    @pytest.mark.slow
    def test_other_methods_are_refused_before_anything_else(self):
        wrong = []
        for name, row in access_table.ADDRESSES.items():
            path = access_table.path(self.cast, name)
            for method in access_table.METHODS:
                if method in row:
                    continue
                # Who may do nothing is told of the method all the same: nobody's right has been looked at.
                for actor in ("anonymous", "no role", "panel manager"):
                    wanted = 302 if actor in SIGNED_OUT and not access_table.is_public(name) else 405
                    got = self.ask(actor, method, path)
                    if got != wanted:
                        wrong.append(f"{name}: {method} by {actor}: {got}, not {wanted}")
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    @pytest.mark.slow
    def test_each_command_is_taken_as_declared(self):
        # Nothing is left of what one person sent, so the next can send the same.
        wrong = [
            one
            for number, (kind, line) in enumerate(access_table.COMMANDS.items())
            for actor, state in access_table.asked(number, line, STATES)
            for one in self.send(actor, kind, line, state)
        ]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))


@pytest.mark.skipif(connection.vendor == "sqlite", reason="AccessTableTests sends everything")
@pytest.mark.slow
class OnPostgresqlTests(AccessTableCase):
    def test_each_command_of_a_live_call_is_taken_as_declared(self):
        """Of those who lock and read the most different rows; the engine makes a difference to locks."""
        some = product(access_table.COMMANDS.items(), ("lead", "shadow", "manager"))
        wrong = [one for (kind, line), actor in some for one in self.send(actor, kind, line, "live")]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))
