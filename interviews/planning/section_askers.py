"""Who asks which section, in the form of a plan: before there are sections, those of the chosen script."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.models import User
from editing.posted import whole_number
from interviews.models import Interview, Panelist
from interviews.planning.scheduling import PanelInvalid
from interviews.streams.events import append_event
from interviews.streams.payloads import plan_of
from question_bank.models import Script

SECTIONS_MAX = 60


@dataclass(frozen=True)
class SectionAsker:
    """A section by its title, the person whom the form showed, and the one chosen; both by their key."""

    title: str
    was: int | None
    chosen: int | None


def askers_of(script: Script | None, interview: Interview | None = None) -> list[SectionAsker]:
    """As they are planned in `interview`; for another script, its sections without anyone."""
    if interview is not None and (script is None or script.pk == interview.script_id):
        planned = interview.sections.values_list("title", "asker__user")
        return [SectionAsker(title, user, user) for title, user in planned]
    titles = script.sections.values_list("title", flat=True) if script else ()
    return [SectionAsker(title, None, None) for title in titles]


def posted_askers(posted: Mapping[str, str]) -> list[SectionAsker]:
    """The rows of `_plan_askers.html` as a browser sends them."""
    return [
        SectionAsker(
            posted[f"asks-title-{number}"],
            *(whole_number(posted.get(f"asks-{name}-{number}", "")) for name in ("was", "who")),
        )
        for number in range(SECTIONS_MAX)
        if f"asks-title-{number}" in posted
    ]


def give_sections(*, interview: Interview, askers: Sequence[SectionAsker], by: User, at: dt.datetime) -> list[str]:
    """Save those that were changed, in the transaction that saves the plan. Returns the titles of sections that someone
    else has given to another panelist meanwhile; they stay as they are. Titles of another script are ignored.

    Raises PanelInvalid for people who cannot ask."""
    seats = {seat.user_id: seat for seat in Panelist.objects.current().filter(interview=interview)}
    # Sections may share a title: each row of the form is for the next one.
    wanted: dict[str, list[SectionAsker]] = {}
    for asker in askers:
        wanted.setdefault(asker.title, []).append(asker)
    stays, is_changed = [], False
    for section in interview.sections.select_related("asker").order_by("position"):
        row = wanted[section.title].pop(0) if wanted.get(section.title) else None
        now = section.asker.user_id if section.asker else None
        if row is None or row.chosen in (row.was, now):
            continue
        seat = seats.get(row.chosen) if row.chosen else None
        if row.chosen and (seat is None or seat.is_shadow):
            raise PanelInvalid(f"Choose a lead or interviewer of this panel to ask “{section.title}”.")
        # A panelist who was removed with this plan, or has lost the section with the script, no longer has it.
        if now not in (row.was, None):
            stays.append(section.title)
            continue
        section.asker, is_changed = seat, True
        section.save(update_fields=["asker"])
    if is_changed:
        append_event(owner=interview, kind="panel", payload=plan_of(interview), actor=by, at=at)
    return stays
