"""Who last changed a row, for the message of a stale form; and which forms have created something."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models


class Edited(models.Model):
    """A row that people edit with a form."""

    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    changed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    def mark_changed(self, *, by: Any, at: dt.datetime) -> None:
        """Set who saves it; does not save."""
        self.changed_by, self.changed_at = by, at


class SentForm(models.Model):
    """A form that created something, for `editing.once`."""

    # SHA-256 of its sender, address and fields.
    digest = models.CharField(max_length=64, primary_key=True)
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    led_to = models.CharField(max_length=200, help_text="The address of what it created.")
    at = models.DateTimeField()
