"""One interview as its page shows it, to one reader: the frozen script, the panel, and what stands of scorecards."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.models import User
from interviews.access import DebriefAccess, debrief_access
from interviews.live.question_cards import SectionCard, build_sections
from interviews.models import (
    Decision,
    Event,
    Interview,
    Note,
    Panelist,
    Rating,
    ScriptedQuestion,
    ScriptedSection,
    Tick,
)
from interviews.planning.freezing import ScriptChanges, script_changes
from interviews.scorecards.late_changes import LateChange, late_changes


@dataclass(frozen=True)
class Seat:
    """A panelist. The state is that of the scorecard, in words; "" before the end."""

    panelist: Panelist
    state: str
    is_me: bool
    is_readable: bool


@dataclass(frozen=True)
class Overview:
    interview: Interview
    me: Panelist | None
    is_manager: bool
    seats: list[Seat]
    sections: list[SectionCard]
    # What came after this reader had submitted.
    late: list[LateChange]
    debrief: DebriefAccess
    # The decision that stands, for whom the debrief is open.
    decision: Decision | None
    # The ends and reopenings of the call, in their order.
    closings: list[Event]
    is_left_open: bool
    # How the bank's script differs from what was frozen, for managers before the start.
    script_changes: ScriptChanges | None

    @property
    def _may_close(self) -> bool:
        return self.is_manager or (self.me is not None and self.me.is_lead)

    @property
    def may_end(self) -> bool:
        return self.interview.is_live and self._may_close

    @property
    def may_reopen(self) -> bool:
        return self.interview.is_ended and self._may_close and not self.debrief.submitted

    @property
    def my_seat(self) -> Seat | None:
        return next((seat for seat in self.seats if seat.is_me), None)

    @property
    def readable(self) -> list[Seat]:
        """Submitted scorecards that this reader may open, their own among them."""
        return [seat for seat in self.seats if seat.is_readable]

    @property
    def outstanding(self) -> list[Seat]:
        """Whose scorecards are still to come. Shadows' count nowhere."""
        return [seat for seat in self.seats if seat.state and seat.panelist.is_awaited]

    @property
    def absent(self) -> list[Panelist]:
        """Panelists whose access has ended; after the call, those of them who have not submitted."""
        if self.interview.is_cancelled:
            return []
        seats = [seat.panelist for seat in self.seats]
        return [seat for seat in seats if (seat.is_absent if self.interview.is_ended else not seat.has_access)]


def overview(*, interview: Interview, reader: User, now: dt.datetime) -> Overview:
    """What `reader`, who may see the interview, finds on its page. The number of queries is constant."""
    seats = list(
        Panelist.objects.current()
        .filter(interview=interview)
        .knowing_access()
        .select_related("scorecard")
        .annotate(
            has_begun=Exists(Rating.objects.filter(panelist=OuterRef("pk")))
            | Exists(Note.objects.filter(panelist=OuterRef("pk")))
            | Exists(Tick.objects.filter(panelist=OuterRef("pk")))
        )
    )
    access = debrief_access(reader, interview)
    readable = {seat.pk for seat in access.readable} if interview.is_ended else set()
    me = next((seat for seat in seats if seat.user_id == reader.pk and seat.has_access), None)
    return Overview(
        interview=interview,
        me=me,
        is_manager=access.is_manager,
        seats=[
            Seat(seat, state=_state(interview, seat), is_me=seat == me, is_readable=seat.pk in readable)
            for seat in seats
        ],
        sections=script_of(interview),
        late=late_changes(me) if me is not None and me.has_submitted else [],
        debrief=access,
        decision=interview.decisions.last() if access.barred is None else None,
        closings=list(Event.objects.closings(interview)),
        is_left_open=interview.is_left_open(now),
        script_changes=script_changes(interview) if access.is_manager and interview.is_scheduled else None,
    )


def _state(interview: Interview, panelist: Panelist) -> str:
    """Nothing finer than this is anybody else's business, and before the end not even this."""
    if not interview.is_ended:
        return ""
    if panelist.has_submitted:
        return "submitted"
    if not panelist.has_access:
        return "no longer has access"
    return "started" if hasattr(panelist, "scorecard") or panelist.has_begun else "not started"  # type: ignore[attr-defined]


def script_of(interview: Interview) -> list[SectionCard]:
    """The frozen script as cards. Three queries."""
    sections = list(ScriptedSection.objects.filter(interview=interview))
    questions = ScriptedQuestion.objects.filter(interview=interview).in_order().prefetch_related("points")
    return build_sections(sections, questions)
