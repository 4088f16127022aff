"""Secret addresses of read-only calendars, one for each person who wants one."""

import datetime as dt
import hashlib
import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models


class CalendarFeed(models.Model):
    """Only a digest is stored, so the address is shown once. A new one replaces it; deleting the row revokes it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    # A day is enough to see whether a calendar still reads it.
    used_on = models.DateField(null=True)

    objects: ClassVar = models.Manager()

    @staticmethod
    def digest_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()

    @classmethod
    def renew(cls, user: object, *, at: dt.datetime) -> str:
        """Make a new address, in place of an earlier one; return its secret part."""
        token = secrets.token_urlsafe(32)
        values = {"digest": cls.digest_of(token), "created_at": at, "used_on": None}
        cls.objects.update_or_create(user=user, defaults=values)
        return token
