"""Whether a file is one of ours: by the hash that it prints, or by the file itself.

The printed hash says what the PDF should hold; only the file says whether it holds that. The same content gives the
same bytes, so a file that was changed has another SHA-256 than any that we made."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from interviews.exports.contents import Content, content_of
from interviews.exports.documents import NothingSubmitted
from interviews.models import Candidate, Export, Interview, Opening
from interviews.models.exports import Target
from interviews.refusals import Invalid, TooLarge

_HASH = re.compile(r"(?:sha-?256)?[\s:]*((?:[0-9a-f]\s*){64})", re.IGNORECASE)
# Bytes; a PDF of 300 pages has two million.
FILE_MAX = 50_000_000


@dataclass(frozen=True)
class Verdict:
    """What a hash was found to be: of which document, whether of the file itself, and of what it was made."""

    is_ours: bool
    is_current: bool = False
    is_file: bool = False
    export: Export | None = None


def parse_hash(text: str) -> str:
    """64 digits as they were typed or pasted, with "SHA-256", spaces, capitals. Raises refusals.Invalid."""
    found = _HASH.fullmatch(text.strip())
    if not found:
        raise Invalid("A hash has 64 digits and letters from a to f. It is in the footer of every page.")
    return "".join(found[1].split()).lower()


def file_hash(chunks: Iterable[bytes]) -> str:
    """The SHA-256 of an uploaded file. Raises refusals.TooLarge."""
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > FILE_MAX:
            raise TooLarge("That file is larger than any that is made here.")
        digest.update(chunk)
    return digest.hexdigest()


def verify(*, target: Target, reader: User, digest: str) -> Verdict:
    """Compare with every document ever made that holds nothing but what `reader` may read, those of `target` first.

    Raises documents.NothingSubmitted."""
    content = content_of(target, reader)
    made = sorted(Export.objects.with_hash(digest), key=lambda export: export.target != target)
    for export in made:
        now = content if export.target == target else _readable_now(export, reader)
        if now is not None and set(now.sources).issuperset(export.sources):
            return Verdict(True, export.key == now.key, digest in export.files, export)
    # Not made yet, and none the less what would be made now.
    return Verdict(True, is_current=True) if digest == content.key else Verdict(False)


def _readable_now(export: Export, reader: User) -> Content | None:
    """What a document of the same thing would hold for the reader now; None where that is not theirs to see."""
    target = export.target
    seen: Any = {Interview: Interview.objects, Candidate: Candidate.objects, Opening: Opening.objects}[type(target)]
    if not seen.visible_to(reader).filter(pk=target.pk).exists():
        return None
    try:
        return content_of(target, reader)
    except NothingSubmitted:
        return None
