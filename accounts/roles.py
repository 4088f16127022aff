"""The four roles. Each is a group; a person may have several, and permissions add up."""

from django.db import models


class Role(models.TextChoices):
    INTERVIEWER = "Interviewer"
    HIRING_MANAGER = "Hiring manager"
    CURATOR = "Curator"
    ADMINISTRATOR = "Administrator"

    @property
    def means(self) -> str:
        """What it lets a person do, shown where roles are given."""
        return _MEANS[self]


_MEANS = {
    Role.INTERVIEWER: "Joins panels, records answers in calls and writes scorecards.",
    Role.HIRING_MANAGER: "Creates openings, schedules their interviews, reads their scorecards and decides.",
    Role.CURATOR: "Edits the question bank and scripts, and answers suggestions.",
    Role.ADMINISTRATOR: "Invites people and assigns roles. Can’t see candidates or scorecards.",
}
