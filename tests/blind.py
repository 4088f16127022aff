"""An interview for the tests of private judgements: Ana judges, others observe."""

import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.factories import (
    AdministratorFactory,
    CuratorFactory,
    HiringManagerFactory,
    InterviewerFactory,
    UserFactory,
)
from accounts.models import User
from interviews.factories import START, CandidateFactory, InterviewFactory, OpeningFactory, small_script
from interviews.models import Interview, Panelist, ScriptedQuestion
from interviews.streams import socket_monitor, subscriptions
from interviews.tests.commanding import Sender
from question_bank.factories import SectionFactory
from tests import access_table
from tests.cast import STATES

LEAD, INTERVIEWER, SHADOW = Panelist.Part.LEAD, Panelist.Part.INTERVIEWER, Panelist.Part.SHADOW
# In what she writes.
CANARY = "zebrafinch"
# The CSRF token is masked anew in every response; nothing else may differ.
_TOKEN = re.compile(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[A-Za-z0-9]{64}')


class SteadySender(Sender):
    """Command ids are the same in every run."""

    def body(self, kind: str, target: Any = None, value: Any = True, **more: Any) -> dict[str, Any]:
        sent = super().body(kind, target, value, **more)
        return sent | {"id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.client} {self.n}"))}


class Listener:
    """A socket that only receives."""

    def __init__(self, subscription: subscriptions.Subscription) -> None:
        self.subscription, self.told = subscription, {"shared": 0, "own": 0}

    def hears(self) -> bytes:
        """Messages of the socket monitor, as sent."""
        news = socket_monitor.news_of({self: self.told})[self]  # type: ignore[dict-item,index]
        self.told = {"shared": news["shared"], "own": news["own"]}
        return json.dumps(news).encode()


@dataclass
class Stage:
    """The interview with all actors. `people` are not on the panel, or left it."""

    interview: Interview
    people: dict[str, User]
    senders: dict[str, Sender] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    def seat(self, name: str) -> Panelist:
        return Panelist.objects.get(interview=self.interview, user=self.people[name])

    def listener(self, name: str) -> Listener | None:
        """A socket of this person, or None if it is refused."""
        session = self.clients[name].cookies.get(settings.SESSION_COOKIE_NAME)
        if name not in self.people or session is None:
            return None
        found = subscriptions.subscribe(
            user=self.people[name], interview_id=self.interview.pk, session_key=session.value
        )
        return Listener(found[0]) if found else None

    def questions(self) -> list[ScriptedQuestion]:
        return list(self.interview.questions.in_order())

    def path(self, name: str, *more: Any) -> str:
        return reverse(name, args=[self.interview.pk, *more])

    def pages(self, *, not_denied_to: str = "") -> Iterator[str]:
        """Every URL of the interview, its candidate, its opening and Ana’s scorecard, and the lists; or without those
        that tests/access.yaml denies to this person in any state, before it reads anything of the interview."""
        rows = {"opening": self.interview.opening_id, "candidate": self.interview.candidate_id}
        ana = self.seat("ana").pk
        for name, row in access_table.ADDRESSES.items():
            root = rows.get(name.split("-")[0], self.interview.pk)
            values = {"pk": root, "panelist_pk": ana, "key": "0" * 64}
            values |= {"opening_pk": rows["opening"], "candidate_pk": rows["candidate"]}
            words = {word: values[word] for word in access_table.names()[name] if word in values}
            if (
                "GET" in row
                and len(words) == len(access_table.names()[name])
                and not _denied(row["GET"], not_denied_to)
            ):
                path = reverse(name, kwargs=words)
                if path == "/" or path.startswith(access_table.ROOTS):
                    yield f"{path}?since=0.0" if name == "live-events" else path
        yield "/interviews/?show=ended"

    def start_over(self) -> None:
        """New browsers, so that runs are independent."""
        self.senders = {
            name: SteadySender(person, self.interview, f"tab-{name[0]}") for name, person in self.people.items()
        }
        self.clients = {name: sender.http for name, sender in self.senders.items()}


def _denied(line: dict[str, Any], name: str) -> bool:
    actor = {"ben": "interviewer", "ana": "interviewer"}.get(name, name)
    return bool(actor) and {access_table.expected(line, actor, state) for state in STATES} <= {403, 404}


def make_stage(**opening: Any) -> Stage:
    makers: dict[str, Callable] = {
        "lead": InterviewerFactory,
        "ana": InterviewerFactory,
        "ben": InterviewerFactory,
        "shadow": InterviewerFactory,
        "left": InterviewerFactory,
        "manager": HiringManagerFactory,
        "panel manager": HiringManagerFactory,
        "other manager": HiringManagerFactory,
        "outsider": InterviewerFactory,
        "curator": CuratorFactory,
        "administrator": AdministratorFactory,
        "superuser": lambda **fields: UserFactory(is_superuser=True, **fields),
    }
    people = {
        name: make(name=name.title(), email=f"{name.replace(' ', '-')}@example.org") for name, make in makers.items()
    }
    role = OpeningFactory(managers=[people["manager"], people["panel manager"]], **opening)
    OpeningFactory(managers=[people["other manager"]])
    parts = {"lead": LEAD, "shadow": SHADOW} | dict.fromkeys(("ana", "ben", "left", "panel manager"), INTERVIEWER)
    panel = [(people[name], part) for name, part in parts.items()]
    script = small_script()
    SectionFactory(script=script, position=2, gate="Go on?")
    candidate = CandidateFactory(opening=role, name="Ada Okafor")
    interview = InterviewFactory(candidate=candidate, script=script, panel=panel)
    Panelist.objects.filter(user=people["left"]).update(left_at=START)
    stage = Stage(interview, people)
    stage.start_over()
    return stage


def answer_of(response: Any) -> tuple[int, dict[str, str], bytes]:
    """The response without the token."""
    headers = {name: value for name, value in response.items() if name != "Content-Length"}
    return response.status_code, headers, _TOKEN.sub(b"", response.getvalue())
