"""Calendar entries of an interview: as a file for download, and by email after each change.

Each panelist and each manager of the opening has a separate entry, so cancelling one does not notify the others.
Colleagues see calendars, also on shared screens: the title names the role, only the description names the candidate,
and the entry is private. Times are in UTC, so clock changes do not move them."""

import datetime as dt
import hashlib
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.urls import reverse
from icalendar import Calendar, Event, vCalAddress, vUri

from accounts.models import User
from accounts.roles import Role
from interviews.models import CalendarEntry, Interview, Notice, Panelist
from interviews.notices.telling import settings_of, tell
from mail import outbox

FILE_TYPE = "text/calendar"
MANAGER = "manager"
PARTS = {
    Panelist.Part.LEAD.value: "you lead",
    Panelist.Part.INTERVIEWER.value: "you interview",
    Panelist.Part.SHADOW.value: "you shadow",
    MANAGER: "you manage the opening",
}
_SOME_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Invited:
    """Someone with an entry, or who gets one. `part` is a key of PARTS; "" for people who have left the panel or, if
    `was_manager`, no longer manage the opening. `is_told`: whether emails may tell them about it."""

    interview: Interview
    user: User
    part: str
    is_told: bool
    was_manager: bool = False

    @property
    def is_off(self) -> bool:
        return not self.part or self.interview.is_cancelled

    @property
    def relation(self) -> str:
        """To follow "an interview"."""
        return "for an opening you manage" if self.is_manager else "you’re on"

    @property
    def part_label(self) -> str:
        """Of a panelist: "Lead"."""
        return str(Panelist.Part(self.part).label)

    @property
    def is_manager(self) -> bool:
        return self.part == MANAGER


def calendar_file(interview: Interview, user: User) -> bytes:
    """Their current entry as iCalendar (RFC 5545 and 5546): a request, or a cancellation.

    The bytes stay the same until the plan changes."""
    entry = CalendarEntry.objects.filter(interview=interview, user=user).first()
    sequence, at = (entry.sequence, entry.told_at) if entry else (0, interview.created_at)
    found = {invited.user.pk: invited for invited in _invited(interview)}
    return _file(found.get(user.pk, Invited(interview, user, "", is_told=False)), sequence=sequence, at=at)


def file_name(interview: Interview) -> str:
    """A name without people: others see file names on a shared screen."""
    return f"interview-{interview.pk}.ics"


def _invited(interview: Interview) -> list[Invited]:
    """The panel, and the managers of the opening who are not on it. Two queries."""
    seats = Panelist.objects.current().filter(interview=interview).knowing_access().order_by("pk")
    panel = [Invited(interview, seat.user, seat.part, is_told=seat.has_access) for seat in seats]
    managers = interview.opening.managers.with_role(Role.HIRING_MANAGER).exclude(pk__in=[one.user.pk for one in panel])
    return [*panel, *(Invited(interview, person, MANAGER, is_told=True) for person in managers.order_by("pk"))]


def tell_panel(
    *,
    interview: Interview,
    at: dt.datetime,
    was: dt.datetime | None = None,
    reason: str = "",
    by: User | None = None,
    managers_kind: Notice.Kind = Notice.Kind.PLAN,
) -> set[int]:
    """Email everyone whose calendar entry has changed, including people who joined, left or changed their part; return
    their keys. Call it in the transaction of the change. Practice calls send nothing, and managers off the panel hear
    only of what is planned or cancelled. `was` is the planned time before it, `reason` why it moved. `managers_kind` is
    the notice that managers get; on pages, only about what someone else (`by`) did."""
    interview = Interview.objects.select_related("candidate", "opening").get(pk=interview.pk)
    if interview.opening.is_practice:
        return set()
    moved = {"was": was, "reason": reason} if was not in (None, interview.scheduled_for) else {}
    changed = _changed(interview, at=at)
    chosen = settings_of(invited.user for invited, _ in changed)
    for invited, entry in changed:
        tell(
            managers_kind if invited.is_manager else Notice.Kind.PLAN,
            people=[invited.user],
            interview=interview,
            at=at,
            template=entry.email,
            context={"interview": interview, "invited": invited, "link": link_of(interview), **moved},
            attachments=[_attachment(invited, entry)],
            chosen=chosen,
            is_on_page=not invited.is_manager or by not in (None, invited.user),
        )
    return {invited.user.pk for invited, _ in changed}


def _changed(interview: Interview, *, at: dt.datetime) -> list[tuple[Invited, CalendarEntry]]:
    """Record the entries that changed as sent; return those whose people may be told."""
    entries = {entry.user_id: entry for entry in interview.calendar_entries.select_related("user")}
    changed = []
    for invited in _with_former(interview, entries.values()):
        if invited.is_manager and not (interview.is_scheduled or interview.is_cancelled):
            continue
        entry = entries.get(invited.user.pk)
        digest = hashlib.sha256(_file(invited, sequence=0, at=_SOME_TIME)).hexdigest()
        # Never cancel an entry that was not sent, and send nothing twice.
        if invited.is_off if entry is None else (entry.is_cancelled and invited.is_off) or entry.digest == digest:
            continue
        sent: dict[str, Any] = {"digest": digest, "is_for_manager": invited.is_manager, "at": at}
        if entry is None:
            entry = CalendarEntry.first_sent(interview=interview, user=invited.user, **sent)
        else:
            entry.mark_sent(is_cancelled=invited.is_off, **sent)
        if invited.is_told:
            changed.append((invited, entry))
    return changed


