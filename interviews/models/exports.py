"""Files built in the background, their state, and who requested them."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.urls import reverse

from accounts.models import User
from interviews.models.interviews import Interview
from interviews.models.openings import Candidate, Opening

# An export is given up after so many attempts that killed their worker.
ATTEMPTS_MAX = 3
# After this time in the queue, the message must be lost: no export waits so long for its turn.
STALE_AFTER = dt.timedelta(minutes=2)
# Files are confidential, and can be built again at any time.
KEPT_FOR = dt.timedelta(days=7)

Target = Interview | Candidate | Opening


class ExportQuerySet(models.QuerySet["Export"]):
    def of(self, target: Target) -> Self:
        return self.filter(**Export.belonging_to(target))

    def with_hash(self, digest: str) -> Self:
        """Built exports that print this hash, or whose file has it; with their targets."""
        made = self.annotate(file_hashes=Cast("files", models.TextField())).exclude(files=[])
        found = made.filter(Q(key=digest) | Q(file_hashes__contains=digest))
        return found.select_related("interview__opening", "interview__candidate", "candidate__opening", "opening")

    def claimable(self, at: dt.datetime) -> Self:
        """Exports that a worker may build: queued, or running under a lease that is over."""
        queued = Q(state=Export.State.QUEUED) & (Q(try_at=None) | Q(try_at__lte=at))
        return self.filter(queued | Q(state=Export.State.RUNNING, lease_until__lt=at))

    def stale(self, at: dt.datetime) -> Self:
        """Claimable exports whose message in the queue is lost."""
        return self.claimable(at).exclude(state=Export.State.QUEUED, queued_at__gt=at - STALE_AFTER)

    def holders(self) -> set[str]:
        """The names of the processes that build one now; "" from machines that do not tell."""
        return set(self.filter(state=Export.State.RUNNING).order_by().values_list("holder", flat=True))

    def release(self, *, gone: Iterable[str]) -> int:
        """Queue again the exports of these dead processes; return how many."""
        left = self.filter(state=Export.State.RUNNING, holder__in=gone)
        return left.update(state=Export.State.QUEUED, lease_until=None, holder="")

    def unfinished(self) -> Self:
        return self.filter(state__in=[Export.State.QUEUED, Export.State.RUNNING])

    def expired(self, at: dt.datetime) -> Self:
        """Exports past their time; a failed one is stored as long as a file, so that its reader can see why."""
        return self.filter(state__in=[Export.State.READY, Export.State.FAILED], expires_at__lte=at)


class Export(models.Model):
    """A file of scorecards: queued, built by a worker under a lease, stored for some days under its content's hash.

    The row outlives the file, so that a PDF can be verified as long as its interview exists."""

    class Kind(models.TextChoices):
        PDF = "pdf", "Scorecards as PDF"
        PACKET = "packet", "All interviews in one PDF"
        ZIP = "zip", "All scorecards as zip"

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Generating"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"
        EXPIRED = "expired", "Expired"

    kind = models.CharField(max_length=6, choices=Kind, default=Kind.PDF)
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, null=True, related_name="exports")
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, null=True, related_name="exports")
    opening = models.ForeignKey(Opening, on_delete=models.CASCADE, null=True, related_name="exports")
    # SHA-256 of the printed canonical JSON, or of a zip's sources: cache, lock and identity in one.
    key = models.CharField(max_length=64)
    document = models.TextField(help_text="Canonical JSON: what is printed, or of a zip its parts.")
    sources = models.JSONField(default=list, help_text="SHA-256 of each submitted version in it.")
    files = models.JSONField(default=list, help_text="SHA-256 of each file that was made of it.")
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    # Earliest next attempt.
    try_at = models.DateTimeField(null=True)
    waits_for = models.CharField(max_length=240, blank=True, help_text="In words for the reader.")
    # Attempts since the last progress; after ATTEMPTS_MAX it is given up.
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    holder = models.CharField(
        max_length=120, blank=True, db_default="", help_text="The process that builds it (`process_identity`)."
    )
    # Of a zip: how many of its PDFs are finished.
    made = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=240, blank=True, help_text="In words for the reader.")

    objects: ClassVar = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "lease_until"]), models.Index(fields=["state", "expires_at"])]
        constraints = [
            models.UniqueConstraint(fields=["interview", "key"], name="export_once_per_content"),
            models.UniqueConstraint(fields=["candidate", "key"], name="export_once_per_packet"),
            models.UniqueConstraint(fields=["opening", "key"], name="export_once_per_zip"),
            models.CheckConstraint(
                condition=Q(kind="pdf", interview__isnull=False, candidate=None, opening=None)
                | Q(kind="packet", interview=None, candidate__isnull=False, opening=None)
                | Q(kind="zip", interview=None, candidate=None, opening__isnull=False),
                name="export_is_of_one_thing",
            ),
        ]

    def get_absolute_url(self) -> str:
        """The page where it is requested, awaited and downloaded."""
        name = {self.Kind.PDF: "export-pdf", self.Kind.PACKET: "candidate-packet", self.Kind.ZIP: "opening-zip"}
        number = self.interview_id or self.candidate_id or self.opening_id
        return reverse(name[self.Kind(self.kind)], args=[number])

    @staticmethod
    def belonging_to(target: Target) -> dict[str, Target]:
        """The foreign key of its target, as field and value."""
        return {{Interview: "interview", Candidate: "candidate", Opening: "opening"}[type(target)]: target}

    @property
    def target(self) -> Target:
        """The interview, candidate or opening whose scorecards it holds."""
        found: Target | None = self.interview or self.candidate or self.opening
        assert found  # the constraint export_is_of_one_thing
        return found

    @property
    def is_unfinished(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def is_failed(self) -> bool:
        return self.state == self.State.FAILED

    @property
    def is_expired(self) -> bool:
        return self.state == self.State.EXPIRED

    @property
    def is_zip(self) -> bool:
        return self.kind == self.Kind.ZIP

    @property
    def words(self) -> str:
        """What it holds, for a sentence."""
        return {
            self.Kind.PDF: "the scorecards of an interview",
            self.Kind.PACKET: "the scorecards of all interviews of a candidate",
            self.Kind.ZIP: "all scorecards of an opening",
        }[self.Kind(self.kind)]

    @property
    def storage_name(self) -> str:
        if self.interview_id:
            return f"{self.interview_id}/{self.key}.pdf"
        if self.candidate_id:
            return f"candidate-{self.candidate_id}/{self.key}.pdf"
        return f"opening-{self.opening_id}/{self.key}.zip"

    @property
    def boxes(self) -> list[str]:
        """The scripts that its PDF prints as boxes."""
        found: list[str] = json.loads(self.document).get("boxes", [])
        return found

    @property
    def file_name(self) -> str:
        """The name of the download. Without names of people: others see it on a shared screen."""
        if self.interview_id:
            return f"scorecard-{self.interview_id}-{self.key[:8]}.pdf"
        if self.candidate_id:
            return f"packet-{self.candidate_id}-{self.key[:8]}.pdf"
        return f"scorecards-{self.opening_id}-{self.key[:8]}.zip"

    def requeue(self, *, document: str, at: dt.datetime) -> None:
        """Queue an export again that failed or whose file is gone; everything starts from scratch."""
        self._set(
            state=self.State.QUEUED, document=document, created_at=at, queued_at=at, try_at=None, waits_for="",
            attempts=0, lease_until=None, holder="", made=0, total=0, finished_at=None, expires_at=None, failure="",
        )  # fmt: skip

    def claim(self, *, holder: str, at: dt.datetime, lease: dt.timedelta) -> bool:
        """Start building it in this process, under a lease; False where another worker has it or it is ready."""
        taken = (
            Export.objects.filter(pk=self.pk)
            .claimable(at)
            .update(
                state=self.State.RUNNING,
                lease_until=at + lease,
                holder=holder,
                attempts=F("attempts") + 1,
            )
        )
        if taken:
            self.refresh_from_db(fields=["state", "lease_until", "holder", "attempts"])
        return bool(taken)

    def extend(self, *, at: dt.datetime, lease: dt.timedelta) -> None:
        """Renew the lease."""
        self._set(lease_until=at + lease)

    def set_parts(self, *, document: str, sources: list[str], total: int) -> None:
        """Store the parts of a zip."""
        self._set(document=document, sources=sources, total=total)

    def record_progress(self, made: int) -> None:
        """Record progress; reset attempts."""
        self._set(made=made, attempts=0)

    def pause(self, *, at: dt.datetime) -> None:
        """Yield to other exports; it resumes where it stopped."""
        self._set(state=self.State.QUEUED, queued_at=at, lease_until=None, holder="")

    def wait(self, *, at: dt.datetime, until: dt.datetime, waits_for: str) -> None:
        """Queue the next attempt for `until`; `waits_for` is the reason, in words for the reader."""
        self._set(
            state=self.State.QUEUED, queued_at=at, try_at=until, waits_for=waits_for, attempts=0,
            lease_until=None, holder="",
        )  # fmt: skip

    def finish(self, *, at: dt.datetime, file: str = "") -> bool:
        """Mark it ready, with the SHA-256 of its file; False if the row was deleted meanwhile."""
        files = [*self.files, file] if file and file not in self.files else self.files
        return self._set(
            state=self.State.READY, finished_at=at, expires_at=at + KEPT_FOR, files=files, failure="", waits_for="",
            lease_until=None, holder="",
        )  # fmt: skip

    def fail(self, *, at: dt.datetime, failure: str) -> bool:
        """Mark it failed, with the reason in words for the reader; False if the row was deleted meanwhile."""
        return self._set(
            state=self.State.FAILED, finished_at=at, expires_at=at + KEPT_FOR, failure=failure, waits_for="",
            lease_until=None, holder="",
        )  # fmt: skip

    def keep_until(self, at: dt.datetime) -> None:
        """Extend the time of its file to at least `at`."""
        Export.objects.filter(pk=self.pk, expires_at__lt=at).update(expires_at=at)

    def expire(self, *, at: dt.datetime) -> bool:
        """Erase its content but not its hashes; False if it was requested again meanwhile."""
        gone = Export.objects.filter(pk=self.pk).expired(at)
        return bool(gone.update(state=self.State.EXPIRED, document="", expires_at=None, made=0, total=0))

    def _set(self, **values: Any) -> bool:
        for name, value in values.items():
            setattr(self, name, value)
        return bool(Export.objects.filter(pk=self.pk).update(**values))


class ExportRequestQuerySet(models.QuerySet["ExportRequest"]):
    def visible_to(self, user: User) -> Self:
        """The user's requests whose target they may still see."""
        return self.filter(user=user).filter(
            Q(export__interview__in=Interview.objects.visible_to(user))
            | Q(export__candidate__in=Candidate.objects.visible_to(user))
            | Q(export__opening__in=Opening.objects.visible_to(user))
        )

    def of_day(self, since: dt.datetime) -> Self:
        """The requests that My day shows, newest first, with their targets; one query."""
        return (
            self.filter(asked_at__gt=since)
            .exclude(export__state=Export.State.EXPIRED)
            .select_related("export__interview__candidate", "export__candidate", "export__opening")
            .order_by("-asked_at", "-pk")
        )


class ExportRequest(models.Model):
    """A person's request for an export; they get one email when it is done."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="export_requests")
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    objects: ClassVar = ExportRequestQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["export", "user"], name="export_request_once_per_person")]
        indexes = [models.Index(fields=["user", "asked_at"])]
