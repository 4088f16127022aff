"""What is measured on: the built-in bank, the demo data, and twenty live interviews with a signed-in lead each."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from bench.load import Request, request

CLIENTS = 20
CSRF = "a" * 32


@dataclass
class Seat:
    """A lead in a live interview: where their commands go, who they are, what they tick."""

    path: str
    headers: dict[str, str]
    points: list[int]
    question: int
    http: Client
    n: int = 0

    def command(self, kind: str, target: int, value: object, **more: Any) -> bytes:
        """One command as the browser sends it."""
        self.n += 1
        body = {"id": str(uuid.uuid4()), "client": "bench", "n": self.n, "kind": kind, "target": target, "value": value}
        return json.dumps(body | {"age": 12} | more).encode()

    def tick(self, i: int) -> bytes:
        """Ticks and takes back, one point after the other: each changes a row."""
        turn, place = divmod(i, len(self.points))
        return self.command("tick", self.points[place], turn % 2 == 0)

    def request(self, body: bytes) -> Request:
        return request("POST", self.path, headers=self.headers, body=body)


class World:
    def __init__(self) -> None:
        from accounts.factories import InterviewerFactory
        from interviews.factories import InterviewFactory, LeadFactory
        from interviews.models import Interview, Scorecard
        from question_bank.models import Script

        call_command("load_demo", verbosity=0)
        script = Script.objects.get(key="backend-engineer")
        self.seats = []
        for _ in range(CLIENTS):
            interview = InterviewFactory(live=True, script=script)
            self.seats.append(_seat(LeadFactory(interview=interview, user=InterviewerFactory(), part="lead")))
        ended = Interview.objects.filter(panelists__scorecard__in=Scorecard.objects.exclude(submitted_at=None)).first()
        assert ended is not None
        self.ended, self.manager = ended, ended.opening.managers.first()
        live = Interview.objects.filter(status="live", panelists__part="lead").order_by("pk").first()
        assert live is not None
        lead = live.panelists.get(part="lead").user
        self.http = Client()
        self.http.force_login(lead)
        self.cookies = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={self.http.cookies[settings.SESSION_COOKIE_NAME].value}"
        }
        self.pages = {
            "live": reverse("live", args=[live.pk]),
            "my_day": reverse("my-day"),
            "interviews": reverse("interview-list"),
            "bank": reverse("question-list"),
            "scripts": reverse("script-list"),
        }

    def tick(self, client: int, i: int) -> Request:
        seat = self.seats[client]
        return seat.request(seat.tick(i))

    def note(self, client: int, i: int) -> Request:
        """A note that grows, as somebody types; saved over its newest revision."""
        seat = self.seats[client]
        return seat.request(seat.command("note", seat.question, "word " * (i + 1), base_rev=i))

    def tick_here(self) -> None:
        """One tick in this process, through the whole stack, for counting its queries."""
        seat = self.seats[0]
        answer = seat.http.post(seat.path, seat.tick(0), content_type="application/json")
        assert answer.status_code == 200, answer.content

    def document(self) -> dict[str, Any]:
        """What the PDF of the demo's ended interview prints for its hiring manager."""
        from interviews.documents import interview_document

        return interview_document(self.ended, self.manager)


def _seat(panelist: Any) -> Seat:
    http = Client()
    http.force_login(panelist.user)
    cookie = f"{settings.SESSION_COOKIE_NAME}={http.cookies[settings.SESSION_COOKIE_NAME].value}; csrftoken={CSRF}"
    headers = {
        "Cookie": cookie,
        "X-CSRFToken": CSRF,
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    questions = list(panelist.interview.questions.prefetch_related("points"))
    points = [point.pk for question in questions for point in question.points.all()]
    path = reverse("live-command", args=[panelist.interview.pk])
    return Seat(path, headers, points, questions[0].pk, http)
