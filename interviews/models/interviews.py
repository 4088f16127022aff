"""The interview."""

import datetime as dt
import zoneinfo
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse

from accounts.models import User
from editing.models import Edited
from editing.web_addresses import LENGTH, WebAddressField, address_constraint
from finding.folded import FoldedField, FoldedModel, FoldedQuerySet
from finding.searching import has_word, with_folded_words
from interviews.models.openings import BlindPolicy, Candidate, Opening
from interviews.models.panelists import DUE_AFTER, Panelist, PanelistQuerySet
from question_bank.models import Script

# A call that is still live this long after its planned end was left open.
LEFT_OPEN_AFTER = dt.timedelta(hours=1)
# A call that began so long before or after its planned start began at another time.
BEGUN_APART = dt.timedelta(minutes=5)
# Of a debrief that opens later than this after the call, nobody is told.
TOLD_WITHIN = dt.timedelta(days=60)
# A pause that nobody ended makes the call longer by this at most.
LONGEST_PAUSE = dt.timedelta(hours=2)


class InterviewQuerySet(FoldedQuerySet["Interview"]):
    def visible_to(self, user: User) -> Self:
        """Interviews of panels the user is on, and of openings they manage, without practice calls: for lists, counts,
        search and emails."""
        return self._seen_by(user, Panelist.objects.real())

    def open_to(self, user: User) -> Self:
        """Those that the user may open by address: `visible_to`, and the practice calls whose panel they are on."""
        return self._seen_by(user, Panelist.objects.all())

    def _seen_by(self, user: User, panelists: PanelistQuerySet) -> Self:
        return self.filter(
            # Once, not row by row: they are few.
            Q(opening__in=Opening.objects.managed_by(user).values("pk"))
            | Exists(panelists.with_access().filter(interview=OuterRef("pk"), user=user))
        )

    def managed_by(self, user: User) -> Self:
        return self.filter(opening__in=Opening.objects.managed_by(user))

    def with_people(self) -> Self:
        """With candidate, opening and panel, for lists; constant queries."""
        return self.select_related("candidate", "opening", "stage").prefetch_related(current_panel())

    def with_outcome(self, user: User) -> Self:
        """With what `access.listed_access` needs about `user`, and the latest decision; no further query."""
        from interviews.models.debriefs import Decision  # the two modules name each other

        latest = Decision.objects.filter(interview=OuterRef("pk")).order_by("-number")
        left = Panelist.objects.filter(interview=OuterRef("pk"), user=user).exclude(left_at=None)
        return self.select_related("early_debrief").annotate(
            is_managed=Exists(Opening.objects.managed_by(user).filter(pk=OuterRef("opening"))),
            was_on_panel=Exists(left),
            decided=Subquery(latest.values("choice")[:1]),
            decided_at=Subquery(latest.values("decided_at")[:1]),
            decided_by_name=Subquery(latest.values("decided_by__name")[:1]),
        )

    def debrief_open_to(self, user: User) -> Self:
        """Interviews whose debrief `user`, who may see them, may read now: `DebriefAccess.barred` in the database."""
        from interviews.models.debriefs import EarlyDebrief  # the two modules name each other

        panel = Panelist.objects.filter(interview=OuterRef("pk"))
        submitted = Q(scorecard__submitted_at__isnull=False)
        is_complete = ~Exists(panel.awaited())
        is_open = is_complete | Exists(EarlyDebrief.objects.filter(interview=OuterRef("pk")))
        off_panel = ~Exists(panel.filter(user=user)) & Exists(
            Opening.objects.managed_by(user).filter(pk=OuterRef("opening"))
        )
        opens = Q(blind_policy=BlindPolicy.AFTER_OWN) | (Q(blind_policy=BlindPolicy.AFTER_ALL) & is_complete)
        on_panel = Exists(panel.filter(submitted, user=user)) & opens
        return self.filter(
            Exists(panel.counting().filter(submitted)), is_open, off_panel | on_panel, status=Interview.Status.ENDED
        )

    def knowing_debrief(self, user: User) -> Self:
        """Each with `has_open_debrief`: whether `user`, who may see the interview, may read its debrief now."""
        is_open = type(self)(self.model).debrief_open_to(user).filter(pk=OuterRef("pk"))
        return self.annotate(has_open_debrief=Exists(is_open))

    def with_readable_scorecards(self, user: User) -> Self:
        """Interviews of the user's openings with a submitted scorecard that they may read, in any state of the debrief.

        On the panel it takes their own, which is readable in any case."""
        panel = Panelist.objects.filter(interview=OuterRef("pk"), scorecard__submitted_at__isnull=False)
        place = Panelist.objects.filter(interview=OuterRef("pk"), user=user)
        return self.filter(Exists(panel.filter(user=user)) | (Exists(panel.counting()) & ~Exists(place)))

    def outstanding_scorecards(self) -> Self:
        """Ended interviews that wait for a scorecard, as `Interview.outstanding` says of a row."""
        panel = Panelist.objects.awaited().filter(interview=OuterRef("pk"))
        return self.filter(Exists(panel), status=Interview.Status.ENDED)

    def complete_untold(self, at: dt.datetime) -> Self:
        """Lately ended interviews with a submitted scorecard and none outstanding, of which nobody was told."""
        panel = Panelist.objects.filter(interview=OuterRef("pk"))
        submitted = Exists(panel.counting().filter(scorecard__submitted_at__isnull=False))
        lately = self.filter(status=Interview.Status.ENDED, ended_at__gt=at - TOLD_WITHIN, complete_told_at=None)
        return lately.filter(submitted, ~Exists(panel.awaited()), opening__is_practice=False)

    def with_stale_entries(self) -> Self:
        """Planned interviews whose calendar entries are to be sent again."""
        return self.filter(has_stale_entries=True, status=Interview.Status.SCHEDULED).order_by("scheduled_for", "pk")

    def mark_entries_stale(self) -> None:
        """Have the worker send the calendar entries of the planned ones again, as far as they differ."""
        self.filter(status=Interview.Status.SCHEDULED).order_by().update(has_stale_entries=True)

    def ended(self) -> Self:
        return self.filter(status=Interview.Status.ENDED).order_by("-ended_at", "-pk")

    def about(self, words: str) -> Self:
        """Interviews with every one of these words in the name of candidate, opening or script, ignoring case and
        accents."""
        return with_folded_words(self, words, _has_word)

    def last_by_time(self, most: int) -> Self:
        """The last of these by time, to read with others. The database stops at `most`; with the rows of candidate
        and opening beside, it would sort them all."""
        newest = ("-scheduled_for", "-pk")
        return type(self)(self.model).filter(pk__in=self.order_by(*newest).values("pk")[:most]).order_by(*newest)

    def in_order(self) -> Self:
        return self.order_by("scheduled_for", "pk")


