"""Describe late commands in words; a revision applies or dismisses each."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from interviews.live.late_commands import subject_of
from interviews.models import LateCommand, Panelist, Rating, Recommendation, ScriptedPoint, UnlistedPoint
from interviews.storable import LARGEST_ID
from question_bank.models import RatingStep

FIELDS = {
    "recommendation": "Recommendation",
    "because": "Why",
    "stood_out": "What stood out",
    "still_open": "Open questions",
}


@dataclass(frozen=True)
class LateChange:
    """The last state wanted for one subject. `pks` are its commands in order; the last one has the whole state."""

    pks: list[int]
    at: dt.datetime
    words: str

    @property
    def pk(self) -> int:
        return self.pks[-1]


def late_changes(panelist: Panelist) -> list[LateChange]:
    """The waiting changes, in the order of their last command. All commands on one note are one change."""
    groups: dict[str, list[LateCommand]] = {}
    for command in panelist.late_commands.filter(settled_at=None):
        groups.setdefault(subject_of(command), []).append(command)
    if not groups:
        return []
    wordings = _Wordings(panelist, [group[-1] for group in groups.values()])
    changes = [
        LateChange([command.pk for command in group], group[-1].at, wordings.of(group[-1])) for group in groups.values()
    ]
    return sorted(changes, key=lambda change: change.pk)


class _Wordings:
    """Three queries, whatever the number of changes."""

    def __init__(self, panelist: Panelist, commands: Iterable[LateCommand]) -> None:
        targets = {command.target for command in commands if isinstance(command.target, int | str)}
        numbers = [target for target in targets if type(target) is int and abs(target) <= LARGEST_ID]
        self.prompts = dict(panelist.interview.questions.values_list("pk", "prompt"))
        points = ScriptedPoint.objects.filter(question__interview=panelist.interview, pk__in=numbers)
        self.points = dict(points.values_list("pk", "text"))
        unlisted = UnlistedPoint.objects.filter(question__interview=panelist.interview)
        self.unlisted = {str(client_id): text for client_id, text in unlisted.values_list("client_id", "text")}

    def of(self, command: LateCommand) -> str:
        value: Any = command.value
        target: Any = command.target
        if command.kind == "tick":
            return f"{'Ticked' if value else 'Unticked'}: {_known(self.points, target)}"
        if command.kind == "unlisted_tick":
            return f"{'Ticked' if value else 'Unticked'}: {_known(self.unlisted, target)}"
        if command.kind == "unlisted":
            return f"Extra point: {_part(value, 'text')}"
        if command.kind == "rate":
            word = RatingStep(value).label if value in RatingStep.values else "not rated"
            return f"Rated “{self._prompt(target)}”: {word}"
        if command.kind == "flag":
            flag = Rating.FLAGS.get(str(_part(value, "flag")), "a flag")
            return f"{'Flag' if _part(value, 'on') else 'Flag removed'} on “{self._prompt(target)}”: {flag}"
        if command.kind == "note":
            place = "General notes" if target is None else f"Note on “{self._prompt(target)}”"
            return f"{place}: {value or '(cleared)'}"
        if command.kind == "scorecard":
            return f"{FIELDS.get(str(target), 'Scorecard')}: {_field_words(target, value)}"
        return f"Follow up later: {_part(value, 'text') or '(removed)'}"

    def _prompt(self, target: Any) -> str:
        prompt: str = self.prompts.get(target, "a question") if isinstance(target, int) else "a question"
        return prompt if len(prompt) <= 80 else f"{prompt[:79]}…"


def _known(points: Mapping[Any, str], target: Any) -> str:
    return points.get(target, "a point") if isinstance(target, int | str) else "a point"


def _part(value: Any, key: str) -> Any:
    return value.get(key, "") if isinstance(value, dict) else ""


def _field_words(field: Any, value: Any) -> str:
    if field == "recommendation":
        return Recommendation.words_of(value)
    return str(value or "(cleared)")
