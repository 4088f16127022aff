"""Each page opens and each form is taken on PostgreSQL too. What a page shows is tested on SQLite only, see once.py."""

import re
from contextlib import contextmanager

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client

from runner import ROOT
from tests import access_table
from tests.cast import ACTORS
from tests.forms_written import FORMS
from tests.test_mass_assignment import NOW, FormCase

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


# They delete the rows that they lock.
DELETING = {"interviews/planning/erasing.py", "interviews/planning/practice.py"}


@pytest.mark.sqlite_only
def test_rows_that_others_refer_to_are_locked_without_their_keys():
    """A commit that refers to a row waits for whoever locks it whole, while others wait for that commit: five people at
    work on three candidates had a deadlock in each fifteenth act."""
    whole = [
        f"{name}: {lock}"
        for path in sorted((ROOT / "interviews").rglob("*.py"))
        if "tests" not in path.parts and (name := path.relative_to(ROOT).as_posix()) not in DELETING
        for lock in re.findall(r"\.select_for_update\([^()]*(?:\([^()]*\)[^()]*)*\)", path.read_text())
        if "no_key=True" not in lock
    ]
    assert whole == []


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
