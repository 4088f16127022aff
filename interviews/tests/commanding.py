"""Sending commands in tests as the browser does."""

import json
import uuid
from typing import Any

from django.test import Client
from django.urls import reverse

from interviews.models import Panelist, Scorecard


class Sender:
    """One browser of one person, on one interview; numbers its commands."""

    def __init__(self, user: Any, interview: Any, client: str = "tab-1") -> None:
        self.http = Client()
        self.http.force_login(user)
        self.user, self.interview, self.client, self.n = user, interview, client, 0
        self.refused: list[int] = []

    def body(self, kind: str, target: Any = None, value: Any = True, **more: Any) -> dict[str, Any]:
        self.n += 1
        sent = {
            "id": str(uuid.uuid4()),
            "client": self.client,
            "n": self.n,
            "kind": kind,
            "target": target,
            "value": value,
        }
        return sent | {"age": 0} | more

    def post(self, body: Any) -> Any:
        return self.http.post(
            reverse("live-command", args=[self.interview.pk]),
            body if isinstance(body, bytes) else json.dumps(body),
            content_type="application/json",
            headers={"accept": "application/json"},
        )

    def send(self, kind: str, target: Any = None, value: Any = True, **more: Any) -> Any:
        """The response to one new command. Submitting says what came before, as the browser does, and chooses
        "No decision" where nothing was chosen."""
        if kind == "submit" and value is True:
            if not self._has_recommendation():
                self.send("scorecard", "recommendation", None)
            value = {"last_n": self.n, "without": list(self.refused)}
        answer = self.post(self.body(kind, target, value, **more))
        if answer.status_code != 200:
            self.refused.append(self.n)
        return answer

    def _has_recommendation(self) -> bool:
        drafts = Scorecard.objects.filter(panelist__user=self.user, panelist__interview=self.interview)
        return any(draft.has_recommendation for draft in drafts)

    def events(self, since: str = "0.0") -> Any:
        url = reverse("live-events", args=[self.interview.pk])
        return self.http.get(url, {"since": since}, headers={"accept": "application/json"})


def sender(panelist: Panelist, client: str = "tab-1") -> Sender:
    return Sender(panelist.user, panelist.interview, client)