def _with_former(interview: Interview, entries: Collection[CalendarEntry]) -> list[Invited]:
    """Those invited now, then those who only have an entry of before."""
    found = _invited(interview)
    now = {invited.user.pk for invited in found}
    left = [
        Invited(interview, one.user, "", is_told=one.user.is_active, was_manager=one.is_for_manager)
        for one in entries
        if one.user_id not in now
    ]
    # Everyone who can still sign in hears of a cancellation.
    if interview.is_cancelled:
        found = [Invited(interview, one.user, one.part, is_told=one.user.is_active) for one in found]
    return [*found, *left]


def _attachment(invited: Invited, entry: CalendarEntry) -> outbox.Attachment:
    return outbox.Attachment(
        name=file_name(invited.interview),
        content_type=f"{FILE_TYPE}; method={'CANCEL' if invited.is_off else 'REQUEST'}",
        text=_file(invited, sequence=entry.sequence, at=entry.told_at).decode(),
    )


def _file(invited: Invited, *, sequence: int, at: dt.datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Interview Script//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if invited.is_off else "REQUEST")
    calendar.add_component(_event(invited, sequence=sequence, at=at))
    data: bytes = calendar.to_ical()
    return data


def _event(invited: Invited, *, sequence: int, at: dt.datetime) -> Event:
    interview, event = invited.interview, Event()
    event.add("uid", uid_of(interview, str(invited.user.pk)))
    event.add("sequence", sequence)
    event.add("dtstamp", at.astimezone(dt.UTC))
    event.add("dtstart", interview.scheduled_for.astimezone(dt.UTC))
    event.add("dtend", interview.ends_at.astimezone(dt.UTC))
    event.add("summary", plain(f"Interview: {interview.opening}"))
    event.add("status", "CANCELLED" if invited.is_off else "CONFIRMED")
    event.add("class", "PRIVATE")
    if invited.is_manager:
        event.add("transp", "TRANSPARENT")  # a manager off the panel is not busy
    event.add("organizer", _organizer())
    event.add("attendee", _attendee(invited))
    if not invited.is_off:  # former panelists may no longer know the details
        _add_call(event, interview)
        event.add("description", plain(_description(invited)))
    return event


def _add_call(event: Event, interview: Interview) -> None:
    """Where it takes place. Calendars differ in which of the three they offer as a button; RFC 7986 says CONFERENCE."""
    event.add("url", interview.call_link or link_of(interview))
    if interview.call_link:
        event.add("location", plain(interview.call_link))
        label = {"value": "URI", "feature": ["AUDIO", "VIDEO"], "label": "Join call"}
        event.add("conference", vUri(interview.call_link, params=label))


def _description(invited: Invited) -> str:
    interview = invited.interview
    seats = Panelist.objects.current().filter(interview=interview).exclude(user=invited.user).select_related("user")
    others = [f"{seat} ({seat.get_part_display().lower()})" for seat in seats]
    lines = [
        f"{interview.candidate}, {PARTS[invited.part]}",
        f"Script: {interview.script_name}",
        *([f"With {', '.join(others)}"] if others else []),
        link_of(interview),
    ]
    return "\n".join(lines)


def _organizer() -> vCalAddress:
    """Always the same: calendars accept changes only from the first organizer."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = name or "Interview Script"
    return organizer


def _attendee(invited: Invited) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{invited.user.email}")
    attendee.params["CN"] = plain(str(invited.user)).replace('"', "’")
    is_needed = invited.part in (Panelist.Part.LEAD, Panelist.Part.INTERVIEWER)
    attendee.params["ROLE"] = "REQ-PARTICIPANT" if is_needed else "OPT-PARTICIPANT"
    attendee.params["PARTSTAT"] = "NEEDS-ACTION"
    attendee.params["RSVP"] = "FALSE"  # nobody reads replies
    return attendee


def uid_of(interview: Interview, whose: str) -> str:
    """The id of someone's entry. The creation time makes it unique across installations."""
    return f"{interview.created_at:%Y%m%d%H%M%S%f}-{interview.pk}-{whose}@interview-script"


def link_of(interview: Interview) -> str:
    return f"{settings.SITE_URL}{reverse('interview-detail', args=[interview.pk])}"


def plain(text: str) -> str:
    """The text without control characters, which iCalendar forbids."""
    return "".join(char if char == "\n" or unicodedata.category(char) != "Cc" else " " for char in text)
