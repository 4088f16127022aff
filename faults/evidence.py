"""Random actions of panelists, and a comparison with the database afterwards."""

import json
import random
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.core.management import call_command
from django.urls import reverse

from faults.client import Light
from harness import sessions


@dataclass
class Report:
    """The result of a case. Lost and duplicated must be 0."""

    case: str
    engine: str
    seed: int
    edits: int = 0
    kills: int = 0
    lost: int = 0
    duplicated: int = 0
    seconds_to_agree: float = 0.0
    notes: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.duplicated or self.notes)

    def line(self) -> str:
        told = (
            f"{self.case} {self.engine} seed={self.seed} edits={self.edits} kills={self.kills} lost={self.lost} "
            f"duplicated={self.duplicated} seconds_to_agree={self.seconds_to_agree:.1f}"
        )
        return told + "".join(f"\n    {note}" for note in self.notes)


@dataclass
class Seat:
    """A panelist, the points and questions they can act on, and the state they want."""

    panelist: Any
    session: str
    path: str
    points: list[int]
    questions: list[int]
    ticks: dict[int, bool] = field(default_factory=dict)
    ratings: dict[int, int | None] = field(default_factory=dict)
    depths: dict[int, bool] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    unlisted: dict[str, str] = field(default_factory=dict)
    # Questions added and lines sent to the panel.
    said: dict[str, str] = field(default_factory=dict)

    def light(self, port: int, seed: int, *, kind: Any = Light, **how: Any) -> Any:
        return kind(port, self.path, self.session, seed, **how)

    def has_room(self) -> bool:
        """A call takes few added questions."""
        return sum(text.startswith("add") for text in self.said.values()) < 3

    def edit(self, light: Light, dice: random.Random, *, is_alone: bool = False) -> None:
        """One action of a panelist, as wanted state and as a command. `is_alone`: only their own records."""
        question, point = dice.choice(self.questions), dice.choice(self.points)
        kinds = ["tick", "rate", "flag", "note", "unlisted", "park", "nudge", "add"]
        kind = dice.choices(kinds, [40, 15, 10, 25, 5, *([0, 0, 0] if is_alone else [2, 2, 1])])[0]
        if kind == "tick":
            self.ticks[point] = not self.ticks.get(point, False)
            light.do("tick", point, self.ticks[point])
        elif kind == "rate":
            self.ratings[question] = dice.choice([1, 2, 3, 4, None])
            light.do("rate", question, self.ratings[question])
        elif kind == "flag":
            self.depths[question] = not self.depths.get(question, False)
            light.do("flag", question, {"flag": "depth", "on": self.depths[question]})
        elif kind == "note":
            self.texts[question] = self.texts.get(question, "") + f"word {light.n} · 🦊\n"
            light.do("note", question, self.texts[question])
        elif kind == "park":
            light.do("park", question, True)
        elif kind == "nudge" or (kind == "add" and self.has_room()):
            client_id = str(uuid.UUID(int=dice.getrandbits(128), version=4))
            self.said[client_id] = f"{kind} {light.n}?"
            light.do(kind, client_id, self.said[client_id] if kind == "nudge" else {"text": self.said[client_id]})
        else:
            client_id = str(uuid.UUID(int=dice.getrandbits(128), version=4))
            self.unlisted[client_id] = f"good point {light.n}"
            light.do("unlisted", client_id, {"question": question, "text": self.unlisted[client_id]})


def call(*, panelists: int, **fields: Any) -> list[Seat]:
    """A live interview with this many panelists; the first one leads."""
    from interviews.factories import InterviewFactory, PanelistFactory
    from question_bank.models import Script

    if not Script.objects.filter(key="backend-engineer").exists():
        call_command("seed_question_bank", verbosity=0)
    interview = InterviewFactory.create(**{"live": True} | fields, script=Script.objects.get(key="backend-engineer"))
    return [
        seat(PanelistFactory.create(interview=interview, part="interviewer" if number else "lead"))
        for number in range(panelists)
    ]


def seat(panelist: Any) -> Seat:
    questions = list(panelist.interview.questions.filter(kind="answer").prefetch_related("points"))
    return Seat(
        panelist=panelist,
        session=signed_in(panelist.user),
        path=reverse("live-command", args=[panelist.interview_id]),
        points=[point.pk for question in questions for point in question.points.all()],
        questions=[question.pk for question in questions],
    )


def signed_in(user: Any) -> str:
    """A cookie."""
    return sessions.cookie(sessions.signed_in(user))