def current_panel() -> "models.Prefetch[str, PanelistQuerySet, str]":
    """The panel of each interview, with what `has_access` and `is_awaited` need."""
    return models.Prefetch("panelists", Panelist.objects.current().knowing_access().select_related("scorecard"))


def _has_word(word: str) -> Q:
    return has_word(word, "candidate__folded_name", "folded_script") | Q(opening__in=Opening.objects.titled(word))


class Interview(Edited, FoldedModel):
    """One run of a script with one candidate. Its questions were frozen when it was created."""

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", "Scheduled"
        LIVE = "live", "Live"
        ENDED = "ended", "Ended"
        CANCELLED = "cancelled", "Cancelled"

    class Outcome(models.TextChoices):
        """Why a call did not take place."""

        NO_SHOW = "no_show", "No-show"
        WITHDREW = "withdrew", "Candidate withdrew"
        FAILURE = "failure", "Technical failure"

    MINUTES_MIN, MINUTES_MAX = 5, 480

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="interviews")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="interviews")
    # Null in an opening without stages, and where nobody said.
    stage = models.ForeignKey("interviews.Stage", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    script = models.ForeignKey(Script, on_delete=models.SET_NULL, null=True, related_name="+")
    script_name = models.CharField(max_length=120)
    script_version = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.SCHEDULED)
    scheduled_for = models.DateTimeField()
    time_zone = models.CharField(max_length=64, help_text="In which the time was given.")
    minutes = models.PositiveSmallIntegerField("length in minutes")
    call_link = WebAddressField("call link", max_length=LENGTH, blank=True)
    blind_policy = models.CharField(max_length=10, choices=BlindPolicy)
    is_fully_blind = models.BooleanField(default=False)
    created_at = models.DateTimeField(editable=False)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancel_reason = models.CharField(max_length=240, blank=True)
    # Of a cancelled one whose call did not take place; "" if it was cancelled before.
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True, editable=False)
    # The time before it was last rescheduled, and why it was.
    moved_from = models.DateTimeField(null=True, editable=False)
    move_reason = models.CharField(max_length=240, blank=True, editable=False)
    # The question being asked, and since when; shared by the whole call.
    current_question = models.ForeignKey(
        "interviews.ScriptedQuestion", on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    # Null while the call is paused.
    current_since = models.DateTimeField(null=True, editable=False)
    # Since when the call is paused, and by whom; and all pauses that are over.
    paused_at = models.DateTimeField(null=True, editable=False)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    paused_seconds = models.PositiveIntegerField(default=0, editable=False)
    # From the start to the first question, without pauses; null until one was asked.
    welcome_seconds = models.PositiveIntegerField(null=True, editable=False)
    # Whether a late or paused call has its whole length, or ends by its slot.
    may_run_over = models.BooleanField(default=False, editable=False)
    # When the readers of the debrief were told that nothing is outstanding.
    complete_told_at = models.DateTimeField(null=True, editable=False)
    # Its candidate, opening or managers changed, and the calendar entries do not say so yet.
    has_stale_entries = models.BooleanField(default=False, editable=False)
    # Who asks next; null means the lead.
    asks_next = models.ForeignKey(
        "interviews.Panelist", on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    # Number of the newest event of the shared stream.
    seq = models.PositiveIntegerField(default=0, editable=False)
    folded_script = FoldedField("script_name")

    # Annotations of `with_outcome`.
    is_managed: bool
    was_on_panel: bool
    decided: str | None
    decided_at: dt.datetime | None
    decided_by_name: str | None
    # Annotation of `knowing_debrief`.
    has_open_debrief: bool

    objects: ClassVar = InterviewQuerySet.as_manager()

    class Meta:
        ordering = ["-scheduled_for", "-pk"]
        indexes = [
            models.Index(fields=["status", "scheduled_for"]),
            models.Index(fields=["scheduled_for", "id"], name="interview_in_order"),
            models.Index(fields=["opening", "status", "scheduled_for"], name="interview_of_opening"),
            models.Index(fields=["opening", "status", "ended_at"], name="interview_of_opening_ended"),
            models.Index(fields=["status", "ended_at"], name="interview_status_ended"),
            models.Index(fields=["status", "cancelled_at"], name="interview_status_cancelled"),
            models.Index(fields=["scheduled_for"], condition=Q(has_stale_entries=True), name="interview_entries_stale"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=5) & Q(minutes__lte=480),
                name="interview_minutes_5_to_480",
                violation_error_message="An interview takes between 5 and 480 minutes.",
            ),
            address_constraint("call_link", name="interview_call_link_is_http"),
            models.CheckConstraint(
                condition=Q(status="scheduled", started_at=None, ended_at=None, cancelled_at=None)
                | Q(status="live", started_at__isnull=False, ended_at=None, cancelled_at=None)
                | Q(status="ended", started_at__isnull=False, ended_at__isnull=False, cancelled_at=None)
                | Q(status="cancelled", cancelled_at__isnull=False),
                name="interview_status_fits_its_times",
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None, paused_by=None)
                | Q(status="live", paused_at__isnull=False, paused_by__isnull=False),
                name="interview_paused_while_live",
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(status="cancelled", outcome__in=["no_show", "withdrew", "failure"]),
                name="interview_outcome_of_a_cancelled_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate} · {self.opening}"

    def get_absolute_url(self) -> str:
        return reverse("interview-detail", args=[self.pk])

    @property
    def is_scheduled(self) -> bool:
        return self.status == self.Status.SCHEDULED

    @property
    def is_live(self) -> bool:
        return self.status == self.Status.LIVE

    @property
    def is_ended(self) -> bool:
        return self.status == self.Status.ENDED

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    @property
    def off_words(self) -> str:
        """ "No-show": why a cancelled interview is off, or "Cancelled"."""
        return str(self.Outcome(self.outcome).label) if self.outcome else str(self.Status.CANCELLED.label)

    @property
    def join_link(self) -> str:
        """The call link while someone may still join: before and during the call."""
        return self.call_link if self.is_scheduled or self.is_live else ""

    @property
    def local_start(self) -> dt.datetime:
        """Its start in the zone in which it was planned."""
        return self.scheduled_for.astimezone(zoneinfo.ZoneInfo(self.time_zone))

    @property
    def ends_at(self) -> dt.datetime:
        """The planned end."""
        return self.scheduled_for + dt.timedelta(minutes=self.minutes)

    @property
    def has_begun_apart(self) -> bool:
        """Whether the call began at another time than planned: lists show both."""
        return self.started_at is not None and abs(self.started_at - self.scheduled_for) >= BEGUN_APART

    def is_left_open(self, at: dt.datetime, *, after: dt.timedelta = LEFT_OPEN_AFTER) -> bool:
        """Whether it is live although its time, pauses included, has been over for so long: nobody ended the call."""
        if not self.is_live or self.started_at is None:
            return False
        paused = dt.timedelta(seconds=self.paused_seconds)
        if self.paused_at is not None:
            paused += min(max(at - self.paused_at, dt.timedelta()), LONGEST_PAUSE)
        planned_end = max(self.scheduled_for, self.started_at) + dt.timedelta(minutes=self.minutes)
        return planned_end + paused + after <= at

    @property
    def outstanding(self) -> "list[Panelist]":
        """Panelists whose scorecards are missing. Shadows do not count. Read `with_people`."""
        return [seat for seat in self.panelists.all() if seat.is_awaited]

    @property
    def absent(self) -> "list[Panelist]":
        """Panelists whose access ended before they submitted. Read `with_people`."""
        return [seat for seat in self.panelists.all() if seat.is_absent]

    @property
    def not_awaited(self) -> "list[Panelist]":
        """Panelists whose missing scorecards nobody waits for: waived, or their access ended. Read `with_people`."""
        return [seat for seat in self.panelists.all() if seat.is_absent or seat.is_waived]

    @property
    def nobody_leads(self) -> bool:
        """Whether a planned or live interview has no lead with access. Read `with_people`."""
        seats = [seat for seat in self.panelists.all() if seat.left_at is None]
        is_ahead = self.is_scheduled or self.is_live
        return is_ahead and bool(seats) and not any(seat.is_lead and seat.has_access for seat in seats)

    @property
    def decided_words(self) -> str:
        """ "Advance": the latest decision; "" without one. Read `with_outcome`."""
        from interviews.models.debriefs import Decision  # the two modules name each other

        return str(Decision.Choice(self.decided).label) if self.decided else ""

    @property
    def due_at(self) -> dt.datetime | None:
        """Scorecards are due a day after the end."""
        return self.ended_at + DUE_AFTER if self.ended_at else None
