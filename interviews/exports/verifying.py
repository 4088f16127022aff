"""Checks whether a PDF is genuine: by its printed hash, or by the file itself.

The printed hash says what the PDF should contain; only the file shows whether it does. The same content gives the
same bytes, so a changed file has a SHA-256 that no export has."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from interviews.exports.documents import NothingSubmitted
from interviews.exports.export_content import Content, content_of
from interviews.models import Candidate, Export, Interview, Opening
from interviews.models.exports import Target
from interviews.refusals import Invalid, TooLarge

_HASH = re.compile(r"(?:sha-?256)?[\s:]*((?:[0-9a-f]\s*){64})", re.IGNORECASE)
# Bytes; a PDF of 300 pages has two million.
FILE_MAX = 50_000_000


@dataclass(frozen=True)
class Verdict:
    """The result: whether it is genuine, current, matched by the file itself, and which export it is."""

    is_ours: bool
    is_current: bool = False
    is_file: bool = False
    export: Export | None = None


def parse_hash(text: str) -> str:
    """The 64 digits of a hash as typed or pasted, with "SHA-256", spaces or capitals. Raises refusals.Invalid."""
    found = _HASH.fullmatch(text.strip())
    if not found:
        raise Invalid("Enter all 64 characters of the hash (0–9 and a–f). It’s in the footer of every page.")
    return "".join(found[1].split()).lower()


def file_hash(chunks: Iterable[bytes]) -> str:
    """The SHA-256 of an uploaded file. Raises refusals.TooLarge."""
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > FILE_MAX:
            raise TooLarge("This file is too large to have been made here.")
        digest.update(chunk)
    return digest.hexdigest()


def verify(*, target: Target | None, reader: User, digest: str) -> Verdict:
    """Compare a hash with every export that holds only scorecards `reader` may read, those of `target` first, if any.

    Raises documents.NothingSubmitted if `reader` may read nothing of `target`."""
    content = content_of(target, reader) if target else None
    made = sorted(Export.objects.with_hash(digest), key=lambda export: export.target != target)
    for export in made:
        now = content if export.target == target else _readable_now(export, reader)
        if now is not None and set(now.sources).issuperset(export.sources):
            return Verdict(True, export.key == now.key, digest in export.files, export)
    # Not built yet, but it is what would be built now.
    return Verdict(True, is_current=True) if content and digest == content.key else Verdict(False)


def _readable_now(export: Export, reader: User) -> Content | None:
    """The current content of the same target for `reader`; None if they may not see it."""
    target = export.target
    seen: Any = {Interview: Interview.objects, Candidate: Candidate.objects, Opening: Opening.objects}[type(target)]
    if not seen.visible_to(reader).filter(pk=target.pk).exists():
        return None
    try:
        return content_of(target, reader)
    except NothingSubmitted:
        return None
