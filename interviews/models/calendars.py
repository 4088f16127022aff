"""The invites sent to the calendars of a panel and of the opening's managers."""

import datetime as dt
from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from accounts.models import User
from interviews.models.interviews import Interview


class CalendarEntry(models.Model):
    """The last invite emailed to a person for an interview. No row: none was sent."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="calendar_entries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_for_manager = models.BooleanField(default=False, help_text="Off the panel.")
    # Incremented with every change, so that a calendar knows the newer of two emails (RFC 5545, 3.8.7.4).
    sequence = models.PositiveIntegerField(default=0)
    is_cancelled = models.BooleanField(default=False)
    # SHA-256 of the invite: an unchanged one is not sent again.
    digest = models.CharField(max_length=64)
    told_at = models.DateTimeField()
    # Which email it was, after `first_sent` or `mark_sent`.
    email = "interview_planned"

    objects: ClassVar = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["interview", "user"], name="one_calendar_entry_each")]

    @classmethod
    def first_sent(
        cls, *, interview: Interview, user: User, digest: str, is_for_manager: bool, at: dt.datetime
    ) -> Self:
        """Record the first invite."""
        row: Self = cls.objects.create(
            interview=interview, user=user, digest=digest, is_for_manager=is_for_manager, told_at=at
        )
        return row

    def mark_sent(self, *, digest: str, is_for_manager: bool, is_cancelled: bool, at: dt.datetime) -> None:
        """Record that the next invite was sent."""
        if is_cancelled:
            self.email = "interview_off"
        elif not self.is_cancelled:
            self.email = "interview_changed"
        self.sequence += 1
        self.digest, self.is_cancelled, self.told_at = digest, is_cancelled, at
        self.is_for_manager = is_for_manager
        self.save(update_fields=["sequence", "digest", "is_for_manager", "is_cancelled", "told_at"])
