"""Commands for nudges: a short line to the person asking. The panel sees it; each person dismisses it for themself."""

from typing import Any

from django.db.models import Exists, OuterRef

from interviews.live.context import CommandContext, Outcome
from interviews.models import Interview, Nudge, Panelist
from interviews.refusals import Invalid, NotAllowed, NotThere, TooLarge
from interviews.storable import text
from interviews.streams.payloads import NudgeShown, nudge_of

NUDGE_CHARS = 120
# Per panelist and interview.
MOST_NUDGES = 100


class OwnNudge(NudgeShown):
    """A line as one panelist has it: `seen` once they dismissed it."""

    seen: bool


def nudge(context: CommandContext) -> Outcome:
    """Send a line to the panel, or (null) take one's own back. Sent again it changes nothing but that."""
    context.as_coverer()
    panelist = _seated(context)
    client_id, value = context.command.target_uuid(), context.command.value
    row = Nudge.objects.filter(interview=context.interview, client_id=client_id).first()
    if row is not None and row.author_id != panelist.pk:
        raise NotAllowed("Only the panelist who sent this line can take it back.")
    if row is None:
        if value is None:
            raise NotThere("This line isn’t in the interview.")
        words = " ".join(text(value, name="line", limit=NUDGE_CHARS).split())
        if not words:
            raise Invalid("Enter a line to send.")
        if Nudge.objects.filter(author=panelist).count() >= MOST_NUDGES:
            raise TooLarge(f"You have sent {MOST_NUDGES} lines in this interview. Say this one aloud.")
        row = Nudge(interview=context.interview, author=panelist, client_id=client_id, text=words, at=context.at)
    row.is_removed = value is None
    row.save()
    return Outcome(payload={**nudge_of(row), "removed": row.is_removed})


def nudge_seen(context: CommandContext) -> Outcome:
    """Dismiss a line for oneself, or (false) show it again."""
    panelist = _seated(context)
    is_seen = context.command.wants()
    client_id = context.command.target_uuid()
    row = Nudge.objects.filter(interview=context.interview, client_id=client_id, is_removed=False).first()
    if row is None:
        raise NotThere("This line isn’t in the interview.")
    (row.dismissed_by.add if is_seen else row.dismissed_by.remove)(panelist)
    return Outcome(panelist.own_stream, {"client_id": str(client_id), "seen": is_seen})


def nudges_of(interview: Interview, panelist: Panelist) -> list[OwnNudge]:
    """The lines that this panelist has in sight or has dismissed, oldest first. One query."""
    seen = Nudge.dismissed_by.through.objects.filter(nudge=OuterRef("pk"), panelist=panelist)
    rows: Any = Nudge.objects.filter(interview=interview, is_removed=False).annotate(is_seen=Exists(seen))
    return [{**nudge_of(row), "seen": row.is_seen} for row in rows]


def _seated(context: CommandContext) -> Panelist:
    if context.panelist is None:
        raise NotAllowed("Only panelists can send a line to the panel.")
    context.live()
    return context.panelist
