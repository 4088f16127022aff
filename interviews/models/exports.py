"""Files made in the background, with their state."""

from django.db import models

from interviews.models.interviews import Interview


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
    finished_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=240, blank=True, help_text="In words for the reader.")

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "lease_until"])]
        constraints = [models.UniqueConstraint(fields=["interview", "key"], name="export_once_per_content")]
