"""Files about a candidate: a CV, a cover letter, an exercise. The bytes are in VAR_DIR/files."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from interviews.models.openings import Candidate

FILE_BYTES = 10_000_000
FILES_MAX = 20
NAME_CHARS = 120


class CandidateFileQuerySet(models.QuerySet["CandidateFile"]):
    def visible_to(self, user: User) -> Self:
        """Everybody who may see the candidate may read the files."""
        return self.filter(candidate__in=Candidate.objects.visible_to(user))


class CandidateFile(models.Model):
    class Kind(models.TextChoices):
        """By content. The value is the file's extension."""

        PDF = "pdf", "PDF"
        PNG = "png", "PNG image"
        JPEG = "jpg", "JPEG image"
        GIF = "gif", "GIF image"
        WEBP = "webp", "WebP image"
        TEXT = "txt", "Text"
        DOCX = "docx", "Word document"
        XLSX = "xlsx", "Excel workbook"
        PPTX = "pptx", "PowerPoint presentation"
        DOC = "doc", "Word document, 97 to 2003"
        XLS = "xls", "Excel workbook, 97 to 2003"
        PPT = "ppt", "PowerPoint presentation, 97 to 2003"
        ODT = "odt", "OpenDocument text"
        ODS = "ods", "OpenDocument spreadsheet"
        ODP = "odp", "OpenDocument presentation"
        RTF = "rtf", "Rich text"

    # These open in the browser; the others are downloaded.
    SHOWN: ClassVar = {
        Kind.PDF: "application/pdf",
        Kind.PNG: "image/png",
        Kind.JPEG: "image/jpeg",
        Kind.GIF: "image/gif",
        Kind.WEBP: "image/webp",
        Kind.TEXT: "text/plain; charset=utf-8",
    }

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=NAME_CHARS)
    kind = models.CharField(max_length=4, choices=Kind)
    size = models.PositiveIntegerField(help_text="In bytes.")
    sha256 = models.CharField(max_length=64)
    # Names the file on disk.
    storage_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects: ClassVar = CandidateFileQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "sha256"], name="candidate_file_once"),
            models.CheckConstraint(condition=Q(size__gte=1, size__lte=FILE_BYTES), name="candidate_file_up_to_10_mb"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("candidate-file", args=[self.candidate_id, self.pk])

    @property
    def storage_name(self) -> str:
        return storage_name(self.candidate_id, self.storage_key)

    @property
    def is_shown(self) -> bool:
        """Whether the browser shows it; if not, it is downloaded."""
        return self.kind in self.SHOWN

    @property
    def content_type(self) -> str:
        return str(self.SHOWN.get(self.Kind(self.kind), "application/octet-stream"))

    def delete_from_disk(self) -> None:
        storages["default"].delete(self.storage_name)


def storage_name(candidate_id: int, key: uuid.UUID) -> str:
    return f"candidates/{candidate_id}/{key.hex}"
