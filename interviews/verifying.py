"""Whether a PDF is one of ours: by the hash that it prints, or by the file itself.

The printed hash says what the PDF should hold; only the file says whether it holds that. The same content gives the
same bytes, so a file that was changed has another SHA-256 than any that we made."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from interviews.contents import content_of
from interviews.models import Export
from interviews.models.exports import Target
from interviews.refusals import Invalid, TooLarge

_HASH = re.compile(r"(?:sha-?256)?[\s:]*((?:[0-9a-f]\s*){64})", re.IGNORECASE)
# Bytes; a PDF of 300 pages has two million.
FILE_MAX = 50_000_000


@dataclass(frozen=True)
class Verdict:
    """What a hash was found to be: of which content, and whether of the file itself."""

    is_ours: bool
    is_current: bool = False
    is_file: bool = False


def parse_hash(text: str) -> str:
    """64 digits as they were typed or pasted, with "SHA-256", spaces, capitals. Raises refusals.Invalid."""
    found = _HASH.fullmatch(text.strip())
    if not found:
        raise Invalid("A hash has 64 digits and letters from a to f. It stands in the foot of every page.")
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
    """Compare with every PDF ever made of `target` that holds nothing but what `reader` may read.

    Raises documents.NothingSubmitted."""
    content = content_of(target, reader)
    readable = set(content.sources)
    known = [export for export in Export.objects.of(target) if export.files and readable.issuperset(export.sources)]
    for export in known:
        if digest in export.files:
            return Verdict(True, is_current=export.key == content.key, is_file=True)
    if digest == content.key:
        return Verdict(True, is_current=True)
    return Verdict(any(export.key == digest for export in known))
