"""What the calendars of a panel were told."""

import datetime as dt

from django.db import models

from interviews.models.interviews import Panelist


class CalendarEntry(models.Model):
    """What a panelist's calendar was last told about the interview. Without one nothing was mailed."""

    panelist = models.OneToOneField(Panelist, on_delete=models.CASCADE, related_name="calendar_entry")
    # Counted up with every change, so that a calendar knows the newer of two mails (RFC 5545, 3.8.7.4).
    sequence = models.PositiveIntegerField(default=0)
    is_cancelled = models.BooleanField(default=False)
    # SHA-256 of what it says: what says nothing new is not mailed.
    digest = models.CharField(max_length=64)
    told_at = models.DateTimeField()

    def tell(self, *, digest: str, is_cancelled: bool, at: dt.datetime) -> None:
        self.sequence += 1
        self.digest, self.is_cancelled, self.told_at = digest, is_cancelled, at
        self.save(update_fields=["sequence", "digest", "is_cancelled", "told_at"])
