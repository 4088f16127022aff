"""Each page opens and each form is taken on PostgreSQL too. What a page shows is tested on SQLite only, see once.py."""

from contextlib import contextmanager

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client

from tests import access_table
from tests.cast import ACTORS
from tests.test_mass_assignment import FORMS, NOW, FormCase

# What these show depends on the reader more than on the address; one of each role reads them.
PERSONAL = (
    "my-day",
    "interview-list",
    "candidate-list",
    "opening-list",
    "question-list",
    "script-list",
    "search",
    "live",
)
READERS = ("lead", "manager", "curator", "administrator")


@contextmanager
def taken_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="others look at each page and form there")
@pytest.mark.slow
@time_machine.travel(NOW, tick=False)
class EachAddressTests(FormCase):
    def test_each_page_opens(self):
        wrong = []
        for name, row in access_table.ADDRESSES.items():
            for state in access_table.states(name) if "GET" in row else ():
                path = access_table.path(self.cast, name, state)
                for actor in self.readers(name, row["GET"], state):
                    with taken_back():
                        response = self.client_of(actor).get(path)
                        response.getvalue()
                    if response.status_code != 200:
                        wrong.append(f"{path} by {actor} ({state}): {response.status_code}")
        self.assertEqual(wrong, [])

    def readers(self, name: str, line: dict, state: str) -> list[str]:
        who = [actor for actor in ACTORS if access_table.expected(line, actor, state) == 200]
        return [actor for actor in who if actor in READERS] if name in PERSONAL else who[:1]

    def test_each_form_is_taken(self):
        for name, about in FORMS.items():
            with self.subTest(name), taken_back():
                client: Client = self.client_of(about["by"])
                path, fields = self.form(name, client)
                self.assertEqual(client.post(path, fields).status_code, 302, path)
