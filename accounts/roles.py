"""The four roles. Each is a group, made by a migration; a person may have several and they add up."""

from django.db import models


class Role(models.TextChoices):
    INTERVIEWER = "Interviewer"
    HIRING_MANAGER = "Hiring manager"
    CURATOR = "Curator"
    ADMINISTRATOR = "Administrator"
