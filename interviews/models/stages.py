"""The stages of an opening's process, and what became of its candidates."""

from collections.abc import Sequence
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from interviews.models.openings import Candidate, Opening

STAGES = ("Applied", "Screen", "Technical", "Onsite", "Offer")
STAGE_CHARS, STAGES_MAX = 40, 20
TAG_CHARS, TAGS_MAX = 30, 12


class StageQuerySet(models.QuerySet["Stage"]):
    def current(self) -> Self:
        """Without those that were removed, which interviews may still belong to; in order."""
        return self.exclude(position=None).order_by("position")


class Stage(models.Model):
    """A step of an opening's process. Interviews belong to one, and each candidate is in one."""

    opening = models.ForeignKey(Opening, on_delete=models.CASCADE, related_name="stages")
    name = models.CharField(max_length=STAGE_CHARS)
    # Null once it was removed: interviews that took place in it still name it.
    position = models.PositiveSmallIntegerField(null=True)

    objects: ClassVar = StageQuerySet.as_manager()

    class Meta:
        ordering = [F("position").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["opening", "name"], name="stage_once_per_opening"),
            models.CheckConstraint(condition=~Q(name=""), name="stage_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def next(self) -> "Stage | None":
        """The stage after this one; None after the last, and for a removed one."""
        if self.position is None:
            return None
        later: Stage | None = (
            Stage.objects.current().filter(opening=self.opening_id, position__gt=self.position).first()
        )
        return later


def add_stages(opening: Opening, names: Sequence[str] = STAGES) -> None:
    """The stages of a new opening."""
    Stage.objects.bulk_create(Stage(opening=opening, name=name, position=at) for at, name in enumerate(names))


class CandidateTag(models.Model):
    """A word by which managers find a candidate again."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=TAG_CHARS)

    objects: ClassVar = models.Manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["candidate", "name"], name="candidate_tag_once")]
        indexes = [models.Index(fields=["name"])]

    def __str__(self) -> str:
        return self.name


class CandidateChange(models.Model):
    """What happened to a candidate, when, and by whom. Rows are added and never changed."""

    class Kind(models.TextChoices):
        STAGE = "stage", "Moved to"
        OPENING = "opening", "Moved to the opening"
        HIRED = "hired", "Hired"
        REJECTED = "rejected", "Rejected"
        WITHDREW = "withdrew", "Withdrew"
        REINSTATED = "reinstated", "Reinstated"
        MERGED = "merged", "Merged with"
        UNMERGED = "unmerged", "Undid the merge with"

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind)
    # Names as they were then: of stages, openings, or the other candidate.
    was = models.CharField(max_length=120, blank=True)
    now = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar = models.Manager()

    class Meta:
        ordering = ["at", "pk"]
