"""Every change of a question or a script, with its content afterwards; and of the lists of topics and ground rules."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from question_bank.models.questions import Question
from question_bank.models.scripts import Script


class ChangeQuerySet(models.QuerySet["Change"]):
    def to_read(self) -> Self:
        """Newest first, with who made each."""
        return self.select_related("by").order_by("-pk")

    def of_question(self, question: Question) -> Self:
        """Its changes, and those of questions that were merged into it."""
        return self.filter(Q(question=question) | Q(question__merged_into=question))


class Change(models.Model):
    """One change. Interviews never read it: they froze their own copy."""

    class Act(models.TextChoices):
        FIRST = "first", "As it was before"
        CREATED = "created", "Created"
        SAVED = "saved", "Saved"
        DRAFTED = "drafted", "Draft saved"
        DISCARDED = "discarded", "Draft discarded"
        REVIEW = "review", "Sent for review"
        DRAFT = "draft", "Back to draft"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"
        RESTORED = "restored", "Restored from retired"
        REVERTED = "reverted", "Restored from an earlier version"
        MERGED = "merged", "Merged"
        SEEDED = "seeded", "Updated with the built-in bank"

    WHY_LENGTH = 200

    question = models.ForeignKey(Question, on_delete=models.CASCADE, null=True, related_name="changes")
    script = models.ForeignKey(Script, on_delete=models.CASCADE, null=True, related_name="changes")
    act = models.CharField(max_length=10, choices=Act)
    version = models.PositiveIntegerField(help_text="The version of the question or script afterwards.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    # Unknown for content from before the first recorded change.
    at = models.DateTimeField(null=True)
    why = models.CharField(max_length=WHY_LENGTH, blank=True)
    content = models.JSONField(help_text="As `question_bank.history` writes it.")

    objects: ClassVar = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(question=None, script__isnull=False) | Q(question__isnull=False, script=None),
                name="change_of_one_row",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()}, version {self.version}"


class ListChangeQuerySet(models.QuerySet["ListChange"]):
    def of(self, kind: "ListChange.Kind", script: Script | None = None) -> Self:
        """Newest first, with who made each."""
        return self.filter(kind=kind, script=script).select_related("by").order_by("-pk")


class ListChange(models.Model):
    """One save of all topics, or of the ground rules of one script or of all."""

    class Kind(models.TextChoices):
        TOPICS = "topics", "Topics"
        RULES = "rules", "Ground rules"

    kind = models.CharField(max_length=6, choices=Kind)
    # None for topics, and for the rules of all scripts.
    script = models.ForeignKey(Script, on_delete=models.CASCADE, null=True, related_name="list_changes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    parts = models.JSONField(help_text="Of each part that differs: label, old and new words.")

    objects: ClassVar = ListChangeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.at:%Y-%m-%d}"
