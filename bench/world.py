"""Data for measuring: the built-in bank, the demo, and twenty live interviews, each with a signed-in lead."""

import functools
import io
import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench.figure import CannotMeasure
from harness import sessions
from harness.http import Request, request
from interviews.exports.document_types import InterviewDocument

CLIENTS = 20
# Lines of a typical note.
NOTE = "Measured first: where does the time go? Then queries, then caching. Knew why, said what he did not know."


@dataclass
class Seat:
    """A lead in a live interview: URL of their commands, cookie, points to tick."""

    path: str
    headers: dict[str, str]
    points: list[int]
    question: int
    user: int
    http: Client
    n: int = 0
    ticks: int = 0
    revision: int = 0

    def command(self, kind: str, target: int, value: object, **more: Any) -> bytes:
        """One command as the browser sends it."""
        self.n += 1
        body = {"id": str(uuid.uuid4()), "client": "bench", "n": self.n, "kind": kind, "target": target, "value": value}
        return json.dumps(body | {"age": 12} | more).encode()

    def tick(self) -> bytes:
        """Ticks all points in turn, then unticks them, so that every command changes a row."""
        turn, place = divmod(self.ticks, len(self.points))
        self.ticks += 1
        return self.command("tick", self.points[place], turn % 2 == 0)

    def note(self) -> bytes:
        """A note that grows to a few lines and starts over, always based on its newest revision."""
        self.revision += 1
        words = "word " * (1 + self.revision % 60)
        return self.command("note", self.question, words, base_rev=self.revision - 1)

    def words(self, characters: int) -> bytes:
        """A note to which so many characters are added each time, over and over after ten times."""
        self.revision += 1
        words = f"{self.revision} ".ljust(characters * (1 + self.revision % 10), "x")
        return self.command("note", self.question, words, base_rev=self.revision - 1)

    def request(self, body: bytes) -> Request:
        return request("POST", self.path, headers=self.headers, body=body)

    def events(self, shared: int, own: int) -> Request:
        path = self.path.replace("/commands/", f"/events/?since={shared}.{own}")
        return request("GET", path, headers={"Cookie": self.headers["Cookie"], "Accept": "application/json"})

    @property
    def socket(self) -> str:
        return "/ws" + self.path.removesuffix("commands/")


@dataclass(frozen=True)
class Page:
    """A page, and the session of a person who may open it."""

    name: str
    path: str
    http: Client

    @property
    def cookie(self) -> str:
        return sessions.cookie(self.http)


@dataclass(frozen=True)
class Order:
    """A requested PDF."""

    pk: int

    def state(self) -> str:
        from interviews.models import Export

        state: str = Export.objects.values_list("state", flat=True).get(pk=self.pk)
        return state

    def wait(self, *states: str) -> None:
        deadline = time.monotonic() + 300  # the machine may be busy
        while (state := self.state()) not in states:
            if state == "failed" or time.monotonic() > deadline:
                raise CannotMeasure("the worker made no PDF")
            time.sleep(0.002)


