"""Messages for an opening's incoming webhook that have not been sent yet."""

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from interviews.models.openings import Opening


class HookMessageQuerySet(models.QuerySet["HookMessage"]):
    def due(self, at: dt.datetime) -> Self:
        """Messages to send now that no worker holds, oldest first."""
        free = Q(lease_until=None) | Q(lease_until__lt=at)
        return self.filter(free, try_at__lte=at).select_related("opening").order_by("created_at", "pk")


class HookMessage(models.Model):
    """A message that waits; the row is deleted once it is sent or given up."""

    # Longer than look-up, connection and answer may take together.
    LEASE: ClassVar = dt.timedelta(minutes=2)

    opening = models.ForeignKey(Opening, on_delete=models.CASCADE, related_name="hook_messages")
    text = models.CharField(max_length=800)
    created_at = models.DateTimeField()
    try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)

    objects: ClassVar = HookMessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["try_at"], name="hook_message_try_at")]

    def claim(self, *, at: dt.datetime) -> bool:
        """Take a lease on it. False if another worker holds one, or it was sent."""
        mine = HookMessage.objects.due(at).order_by().filter(pk=self.pk)
        taken = mine.update(lease_until=at + self.LEASE, attempts=F("attempts") + 1)
        if taken:
            self.refresh_from_db(fields=["lease_until", "attempts"])
        return bool(taken)
