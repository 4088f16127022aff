"""Files made in the background, with their state."""

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from interviews import holders
from interviews.models.interviews import Interview

# A worker that dies on a document as often as this is not given it again.
ATTEMPTS_MAX = 3
# Queued for longer than this, its message was lost: nothing that waits for its turn in a queue is that old.
LOST_AFTER = dt.timedelta(minutes=2)


class ExportQuerySet(models.QuerySet["Export"]):
    def free(self, at: dt.datetime) -> Self:
        """Those that a worker may take up: queued, or left by one whose lease is over."""
        return self.filter(Q(state=Export.State.QUEUED) | Q(state=Export.State.RUNNING, lease_until__lt=at))

    def lost(self, at: dt.datetime) -> Self:
        """Those that nobody will take up unless reminded."""
        return self.free(at).exclude(state=Export.State.QUEUED, created_at__gt=at - LOST_AFTER)

    def release(self) -> int:
        """Queue again what workers held that are dead by now; how many. What other machines hold keeps its lease."""
        running = self.filter(state=Export.State.RUNNING)
        names = set(running.order_by().values_list("holder", flat=True))
        left = running.filter(holder__in=[name for name in names if holders.is_gone(name)])
        return left.update(state=Export.State.QUEUED, lease_until=None, holder="")


class Export(models.Model):
    """A PDF: queued, made by one worker under a lease, kept under the hash of what it prints."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting for a worker"
        RUNNING = "running", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="exports")
    # SHA-256 of the canonical JSON printed: cache, lock and identity in one.
    key = models.CharField(max_length=64)
    document = models.TextField(help_text="The canonical JSON that is printed.")
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField()
    # How often a worker took it up; one that it keeps dying on is given up.
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    holder = models.CharField(
        max_length=120, blank=True, db_default="", help_text="The process that makes it (`holders`)."
    )
    finished_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=240, blank=True, help_text="In words for the reader.")

    objects: ClassVar = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "lease_until"])]
        constraints = [models.UniqueConstraint(fields=["interview", "key"], name="export_once_per_content")]

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def is_failed(self) -> bool:
        return self.state == self.State.FAILED

    @property
    def storage_name(self) -> str:
        return f"{self.interview_id}/{self.key}.pdf"

    @property
    def file_name(self) -> str:
        """What the download is called. Without names: others see file names on a shared screen."""
        return f"scorecard-{self.interview_id}-{self.key[:8]}.pdf"

    def take(self, *, at: dt.datetime, lease: dt.timedelta) -> bool:
        """Take it up for as long as the lease; False where another worker has it, or it is made already."""
        taken = (
            Export.objects.filter(pk=self.pk)
            .free(at)
            .update(
                state=self.State.RUNNING,
                lease_until=at + lease,
                holder=holders.this_process(),
                attempts=F("attempts") + 1,
            )
        )
        if taken:
            self.refresh_from_db(fields=["state", "lease_until", "holder", "attempts"])
        return bool(taken)

    def finish(self, *, at: dt.datetime) -> None:
        self.state, self.finished_at, self.failure, self.lease_until = self.State.READY, at, "", None
        self.save(update_fields=["state", "finished_at", "failure", "lease_until"])

    def fail(self, *, at: dt.datetime, failure: str) -> None:
        """Give it up, with the reason in words for the reader."""
        self.state, self.finished_at, self.failure, self.lease_until = self.State.FAILED, at, failure, None
        self.save(update_fields=["state", "finished_at", "failure", "lease_until"])