class World:
    def __init__(self, *, has_demo: bool = True) -> None:
        from accounts.factories import InterviewerFactory
        from interviews.factories import InterviewFactory, LeadFactory
        from interviews.models import Interview
        from question_bank.models import Script

        if has_demo:
            call_command("load_demo", stdout=io.StringIO())
        script = Script.objects.get(key="backend-engineer")
        self.seats = []
        for _ in range(CLIENTS):
            interview = InterviewFactory.create(live=True, script=script)
            self.seats.append(_seat(LeadFactory.create(interview=interview, user=InterviewerFactory.create())))
        if not has_demo:
            return
        self.ended = Interview.objects.get(candidate__name="Ada Okafor", status="ended")
        self.manager = self.ended.opening.managers.get()
        self.pages = list(self._pages(Interview.objects.get(candidate__name="Priya Nair", status="live"), script))

    def _pages(self, live: Any, script: Any) -> Iterator[Page]:
        """Every measured page, with a person of the demo who uses it."""
        lead = live.panelists.get(part="lead").user
        seat = self.ended.panelists.get(part="lead")
        draft = self._draft()
        pages: list[tuple[str, Any, str, list[int]]] = [
            ("live", lead, "live", [live.pk]),
            ("my_day", lead, "my-day", []),
            ("my_day_of_manager", self.manager, "my-day", []),
            ("interviews", lead, "interview-list", []),
            ("interview", lead, "interview-detail", [live.pk]),
            ("scorecard_form", draft.user, "scorecard", [draft.interview_id]),
            ("scorecard", self.manager, "scorecard-read", [self.ended.pk, seat.pk]),
            ("pdf", self.manager, "export-pdf", [self.ended.pk]),
            ("openings", self.manager, "opening-list", []),
            ("opening", self.manager, "opening-detail", [self.ended.opening_id]),
            ("candidate", self.manager, "candidate-detail", [self.ended.candidate_id]),
            ("bank", lead, "question-list", []),
            ("scripts", lead, "script-list", []),
            ("script", lead, "script-detail", [script.pk]),
        ]
        for name, user, address, numbers in pages:
            http = sessions.signed_in(user)
            yield Page(name, reverse(address, args=numbers), http)

    def _draft(self) -> Any:
        """A panelist who owes a scorecard after an ended call."""
        from interviews.models import Panelist

        drafts = Panelist.objects.filter(interview__status="ended").exclude(scorecard__submitted_at__isnull=False)
        draft = drafts.order_by("pk").first()
        assert draft
        return draft

    def tick(self, client: int, i: int) -> Request:
        seat = self._turn(client, i)
        return seat.request(seat.tick())

    def note(self, client: int, i: int) -> Request:
        seat = self._turn(client, i)
        return seat.request(seat.note())

    def _turn(self, client: int, i: int) -> Seat:
        """Each client takes turns with all seats: the server refuses a person who sends too much."""
        return self.seats[(client + i) % CLIENTS]

    def tick_here(self) -> None:
        """One tick in this process, through the whole stack, for counting its queries."""
        seat = self.seats[0]
        answer = seat.http.post(seat.path, seat.tick(), content_type="application/json")
        assert answer.status_code == 200, answer.content

    def document(self) -> InterviewDocument:
        """The document of the demo's ended interview, for its hiring manager."""
        from interviews.exports.documents import interview_document

        return interview_document(self.ended, self.manager)

    @functools.cached_property
    def large(self) -> Any:
        """An ended interview of 12 questions, all asked, rated and noted by 3 panelists, who have submitted."""
        from interviews import factories
        from interviews.records import submitting

        interview = factories.InterviewFactory.create(
            candidate=self.ended.candidate, script=None, script_name="Large", ended=True, ended_at=timezone.now()
        )
        section = factories.ScriptedSectionFactory.create(interview=interview)
        questions = [factories.ScriptedQuestionFactory.create(section=section, asked=True) for _ in range(12)]
        points = [factories.ScriptedPointFactory.create(question=question) for question in questions for _ in range(3)]
        for part in ("lead", "interviewer", "interviewer"):
            seat: Any = factories.PanelistFactory.create(interview=interview, part=part)
            for question in questions:
                factories.RatingFactory.create(panelist=seat, question=question)
                factories.NoteFactory.create(panelist=seat, question=question, text=NOTE)
            for point in points[::2]:
                factories.TickFactory.create(panelist=seat, point=point)
            factories.ScorecardFactory.create(
                panelist=seat, recommendation=3, because=NOTE, stood_out=NOTE, still_open=NOTE
            )
            with transaction.atomic():
                submitting.submit(panelist=seat, at=timezone.now())
        return interview

    @functools.cached_property
    def wide(self) -> tuple[str, str]:
        """The path of a live page of 25 questions with 10 points each, and the cookie of its lead."""
        from accounts.factories import InterviewerFactory
        from interviews import factories

        interview = factories.InterviewFactory.create(script=None, script_name="Wide", live=True)
        for _ in range(5):
            section = factories.ScriptedSectionFactory.create(interview=interview)
            for _ in range(5):
                question = factories.ScriptedQuestionFactory.create(section=section)
                factories.ScriptedPointFactory.create_batch(10, question=question)
        lead: Any = factories.LeadFactory.create(interview=interview, user=InterviewerFactory.create())
        return reverse("live", args=[interview.pk]), sessions.cookie(sessions.signed_in(lead.user))

    def large_document(self) -> InterviewDocument:
        from interviews.exports.documents import interview_document

        return interview_document(self.large, self.manager)

    def order_zip(self, count: int) -> Order:
        """Queue a zip of this many PDFs of the large interview, none of them built yet."""
        from interviews.exports import pdf, tasks
        from interviews.models import Export
        from interviews.records import snapshots

        now, parts = timezone.now(), []
        for number in range(count):
            document: InterviewDocument = {**self.large_document(), "flags": f"printing number {number} of {now}"}
            part = Export.objects.create(
                interview=self.large,
                key=pdf.key(document),
                document=snapshots.canonical(document),
                created_at=now,
                queued_at=now,
            )
            parts.append(part.pk)
        made_of = snapshots.canonical({"reader": self.manager.pk, "parts": parts})
        export = Export.objects.create(
            kind="zip", opening=self.large.opening, key=uuid.uuid4().hex, document=made_of, total=count,
            created_at=now, queued_at=now,
        )  # fmt: skip
        tasks.build_export(export.pk)
        return Order(export.pk)

    def order_pdf(self) -> Order:
        """Queue a PDF of this document under a new key, so that it is not built yet."""
        from interviews.exports import tasks
        from interviews.models import Export
        from interviews.records import snapshots

        text = snapshots.canonical(self.document())
        export = Export.objects.create(
            interview=self.ended,
            key=uuid.uuid4().hex,
            document=text,
            created_at=timezone.now(),
            queued_at=timezone.now(),
        )
        tasks.build_export(export.pk)
        return Order(export.pk)


def _seat(panelist: Any) -> Seat:
    http = sessions.signed_in(panelist.user)
    questions = list(panelist.interview.questions.prefetch_related("points"))
    points = [point.pk for question in questions for point in question.points.all()]
    path = reverse("live-command", args=[panelist.interview.pk])
    return Seat(path, sessions.headers(sessions.cookie(http)), points, questions[0].pk, panelist.user_id, http)


def panel_seats(interviews: int) -> list[Seat]:
    """Four panelists in each of this many live interviews."""
    from accounts.factories import InterviewerFactory
    from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory
    from question_bank.models import Script

    script = Script.objects.get(key="backend-engineer")
    seats = []
    for _ in range(interviews):
        interview = InterviewFactory.create(live=True, script=script)
        parts = (LeadFactory, PanelistFactory, PanelistFactory, PanelistFactory)
        seats += [_seat(make.create(interview=interview, user=InterviewerFactory.create())) for make in parts]
    return seats
