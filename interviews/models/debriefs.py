"""Debriefs opened early, and decisions."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from interviews.models.interviews import Interview


class EarlyDebrief(models.Model):
    """A debrief that was opened before all scorecards were submitted. Triggers on both engines refuse changes."""

    interview = models.OneToOneField(Interview, on_delete=models.CASCADE, related_name="early_debrief")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="early_debrief_has_reason")]


class Decision(models.Model):
    """A hiring manager's decision after an interview, with the reason. A later one does not replace it.

    A trigger on both engines refuses UPDATE, and DELETE unless an Erasure names the candidate."""

    class Choice(models.TextChoices):
        GO_ON = "go_on", "Advance"
        OFFER = "offer", "Offer"
        HOLD = "hold", "Hold"
        DECLINE = "decline", "Decline"

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    choice = models.CharField(max_length=8, choices=Choice)
    reason = models.TextField()
    # Why it overrules most recommendations or the score; "" if it does not.
    against = models.TextField(blank=True)
    # [{"panelist": 12, "name": "Jo Tanaka"}, …], with their names at that time.
    dissenters = models.JSONField(default=list)
    dissent = models.TextField(blank=True)
    feedback = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    # Made by the page: the same form sent twice is recorded once.
    token = models.UUIDField(editable=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["interview", "number"], name="decision_number"),
            models.UniqueConstraint(fields=["interview", "token"], name="decision_token"),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_reason"),
            models.CheckConstraint(condition=Q(number__gte=1), name="decision_number_from_1"),
            models.CheckConstraint(
                condition=Q(choice__in=["go_on", "offer", "hold", "decline"]), name="decision_choice_is_known"
            ),
        ]
