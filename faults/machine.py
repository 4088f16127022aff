"""R-14: commands in any order, repeated, and wrong ones, compared with the wanted state."""

import json
import random
from typing import Any

from faults.client import Light
from faults.evidence import Report, Seat, call, gaps, settle


class Direct(Light):
    """Calls the server's functions without a network."""

    def of(self, seat: Seat) -> "Direct":
        self.seat = seat
        return self

    def post(self, body: str) -> tuple[int, dict[str, Any]]:
        from django.utils import timezone

        from interviews.live import commands, dispatch
        from interviews.refusals import Refused

        panelist = self.seat.panelist
        try:
            answer: dict[str, Any] = json.loads(
                dispatch.apply_command(
                    user=panelist.user,
                    interview_id=panelist.interview_id,
                    command=commands.read(body.encode()),
                    now=timezone.now(),
                )
            )
        except Refused as refusal:
            return refusal.status, {"error": str(refusal)}
        return 200, answer


def any_order(report: Report, *, edits: int) -> None:
    """A new command is applied once, a repeated one gets its first answer, a wrong one changes nothing."""
    dice = random.Random(report.seed)
    seats = call(panelists=3)
    lights = [seat.light(0, report.seed * 10 + number, kind=Direct).of(seat) for number, seat in enumerate(seats)]
    sent: list[tuple[Direct, dict[str, Any]]] = []
    while sum(light.n for light in lights) < edits:
        number = dice.randrange(len(seats))
        light, what = lights[number], dice.random()
        if what < 0.2 and sent:
            other, command = dice.choice(sent)
            first = other.receipts[command["id"]]
            other.send(command)
            report.duplicated += other.receipts[command["id"]] != first
        elif what < 0.3 and sent:
            _send_wrong(report, *dice.choice(sent), dice)
        else:
            seats[number].edit(light, dice)
            command = light.journal[-1]
            light.send(command)
            if command["id"] in light.receipts:
                sent.append((light, command))
    for seat, light in zip(seats, lights, strict=True):
        settle(report, seat, light)
    report.notes += [f"stream {stream} has a gap" for stream in gaps(seats[0].panelist.interview_id)]


def _send_wrong(report: Report, light: Direct, command: dict[str, Any], dice: random.Random) -> None:
    """A known id with another body or from another person, or an invalid value."""
    wrong = command | dice.choice(
        [{"value": "changed"}, {"n": command["n"] + 1}, {"kind": "rate", "value": 9}, {"id": "no", "target": -1}]
    )
    status, _ = light.post(json.dumps({key: value for key, value in wrong.items() if key != "at"}))
    if status not in (400, 404, 422):
        report.notes.append(f"a wrong command was answered {status}: {wrong}")
