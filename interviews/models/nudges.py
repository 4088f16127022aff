"""A short line to the person asking. Not a record about an answer: it is in no scorecard, PDF or export."""

from django.db import models

from interviews.models.interviews import Interview
from interviews.models.panelists import Panelist


class Nudge(models.Model):
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="nudges")
    author = models.ForeignKey(Panelist, on_delete=models.CASCADE, related_name="+")
    # Made by the browser.
    client_id = models.UUIDField(editable=False)
    text = models.CharField(max_length=120)
    at = models.DateTimeField()
    # Taken back by its author.
    is_removed = models.BooleanField(default=False)
    # For each person on their own.
    dismissed_by = models.ManyToManyField(Panelist, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["interview", "client_id"], name="nudge_client_id")]

    def __str__(self) -> str:
        return self.text
