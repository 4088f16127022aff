"""A person's interviews as a read-only calendar that other programs fetch by a secret address.

Such addresses end up in many places, so it names no candidate: each entry links to the interview's page."""

import datetime as dt

from django.db.models import QuerySet
from icalendar import Calendar, Event

from accounts.models import User
from audit.models import Act, AuditEntry
from interviews.models import CalendarFeed, Interview, Panelist
from interviews.planning.calendar_entries import MANAGER, PARTS, link_of, plain, uid_of

PAST_SHOWN = dt.timedelta(days=30)


# What closes every way in to an account closes this one too.
REVOKED_BY = (Act.PASSWORD_SET, Act.PASSWORD_CHANGED, Act.ACCESS_ENDED)


def is_revoked(feed: CalendarFeed) -> bool:
    """Whether the person has set a new password, or lost access, since it was created."""
    later = AuditEntry.objects.filter(person=feed.user_id, act__in=REVOKED_BY, at__gte=feed.created_at)
    return later.exists()


def reader_of(token: str, *, at: dt.datetime) -> User | None:
    """Whose feed has this address, if they may still sign in."""
    feed = CalendarFeed.objects.filter(digest=CalendarFeed.digest_of(token), user__is_active=True)
    found = feed.select_related("user").first()
    if found is None or is_revoked(found):
        return None
    if found.used_on != at.date():
        feed.update(used_on=at.date())
    return found.user


def feed_of(person: User, *, at: dt.datetime) -> bytes:
    """The interviews with them on the panel, and those of the openings they manage. Two queries."""
    calendar = Calendar()
    calendar.add("prodid", "-//Interview Script//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Interviews")
    interviews = _interviews(person, at=at)
    mine = Panelist.objects.with_access().filter(user=person, interview__in=interviews)
    seats = {seat.interview_id: seat for seat in mine}
    for interview in interviews:
        calendar.add_component(_event(interview, person, seats.get(interview.pk)))
    data: bytes = calendar.to_ical()
    return data


def _interviews(person: User, *, at: dt.datetime) -> QuerySet[Interview]:
    seen = Interview.objects.visible_to(person).exclude(status=Interview.Status.CANCELLED)
    found: QuerySet[Interview] = seen.filter(scheduled_for__gt=at - PAST_SHOWN).select_related("opening")
    return found.order_by("scheduled_for", "pk")


def _event(interview: Interview, person: User, seat: Panelist | None) -> Event:
    event = Event()
    event.add("uid", uid_of(interview, f"feed-{person.pk}"))
    event.add("dtstamp", max(filter(None, (interview.created_at, interview.changed_at))))
    event.add("dtstart", interview.scheduled_for.astimezone(dt.UTC))
    event.add("dtend", interview.ends_at.astimezone(dt.UTC))
    event.add("summary", plain(f"Interview: {interview.opening}"))
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE" if seat else "TRANSPARENT")  # a manager off the panel is not busy
    event.add("url", link_of(interview))
    if interview.call_link and seat:
        event.add("location", plain(interview.call_link))
    part = PARTS[seat.part if seat else MANAGER]
    event.add("description", plain(f"{part.capitalize()}\nScript: {interview.script_name}\n{link_of(interview)}"))
    return event
