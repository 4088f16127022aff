"""Curators' changes to scripts, each in one transaction under the script's lock."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from django.db import IntegrityError, transaction

from accounts.models import User
from editing.merging import Content, Edit, Part, seal
from question_bank import history
from question_bank.curation.questions import CurationRefused, Misplaced, WrongStatus
from question_bank.models import Change, Question, Script, ScriptItem, Section


class NameTaken(CurationRefused):
    """Another script has this name."""

    status = 422


@dataclass(frozen=True, kw_only=True)
class WantedItem:
    question: Question
    is_must_ask: bool = True


@dataclass(frozen=True, kw_only=True)
class WantedSection:
    title: str
    minutes: int
    gate: str = ""
    is_for_candidate: bool = False
    items: tuple[WantedItem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WantedScript:
    """A curator's version of a script."""

    name: str
    purpose: str = ""
    level: str = Question.Level.ANY
    sections: tuple[WantedSection, ...] = ()

    @classmethod
    def of(cls, script: Script) -> Self:
        """The stored version, from `with_parts()`."""
        return cls(
            name=script.name,
            purpose=script.purpose,
            level=script.level,
            sections=tuple(
                WantedSection(
                    title=section.title,
                    minutes=section.minutes,
                    gate=section.gate,
                    is_for_candidate=section.is_for_candidate,
                    items=tuple(
                        WantedItem(question=item.question, is_must_ask=item.is_must_ask) for item in section.items.all()
                    ),
                )
                for section in script.sections.all()
            ),
        )


def script_content(script: WantedScript) -> Content:
    """Its parts. All sections are one part, because two orders of a call cannot be merged."""
    return {
        "name": Part("Name", script.name, script.name),
        "purpose": Part("Why we ask", script.purpose, script.purpose),
        "level": Part("Level", str(Question.Level(script.level).label), script.level),
        "sections": Part(
            "Sections and questions",
            "\n".join(line for section in script.sections for line in _lines(section)),
            script.sections,
            key=repr([_identity(section) for section in script.sections]),
        ),
    }


def script_of(content: Content) -> WantedScript:
    """The script with these parts."""
    return WantedScript(**{name: part.value for name, part in content.items()})


def _lines(section: WantedSection) -> list[str]:
    gate = f", gate: {section.gate}" if section.gate else ""
    items = (f"· {item.question}{'' if item.is_must_ask else ' (optional)'}" for item in section.items)
    return [f"{section.title}, {section.minutes} min{gate}", *items]


def _identity(section: WantedSection) -> tuple[object, ...]:
    items = [(item.question.pk, item.is_must_ask) for item in section.items]
    return (section.title, section.minutes, section.gate, section.is_for_candidate, items)


def script_revision(script: Script) -> str:
    """The revision on the edit page of a script from `with_parts()`; any change gives another one."""
    return seal(script_content(WantedScript.of(script)))


@transaction.atomic
def save_script(
    *,
    script: Script | None,
    wanted: WantedScript,
    edit: Edit | None = None,
    by: User | None,
    at: dt.datetime,
    why: str = "",
    act: Change.Act = Change.Act.SAVED,
) -> Script:
    """Save a curator's version of `script`, or a new one, and return it. Its history gets `act` and `why`.

    `edit` has the `script_revision()` the curator opened; other changes since are merged. The version goes up by one
    if the content changed. Raises Overtaken if both changed the same part, NameTaken, or Misplaced for a question that
    is a follow-up or appears twice.
    """
    saved = _locked(script.pk) if script else Script(version=0)
    if script:
        now = script_content(WantedScript.of(saved))
        wanted = script_of((edit or Edit()).reconcile(script_content(wanted), now, row=saved))
        history.keep_first([saved])
    saved.mark_changed(by=by, at=at)
    _check_questions(item for section in wanted.sections for item in section.items)
    if not (script and wanted == WantedScript.of(saved)):
        _write(saved, wanted)
    saved = _locked(saved.pk)
    history.record([saved], act if script else Change.Act.CREATED, by=by, at=at, why=why)
    return saved


def copy_script(*, script: Script, name: str, by: User | None, at: dt.datetime) -> Script:
    """A new script with the same sections and questions. Raises NameTaken."""
    return save_script(script=None, wanted=replace(WantedScript.of(script), name=name), by=by, at=at)


@transaction.atomic
def retire_script(*, script: Script, by: User | None, at: dt.datetime) -> None:
    """Retire it: new interviews cannot use it, existing ones are unchanged. Raises WrongStatus."""
    script = _locked(script.pk)
    if script.is_retired:
        raise WrongStatus("This script is already retired.")
    _set_retired(script, Change.Act.RETIRED, by=by, at=at)


@transaction.atomic
def restore_script(*, script: Script, by: User | None, at: dt.datetime) -> None:
    """Restore a retired script, unchanged. Raises WrongStatus."""
    script = _locked(script.pk)
    if not script.is_retired:
        raise WrongStatus("This script is not retired.")
    _set_retired(script, Change.Act.RESTORED, by=by, at=at)


def _set_retired(script: Script, act: Change.Act, *, by: User | None, at: dt.datetime) -> None:
    history.keep_first([script])
    script.is_retired = act == Change.Act.RETIRED
    script.save(update_fields=["is_retired"])
    history.record([script], act, by=by, at=at)


def _locked(pk: int) -> Script:
    return Script.objects.select_for_update().with_parts().get(pk=pk)


def _check_questions(items: Iterable[WantedItem]) -> None:
    """Check that each appears once and is top-level now: another curator may just have moved it."""
    wanted = Counter(item.question.pk for item in items)
    for question in Question.objects.select_for_update().in_bulk(wanted).values():
        if question.parent_id is not None:
            raise Misplaced(f"“{question}” is a follow-up: it comes with its parent question.")
        if wanted[question.pk] > 1:
            raise Misplaced(f"“{question}” is in the script twice.")


def _write(script: Script, wanted: WantedScript) -> None:
    """Recreate sections and items: no other row references them."""
    script.name, script.purpose, script.level = wanted.name, wanted.purpose, wanted.level
    script.version += 1
    try:
        script.save()
    except IntegrityError as error:
        raise NameTaken("Another script has this name.") from error
    script.sections.all().delete()
    for position, section in enumerate(wanted.sections, start=1):
        row = Section.objects.create(
            script=script,
            title=section.title,
            minutes=section.minutes,
            gate=section.gate,
            is_for_candidate=section.is_for_candidate,
            position=position,
        )
        ScriptItem.objects.bulk_create(
            ScriptItem(section=row, question=item.question, is_must_ask=item.is_must_ask, position=number)
            for number, item in enumerate(section.items, start=1)
        )
