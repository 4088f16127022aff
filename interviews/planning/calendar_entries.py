"""Calendar entries of an interview: as a file for download, and by email after each change.

Each panelist has a separate entry, so cancelling one does not notify the others. Colleagues see calendars, also on
shared screens: the title names the role, only the description names the candidate, and the entry is private. Times are
in UTC, so clock changes do not move them."""

import datetime as dt
import hashlib
import unicodedata
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from icalendar import Calendar, Event, vCalAddress, vUri

from interviews.models import CalendarEntry, Interview, Notice, Panelist
from interviews.notices.telling import Chosen, settings_of, tell
from mail import outbox

FILE_TYPE = "text/calendar"
PARTS = {Panelist.Part.LEAD: "you lead", Panelist.Part.INTERVIEWER: "you interview", Panelist.Part.SHADOW: "you shadow"}
_SOME_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def calendar_file(panelist: Panelist) -> bytes:
    """The panelist's current entry as iCalendar (RFC 5545 and 5546): a request, or a cancellation.

    The bytes stay the same until the plan changes."""
    entry = getattr(panelist, "calendar_entry", None)
    sequence, at = (entry.sequence, entry.told_at) if entry else (0, panelist.interview.created_at)
    return _file(panelist, sequence=sequence, at=at)


def file_name(interview: Interview) -> str:
    """A name without people: others see file names on a shared screen."""
    return f"interview-{interview.pk}.ics"


def tell_panel(*, interview: Interview, at: dt.datetime, was: dt.datetime | None = None, reason: str = "") -> None:
    """Email everyone whose calendar entry has changed, including people who joined, left or changed their part. Call
    it in the transaction of the change. Practice calls send nothing. `was` is the planned time before it, and
    `reason` why it moved."""
    moved = {"was": was, "reason": reason} if was not in (None, interview.scheduled_for) else {}
    panel = (
        Panelist.objects.real()
        .filter(interview=interview)
        .knowing_access()
        .select_related("interview__candidate", "interview__opening", "calendar_entry")
    )
    changed = []
    for panelist in panel:
        entry = getattr(panelist, "calendar_entry", None)
        is_off, digest = _is_off(panelist), hashlib.sha256(_file(panelist, sequence=0, at=_SOME_TIME)).hexdigest()
        # Never cancel an entry that was not sent, and send nothing twice.
        if is_off if entry is None else (entry.is_cancelled and is_off) or entry.digest == digest:
            continue
        kind = "interview_off" if is_off else "interview_planned"
        if entry is None:
            panelist.calendar_entry = CalendarEntry.objects.create(panelist=panelist, digest=digest, told_at=at)
        else:
            kind = "interview_changed" if not is_off and not entry.is_cancelled else kind
            entry.mark_sent(digest=digest, is_cancelled=is_off, at=at)
        if panelist.user.is_active if is_off else panelist.has_access:
            changed.append((panelist, kind))
    chosen = settings_of(panelist.user for panelist, _ in changed)
    for panelist, kind in changed:
        _send(panelist, kind=kind, at=at, moved=moved, chosen=chosen)


@transaction.atomic
def tell_of_renaming(interviews: QuerySet[Any], *, at: dt.datetime) -> None:
    """Update the entries of planned interviews, whose candidate or opening has another name. Unchanged ones stay."""
    for interview in interviews.filter(status=Interview.Status.SCHEDULED).order_by("scheduled_for", "pk"):
        tell_panel(interview=interview, at=at)


def _send(panelist: Panelist, *, kind: str, at: dt.datetime, moved: dict[str, Any], chosen: Chosen) -> None:
    method = "CANCEL" if _is_off(panelist) else "REQUEST"
    attachment = outbox.Attachment(
        name=file_name(panelist.interview),
        content_type=f"{FILE_TYPE}; method={method}",
        text=calendar_file(panelist).decode(),
    )
    context = {"interview": panelist.interview, "panelist": panelist, "link": link_of(panelist.interview), **moved}
    tell(
        Notice.Kind.PLAN,
        people=[panelist.user],
        interview=panelist.interview,
        at=at,
        template=kind,
        context=context,
        attachments=[attachment],
        chosen=chosen,
    )


def _is_off(panelist: Panelist) -> bool:
    return panelist.left_at is not None or panelist.interview.is_cancelled


def _file(panelist: Panelist, *, sequence: int, at: dt.datetime) -> bytes:
    is_off = _is_off(panelist)
    calendar = Calendar()
    calendar.add("prodid", "-//Interview Script//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_off else "REQUEST")
    calendar.add_component(_event(panelist, sequence=sequence, at=at, is_off=is_off))
    data: bytes = calendar.to_ical()
    return data


def _event(panelist: Panelist, *, sequence: int, at: dt.datetime, is_off: bool) -> Event:
    interview, event = panelist.interview, Event()
    event.add("uid", uid_of(interview, str(panelist.pk)))
    event.add("sequence", sequence)
    event.add("dtstamp", at.astimezone(dt.UTC))
    event.add("dtstart", interview.scheduled_for.astimezone(dt.UTC))
    event.add("dtend", interview.ends_at.astimezone(dt.UTC))
    event.add("summary", plain(f"Interview: {interview.opening}"))
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("organizer", _organizer())
    event.add("attendee", _attendee(panelist))
    if not is_off:  # former panelists may no longer know the details
        _add_call(event, interview)
        event.add("description", plain(_description(panelist)))
    return event


def _add_call(event: Event, interview: Interview) -> None:
    """Where it takes place. Calendars differ in which of the three they offer as a button; RFC 7986 says CONFERENCE."""
    event.add("url", interview.call_link or link_of(interview))
    if interview.call_link:
        event.add("location", plain(interview.call_link))
        label = {"value": "URI", "feature": ["AUDIO", "VIDEO"], "label": "Join call"}
        event.add("conference", vUri(interview.call_link, params=label))


def _description(panelist: Panelist) -> str:
    interview = panelist.interview
    others = [
        f"{seat} ({seat.get_part_display().lower()})"
        for seat in Panelist.objects.current().filter(interview=interview).select_related("user")
        if seat != panelist
    ]
    lines = [
        f"{interview.candidate}, {PARTS[Panelist.Part(panelist.part)]}",
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


def _attendee(panelist: Panelist) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{panelist.user.email}")
    attendee.params["CN"] = plain(str(panelist.user)).replace('"', "’")
    attendee.params["ROLE"] = "OPT-PARTICIPANT" if panelist.is_shadow else "REQ-PARTICIPANT"
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
