"""The content of an export for one reader now, and its row."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.files.storage import storages

from accounts.models import User
from accounts.roles import Role
from interviews.exports import documents, zips
from interviews.exports.document_types import Document
from interviews.models import Candidate, Export, Interview, ScorecardVersion
from interviews.models.exports import Target
from interviews.records import snapshots


@dataclass(frozen=True)
class Content:
    """The key of an export, its canonical JSON, and the SHA-256 of each submitted version in it."""

    kind: str
    key: str
    document: str
    sources: list[str]


def content_of(target: Target, reader: User) -> Content:
    """The content of `target`'s export for `reader` now. Raises documents.NothingSubmitted."""
    if isinstance(target, Interview):
        return _printed(Export.Kind.PDF, documents.interview_document(target, reader))
    if isinstance(target, Candidate):
        return _printed(Export.Kind.PACKET, documents.packet_document(target, reader))
    plan = zips.plan(target, reader)
    return Content(Export.Kind.ZIP, plan.key, snapshots.canonical({"reader": reader.pk}), plan.sources)


def _printed(kind: str, document: Document) -> Content:
    text = snapshots.canonical(document)
    return Content(kind, snapshots.sha256(text), text, documents.sources(document))


def find_or_create(target: Target, content: Content, *, at: dt.datetime) -> tuple[Export, bool]:
    """The one row of this content, and whether to build it: it is new, it failed, or its file is gone."""
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
        export.requeue(document=content.document, at=at)
        return export, True
    return export, False


def after_submission(version_id: int, *, at: dt.datetime) -> Iterator[Export]:
    """The rows to build after a submission, for its author and for one manager who isn't on the panel."""
    version = ScorecardVersion.objects.select_related("scorecard__panelist__interview__opening").get(pk=version_id)
    panelist = version.scorecard.panelist
    managers = panelist.interview.opening.managers.with_role(Role.HIRING_MANAGER)
    off_panel = managers.exclude(panels__interview=panelist.interview)
    for reader in filter(None, [panelist.user, off_panel.order_by("pk").first()]):
        export, is_new = find_or_create(panelist.interview, content_of(panelist.interview, reader), at=at)
        if is_new:
            yield export


def has_file(export: Export) -> bool:
    return bool(storages["exports"].exists(export.storage_name))


def is_gone(export: Export) -> bool:
    """Whether its file expired or was lost."""
    return export.is_expired or (export.is_ready and not has_file(export))
