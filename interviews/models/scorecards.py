"""Scorecards: the draft, and submitted versions that never change."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from interviews.models.openings import Candidate
from interviews.models.panelists import Panelist


class Recommendation(models.IntegerChoices):
    """Asked last. Null is "No decision"."""

    STRONG_NO = 1, "Strong no"
    NO = 2, "No"
    YES = 3, "Yes"
    STRONG_YES = 4, "Strong yes"

    @classmethod
    def words_of(cls, value: object) -> str:
        """Its label; "No decision" for None or anything else."""
        return str(cls(value).label) if value in cls.values else "No decision"


class Scorecard(models.Model):
    """One panelist's evaluation of one interview."""

    panelist = models.OneToOneField(Panelist, on_delete=models.CASCADE, related_name="scorecard")
    recommendation = models.PositiveSmallIntegerField(choices=Recommendation, null=True, blank=True)
    # Tells "No decision" from a recommendation that its author has not thought about yet.
    is_undecided = models.BooleanField("no decision, chosen by the author", default=False)
    because = models.TextField(blank=True)
    stood_out = models.TextField("what stood out", blank=True)
    still_open = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(recommendation=None) | Q(recommendation__gte=1, recommendation__lte=4),
                name="scorecard_recommendation_1_to_4",
            ),
            models.CheckConstraint(
                condition=Q(recommendation=None) | Q(is_undecided=False), name="scorecard_decided_or_undecided"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None) | Q(is_undecided=True) | ~Q(recommendation=None),
                name="scorecard_submitted_with_recommendation",
            ),
        ]

    @property
    def is_submitted(self) -> bool:
        return self.submitted_at is not None

    @property
    def has_recommendation(self) -> bool:
        """Whether its author has chosen one. "No decision" is one, too."""
        return self.recommendation is not None or self.is_undecided


class ScorecardVersion(models.Model):
    """A scorecard as submitted.

    A trigger on both engines refuses UPDATE, and DELETE unless an Erasure names the candidate."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    # Canonical JSON, exactly the bytes that were hashed; see `interviews.records.snapshots`.
    snapshot = models.TextField()
    sha256 = models.CharField(max_length=64)
    is_blind = models.BooleanField(help_text="Its author could then read nobody else’s.")
    reason = models.TextField(blank=True, help_text="Why it was revised.")
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["scorecard", "number"], name="scorecard_version_number")]


class Erasure(models.Model):
    """A candidate's data are being erased; only this allows deleting a submitted version."""

    candidate = models.ForeignKey(Candidate, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar = models.Manager()
