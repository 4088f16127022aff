"""The panel of an interview."""

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When

from accounts.names import short_names
from accounts.roles import Role

# A scorecard is written while the call is fresh.
DUE_AFTER = dt.timedelta(hours=24)
# The first reminder; the second comes when it is due.
REMINDED_AFTER = dt.timedelta(hours=1)
# A person is reminded by hand at most once in this time, and not automatically right after it.
PROMPTED_EVERY = dt.timedelta(hours=4)
# No reminder after this time: the call is too long ago.
REMINDED_WITHIN = dt.timedelta(days=7)


@cache
def _has_role() -> Exists:
    """Whether the person of a panelist's row has the role for it. Made once: nearly every query of a page asks it."""
    from interviews.models.openings import Opening  # the two modules name each other

    practice = Opening.objects.filter(is_practice=True, interviews=OuterRef(OuterRef("interview")))
    enough = Q(name=Role.INTERVIEWER) | Q(Exists(practice), name=Role.CURATOR)
    return Exists(Group.objects.filter(enough, user=OuterRef("user")))


class PanelistQuerySet(models.QuerySet["Panelist"]):
    def current(self) -> Self:
        """Panelists who have not left."""
        return self.filter(left_at=None)

    def real(self) -> Self:
        """Without practice calls."""
        return self.filter(interview__opening__is_practice=False)

    def of_interviewers(self) -> Self:
        """Panelists who may sign in and have the role for it, even if they have left: interviewers, and in practice
        calls, where scripts are tried, curators too."""
        return self.filter(_has_role(), user__is_active=True)

    def with_access(self) -> Self:
        """Panelists who have not left, may sign in and are interviewers; in practice calls also curators.

        Every page, socket, command and file checks this; `Panelist.has_access` is the same for one row."""
        return self.current().of_interviewers()

    def knowing_access(self) -> Self:
        """With `user` and what `has_access` needs, in the same query."""
        return self.select_related("user").annotate(has_role=_has_role())

    def owing(self, at: dt.datetime) -> Self:
        """Panelists with a missing scorecard who are to be reminded now, for the first or the second time."""
        due = Q(pk=None)
        for after in (REMINDED_AFTER, DUE_AFTER):
            # A reminder from before the call was reopened counts for the end before.
            untold = Q(reminded_at=None) | Q(reminded_at__lt=F("interview__ended_at") + after)
            due |= Q(untold, interview__ended_at__lte=at - after)
        due &= Q(interview__ended_at__gt=at - DUE_AFTER - REMINDED_WITHIN)
        due &= Q(prompted_at=None) | Q(prompted_at__lt=at - PROMPTED_EVERY)
        return (
            self.real()
            .awaited()
            .filter(due, interview__status="ended")
            # Nothing is decided about a candidate who has withdrawn.
            .filter(interview__candidate__withdrew_at=None)
        )

    def awaited(self) -> Self:
        """Panelists whose missing scorecards debrief and reminders wait for; `Panelist.is_awaited` for one row."""
        missing = self.with_access().counting().exclude(scorecard__submitted_at__isnull=False)
        return missing.filter(waived_at=None)

    def holding_up_the_bank(self) -> Self:
        """Panelists who can still submit: until they have, the bank learns nothing from the call. Of shadows only
        curators: they could read there what others heard."""
        reads_it = Exists(Group.objects.filter(name=Role.CURATOR, user=OuterRef("user")))
        missing = self.with_access().filter(scorecard__submitted_at=None, waived_at=None)
        return missing.filter(~Q(part=Panelist.Part.SHADOW) | Q(reads_it))

    def lock(self, interview_id: int) -> None:
        """Lock all rows of the panel, before the interview's row, like a command does: another order could deadlock."""
        list(self.filter(interview=interview_id).order_by("pk").select_for_update(no_key=True).values_list("pk"))

    def held(self, *, interview: int, user: int, of: tuple[str, ...] = ("self",)) -> Self:
        """Lock a person's row. `no_key`, so that rows that reference it need not wait. Check access after this."""
        place = self.filter(interview=interview, user=user)
        rows = place.select_related("interview").only("interview__id").order_by()
        return rows.select_for_update(of=of, no_key=True)

    def held_with_interview(self, *, interview: int, user: int) -> Self:
        return self.held(interview=interview, user=user, of=("self", "interview"))

    def counting(self) -> Self:
        """Leads and interviewers, whose judgement counts; no shadows."""
        return self.exclude(part=Panelist.Part.SHADOW)


