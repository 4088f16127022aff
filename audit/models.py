"""The audit log: rows are added and never changed. They hold names, roles, addresses and times, never content."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models


class Act(models.TextChoices):
    """Kinds of acts; the label follows the actor's name."""

    FIRST_ADMINISTRATOR = "first-administrator", "Created the first administrator"
    PERSON_INVITED = "person-invited", "Invited a person"
    NAME_CHANGED = "name-changed", "Changed the name"
    ADDRESS_CHANGED = "address-changed", "Changed the email address"
    ROLES_CHANGED = "roles-changed", "Changed the roles"
    ACCESS_ENDED = "access-ended", "Ended access"
    ACCESS_GIVEN = "access-given", "Restored access"
    LINK_MAILED = "link-mailed", "Emailed a password link"
    LINK_ASKED_FOR = "link-asked-for", "Emailed a password link, requested on the sign-in page"
    LINK_HANDED_OVER = "link-handed-over", "Created a password link to pass on"
    PASSWORD_SET = "password-set", "Set their password with a link"
    PASSWORD_CHANGED = "password-changed", "Changed their password"
    CANDIDATE_FILE_DELETED = "candidate-file-deleted", "Deleted a candidate’s file"
    CANDIDATE_DELETED = "candidate-deleted", "Deleted a candidate"
    MANAGER_NAMED = "manager-named", "Named a hiring manager"
    MAIL_RETRIED = "mail-retried", "Sent an email again"
    MAIL_DELETED = "email-deleted", "Discarded an undelivered email"


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def newest_first(self) -> Self:
        return self.select_related("actor", "person").order_by("-pk")

    def by_others_about(self, person: Any) -> Self:
        """Acts of other people on this person's account."""
        return self.newest_first().filter(person=person).exclude(actor=person)

    def record(
        self, act: Act, *, at: dt.datetime, by: Any = None, person: Any = None, about: str = "", **details: Any
    ) -> "AuditEntry":
        """Add an entry in the transaction of the act.

        `by` is None for the command line, and for people who aren't signed in. `about` names a subject other than a
        person, such as an opening. `details` are short texts or lists of them."""
        return self.create(act=act, at=at, actor=by, person=person, about=about, details=details)


class AuditEntry(models.Model):
    """One act. Triggers on both engines refuse UPDATE and DELETE."""

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=30, help_text="One of `Act`.")
    # The person affected.
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    about = models.CharField(max_length=200)
    details = models.JSONField(default=dict)

    objects: ClassVar = AuditEntryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "at"])]

    @property
    def act_words(self) -> str:
        return str(Act(self.act).label)

    @property
    def actor_words(self) -> str:
        """Who did it, to follow "by"."""
        if self.actor:
            return str(self.actor)
        return "someone who wasn’t signed in" if self.act == Act.LINK_ASKED_FOR else "the command line"

    @property
    def details_text(self) -> str:
        """ "roles added: Curator · roles removed: Interviewer" """
        return " · ".join(
            f"{name.replace('_', ' ')}: {', '.join(value) if isinstance(value, list) else value}"
            for name, value in self.details.items()
        )
