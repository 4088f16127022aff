"""Emails that have not been sent yet."""

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q


class MailQuerySet(models.QuerySet["Mail"]):
    def claimable(self, at: dt.datetime) -> Self:
        """Waiting emails without a lease, or with an expired one."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=at), given_up_at=None)

    def due(self, at: dt.datetime) -> Self:
        """Emails to send now, oldest first."""
        return self.claimable(at).filter(try_at__lte=at).order_by("created_at", "pk")

    def given_up(self) -> Self:
        return self.exclude(given_up_at=None).order_by("-given_up_at", "-pk")


class Mail(models.Model):
    """An email that has not been sent yet; see `mail.outbox`."""

    # Longer than a slow mail server needs for a whole message.
    LEASE = dt.timedelta(minutes=3)

    kind = models.CharField(max_length=40)
    to = models.EmailField()
    subject = models.CharField(max_length=400)
    text = models.TextField()
    attachments = models.JSONField(default=list)
    message_id = models.UUIDField(default=uuid.uuid4)
    created_at = models.DateTimeField()
    try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=240, blank=True, help_text="In words for administrators.")

    objects: ClassVar = MailQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["given_up_at", "try_at"])]

    @property
    def about(self) -> str:
        """Its kind in words, without names: "Due reminder"."""
        return self.kind.replace("_", " ").capitalize()

    def claim(self, *, at: dt.datetime) -> bool:
        """Take a lease on it. False if another worker holds one, or it was sent."""
        mine = Mail.objects.filter(pk=self.pk).claimable(at)
        taken = mine.update(lease_until=at + self.LEASE, attempts=F("attempts") + 1)
        if taken:
            self.refresh_from_db(fields=["lease_until", "attempts"])
        return bool(taken)

    def wait(self, *, until: dt.datetime, failure: str) -> None:
        """Schedule the next attempt. Does nothing if it was discarded meanwhile."""
        Mail.objects.filter(pk=self.pk).update(try_at=until, failure=failure, lease_until=None)

    def give_up(self, *, at: dt.datetime, failure: str) -> None:
        """Stop retrying until an administrator sends it again."""
        self.failure = failure
        Mail.objects.filter(pk=self.pk).update(given_up_at=at, failure=failure, lease_until=None)

    def requeue(self, *, at: dt.datetime) -> None:
        """Start over, after the cause was fixed."""
        self.given_up_at, self.attempts, self.created_at, self.try_at = None, 0, at, at
        self.save(update_fields=["given_up_at", "attempts", "created_at", "try_at"])
