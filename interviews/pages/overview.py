"""The data of an interview's page for one reader: the frozen script, the panel, and the state of scorecards."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.models import User
from interviews.access import DebriefAccess, debrief_access
from interviews.live.closing import may_take_start_back
from interviews.live.question_cards import SectionCard, build_sections
from interviews.models import (
    CandidateFile,
    Decision,
    DismissedWarning,
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
from interviews.planning.missing_scorecards import remind_again_at
from interviews.planning.stand_ins import stand_ins
from interviews.records.asked_before import asked_before, knowing_asked, sources_of
from interviews.scorecards.late_changes import LateChange, late_changes
from mail import outbox


@dataclass(frozen=True)
class SeatRow:
    """A panelist, with the state of their scorecard in words; "" before the end."""

    panelist: Panelist
    state: str
    is_me: bool
    is_readable: bool
    # From when a manager can remind them; None if at once. For managers, of a missing scorecard.
    remind_at: dt.datetime | None = None


@dataclass(frozen=True)
class Overview:
    interview: Interview
    me: Panelist | None
    is_manager: bool
    seats: list[SeatRow]
    sections: list[SectionCard]
    # Late changes of this reader, which arrived after they had submitted.
    late: list[LateChange]
    debrief: DebriefAccess
    # Whether emails leave this installation.
    is_mail_sent: bool
    # The latest decision, if the debrief is open to the reader.
    decision: Decision | None
    # The ends and reopenings of the call, in order.
    closings: list[Event]
    # Whom to ask while the call is planned or live; the reader is not among them.
    managers: list[User]
    # Who could join the panel, for its lead and managers while the call is planned or live.
    stand_ins: list[User]
    is_left_open: bool
    # Started by mistake, and nothing has happened in the call.
    may_unstart: bool
    files: list[CandidateFile]
    # Planned, and its time has not come.
    is_ahead: bool
    # For managers before the start.
    dismissed: DismissedWarning | None
    # How the script in the bank differs from the frozen one, for managers before the start.
    script_changes: ScriptChanges | None

    @property
    def _may_close(self) -> bool:
        return self.is_manager or (self.me is not None and self.me.is_lead)

    @property
    def askers(self) -> list[Panelist]:
        """Panelists to whom the reader may give sections, before and during the call: for the lead and managers all but
        shadows, for interviewers themselves."""
        if not (self.interview.is_scheduled or self.interview.is_live):
            return []
        seats = [seat.panelist for seat in self.seats if self._may_close or seat.is_me]
        return [seat for seat in seats if seat.has_access and not seat.is_shadow]

    @property
    def may_give(self) -> bool:
        """Whether the reader may say who asks what, and not only take what nobody asks."""
        return self._may_close

    @property
    def planned_askers(self) -> list[Panelist]:
        """The panelists who have sections, each once: a stand-in may take theirs over."""
        return list(
            {card.section.asker_id: card.section.asker for card in self.sections if card.section.asker}.values()
        )

    @property
    def may_end(self) -> bool:
        return self.interview.is_live and self._may_close

    @property
    def was_ended_late(self) -> bool:
        """Whether the call is counted as over some time before someone ended it."""
        end = self.interview.ended_at
        return end is not None and bool(self.closings) and self.closings[-1].at - end >= dt.timedelta(minutes=1)

    @property
    def may_reopen(self) -> bool:
        return self.interview.is_ended and self._may_close and not self.debrief.submitted

    @property
    def may_call_off(self) -> bool:
        """Whether the reader may say that the call did not take place."""
        is_over = self.interview.is_cancelled or (self.interview.is_ended and bool(self.debrief.submitted))
        return self._may_close and not is_over

    @property
    def may_restore(self) -> bool:
        is_off = self.interview.is_cancelled
        return is_off and (self.is_manager or (self._may_close and bool(self.interview.outcome)))

    @property
    def my_seat(self) -> SeatRow | None:
        return next((seat for seat in self.seats if seat.is_me), None)

    @property
    def readable(self) -> list[SeatRow]:
        """Panelists whose submitted scorecards this reader may open, including their own."""
        return [seat for seat in self.seats if seat.is_readable]

    @property
    def outstanding(self) -> list[SeatRow]:
        """Panelists whose scorecards are missing. Shadows do not count."""
        return [seat for seat in self.seats if seat.state and seat.panelist.is_awaited]

    @property
    def absent(self) -> list[Panelist]:
        """Panelists whose access has ended; after the call, those of them who have not submitted."""
        if self.interview.is_cancelled:
            return []
        seats = [seat.panelist for seat in self.seats]
        return [seat for seat in seats if (seat.is_absent if self.interview.is_ended else not seat.has_access)]


def overview(*, interview: Interview, reader: User, now: dt.datetime) -> Overview:
    """Read the page for `reader`, who may see the interview. The number of queries is constant."""
    mine = [kind.objects.filter(panelist=OuterRef("pk")) for kind in (Rating, Note, Tick)]
    begun = {"has_begun": Exists(mine[0]) | Exists(mine[1]) | Exists(mine[2])}
    seats = list(
        Panelist.objects.current()
        .filter(interview=interview)
        .knowing_access()
        .select_related("scorecard", "waived_by")
        .annotate(**begun)
    )
    access = debrief_access(reader, interview)
    is_open = interview.is_scheduled or interview.is_live
    readable = {seat.pk for seat in access.readable} if interview.is_ended else set()
    me = next((seat for seat in seats if seat.user_id == reader.pk and seat.has_access), None)
    return Overview(
        interview=interview,
        me=me,
        is_manager=access.is_manager,
        seats=[
            SeatRow(
                seat,
                state=_state(interview, seat, has_begun=seat.has_begun),
                is_me=seat == me,
                is_readable=seat.pk in readable,
                remind_at=_remind_at(seat, now),
            )
            for seat in seats
        ],
        sections=script_of(interview, reader),
        late=late_changes(me) if me is not None and me.has_submitted else [],
        debrief=access,
        is_mail_sent=outbox.is_sent(),
        decision=interview.decisions.select_related("decided_by").last() if access.barred is None else None,
        closings=list(Event.objects.closings(interview)),
        managers=list(interview.opening.current_managers_but(reader)) if is_open and me is not None else [],
        stand_ins=stand_ins(interview) if is_open and (access.is_manager or (me is not None and me.is_lead)) else [],
        is_left_open=interview.is_left_open(now),
        may_unstart=may_take_start_back(interview=interview, by=reader, seat=me, is_manager=access.is_manager, at=now),
        files=list(interview.candidate.files.all()),
        is_ahead=interview.is_scheduled and interview.scheduled_for > now,
        dismissed=_dismissed(interview) if access.is_manager and interview.is_scheduled else None,
        script_changes=script_changes(interview) if access.is_manager and interview.is_scheduled else None,
    )


def _dismissed(interview: Interview) -> DismissedWarning | None:
    found: DismissedWarning | None = DismissedWarning.objects.filter(interview=interview).select_related("by").first()
    return found


def _remind_at(seat: Panelist, now: dt.datetime) -> dt.datetime | None:
    again_at = remind_again_at(seat)
    return again_at if again_at is not None and again_at > now else None


def _state(interview: Interview, panelist: Panelist, *, has_begun: bool) -> str:
    """Coarse on purpose: others must not learn more, and nothing before the end."""
    if not interview.is_ended:
        return ""
    if panelist.has_submitted:
        return "submitted"
    if panelist.is_waived:
        return "waived"
    if not panelist.has_access:
        return "no longer has access"
    return "started" if hasattr(panelist, "scorecard") or has_begun else "not started"


def script_of(interview: Interview, reader: User) -> list[SectionCard]:
    """The frozen script as cards, with what this candidate was asked before. Four queries."""
    sections = list(ScriptedSection.objects.filter(interview=interview).select_related("asker__user"))
    rows = knowing_asked(ScriptedQuestion.objects.filter(interview=interview), interview)
    questions = list(rows.present().in_order().prefetch_related("points"))
    before = asked_before(reader=reader, interview=interview, sources=sources_of(questions))
    return build_sections(sections, questions, before=before)
