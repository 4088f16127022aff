"""How curators change scripts. Every change is one transaction under the script's lock."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from django.db import IntegrityError, transaction

from question_bank.curation import CurationRefused, Misplaced, WrongStatus
from question_bank.entries import ScriptEntry
from question_bank.models import Question, Script, ScriptItem, Section


class ScriptChanged(CurationRefused):
    """Somebody else saved what this curator had open. `saved` is the script as it is now."""

    def __init__(self, saved: Script) -> None:
        self.saved = saved
        super().__init__("Somebody else saved this while you were writing.")


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
    """A script as a curator wants it."""

    name: str
    purpose: str = ""
    sections: tuple[WantedSection, ...] = ()

    @classmethod
    def of(cls, script: Script) -> Self:
        """As it is now, from `with_parts()`."""
        return cls(
            name=script.name,
            purpose=script.purpose,
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


def script_revision(script: Script) -> str:
    """Fingerprint of what the edit page shows of a script from `with_parts()`; another one after any change to it."""
    return replace(ScriptEntry.of(script), is_retired=False).digest()


@transaction.atomic
def save_script(*, script: Script | None, wanted: WantedScript, base: str = "") -> Script:
    """Write what a curator wants over `script`, or as a new one, and return it as it is now.

    `base` is the `script_revision()` that the curator had open. The version grows by one if the content is another
    than before. Raises ScriptChanged if another revision is saved, NameTaken, Misplaced for a question that is a
    follow-up or stands there twice.
    """
    saved = _locked(script.pk) if script else Script(version=0)
    if script and script_revision(saved) != base:
        raise ScriptChanged(saved)
    _check_questions(item for section in wanted.sections for item in section.items)
    if not (script and wanted == WantedScript.of(saved)):
        _write(saved, wanted)
    return _locked(saved.pk)


def copy_script(*, script: Script, name: str) -> Script:
    """A new script with the same sections and questions. Raises NameTaken."""
    return save_script(script=None, wanted=replace(WantedScript.of(script), name=name))


@transaction.atomic
def retire_script(*, script: Script) -> None:
    """New interviews cannot follow it any more; those that do keep it. Raises WrongStatus."""
    script = _locked(script.pk)
    if script.is_retired:
        raise WrongStatus("This script was retired already.")
    script.is_retired = True
    script.save(update_fields=["is_retired"])


@transaction.atomic
def restore_script(*, script: Script) -> None:
    """Bring a retired script back into use, as it was. Raises WrongStatus."""
    script = _locked(script.pk)
    if not script.is_retired:
        raise WrongStatus("This script is not retired.")
    script.is_retired = False
    script.save(update_fields=["is_retired"])


def _locked(pk: int) -> Script:
    return Script.objects.select_for_update().with_parts().get(pk=pk)


def _check_questions(items: Iterable[WantedItem]) -> None:
    """Each once, and top-level as it is now: another curator may just have put it under another question."""
    wanted = Counter(item.question.pk for item in items)
    for question in Question.objects.select_for_update().in_bulk(wanted).values():
        if question.parent_id is not None:
            raise Misplaced(f"“{question}” is a follow-up: it comes along with the question that it follows.")
        if wanted[question.pk] > 1:
            raise Misplaced(f"“{question}” stands there twice.")


def _write(script: Script, wanted: WantedScript) -> None:
    """Sections and items anew: nothing outside the script points at them."""
    script.name, script.purpose = wanted.name, wanted.purpose
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
