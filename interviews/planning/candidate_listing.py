"""The list of candidates, for its page and for an opening: who waits for what, and what was decided."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from finding.lists import Filter, ListPage, Order, list_page, options_of
from interviews.access import ListedInterview, listed
from interviews.models import Candidate, CandidateTag, Decision, Interview, Opening, Panelist, Stage

# Sorts candidates without a planned interview last.
NEVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
ELSEWHERE_MAX = 10
# A filter with more options is no filter.
TAGS_SHOWN = 100
Status = Interview.Status


@dataclass(frozen=True)
class CandidateRow:
    """A candidate in a list, with what its reader may know. Read `with_interviews`."""

    candidate: Candidate
    rows: list[ListedInterview]
    is_managed: bool
    # Whether stage and outcome may be told.
    knows_progress: bool
    now: dt.datetime

    @property
    def outcome(self) -> str:
        """ "Hired", as far as the reader may know."""
        return self.candidate.get_outcome_display() if self.knows_progress and self.candidate.outcome else ""

    @property
    def stage(self) -> str:
        """The stage's name, as far as the reader may know; "" once nothing goes on."""
        is_here = not (self.candidate.outcome or self.candidate.withdrew_at)
        return str(self.candidate.stage) if self.knows_progress and is_here and self.candidate.stage else ""

    @property
    def decided(self) -> Interview | None:
        """The interview with the latest decision that the reader may know."""
        known = [row.interview for row in self.rows if row.has_debrief and row.interview.decided_at]
        return max(known, key=lambda interview: interview.decided_at or NEVER, default=None)

    @property
    def to_decide(self) -> list[Interview]:
        """Interviews whose debrief waits for the reader's decision."""
        if not self.is_managed or self.candidate.withdrew_at or self.outcome:
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
        seats = [seat for row in self.rows if row.interview.is_ended for seat in row.interview.not_awaited]
        return list({seat.user_id: seat for seat in seats}.values())

    @property
    def may_plan(self) -> bool:
        is_open = self.candidate.opening.closed_at is None and self.candidate.withdrew_at is None
        return self.is_managed and is_open and not self.outcome


def candidate_page(
    *, reader: User, given: Mapping[str, str], now: dt.datetime, opening: Opening | None = None
) -> ListPage[CandidateRow]:
    """The candidates that `reader` may see and the address asks for. The number of queries is constant."""
    seen = Candidate.objects.visible_to(reader)
    seen = seen.filter(opening=opening) if opening else seen
    ahead = _interviews(reader).filter(status=Status.SCHEDULED, scheduled_for__gt=now).order_by("scheduled_for")
    seen = seen.alias(
        next_at=Coalesce(Subquery(ahead.values("scheduled_for")[:1]), Value(NEVER)),
        latest_choice=_latest(reader),
    )
    filters = [_stage(reader, opening), _waiting(reader), _decision(reader), _tags(reader, opening)]
    # Who manages nothing has no stages and no tags to choose from.
    filters = [one for one in filters if one.options]
    page = list_page(
        _read(seen, reader),
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


def candidate_rows(*, reader: User, found: Any, now: dt.datetime) -> list[CandidateRow]:
    """The rows of a query on candidates that `reader` may see. The number of queries is constant."""
    return [_row(reader, candidate, now) for candidate in _read(found, reader)]


def _read(found: Any, reader: User) -> Any:
    """With what a row needs."""
    managed = Opening.objects.managed_by(reader).filter(pk=OuterRef("opening"))
    known = Candidate.objects.progress_open_to(reader).filter(pk=OuterRef("pk"))
    found = found.annotate(is_managed=Exists(managed), knows_progress=Exists(known))
    return found.select_related("opening", "stage").with_interviews(reader)


def _row(reader: User, candidate: Candidate, now: dt.datetime) -> CandidateRow:
    rows = listed(reader, candidate.interviews.all())
    is_managed, knows = (getattr(candidate, name) for name in ("is_managed", "knows_progress"))
    return CandidateRow(candidate, rows, is_managed, knows, now)


def _interviews(reader: User) -> Any:
    """Those of a candidate that the reader may see."""
    return Interview.objects.visible_to(reader).filter(candidate=OuterRef("pk"))


def _opening(reader: User) -> Filter:
    openings = Opening.objects.filter(Exists(Candidate.objects.visible_to(reader).filter(opening=OuterRef("pk"))))
    options = list(options_of(openings))
    return Filter("opening", "Opening", "All openings", options, lambda rows, value: rows.filter(opening=int(value)))


def _stage(reader: User, opening: Opening | None) -> Filter:
    """By the stage's name, which is the same in many openings. Only candidates whose stage `reader` may know."""
    stages = Stage.objects.current()
    stages = (
        stages.filter(opening=opening) if opening else stages.filter(opening__in=Opening.objects.managed_by(reader))
    )
    names = dict.fromkeys(stages.values_list("name", flat=True))
    known = Exists(Candidate.objects.progress_open_to(reader).filter(pk=OuterRef("pk")))

    def apply(rows: Any, value: str) -> Any:
        return rows.filter(known, stage__name=value, outcome="", withdrew_at=None)

    return Filter("stage", "Stage", "All stages", [(name, name) for name in names], apply)


def _tags(reader: User, opening: Opening | None) -> Filter:
    """By a tag, of the candidates that `reader` manages: tags are for managers."""
    managed = Candidate.objects.managed_by(reader)
    tags = CandidateTag.objects.filter(candidate__in=managed.filter(opening=opening) if opening else managed)
    names = tags.order_by("name").values_list("name", flat=True).distinct()[:TAGS_SHOWN]

    def apply(rows: Any, value: str) -> Any:
        tagged = CandidateTag.objects.filter(candidate=OuterRef("pk"), name=value)
        return rows.managed_by(reader).filter(Exists(tagged))

    return Filter("tag", "Tag", "All tags", [(name, name) for name in names], apply)


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
    seen = _interviews(reader)
    still_here = Q(Exists(Candidate.objects.still_open_to(reader).filter(pk=OuterRef("pk"))))
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


def _decision(reader: User) -> Filter:
    options = [
        ("none", "Not decided"),
        *((choice.value, str(choice.label)) for choice in Decision.Choice),
        *((outcome.value, str(outcome.label)) for outcome in Candidate.Outcome),
        ("withdrew", "Withdrew"),
    ]
    return Filter("decision", "Decision", "All decisions", options, partial(_decided, reader))


def _decided(reader: User, rows: Any, value: str) -> Any:
    if value == "withdrew":
        return rows.exclude(withdrew_at=None)
    if value == "none":
        still_here = Candidate.objects.still_open_to(reader).filter(pk=OuterRef("pk"))
        return rows.filter(Exists(still_here), latest_choice=None)
    if value in Candidate.Outcome:
        return rows.filter(Exists(Candidate.objects.progress_open_to(reader).filter(pk=OuterRef("pk"))), outcome=value)
    return rows.filter(latest_choice=value)