class Panelist(models.Model):
    """A person's part in one interview."""

    class Part(models.TextChoices):
        LEAD = "lead", "Lead"
        INTERVIEWER = "interviewer", "Interviewer"
        SHADOW = "shadow", "Shadow"

    interview = models.ForeignKey("interviews.Interview", on_delete=models.CASCADE, related_name="panelists")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="panels")
    part = models.CharField(max_length=12, choices=Part, default=Part.INTERVIEWER)
    # On the panel when a call began that is planned again now: their part decided who sees what they heard.
    sat_in_call = models.BooleanField(default=False, editable=False)
    # The last automatic reminder that a scorecard is missing.
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Leaving does not unblind: the row stays, with its evidence.
    left_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The debrief does not wait for a waived scorecard. Its author may still submit it, which makes this void.
    waived_at = models.DateTimeField(null=True, editable=False)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    waive_reason = models.CharField(max_length=240, blank=True, editable=False)
    # When a manager last reminded them by hand.
    prompted_at = models.DateTimeField(null=True, editable=False)
    # Number of the newest event of this panelist's own stream.
    seq = models.PositiveIntegerField(default=0, editable=False)

    # Annotation of the interview's page: whether they have recorded anything.
    has_begun: bool

    objects: ClassVar = PanelistQuerySet.as_manager()

    class Meta:
        # The lead first, shadows last; rows are created in another order, and parts change.
        ordering = [Case(When(part="lead", then=0), When(part="shadow", then=2), default=1), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["interview", "user"], name="panelist_once_per_interview"),
            models.UniqueConstraint(
                fields=["interview"],
                condition=Q(part="lead", left_at=None),
                name="panelist_one_lead",
                violation_error_message="One person leads.",
            ),
            models.CheckConstraint(
                condition=Q(waived_at=None, waived_by=None, waive_reason="")
                | Q(waived_at__isnull=False, waived_by__isnull=False) & ~Q(waive_reason=""),
                name="panelist_waived_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_lead(self) -> bool:
        return self.part == self.Part.LEAD

    @property
    def is_shadow(self) -> bool:
        return self.part == self.Part.SHADOW

    @property
    def has_submitted(self) -> bool:
        scorecard = getattr(self, "scorecard", None)
        return scorecard is not None and scorecard.is_submitted

    @property
    def has_access(self) -> bool:
        """Whether the person may see the interview. Read several panelists `knowing_access`."""
        has_role = getattr(self, "has_role", None)
        if has_role is None:
            has_role = self.user.is_interviewer or (self.user.is_curator and self.interview.opening.is_practice)
        return self.left_at is None and self.user.is_active and has_role

    @property
    def is_awaited(self) -> bool:
        """Whether debrief and reminders wait for this scorecard. Shadows do not count."""
        return self._is_missing and self.has_access and not self.is_waived

    @property
    def is_absent(self) -> bool:
        """Whether this scorecard would be awaited if its author's access had not ended."""
        return self._is_missing and not self.has_access and not self.is_waived

    @property
    def is_waived(self) -> bool:
        """Whether a manager said that this missing scorecard is not needed."""
        return self._is_missing and self.waived_at is not None

    @property
    def _is_missing(self) -> bool:
        return not self.is_shadow and not self.has_submitted and self.left_at is None

    @property
    def own_stream(self) -> str:
        return f"own-{self.pk}"


def with_names(people: Iterable[Panelist], everybody: Iterable[Panelist]) -> list[tuple[Panelist, str]]:
    """Panelists, each with the first name, or more of it where someone else of `everybody` shares it."""
    panel = {seat.pk: str(seat.user) for seat in everybody}
    names = dict(zip(panel, short_names(list(panel.values())), strict=True))
    return [(seat, names.get(seat.pk, seat.user.short_name)) for seat in people]
