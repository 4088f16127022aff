"""X-3: posts every field of every model with every form; only the form's own fields may change."""

import re
from functools import cache
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.test import Client, TestCase, override_settings
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from editing.models import SentForm
from interviews.live import dispatch
from tests import access_table
from tests.cast import STATES, make_cast
from tests.forms_read import posted_forms
from tests.forms_written import FORMS, NO_FORMS, PASSWORD
from tests.rewinding import rewound

pytestmark = pytest.mark.sqlite_only

NOW = "2026-11-21T09:00:00Z"
# Another one each time.
INVITATION = re.compile(r"/welcome/\S+/")


def all_rows() -> dict[str, list]:
    """All rows, without sessions, digests of what was sent, and random values."""
    rows = {}
    with connection.cursor() as cursor:
        for label, sql in rows_by_table().items():
            found = cursor.execute(sql).fetchall()
            rows[label] = sorted(INVITATION.sub("", repr(values)) for values in found)
    return rows


@cache
def rows_by_table() -> dict[str, str]:
    """What reads the rows of each model as they are stored; Django would write it anew hundreds of times."""
    unlike = {"password", "message_id", "storage_key"}
    return {
        model._meta.label: f"SELECT {', '.join(columns)} FROM {model._meta.db_table}"
        for model in apps.get_models(include_auto_created=True)
        if model not in (Session, SentForm)
        if (columns := [f'"{field.column}"' for field in model._meta.concrete_fields if field.name not in unlike])
    }


def changed(before: dict[str, list], after: dict[str, list]) -> str:
    return "\n".join(str(set(before[label]) ^ set(after[label])) for label in before if before[label] != after[label])


def hostile_value(field: models.Field) -> str:
    """Something that this field would take, and that is not what it has."""
    if field.is_relation:
        assert field.related_model
        newest = field.related_model._default_manager.order_by("-pk").first()
        return str(newest.pk if newest else 1)
    if isinstance(field, models.BooleanField):
        return "on"
    if field.choices:
        return str(list(field.flatchoices)[-1][0])
    if isinstance(field, models.DateTimeField):
        return "2020-01-01 00:00"
    return "7" if isinstance(field, models.IntegerField | models.AutoField) else "hostile@example.org"


def hostile_values() -> dict[str, str]:
    """One for each name under which a model's field could be taken."""
    values: dict[str, str] = {}
    for model in apps.get_models():
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
            values |= dict.fromkeys((field.name, field.attname), hostile_value(field))
    return values


def hostile_fields(values: dict[str, str], own: set[str]) -> dict[str, str]:
    """These, in each row of the form as well, but for the fields that the form has itself."""
    prefixes = {"", *(name[: match.end()] for name in own if (match := re.match(r"[\w-]+-\d+-", name)))}
    fields = {prefix + name: value for prefix in prefixes for name, value in values.items()}
    return {name: value for name, value in fields.items() if name not in own}


class FormCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        with time_machine.travel(NOW, tick=False):
            cls.cast = make_cast()
            lead = cls.cast.people["lead"]
            lead.email = "lead@example.org"
            lead.set_password(PASSWORD)
            lead.save()

    def client_of(self, actor: str) -> Client:
        client = Client()
        if actor in self.cast.people:
            client.force_login(self.cast.people[actor])
        return client

    def form(self, name: str, client: Client) -> tuple[str, dict[str, list[str]]]:
        """Its address, and its fields filled in."""
        about = FORMS[name]
        path = access_table.path(self.cast, name, about.get("state", "ended"))
        if name == "password-set":
            person = self.cast.people["outsider"]
            uid = urlsafe_base64_encode(force_bytes(person.pk))
            link = reverse(name, args=[uid, default_token_generator.make_token(person)])
            path = client.get(link)["Location"]
        on = access_table.path(self.cast, about["at"], about["state"]) if "at" in about else path
        page = client.get(on)
        fields = {}
        if page.status_code == 200:
            here = {path, ""} if on == path else {path}
            forms = posted_forms(page.content.decode())
            found = [values for action, values in forms if action.partition("#")[0] in here]
            fields = max(found, key=len, default={})
            for field, model_or_person in about.get("choose", {}).items():
                fields[field] = [str(self.choice(model_or_person))]
        return path, fields | {field: [value] for field, value in about.get("write", {}).items()}

    def choice(self, words: str) -> int | str:
        if words in self.cast.people:
            return self.cast.people[words].pk
        topics = {"Topic": "published", "Another topic": "draft"}
        if words in topics:
            return self.cast.questions[topics[words]].topic.pk
        if words == "Another question":
            return self.cast.ours.question("ended").prompt
        return {"Script": self.cast.script}[words].pk


