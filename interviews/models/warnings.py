"""Warnings about a plan that a manager has read and dismissed."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from interviews.models.interviews import Interview


class DismissedWarning(models.Model):
    """ "Only one interviewer" is fine here. For all managers of the opening, until the warning has other words."""

    interview = models.OneToOneField(Interview, on_delete=models.CASCADE, related_name="dismissed")
    words = models.CharField(max_length=400)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar = models.Manager()
