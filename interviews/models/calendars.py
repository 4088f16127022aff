"""The invites sent to a panel's calendars."""

import datetime as dt

from django.db import models

from interviews.models.panelists import Panelist


class CalendarEntry(models.Model):
    """The last invite emailed to a panelist for the interview. No row: none was sent."""

    panelist = models.OneToOneField(Panelist, on_delete=models.CASCADE, related_name="calendar_entry")
    # Incremented with every change, so that a calendar knows the newer of two emails (RFC 5545, 3.8.7.4).
    sequence = models.PositiveIntegerField(default=0)
    is_cancelled = models.BooleanField(default=False)
    # SHA-256 of the invite: an unchanged one is not sent again.
    digest = models.CharField(max_length=64)
    told_at = models.DateTimeField()

    def mark_sent(self, *, digest: str, is_cancelled: bool, at: dt.datetime) -> None:
        """Record that the next invite was sent."""
        self.sequence += 1
        self.digest, self.is_cancelled, self.told_at = digest, is_cancelled, at
        self.save(update_fields=["sequence", "digest", "is_cancelled", "told_at"])