def wire(kind: str, target: Any, value: Any, *, n: int) -> Any:
    """A command as the server reads it."""
    from interviews.live import commands

    body = {"id": str(uuid.uuid4()), "client": "faults", "n": n, "kind": kind, "target": target, "value": value}
    return commands.read(json.dumps(body).encode())


def settle(report: Report, seat: Seat, light: Light) -> None:
    """Add this panelist's lost and duplicated changes to the report."""
    report.edits += light.n
    receipts = _receipts(seat)
    expected = {command["id"] for command in light.journal}
    if expected:
        report.notes.append(f"{light.name}: {len(expected)} commands still wait")
    missing = light.n - len(receipts) - len(light.refused)
    report.lost += max(0, missing)
    for command_id in light.receipts:
        if command_id not in receipts:
            report.lost += 1
            report.notes.append(f"{light.name}: a receipt was given that the database does not have")
    for status, words, command in light.refused:
        report.notes.append(f"{light.name}: refused {status} {command['kind']}: {words}")
    _compare(report, seat, receipts)


def settle_browser(report: Report, seat: Seat, *, still_waiting: int = 0, refused: int = 0) -> None:
    """The same for actions in a browser, where each page numbers its commands from 1."""
    receipts = _receipts(seat)
    pages: dict[str, list[int]] = {}
    for receipt in receipts.values():
        pages.setdefault(receipt.client, []).append(receipt.n)
    report.lost += max(0, sum(max(numbers) - len(numbers) for numbers in pages.values()) - refused)
    if still_waiting:
        report.notes.append(f"{still_waiting} commands still wait in the browser")
    _compare(report, seat, receipts)


def _receipts(seat: Seat) -> dict[str, Any]:
    from interviews.models import Receipt

    return {str(receipt.command_id): receipt for receipt in Receipt.objects.filter(user=seat.panelist.user)}


def _compare(report: Report, seat: Seat, receipts: dict[str, Any]) -> None:
    """Compare events with receipts, and rows with the wanted state."""
    from interviews.models import Event

    numbered = sum(1 for receipt in receipts.values() for key in ("shared", "own") if _number(receipt, key) is not None)
    events = Event.objects.filter(actor=seat.panelist.user).count()
    report.duplicated += max(0, events - numbered)
    report.lost += max(0, numbered - events)
    wrong = _differences(seat)
    report.lost += len(wrong)
    report.notes += [f"{seat.panelist}: {difference}" for difference in wrong]


def gaps(interview_id: int) -> list[str]:
    """Streams of the interview whose numbers are not 1, 2, 3, …"""
    from interviews.models import Event

    seqs: dict[str, list[int]] = {}
    for stream, seq in Event.objects.filter(interview=interview_id).order_by("seq").values_list("stream", "seq"):
        seqs.setdefault(stream, []).append(seq)
    return [stream for stream, row in seqs.items() if row != list(range(1, len(row) + 1))]


def _number(receipt: Any, key: str) -> int | None:
    number: int | None = json.loads(receipt.answer)[key]
    return number


def _differences(seat: Seat) -> list[str]:
    from interviews.models import Note, Nudge, Rating, ScriptedQuestion, Tick, UnlistedPoint

    mine = {"panelist": seat.panelist}
    ticked = set(Tick.objects.filter(**mine, unlisted_point=None).values_list("point", flat=True))
    ratings = {rating.question_id: rating for rating in Rating.objects.filter(**mine)}
    texts = dict(Note.objects.filter(**mine).values_list("question", "text"))
    unlisted = {str(row.client_id): row.text for row in UnlistedPoint.objects.filter(author=seat.panelist)}
    wrong = [f"tick of point {pk}" for pk, on in seat.ticks.items() if (pk in ticked) != on]
    wrong += [
        f"rating of {pk}" for pk, value in seat.ratings.items() if pk not in ratings or ratings[pk].value != value
    ]
    wrong += [f"flag of {pk}" for pk, on in seat.depths.items() if pk not in ratings or ratings[pk].depth != on]
    wrong += [f"note of {pk}" for pk, text in seat.texts.items() if texts.get(pk) != text]
    nudged = dict(Nudge.objects.filter(author=seat.panelist).values_list("client_id", "text"))
    added = dict(ScriptedQuestion.objects.filter(added_by=seat.panelist).values_list("added_id", "prompt"))
    said = {str(key): text for key, text in (nudged | added).items()}
    wrong += [f"nudge or added question {key}" for key, text in seat.said.items() if said.get(key) != text]
    wrong += [f"unlisted point {key}" for key, text in seat.unlisted.items() if unlisted.get(key) != text]
    return wrong
