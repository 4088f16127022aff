"""What people are told about interviews, and how each of them wants to be told."""

import datetime as dt
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.models import User
from interviews.models.interviews import Interview


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> Self:
        """The person's notices about the bank, about interviews that they may still see, and debriefs that they may
        read now."""
        seen = Interview.objects.visible_to(user).filter(pk=OuterRef("interview"))
        readable = Exists(seen.order_by().debrief_open_to(user))
        may_see = Q(interview=None) | Exists(seen)
        return self.filter(may_see, ~Q(kind__in=Notice.ABOUT_DEBRIEFS) | readable, user=user)

    def on_page(self) -> Self:
        """Those to show on pages, the newest first."""
        return (
            self.filter(is_on_page=True)
            .select_related("interview__candidate", "interview__opening", "by")
            .order_by("-at", "-pk")
        )

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notice(models.Model):
    """One thing told to one person. It names no candidate: the page does, for readers who may see the interview."""

    class Kind(models.TextChoices):
        ALL_IN = "all_in", "All scorecards in"
        OPENED = "opened", "Debrief opened early"
        DECIDED = "decided", "Decided"
        DUE = "due", "Scorecard due"
        PLAN = "plan", "Interview planned, changed or cancelled"
        NO_SHOW = "no_show", "Call didn’t take place"
        ENDED = "ended", "Call ended automatically"
        BANK = "bank", "Question bank: what became of your suggestions and points"

    # Their existence tells that a debrief is open, or that something was decided.
    ABOUT_DEBRIEFS: ClassVar = [Kind.ALL_IN, Kind.OPENED, Kind.DECIDED]
    # An invite or a reminder is of no use tomorrow.
    AT_ONCE: ClassVar = [Kind.DUE, Kind.PLAN]

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    # None for one about the question bank, which says in `about` what happened, and has the path of its page.
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, null=True, related_name="+")
    about = models.CharField(max_length=300, blank=True)
    path = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=8, choices=Kind)
    # Who did it; null if nobody did.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    is_on_page = models.BooleanField()
    read_at = models.DateTimeField(null=True)
    # Until the daily email has it.
    is_for_digest = models.BooleanField()

    objects: ClassVar = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "at"], name="notice_of_user"),
            models.Index(fields=["user"], condition=Q(is_for_digest=True), name="notice_for_digest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="bank", interview=None) & ~Q(about="") & ~Q(path="")
                | ~Q(kind="bank") & Q(interview__isnull=False, about="", path=""),
                name="notice_of_the_bank_or_an_interview",
            )
        ]

    def __str__(self) -> str:
        return str(self.Kind(self.kind).label)

    @property
    def page(self) -> str:
        """The URL name of the page that it is about, which takes the interview's number."""
        if self.kind == self.Kind.DUE:
            return "scorecard"
        return "debrief" if self.kind in self.ABOUT_DEBRIEFS else "interview-detail"

    @property
    def address(self) -> str:
        """The path of the page that it is about."""
        return self.path or reverse(self.page, args=[self.interview_id])

    @property
    def words(self) -> str:
        """ "Decided by Hana Berg" """
        if self.about:
            return self.about
        return f"{self} by {self.by}" if self.by else str(self)


class NoticeSettings(models.Model):
    """How a person wants to be told. No row: of everything, on pages and by email at once."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_settings")
    no_page = models.JSONField(default=list)
    no_email = models.JSONField(default=list)
    is_daily = models.BooleanField("one email a day", default=False)
    digest_at = models.DateTimeField(null=True, help_text="Of the last daily email.")

    objects: ClassVar = models.Manager()

    def is_digest_due(self, at: dt.datetime) -> bool:
        """Whether it is past DIGEST_HOUR in the person's zone, and today's email was not sent."""
        zone = self.user.zone
        local = at.astimezone(zone)
        last = self.digest_at.astimezone(zone).date() if self.digest_at else None
        return local.hour >= self.DIGEST_HOUR and last != local.date()

    DIGEST_HOUR: ClassVar = 8
