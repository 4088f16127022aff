"""How the bank is kept good: comments on questions, suggestions from interviewers, and whether two people publish."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.roles import Role
from editing.models import Edited
from question_bank.models.questions import Question


class Comment(models.Model):
    """A curator's comment on a question, for the other curators."""

    LENGTH = 2_000

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(max_length=LENGTH)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def open(self) -> Self:
        return self.filter(state=Suggestion.State.OPEN)

    def to_read(self) -> Self:
        return self.select_related("question", "by", "answered_by").order_by("-pk")

    def visible_to(self, user: User) -> Self:
        """All for curators, else one's own."""
        return self if user.is_curator else self.filter(by=user)


class Suggestion(models.Model):
    """A proposed change to the bank from someone who interviews."""

    class Kind(models.TextChoices):
        CHANGE = "change", "Change it"
        DATED = "dated", "It’s dated"
        NEW = "new", "New question"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted"
        DISMISSED = "dismissed", "Not taken up"

    LENGTH, ANSWER_LENGTH = 1_000, 300

    # None for a new question, or where the draft that it was about was deleted.
    question = models.ForeignKey(
        Question, on_delete=models.SET_NULL, null=True, editable=False, related_name="suggestions"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.CharField("suggestion", max_length=LENGTH)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, editable=False, related_name="+")
    at = models.DateTimeField(editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN, editable=False)
    answer = models.CharField(max_length=ANSWER_LENGTH, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, editable=False)
    # Made by the browser of a live page, which can take the suggestion back by it.
    client_id = models.UUIDField(null=True, editable=False)

    objects: ClassVar = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None) | ~Q(state="open") & Q(answered_at__isnull=False),
                name="suggestion_answered_or_open",
            ),
            models.UniqueConstraint(fields=["by", "client_id"], name="suggestion_client_id"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_new(self) -> bool:
        return self.kind == self.Kind.NEW


class DismissedPoint(models.Model):
    """An extra point heard in interviews that curators have dismissed, or listed: it stays settled if the listed one is
    removed later. Alike ones are hidden too."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="dismissed_points")
    text = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text


class DismissedQuestion(models.Model):
    """A question typed in a call that the curators don't want in the bank; alike ones are hidden too."""

    text = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text


class ReviewPolicy(Edited):
    """The one row says whether a second curator approves a question before it is published."""

    needs_second_person = models.BooleanField(default=False)

    def __str__(self) -> str:
        return "Two curators publish" if self.needs_second_person else "One curator publishes"

    @classmethod
    def is_second_person_needed(cls) -> bool:
        """Never for a team with one curator."""
        return (
            cls.objects.filter(needs_second_person=True).exists() and len(User.objects.with_role(Role.CURATOR)[:2]) > 1
        )
