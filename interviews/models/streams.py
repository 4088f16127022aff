"""Streams of events, and receipts of the commands that were applied."""

import datetime as dt
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from interviews.models.interviews import Interview
from interviews.models.panelists import Panelist


class EventQuerySet(models.QuerySet["Event"]):
    def since(self, numbers: Iterable[tuple[int, str, int, int]]) -> Self:
        """Events newer than one number, up to another, by interview and stream; in the order of their stream."""
        newer = [
            Q(interview=interview, stream=stream, seq__gt=seq, seq__lte=until)
            for interview, stream, seq, until in numbers
        ]
        # Not an OR with an empty condition: SQLite would read the whole table.
        return self.filter(reduce(or_, newer)).order_by("seq") if newer else self.none()

    def closings(self, interview: Interview) -> Self:
        """The ends and reopenings of a call, in their order, with who did it."""
        told = self.filter(interview=interview, stream=Event.SHARED, kind__in=["end", "reopen"])
        return told.select_related("actor").order_by("seq")


class Event(models.Model):
    """One applied command, numbered in its stream without a gap."""

    SHARED = "shared"

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="events")
    stream = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    # None: the product itself, such as for a call that nobody ended.
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    payload = models.JSONField()
    at = models.DateTimeField()

    objects: ClassVar = EventQuerySet.as_manager()

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["interview", "stream", "seq"], name="event_seq_in_stream")]


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def last_at(self, panelist: Panelist) -> dt.datetime | None:
        """When something of this panelist's was last saved; None if nothing ever was."""
        last: dt.datetime | None = (
            self.newest(panelist.interview_id, panelist.user_id).values_list("at", flat=True).first()
        )
        return last

    def newest(self, interview: object, user: object) -> Self:
        """The last receipt of a user in an interview."""
        return self.filter(interview=interview, user=user).order_by("-at")[:1]


class Receipt(models.Model):
    """The answer to a command. The same command again gets the same answer and changes nothing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="+")
    command_id = models.UUIDField()
    # Of the canonical command: the same id with another body is refused.
    body_sha256 = models.CharField(max_length=64)
    client = models.CharField(max_length=40)
    n = models.PositiveBigIntegerField()
    answer = models.TextField(help_text="The JSON that was answered, to the byte.")
    at = models.DateTimeField()

    objects: ClassVar = ReceiptQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "command_id"], name="receipt_once_per_command")]
        indexes = [models.Index(fields=["interview", "user", "client", "n"])]


class LateCommand(models.Model):
    """A command that arrived after its author had submitted: it changes nothing, and is offered for a revision."""

    panelist = models.ForeignKey(Panelist, on_delete=models.CASCADE, related_name="late_commands")
    kind = models.CharField(max_length=20)
    target = models.JSONField(null=True)
    value = models.JSONField(null=True)
    at = models.DateTimeField(help_text="When it was done, which may be long before it arrived.")
    # Applied in a revision, or dismissed by its author.
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
