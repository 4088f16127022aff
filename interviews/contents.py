"""What an export of something holds for one reader now, and the row under which it is kept."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import storages

from accounts.models import User
from interviews import documents, snapshots, zips
from interviews.models import Candidate, Export, Interview
from interviews.models.exports import Target


@dataclass(frozen=True)
class Content:
    """Its key, canonical JSON, and the submitted versions in it."""

    kind: str
    key: str
    document: str
    sources: list[str]


def content_of(target: Target, reader: User) -> Content:
    """Raises documents.NothingSubmitted."""
    if isinstance(target, Interview):
        return _printed(Export.Kind.PDF, documents.interview_document(target, reader))
    if isinstance(target, Candidate):
        return _printed(Export.Kind.PACKET, documents.packet_document(target, reader))
    plan = zips.plan(target, reader)
    return Content(Export.Kind.ZIP, plan.key, snapshots.canonical({"reader": reader.pk}), plan.sources)


def _printed(kind: str, document: dict[str, Any]) -> Content:
    text = snapshots.canonical(document)
    return Content(kind, snapshots.sha256(text), text, documents.sources(document))


def row(target: Target, content: Content, *, at: dt.datetime) -> tuple[Export, bool]:
    """The one row of this content, and whether it is to be made: because it is new, has failed, or is gone."""
    export, is_new = Export.objects.of(target).get_or_create(
        key=content.key,
        defaults={
            "kind": content.kind,
            "document": content.document,
            "sources": content.sources,
            "created_at": at,
            "queued_at": at,
            **Export.belonging_to(target),
        },
    )
    if is_new:
        return export, True
    if export.is_failed or is_gone(export):
        export.begin_anew(document=content.document, at=at)
        return export, True
    return export, False


def has_file(export: Export) -> bool:
    return bool(storages["exports"].exists(export.storage_name))


def is_gone(export: Export) -> bool:
    """Its time was over, or its file was lost."""
    return export.is_expired or (export.is_ready and not has_file(export))
