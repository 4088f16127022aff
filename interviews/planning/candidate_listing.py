"""The list of candidates, for its page and for an opening: who waits for what, and what was decided."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from finding.lists import Filter, ListPage, Order, list_page, options_of
from finding.searching import Fold
from interviews.access import ListedInterview, listed
from interviews.models import Candidate, Decision, Interview, Opening, Panelist

# Sorts candidates without a planned interview last.
NEVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
ELSEWHERE_MAX = 10
Status = Interview.Status


@dataclass(frozen=True)
class CandidateRow:
    """A candidate in a list, with what its reader may know. Read `with_interviews`."""

    candidate: Candidate
    rows: list[ListedInterview]
    is_managed: bool
    now: dt.datetime

    @property
    def decided(self) -> Interview | None:
        """The interview with the latest decision that the reader may know."""
        known = [row.interview for row in self.rows if row.has_debrief and row.interview.decided_at]
        return max(known, key=lambda interview: interview.decided_at or NEVER, default=None)

    @property
    def to_decide(self) -> list[Interview]:
        """Interviews whose debrief waits for the reader's decision."""
        if not self.is_managed or self.candidate.withdrew_at:
            return []
        return [row.interview for row in self.rows if row.has_debrief and not row.interview.decided]

    @property
    def main(self) -> Interview | None:
        """The interview to name: the live one, else the next planned one, else the latest that took place."""
        found = [row.interview for row in self.rows if not row.interview.is_cancelled]
        live = [one for one in found if one.is_live]
        ahead = [one for one in found if one.is_scheduled and one.scheduled_for > self.now]
        return next(iter(live or ahead or found[::-1]), None)

    @property
    def is_main_ahead(self) -> bool:
        return self.main is not None and self.main.is_scheduled and self.main.scheduled_for > self.now

    @property
    def owed(self) -> int:
        """How many scorecards are outstanding."""
        return sum(len(row.interview.outstanding) for row in self.rows if row.interview.is_ended)

    @property
    def absent(self) -> list[Panelist]:
        """Panelists whose scorecards are not waited for, each person once."""
        seats = [seat for row in self.rows if row.interview.is_ended for seat in row.interview.absent]
        return list({seat.user_id: seat for seat in seats}.values())

    @property
    def may_plan(self) -> bool:
        return self.is_managed and self.candidate.opening.closed_at is None and self.candidate.withdrew_at is None


def candidate_page(
    *, reader: User, given: Mapping[str, str], now: dt.datetime, opening: Opening | None = None
) -> ListPage[CandidateRow]:
    """The candidates that `reader` may see and the address asks for. The number of queries is constant."""
    seen = Candidate.objects.visible_to(reader)
    managed = Opening.objects.managed_by(reader).filter(pk=OuterRef("opening"))
    seen = (seen.filter(opening=opening) if opening else seen).annotate(is_managed=Exists(managed))
    ahead = _interviews(reader).filter(status=Status.SCHEDULED, scheduled_for__gt=now).order_by("scheduled_for")
    seen = seen.alias(
        folded_name=Fold("name"),
        next_at=Coalesce(Subquery(ahead.values("scheduled_for")[:1]), Value(NEVER)),
        latest_choice=_latest(reader),
    )
    filters = [_waiting(reader), _decision()]
    page = list_page(
        seen.select_related("opening").with_interviews(reader),
        given,
        search=lambda rows, words: rows.about(words),
        filters=filters if opening else [_opening(reader), *filters],
        orders=[
            Order("new", "Newest first", ("-pk",)),
            Order("name", "By name", ("folded_name", "pk")),
            Order("next", "Next interview first", ("next_at", "pk")),
        ],
    )
    return page.with_rows([_row(reader, candidate, now) for candidate in page.rows])


def elsewhere(*, reader: User, candidate: Candidate) -> list[Candidate]:
    """The same person in other openings, as far as `reader` may see; each with `decided_words`."""
    found = Candidate.objects.visible_to(reader).same_person(candidate).select_related("opening")
    return list(found.annotate(latest_choice=_latest(reader))[:ELSEWHERE_MAX])


def _row(reader: User, candidate: Candidate, now: dt.datetime) -> CandidateRow:
    rows = listed(reader, candidate.interviews.all())
    return CandidateRow(candidate, rows, getattr(candidate, "is_managed", False), now)


def _interviews(reader: User) -> Any:
    """Those of a candidate that the reader may see."""
    return Interview.objects.visible_to(reader).filter(candidate=OuterRef("pk"))


def _opening(reader: User) -> Filter:
    openings = Opening.objects.filter(Exists(Candidate.objects.visible_to(reader).filter(opening=OuterRef("pk"))))
    options = list(options_of(openings))
    return Filter("opening", "Opening", "Every opening", options, lambda rows, value: rows.filter(opening=int(value)))


def _waiting(reader: User) -> Filter:
    ways = waiting_ways(reader)
    options: Sequence[tuple[str, str]] = [
        ("decision", "A decision"),
        ("scorecards", "Scorecards"),
        ("interview", "An interview"),
        ("plan", "A next step"),
    ]
    return Filter("waiting", "Waiting for", "Waiting for: all", options, lambda rows, value: rows.filter(ways[value]))


def waiting_ways(reader: User) -> dict[str, Q]:
    """Reasons for which a candidate waits, as conditions on candidates with `latest_choice`.

    Only interviews that the reader may see count."""
    seen, still_here = _interviews(reader), Q(withdrew_at=None)
    undecided = ~Exists(Decision.objects.filter(interview=OuterRef("pk")))
    decision = Exists(seen.managed_by(reader).debrief_open_to(reader).filter(undecided)) & still_here
    scorecards = Q(Exists(seen.outstanding_scorecards()))
    interview = Q(Exists(seen.filter(status__in=[Status.SCHEDULED, Status.LIVE])))
    is_open = Q(latest_choice=None) | ~Q(latest_choice__in=[Decision.Choice.DECLINE, Decision.Choice.OFFER])
    return {
        "decision": decision,
        "scorecards": scorecards,
        "interview": interview,
        "plan": still_here & Q(opening__closed_at=None) & ~decision & ~scorecards & ~interview & is_open,
    }


def _latest(reader: User) -> Subquery:
    """The latest decision on a candidate that the reader may know."""
    known = Interview.objects.visible_to(reader).debrief_open_to(reader).filter(pk=OuterRef("interview"))
    about = Decision.objects.filter(Exists(known), interview__candidate=OuterRef("pk"))
    return Subquery(about.order_by("-decided_at", "-pk").values("choice")[:1])


def _decision() -> Filter:
    options = [
        ("none", "Not decided"),
        *((choice.value, str(choice.label)) for choice in Decision.Choice),
        ("withdrew", "Withdrew"),
    ]
    return Filter("decision", "Decision", "Every decision", options, _decided)


def _decided(rows: Any, value: str) -> Any:
    if value == "withdrew":
        return rows.exclude(withdrew_at=None)
    if value == "none":
        return rows.filter(latest_choice=None, withdrew_at=None)
    return rows.filter(latest_choice=value)
