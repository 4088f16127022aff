"""The type of an uploaded file, by its content and never by its name. Nothing is unpacked or executed."""

import re
import unicodedata

from interviews.models import CandidateFile
from interviews.models.candidate_files import NAME_CHARS
from interviews.refusals import Invalid

Kind = CandidateFile.Kind

_BEGINNINGS = {
    b"%PDF-": Kind.PDF,
    b"\x89PNG\r\n\x1a\n": Kind.PNG,
    b"\xff\xd8\xff": Kind.JPEG,
    b"GIF87a": Kind.GIF,
    b"GIF89a": Kind.GIF,
    b"{\\rtf": Kind.RTF,
}
# A zip lists its files by name, uncompressed.
_ZIP, _OFFICE = b"PK\x03\x04", b"[Content_Types].xml"
_IN_OFFICE = {b"word/document": Kind.DOCX, b"xl/workbook": Kind.XLSX, b"ppt/presentation": Kind.PPTX}
# An OpenDocument file begins with a file "mimetype" that is stored as it is.
_OPEN = b"mimetypeapplication/vnd.oasis.opendocument."
_IN_OPEN = {b"text": Kind.ODT, b"spreadsheet": Kind.ODS, b"presentation": Kind.ODP}
# The older format has names in UTF-16.
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IN_OLD = {"WordDocument": Kind.DOC, "Workbook": Kind.XLS, "PowerPoint Document": Kind.PPT}
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

# Other extensions of a kind, besides its own.
_ALSO = {Kind.JPEG: {"jpeg"}, Kind.TEXT: {"md"}}
_KNOWN = {str(kind) for kind in Kind} | set().union(*_ALSO.values())
# Forbidden or special in the names of files.
_SPECIAL = re.compile(r'[<>:"/\\|?*]')

REFUSED = (
    "This is not a PDF, an image (PNG, JPEG, GIF, WebP), an Office document or text in UTF-8. "
    "Save it as a PDF and try again."
)


def kind_of(content: bytes) -> CandidateFile.Kind:
    """Raises Invalid for content of any other type."""
    found = next((kind for begin, kind in _BEGINNINGS.items() if content.startswith(begin)), None)
    if found is None and content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        found = Kind.WEBP
    if found is None and content.startswith(_ZIP):
        found = _kind_of_zip(content)
    if found is None and content.startswith(_OLD_OFFICE):
        found = next((kind for name, kind in _IN_OLD.items() if name.encode("utf-16-le") in content), None)
    if found is None and _is_text(content):
        found = Kind.TEXT
    if found is None:
        raise Invalid(REFUSED)
    return found


def _kind_of_zip(content: bytes) -> CandidateFile.Kind | None:
    if content[30:].startswith(_OPEN):
        rest = content[30 + len(_OPEN) :]
        return next((kind for name, kind in _IN_OPEN.items() if rest.startswith(name)), None)
    if _OFFICE not in content:
        return None
    return next((kind for name, kind in _IN_OFFICE.items() if name in content), None)


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not _BINARY.search(text)


def safe_name(name: str, kind: CandidateFile.Kind) -> str:
    """The name with the extension of its kind, without folders, control characters and marks that turn text around."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C")
    stem, dot, end = " ".join(_SPECIAL.sub(" ", name).split()).rpartition(".")
    if not dot:
        stem, end = end, ""
    if end.lower() not in _KNOWN:
        stem = f"{stem}.{end}" if end else stem
    extension = end.lower() if end.lower() in _ALSO.get(kind, ()) else kind.value
    stem = stem.strip(" .")[: NAME_CHARS - len(extension) - 1].strip(" .")
    return f"{stem or 'File'}.{extension}"
