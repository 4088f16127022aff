"""Curators' changes to scripts, each in one transaction under the script's lock."""

import datetime as dt
from collections import Counter
from dataclasses import replace

from django.db import IntegrityError, transaction

from accounts.models import User
from editing.merging import Content, Edit, Overtaken, Part, seal
from question_bank import history
from question_bank.curation.questions import CurationRefused, Misplaced, WrongStatus
from question_bank.models import Change, Question, Script, ScriptDraft, ScriptItem, Section
from question_bank.wanted_scripts import WantedScript, WantedSection

TAKEN = "Another script has this name."


class NameTaken(CurationRefused):
    """Another script has this name."""

    status = 422


class EmptyScript(CurationRefused):
    """Interviews could not use this script."""

    status = 422

    def __init__(self) -> None:
        super().__init__("Add a question before you publish. Until then, save it as a draft.")


def is_empty(script: WantedScript) -> bool:
    """Whether a new interview would have no question of it."""
    return not any(item.question.is_published for section in script.sections for item in section.items)


def script_content(script: WantedScript) -> Content:
    """Its parts. All sections are one part, because two orders of a call cannot be merged."""
    return {
        "name": Part("Name", script.name, script.name),
        "purpose": Part("Purpose", script.purpose, script.purpose),
        "level": Part("Level", str(Question.Level(script.level).label), script.level),
        "slot": Part("Slot in minutes", str(script.slot or ""), script.slot, key=f"slot {script.slot}"),
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
    """The revision on the edit page of a script from `with_parts()`; any change of its newest content gives another."""
    return seal(script_content(WantedScript.newest(script)))


@transaction.atomic
def save_draft(
    *,
    script: Script | None,
    wanted: WantedScript,
    edit: Edit | None = None,
    by: User | None,
    at: dt.datetime,
    why: str = "",
    act: Change.Act = Change.Act.DRAFTED,
) -> Script:
    """Save a curator's version as the draft of `script`, or of a new one, and return it. Its history gets `act`, `why`.

    Interviews use the published version until the draft is published. `edit` has the `script_revision()` the curator
    opened; other changes since are merged. Raises Overtaken if both changed the same part, NameTaken, or Misplaced for
    a question that is a follow-up or appears twice.
    """
    saved, has_changed = _store(script, wanted, edit or Edit(), by=by, at=at)
    if has_changed:
        history.record([saved], act if script else Change.Act.CREATED, by=by, at=at, why=why)
    return saved


@transaction.atomic
def publish_script(*, script: Script, base: str, by: User | None, at: dt.datetime, why: str = "") -> Script:
    """Make the draft the version for new and planned interviews; return the script.

    `base` is the `script_revision()` that the curator has seen. Raises Overtaken if it has changed since, WrongStatus
    if there is no draft, EmptyScript if there is no question to ask, and as `save_draft`."""
    script = _locked(script.pk)
    if not script.has_draft:
        raise WrongStatus("Nothing to publish: this script has no unpublished changes.")
    if base != script_revision(script):
        raise Overtaken(Edit(base, last_change=script.draft))
    wanted = WantedScript.newest(script)
    if is_empty(wanted):
        raise EmptyScript
    _check(wanted, of=script)
    history.keep_first([script])
    script.draft.delete()
    script.mark_changed(by=by, at=at)
    _write(script, wanted)
    script = _locked(script.pk)
    history.record([script], Change.Act.PUBLISHED, by=by, at=at, why=why)
    return script


@transaction.atomic
def save_script(
    *,
    script: Script | None,
    wanted: WantedScript,
    edit: Edit | None = None,
    by: User | None,
    at: dt.datetime,
    why: str = "",
) -> Script:
    """Save a draft and publish it at once. The version goes up by one if anything changed. Raises as
    `publish_script`."""
    saved, _ = _store(script, wanted, edit or Edit(), by=by, at=at)
    if not saved.has_draft:
        return saved
    return publish_script(script=saved, base=script_revision(saved), by=by, at=at, why=why)


@transaction.atomic
def discard_draft(*, script: Script, base: str, by: User | None, at: dt.datetime) -> Script:
    """Go back to the published version; the history keeps the draft. Raises as `publish_script`, WrongStatus also for
    a script that was never published."""
    script = _locked(script.pk)
    if not script.has_draft or not script.is_published:
        raise WrongStatus("This script has no unpublished changes to discard.")
    if base != script_revision(script):
        raise Overtaken(Edit(base, last_change=script.draft))
    script.draft.delete()
    script = _locked(script.pk)
    history.record([script], Change.Act.DISCARDED, by=by, at=at)
    return script


def copy_script(*, script: Script, name: str, by: User | None, at: dt.datetime) -> Script:
    """A new script, as a draft, with the same sections and questions as the newest content. Raises NameTaken."""
    return save_draft(script=None, wanted=replace(WantedScript.newest(script), name=name), by=by, at=at)


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


def _store(
    script: Script | None, wanted: WantedScript, edit: Edit, *, by: User | None, at: dt.datetime
) -> tuple[Script, bool]:
    """Store the draft, merged with other changes; return the script, and whether anything changed."""
    if script is None:
        return _created(wanted, by=by, at=at), True
    saved = _locked(script.pk)
    now = WantedScript.newest(saved)
    row = saved.draft if saved.has_draft else saved
    wanted = script_of(edit.reconcile(script_content(wanted), script_content(now), row=row))
    _check(wanted, of=saved)
    if wanted == now:
        return saved, False
    history.keep_first([saved])
    _keep_draft(saved, wanted, by=by, at=at)
    return _locked(saved.pk), True


def _created(wanted: WantedScript, *, by: User | None, at: dt.datetime) -> Script:
    """A script that was never published. Its row has the name, so that it is found."""
    _check(wanted, of=None)
    script = Script(version=0)
    script.mark_changed(by=by, at=at)
    _write_texts(script, wanted)
    ScriptDraft.objects.create(script=script, content=wanted.as_content(), changed_by=by, changed_at=at)
    return _locked(script.pk)


def _keep_draft(script: Script, wanted: WantedScript, *, by: User | None, at: dt.datetime) -> None:
    """Store the draft; delete it if it says what is published."""
    if script.is_published and wanted == WantedScript.of(script):
        script.draft.delete()
        return
    row = script.draft if script.has_draft else ScriptDraft(script=script)
    row.content = wanted.as_content()
    row.mark_changed(by=by, at=at)
    row.save()
    if not script.is_published:
        _write_texts(script, wanted)


def _locked(pk: int) -> Script:
    return Script.objects.select_for_update(of=("self",)).with_parts().get(pk=pk)


def _check(wanted: WantedScript, *, of: Script | None) -> None:
    """Check the name, and that each question appears once and is top-level now: another curator may just have moved
    it."""
    others = Script.objects.exclude(pk=of.pk) if of else Script.objects.all()
    if others.filter(name=wanted.name).exists():
        raise NameTaken(TAKEN)
    counted = Counter(item.question.pk for section in wanted.sections for item in section.items)
    for question in Question.objects.select_for_update().order_by("pk").in_bulk(counted).values():
        if question.parent_id is not None:
            raise Misplaced(f"“{question}” is a follow-up: it comes with its parent question.")
        if counted[question.pk] > 1:
            raise Misplaced(f"“{question}” is in the script twice.")


def _write_texts(script: Script, wanted: WantedScript) -> None:
    script.name, script.purpose, script.level, script.slot = wanted.name, wanted.purpose, wanted.level, wanted.slot
    try:
        with transaction.atomic():
            script.save()
    except IntegrityError as error:  # another request was quicker
        raise NameTaken(TAKEN) from error


def _write(script: Script, wanted: WantedScript) -> None:
    """Publish it. Recreates sections and items: no other row references them."""
    script.version += 1
    _write_texts(script, wanted)
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
