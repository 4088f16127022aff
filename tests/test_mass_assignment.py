"""X-3: posts every field of every model with every form; only the form's own fields may change."""

import re
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.db import models
from django.test import Client, TestCase, override_settings
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from editing.models import SentForm
from interviews.live import dispatch
from tests import access_table
from tests.cast import STATES, make_cast
from tests.forms_read import posted_forms
from tests.rewinding import rewound

pytestmark = pytest.mark.sqlite_only

NOW = "2026-11-21T09:00:00Z"
PASSWORD = "correct horse battery"


class Upload:
    """A file that reads the same each time that it is sent."""

    name = "cover-letter.pdf"

    def read(self) -> bytes:
        return b"%PDF-1.4"


# Who sends it, in which state of the interview, and what they write into it; the rest stays as the page offers it.
# A form of another page says on which it stands: `at`. One without a page has only what is written here.
FORMS: dict[str, dict[str, Any]] = {
    "sign-in": {"by": "anonymous", "write": {"username": "lead@example.org", "password": PASSWORD}},
    "sign-out": {"by": "lead"},
    "password-set": {"by": "anonymous", "write": {"new_password1": f"{PASSWORD} 2", "new_password2": f"{PASSWORD} 2"}},
    "account": {"by": "lead", "write": {"name": "Jo Tanaka"}},
    "feed-delete": {"by": "lead"},
    "notice-read": {"by": "lead"},
    "notice-settings": {"by": "lead", "write": {"email": "due"}},
    "password-change": {
        "by": "lead",
        "write": {"old_password": PASSWORD, "new_password1": f"{PASSWORD} 2", "new_password2": f"{PASSWORD} 2"},
    },
    "person-create": {
        "by": "administrator",
        "write": {"name": "Jo", "email": "jo@example.org", "roles": "Interviewer"},
    },
    "person-create-many": {"by": "administrator", "write": {"addresses": "jo@example.org", "roles": "Interviewer"}},
    "person-edit": {"by": "administrator", "write": {"name": "Jo"}},
    "person-invite": {"by": "administrator"},
    "opening-manager-name": {
        "by": "administrator",
        "at": "opening-managers",
        "state": "ended",
        "choose": {"person": "other manager"},
    },
    "practice-create": {"by": "lead", "at": "my-day", "state": "ended"},
    "email-again": {"by": "administrator"},
    "email-delete": {"by": "administrator"},
    "question-create": {"by": "curator", "write": {"prompt": "Why?"}, "choose": {"topic": "Topic"}},
    "question-edit": {"by": "curator", "write": {"prompt": "Why?"}},
    "question-retire": {"by": "curator"},
    "question-restore": {"by": "curator"},
    "question-delete": {"by": "curator"},
    "suggestion-create": {"by": "outsider", "write": {"text": "How do you name things?"}},
    "suggestion-answer": {"by": "curator", "at": "suggestion-list", "state": "ended"},
    "typed-dismiss": {"by": "curator", "write": {"text": "Why?"}},
    "review-policy": {"by": "curator", "at": "suggestion-list", "state": "ended"},
    "question-point": {"by": "curator", "write": {"text": "Names a cost."}},
    "question-comment": {"by": "curator", "write": {"text": "Too long."}},
    "question-merge": {"by": "curator", "choose": {"into": "Another question"}},
    "topic-list": {"by": "curator", "write": {"topics-0-name": "Caching"}},
    "topic-merge": {"by": "curator", "choose": {"into": "Another topic"}},
    "script-rules": {"by": "curator", "write": {"rules-0-title": "Listen", "rules-0-text": "First."}},
    "script-own-rules": {"by": "curator", "write": {"rules-0-title": "Listen", "rules-0-text": "First."}},
    "question-revert": {"by": "curator"},
    "script-revert": {"by": "curator"},
    "script-create": {"by": "curator", "write": {"name": "Short"}},
    "script-edit": {"by": "curator", "write": {"name": "Short"}},
    "script-copy": {"by": "curator", "write": {"name": "Short"}},
    "script-retire": {"by": "curator"},
    "opening-create": {"by": "manager", "write": {"title": "Platform engineer"}},
    "opening-edit": {"by": "manager", "write": {"title": "Platform engineer"}},
    "opening-close": {"by": "manager"},
    "opening-reopen": {"by": "manager"},
    "candidate-create": {"by": "manager", "write": {"name": "Ada"}},
    "candidate-edit": {"by": "manager", "write": {"name": "Ada"}},
    "candidate-files": {"by": "manager", "write": {"file": Upload()}},
    "candidate-file-delete": {"by": "manager"},
    "interview-create": {
        "by": "manager",
        "write": {"date": "2026-12-01", "time": "10:00", "minutes": "45"},
        "choose": {"script": "Script", "panel-0-person": "lead", "panel-1-person": "interviewer"},
    },
    "loop-create": {
        "by": "manager",
        "write": {
            "round-1-date": "2026-12-01",
            "round-1-time": "10:00",
            "round-1-minutes": "45",
            "round-2-script": "",
            "round-3-script": "",
        },
        "choose": {
            "round-1-script": "Script",
            "round-1-panel-0-person": "lead",
            "round-1-panel-1-person": "interviewer",
        },
    },
    "interview-edit": {"by": "manager", "state": "scheduled", "write": {"minutes": "45"}},
    "interview-renew": {"by": "manager", "state": "scheduled"},
    "interview-cancel": {"by": "manager", "state": "scheduled", "write": {"reason": "Withdrawn."}},
    "interview-outcome": {
        "by": "manager",
        "state": "scheduled",
        "write": {"outcome": "failure", "reason": "The line broke."},
    },
    "interview-panel-add": {
        "by": "manager",
        "at": "interview-detail",
        "state": "scheduled",
        "choose": {"person": "outsider"},
    },
    "interview-restore": {"by": "manager", "at": "interview-detail", "state": "scheduled"},
    "scorecard-remind": {"by": "manager", "at": "interview-detail", "state": "ended"},
    "scorecard-waive": {"by": "manager", "write": {"reason": "Ill."}},
    "scorecard-await": {"by": "manager", "at": "interview-detail", "state": "ended"},
    "candidate-withdraw": {"by": "manager", "write": {"reason": "Took another offer."}},
    "candidate-feedback": {"by": "manager", "write": {"feedback": "Thank you."}},
    "candidate-outcome": {"by": "manager", "write": {"outcome": "hired", "reason": "The best."}},
    "candidate-reinstate": {"by": "manager", "at": "candidate-detail", "state": "ended"},
    "scorecard-revise": {"by": "lead", "write": {"because": "Measures twice.", "reason": "A slip."}},
    "export-pdf": {"by": "manager"},
    "candidate-packet": {"by": "manager"},
    "opening-zip": {"by": "manager"},
    "debrief-open": {"by": "manager", "write": {"reason": "The offer cannot wait."}},
    "decision-create": {
        "by": "manager",
        "state": "submitted",
        "at": "debrief",
        "write": {"choice": "go_on", "reason": "She measures."},
    },
}
# They take JSON, or keep nothing; publishing and bringing back a script are refused here, and have no fields.
NO_FORMS = {
    # Reads one number; one choice of what one manages, and none here; and a button that is refused here.
    "candidate-stage",
    "candidate-move",
    "candidate-merge",
    "candidate-unmerge",
    # Reads the words of the warning that it dismisses; see test_warnings.
    "interview-warning",
    # Reads one zone, and where to go back to; see test_views_account.
    "account-zone",
    "candidate-delete",
    # Buttons: they read nothing of what is sent, and their receipts have random ids.
    # Reads one address, and writes nothing by itself; see test_views_sign_in.
    "password-forgotten",
    # Reads a revision and a button; refused here, without a draft.
    "script-publish",
    # A button that answers with a page; its secret is another one each time.
    "feed-settings",
    "interview-end",
    "interview-reopen",
    "interview-unstart",
    # Sections that are not of this interview are not read; see test_askers.
    "interview-askers",
    # Reads its four fields by name; its receipts have random ids as well.
    "scorecard-submit",
    "live-command",
    "live-keys",
    "export-verify",
    "candidate-packet-verify",
    "document-verify",
    "question-preview",
    "question-review",
    "question-draft",
    "question-publish",
    "script-plan",
    "script-restore",
    "healthz",
    "favicon",
}


# Another one each time.
INVITATION = re.compile(r"/welcome/\S+/")


def all_rows() -> dict[str, list]:
    """All rows, without sessions, digests of what was sent, and random values."""
    rows = {}
    for model in apps.get_models():
        if model in (Session, SentForm):
            continue
        unlike = {"password", "message_id", "storage_key"} | ({"digest"} if model is SentForm else set())
        columns = [c.attname for c in model._meta.concrete_fields if c.name not in unlike]
        found = model._default_manager.values_list(*columns)
        rows[model._meta.label] = sorted(INVITATION.sub("", repr(values)) for values in found)
    return rows


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
