"""The script as frozen into an interview: editing the bank never changes these rows."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from interviews.models.interviews import Interview
from interviews.models.panelists import Panelist
from question_bank.models import Point, Question
from question_bank.models.questions import in_level_order


class ScriptedSection(models.Model):
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="sections")
    title = models.CharField(max_length=80)
    minutes = models.PositiveSmallIntegerField()
    gate = models.CharField(max_length=120, blank=True)
    is_for_candidate = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField()
    # The decision at the gate: null is not decided yet.
    is_gate_open = models.BooleanField(null=True, editable=False)
    # Who asks its questions, as planned; null: as the call goes.
    asker = models.ForeignKey(Panelist, on_delete=models.SET_NULL, null=True, editable=False, related_name="sections")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["interview", "position"], name="scripted_section_position")]

    def __str__(self) -> str:
        return self.title


class ScriptedQuestionQuerySet(models.QuerySet["ScriptedQuestion"]):
    def in_order(self) -> Self:
        return self.order_by("position")

    def present(self) -> Self:
        """Without those added in the call and taken back."""
        return self.filter(is_removed=False)

    def real(self) -> Self:
        """Without practice calls."""
        return self.filter(interview__opening__is_practice=False)

    def added_free(self) -> Self:
        """Typed in a call: for curators, who may add them to the bank."""
        return self.real().filter(source=None, added_id__isnull=False, is_removed=False)


class ScriptedQuestion(models.Model):
    """A question with its wording, points and anchors of that day; asked, skipped with a reason, or neither."""

    class State(models.TextChoices):
        UNASKED = "unasked", "Not asked"
        ASKED = "asked", "Asked"
        SKIPPED = "skipped", "Skipped"

    class SkipReason(models.IntegerChoices):
        """Numbered like the keys that choose them."""

        NO_TIME = 1, "out of time"
        ANSWERED = 2, "already answered"
        NOT_FOR_ROLE = 3, "not for this role"
        PREFERRED_NOT = 4, "candidate declined"
        OTHER = 5, "other"

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="questions")
    section = models.ForeignKey(ScriptedSection, on_delete=models.CASCADE, related_name="questions")
    # The question directly above a follow-up; a block is a top-level question with all below it.
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="follow_ups")
    source = models.ForeignKey(Question, on_delete=models.SET_NULL, null=True, related_name="scripted")
    source_version = models.PositiveIntegerField()
    topic = models.CharField(max_length=60)
    condition = models.CharField(max_length=120, blank=True)
    prompt = models.TextField()
    purpose = models.TextField(blank=True)
    guidance = models.TextField(blank=True)
    kind = models.CharField(max_length=12, choices=Question.Kind)
    level = models.CharField(max_length=8, choices=Question.Level)
    form = models.CharField(max_length=12, choices=Question.Form, blank=True)
    exhibit = models.TextField(blank=True)
    exhibit_says = models.CharField(max_length=200, blank=True)
    expect = models.JSONField(default=dict)
    minutes = models.PositiveSmallIntegerField()
    is_must_ask = models.BooleanField(default=True)
    # [{"rating": 1, "text": "…"}, …] and [{"title": "…", "author": "…", "url": "…"}, …]
    anchors = models.JSONField(default=list)
    references = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(help_text="Order in the interview, parents before their follow-ups.")
    # Coverage: facts that the whole panel shares.
    state = models.CharField(max_length=8, choices=State, default=State.UNASKED, editable=False)
    asked_at = models.DateTimeField(null=True, editable=False)
    asked_by = models.ForeignKey(Panelist, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    skip_reason = models.PositiveSmallIntegerField(choices=SkipReason, null=True, editable=False)
    seconds = models.PositiveIntegerField(default=0, editable=False, help_text="How long it was the current question.")
    # For later in the call; asking it clears this.
    is_parked = models.BooleanField(default=False, editable=False)
    # Added in the call, with its follow-ups. The id is made by the browser; follow-ups share their parent's time only.
    added_id = models.UUIDField(null=True, editable=False)
    added_at = models.DateTimeField(null=True, editable=False)
    added_by = models.ForeignKey(Panelist, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    # Taken back. The row stays: other panelists may have recorded something here, and nobody else may learn of it.
    is_removed = models.BooleanField(default=False, editable=False)

    objects: ClassVar = ScriptedQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["interview", "position"], name="scripted_question_position"),
            models.UniqueConstraint(fields=["interview", "added_id"], name="scripted_question_added_once"),
            models.CheckConstraint(
                condition=Q(state="unasked", asked_at=None, skip_reason=None)
                | Q(state="asked", asked_at__isnull=False, skip_reason=None)
                | Q(state="skipped", skip_reason__isnull=False),
                name="scripted_question_state_fits",
            ),
        ]

    def __str__(self) -> str:
        return self.prompt

    @property
    def expectations(self) -> list[tuple[str, str]]:
        """`expect` as ("Junior", "names the loop") in order of level."""
        return in_level_order(self.expect)

    @property
    def is_answer(self) -> bool:
        return self.kind == Question.Kind.ANSWER

    @property
    def is_asked(self) -> bool:
        return self.state == self.State.ASKED

    @property
    def is_skipped(self) -> bool:
        return self.state == self.State.SKIPPED

    @property
    def is_added(self) -> bool:
        """Not from the script: added in the call, as a follow-up of such a question too."""
        return self.added_at is not None


class ScriptedPoint(models.Model):
    question = models.ForeignKey(ScriptedQuestion, on_delete=models.CASCADE, related_name="points")
    source = models.ForeignKey(Point, on_delete=models.SET_NULL, null=True, related_name="scripted")
    text = models.CharField(max_length=240)
    kind = models.CharField(max_length=10, choices=Point.Kind)
    leads_to = models.ForeignKey(ScriptedQuestion, on_delete=models.SET_NULL, null=True, related_name="cued_by")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text
