"""Three-way merge of a form: as opened, as sent, as stored now.

A page carries a digest of each field as rendered ("base"), so the server knows which fields the sender changed, and
which others changed meanwhile. Fields changed by one side are merged; for the rest, the sender chooses before anything
is saved.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from editing.posted import unix_lines

BASE = "base"
CHOICE = "use-"  # use-<path>=saved: the sender gives up their own text
SAVED = "saved"
_DIGITS = 12  # of a SHA-256 in hex; it only distinguishes versions of one field
_BASE_MAX = 100_000  # characters


@dataclass(frozen=True)
class Part:
    """One field, or one element of a list. `text` is shown, `value` is saved, and `key` (else `text`) is compared."""

    label: str
    text: str
    value: Any = None
    key: str = ""


# By path: "notes", or "points/12" for an element of a list.
Content = dict[str, Part]


@dataclass(frozen=True)
class Difference:
    """A part both changed differently. None on the side that removed it."""

    path: str
    label: str
    saved: str | None
    yours: str | None


@dataclass
class Merged:
    """`content` may be saved if there are no `clashes`; until then it holds the sender's own text for those."""

    content: Content
    clashes: list[Difference] = field(default_factory=list)
    # Labels of parts that only the other person changed.
    taken: list[str] = field(default_factory=list)


def seal(content: Content) -> str:
    """The digests a form carries about the content it shows."""
    digests = {path: _digest_of(part) for path, part in content.items()}
    return json.dumps(digests, separators=(",", ":"), ensure_ascii=True)


def opened(base: str) -> dict[str, str]:
    """Read the output of `seal`. Anything else yields no digests, so everything counts as changed."""
    try:
        digests = json.loads(base) if len(base) <= _BASE_MAX else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(digests, dict) or not all(isinstance(digest, str) for digest in digests.values()):
        return {}
    return digests


def choices(posted: Mapping[str, Any]) -> set[str]:
    """Paths where the sender chose the stored text."""
    return {name.removeprefix(CHOICE) for name in posted if name.startswith(CHOICE) and posted[name] == SAVED}


def merge(was: Mapping[str, str], mine: Content, now: Content, *, give_up: Iterable[str] = ()) -> Merged:
    """Merge the sent content (`mine`) with the stored one (`now`); `was` comes from `opened()`.

    Elements of a list stay in the sender's order if the sender moved any, else in the saved order.
    """
    merged, kept = Merged({}), dict[str, Part]()
    given_up = set(give_up)
    for path in [*mine, *(path for path in now if path not in mine)]:
        own, saved = mine.get(path), now.get(path)
        before, own_digest, saved_digest = was.get(path), _digest_of(own), _digest_of(saved)
        chosen = own
        if own_digest != saved_digest and (own_digest == before or path in given_up):
            chosen = saved
            if own_digest == before:
                merged.taken.append((saved or own or Part("", "")).label)
        elif own_digest not in (saved_digest, before) and saved_digest != before:
            merged.clashes.append(_difference(path, own, saved))
        if chosen is not None:
            kept[path] = chosen
    merged.content = {path: kept[path] for path in _in_order(was, mine, now) if path in kept}
    return merged


def everything(mine: Content, now: Content) -> list[Difference]:
    """Each part in which two versions differ, for content that cannot be merged."""
    paths = [*mine, *(path for path in now if path not in mine)]
    pairs = ((path, mine.get(path), now.get(path)) for path in paths)
    return [_difference(path, own, saved) for path, own, saved in pairs if _digest_of(own) != _digest_of(saved)]


def plain(text: str) -> str:
    """Normalised like a form's text: LF line breaks, no surrounding blanks."""
    return unix_lines(text).replace("\r", "\n").strip()


def _difference(path: str, own: Part | None, saved: Part | None) -> Difference:
    label = (own or saved or Part(path, "")).label
    return Difference(path, label, saved.text if saved else None, own.text if own else None)


def _digest_of(part: Part | None) -> str | None:
    if part is None:
        return None
    return hashlib.sha256((part.key or plain(part.text)).encode()).hexdigest()[:_DIGITS]


def _in_order(was: Mapping[str, str], mine: Content, now: Content) -> list[str]:
    common = [path for path in was if path in mine and path in now]
    has_moved = [path for path in mine if path in set(common)] != common
    first, second = (mine, now) if has_moved else (now, mine)
    order = list(first)
    previous = None
    for path in second:
        if path not in first:
            order.insert(order.index(previous) + 1 if previous in order else 0, path)
        previous = path
    return order


class Overtaken(Exception):
    """Another person changed the same parts. Nothing was saved; `edit` has the choices."""

    def __init__(self, edit: "Edit") -> None:
        self.edit = edit
        super().__init__("This was changed while you had it open.")


@dataclass
class Edit:
    """The revision a page was opened with, and the result of merging; for `editing/_base.html`."""

    base: str = ""
    given_up: frozenset[str] = frozenset()
    clashes: list[Difference] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    last_change: Any = None
    # Merged; the sender's text where they have to choose.
    content: Content = field(default_factory=dict)

    @classmethod
    def of(cls, posted: Mapping[str, Any]) -> Self:
        return cls(str(posted.get(BASE, "")), frozenset(choices(posted)))

    @property
    def chosen(self) -> list[str]:
        return sorted(self.given_up)

    def reconcile(self, mine: Content, now: Content, *, row: Any) -> Content:
        """The content to save: `mine` merged over `now`, the content of the locked `row`. Raises Overtaken."""
        merged = merge(opened(self.base), mine, now, give_up=self.given_up)
        self.taken = merged.taken
        if merged.clashes:
            self.clashes, self.last_change = merged.clashes, row
            self.base, self.given_up = seal(now), frozenset()
            self.content = merged.content
            raise Overtaken(self)
        return merged.content