@pytest.mark.slow
# A field of each model for each row of a form are more than a browser sends.
@override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=None)
@time_machine.travel(NOW, tick=False)
class MassAssignmentTests(FormCase):
    def outcome(self, client: Client, path: str, more: dict[str, Any], **options: Any) -> tuple[int, dict[str, list]]:
        """The status and all rows afterwards; then everything is rolled back."""
        with rewound():
            response = client.post(path, more, **options)
            rows = all_rows()
        return response.status_code, rows

    def test_every_form_is_tried(self):
        posted = {name for name, row in access_table.ADDRESSES.items() if "POST" in row}
        self.assertEqual(sorted(posted - NO_FORMS), sorted(FORMS), "Say in FORMS who sends it and what they write.")

    def test_forms(self):
        values = hostile_values()
        for name, about in FORMS.items():
            with self.subTest(name):
                path, fields = self.form(name, self.client_of(about["by"]))
                hostile = hostile_fields(values, set(fields))
                self.assertGreater(len(hostile), 50)
                sent = [self.again(name, about["by"], path, fields | more) for more in ({}, hostile)]
                self.assertEqual(sent[0][0], 302, "the form itself was not taken")
                self.assertEqual(sent[1], sent[0], changed(sent[0][1], sent[1][1]))

    def again(self, name: str, actor: str, path: str, fields: dict[str, Any]) -> tuple[int, dict[str, list]]:
        client = self.client_of(actor)
        if name == "password-set":
            path = self.form(name, client)[0]
        return self.outcome(client, path, fields)

    def test_commands(self):
        hostile = hostile_fields(
            hostile_values(),
            {"id", "kind", "client", "n", "target", "value", "base_rev", "age", "sender", "question", "text"},
        )
        for kind in dispatch.COMMANDS:
            state = next(
                state for state in STATES[:3] if access_table.COMMANDS[kind]["panel"] != 0 and self.fits(kind, state)
            )
            client = self.client_of("lead" if kind != "submit" else "interviewer")
            path = access_table.path(self.cast, "live-command", state)
            body = access_table.command(self.cast.ours.interviews[state], kind)
            more = body | hostile
            if isinstance(body["value"], dict):
                more["value"] = {**hostile, **body["value"]}
            with self.subTest(kind):
                taken = [self.outcome(client, path, each, content_type="application/json") for each in (body, more)]
                self.assertEqual(taken[0][0], 200)
                # The receipt stores the digest of the sent body.
                for _, rows in taken:
                    rows["interviews.Receipt"] = [
                        re.sub(r"'[0-9a-f]{64}'", "", row) for row in rows["interviews.Receipt"]
                    ]
                self.assertEqual(taken[1], taken[0], changed(taken[0][1], taken[1][1]))

    def fits(self, kind: str, state: str) -> bool:
        actor = "interviewer" if kind == "submit" else "lead"
        return access_table.expected(access_table.COMMANDS[kind], actor, state) == 200

    def test_keys(self):
        client, path = self.client_of("lead"), reverse("live-keys")
        on = {"on": False}
        taken = [
            self.outcome(client, path, each, content_type="application/json")
            for each in (on, on | hostile_fields(hostile_values(), {"on"}))
        ]
        self.assertEqual(taken[0][0], 200)
        self.assertEqual(taken[1], taken[0])
