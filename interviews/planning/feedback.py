"""Feedback for a candidate: drafted from what was decided, to copy or to email. Nothing is ever sent from here."""

import re
from urllib.parse import quote

from accounts.models import User
from interviews.models import Candidate, Decision, Interview, Panelist

Choice = Decision.Choice
# One sentence per choice. The reason is left out: managers write it for colleagues.
SENTENCES = {
    Choice.GO_ON: "We would like to invite you to the next round.",
    Choice.OFFER: "We would like to make you an offer.",
    Choice.HOLD: "We haven’t made a decision yet, and will get back to you.",
    Choice.DECLINE: "We have decided not to take your application further.",
}
# Longer addresses are cut by mail programs.
ADDRESS_CHARS = 2_000


def draft(*, candidate: Candidate, decision: Decision | None, by: User) -> str:
    """A text for the candidate. It names no panelist and no score, unless the decision's own feedback does."""
    said = []
    if decision is not None:
        said = [SENTENCES[Choice(decision.choice)], decision.feedback]
    lines = [
        f"Dear {candidate},",
        f"Thank you for taking the time to talk with us about the role “{candidate.opening}”.",
        *filter(None, said),
        f"Kind regards,\n{by}",
    ]
    return "\n\n".join(lines)


def decision_known_to(*, reader: User, candidate: Candidate) -> Decision | None:
    """The latest decision that the reader may know."""
    seen = Interview.objects.visible_to(reader).filter(candidate=candidate).order_by()
    known = Decision.objects.filter(interview__in=seen.debrief_open_to(reader))
    latest: Decision | None = known.order_by("decided_at", "pk").last()
    return latest


def named_panelists(*, candidate: Candidate, text: str) -> list[str]:
    """Whom of the panels the text names, by first or whole name."""
    seats = Panelist.objects.filter(interview__candidate=candidate).select_related("user")
    people = {seat.user_id: seat.user for seat in seats}.values()
    said = _words(text)
    return sorted(str(one) for one in people if one.name and _words(one.name.split()[0]) <= said)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def mail_address(*, candidate: Candidate, text: str) -> str:
    """A mailto: address with the text; "" without an email, or if it is too long for one."""
    subject, body = quote(f"Your application: {candidate.opening}"), quote(text.replace("\n", "\r\n"))
    address = f"mailto:{quote(candidate.email, safe='@+')}?subject={subject}&body={body}"
    return address if candidate.email and len(address) <= ADDRESS_CHARS else ""
