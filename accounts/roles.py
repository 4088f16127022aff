"""The four roles. Each is a group; a person may have several, and permissions add up."""

from django.db import models


class Role(models.TextChoices):
    INTERVIEWER = "Interviewer"
    HIRING_MANAGER = "Hiring manager"
    CURATOR = "Curator"
    ADMINISTRATOR = "Administrator"
