"""Append events to a stream, and read the events after a number. Each commit notifies the stream's listeners."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, NotRequired, TypedDict

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from interviews.models import Event, Interview, Note, Panelist
from interviews.streams import notify
from interviews.streams.prepared import Prepared, insert, run_for_each

# The newest number of each stream, "shared" and "own".
Numbers = dict[str, int]

# The key of a stream: its interview, and its name in there.
StreamKey = tuple[int, str]
# Collects committed events for their delivery (`committed_events`).
_committed: ContextVar[list[Event] | None] = ContextVar("committed", default=None)

# Streams per query, and events per stream. A reader that is further behind asks again.
AT_ONCE, MOST_TOLD = 128, 500

_since = Prepared(Event.objects.since)


@Prepared
def _notes(*, notes: list[int]) -> QuerySet[Any, tuple[int, int, str]]:
    return Note.objects.filter(pk__in=notes).order_by().values_list("pk", "revision", "text")


# Not `bulk_update`, whose CASE takes longer to compile than all else in a batch.
_UPDATE_SEQ = {
    Interview: "UPDATE interviews_interview SET seq = %s WHERE id = %s",
    Panelist: "UPDATE interviews_panelist SET seq = %s WHERE id = %s",
}


@dataclass(frozen=True)
class NewEvent:
    """The next event of a stream: the shared one of an interview, or the own one of a panelist."""

    owner: Interview | Panelist
    kind: str
    payload: Mapping[str, Any]
    actor: User | None
    at: dt.datetime


def append_event(
    *, owner: Interview | Panelist, kind: str, payload: Mapping[str, Any], actor: User | None, at: dt.datetime
) -> int:
    """Append the next event to a stream: the shared one of an interview, or the own one of a panelist.

    The caller has locked the owner's row, so numbers follow the order of commits without a gap. Returns the number,
    and notifies the stream's listeners after the commit."""
    [number] = append_events([NewEvent(owner, kind, payload, actor, at)])
    return number


def append_events(news: Sequence[NewEvent]) -> list[int]:
    """`append_event` for several, with three queries. Each owner is one object, whichever events it has."""
    events = [_numbered(new) for new in news]
    insert(events)
    for model, update in _UPDATE_SEQ.items():
        if rows := {(new.owner.seq, new.owner.pk) for new in news if isinstance(new.owner, model)}:
            run_for_each(update, list(rows))
    _notify(events)
    return [event.seq for event in events]


def _numbered(new: NewEvent) -> Event:
    new.owner.seq += 1
    return Event(
        interview_id=new.owner.pk if isinstance(new.owner, Interview) else new.owner.interview_id,
        stream=Event.SHARED if isinstance(new.owner, Interview) else new.owner.own_stream,
        seq=new.owner.seq,
        actor_id=new.actor.pk if new.actor else None,
        kind=new.kind,
        payload=new.payload,
        at=new.at,
    )


def _notify(events: Sequence[Event]) -> None:
    """Notify each stream's listeners after the commit, or leave that to `committed_events`."""
    transaction.on_commit(partial(_notify_now, events))


def _notify_now(events: Sequence[Event]) -> None:
    delivered = _committed.get()
    if delivered is not None:
        delivered.extend(events)
        return
    for group, numbers in newest_numbers(events).items():
        notify.notify_group(group, numbers)


def newest_numbers(events: Iterable[Event]) -> dict[str, Numbers]:
    """The newest number of each stream, by channel group."""
    newest = {(event.interview_id, event.stream): event.seq for event in events}
    return {
        notify.group_of(interview_id, stream): {"shared" if stream == Event.SHARED else "own": seq}
        for (interview_id, stream), seq in newest.items()
    }


@contextmanager
def committed_events() -> Iterator[list[Event]]:
    """The events that this thread commits inside, in order. Nobody is notified of them: the caller delivers them."""
    events: list[Event] = []
    token = _committed.set(events)
    try:
        yield events
    finally:
        _committed.reset(token)


@dataclass(frozen=True)
class Reader:
    """The streams that one person may read: the shared one, and their own if they have one. Every event, over HTTP or
    a socket, is read through this class."""

    interview: int
    own_stream: str | None
    has: Numbers
    # The newest numbers when access was checked, which is before the events are read.
    now: Numbers

    def behind(self) -> Iterator[tuple[str, StreamKey]]:
        """The streams with new events: "shared" or "own", and the stream's key."""
        if self.now["shared"] > self.has["shared"]:
            yield "shared", (self.interview, Event.SHARED)
        if self.own_stream is not None and self.now["own"] > self.has["own"]:
            yield "own", (self.interview, self.own_stream)


class Line(TypedDict):
    """One event, as a page reads it."""

    stream: str  # "shared" or "own"
    seq: int
    kind: str
    actor: int | None
    at: str
    payload: Mapping[str, Any]


class News(TypedDict):
    """New events, with the number of each stream after them."""

    shared: int
    own: int
    events: list[Line]
    # Where a stream has more than MOST_TOLD new events.
    more: NotRequired[bool]


def news(readers: Collection[Reader]) -> list[News]:
    """The new events of each reader. One query per AT_ONCE streams with new events, and one for the texts of notes."""
    since: dict[StreamKey, int] = {}
    for reader in readers:
        for word, place in reader.behind():
            since[place] = min(reader.has[word], since.get(place, reader.has[word]))
    found: list[Event] = []
    waiting = iter(since.items())
    while some := [(*place, has, has + MOST_TOLD) for place, has in islice(waiting, AT_ONCE)]:
        found += _since(numbers=some)
    events = by_stream(found)
    return [told(reader, events) for reader in readers]


def by_stream(events: Iterable[Event]) -> dict[StreamKey, list[Event]]:
    """The events of each stream in order, ready to be told: with the texts of notes. One query if there are notes."""
    streams = defaultdict[StreamKey, list[Event]](list)
    for event in events:
        streams[event.interview_id, event.stream].append(event)
    _add_texts([event for some in streams.values() for event in some if event.kind == "note"])
    return streams


def _add_texts(events: list[Event]) -> None:
    """Add the text to the event of a note's newest revision. Events of earlier revisions have none.

    The note's key is not told: it counts the notes of everyone."""
    if events:
        texts = {(pk, revision): text for pk, revision, text in _notes(notes=[e.payload["note"] for e in events])}
        for event in events:
            text = texts.get((event.payload.pop("note"), event.payload["revision"]))
            if text is not None:
                event.payload |= {"text": text}


def told(reader: Reader, events: Mapping[StreamKey, Sequence[Event]]) -> News:
    """Filter these events for a reader. Every event passes through here, read or just committed."""
    newest = dict(reader.has)
    lines: list[Line] = []
    for word, place in reader.behind():
        for event in events.get(place, ()):
            if event.seq > reader.has[word]:
                newest[word] = event.seq
                lines.append(_line(word, event))
    its: News = {"shared": newest["shared"], "own": newest["own"], "events": lines}
    if any(reader.now[word] > newest[word] for word, _ in reader.behind()):
        its["more"] = True
    return its


def _line(word: str, event: Event) -> Line:
    return {
        "stream": word,
        "seq": event.seq,
        "kind": event.kind,
        "actor": event.actor_id,
        "at": event.at.isoformat(),
        "payload": event.payload,
    }
