"""What a page is made of: to see each part once, on as few pages as can be."""

from collections.abc import Hashable, Iterable, Mapping
from html.parser import HTMLParser
from typing import TypeVar

WITHOUT_CONTENT = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Of other attributes, such as ids and addresses, neither looks nor names depend.
TELLING = {
    "alt", "autofocus", "checked", "disabled", "hidden", "multiple", "open", "placeholder", "readonly", "required",
    "role", "style", "tabindex", "title", "type",
}  # fmt: skip
WITH_VALUE = {"role", "tabindex", "type"}
Page = TypeVar("Page")


class _Parts(HTMLParser):
    """Each element is a part: its tag, classes and telling attributes, whether it has words, and all around it."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: set[str] = set()
        self._around: list[tuple[str, str]] = []  # tags, and what is written of them

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = ".".join(sorted(given.get("class", "").split()))
        told = sorted(name for name in given if name in TELLING or name.startswith("aria-"))
        words = "".join(f"[{name}={given[name] if name in WITH_VALUE else bool(given[name])}]" for name in told)
        part = f"{self._around[-1][1] if self._around else ''}/{tag}.{classes}{words}"
        self.parts.add(part)
        if tag not in WITHOUT_CONTENT:
            self._around.append((tag, part))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self._around and self._around[-1][0] == tag and tag not in WITHOUT_CONTENT:
            self._around.pop()  # of an <svg>

    def handle_endtag(self, tag: str) -> None:
        if tag in {one for one, _ in self._around}:
            while self._around.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._around and data.strip():
            self.parts.add(f"{self._around[-1][1]} with words")


def parts_of(html: str) -> set[str]:
    reader = _Parts()
    reader.feed(html)
    return reader.parts


def fewest(pages: Iterable[tuple[Page, Hashable]], parts: Mapping[Page, set[str]]) -> dict[Page, bool]:
    """Of these pages and their kinds, one of each kind, and more until every part of every page is on one of them;
    and of each whether it has a part that those before it do not have.

    The richest pages come first."""
    left = dict(sorted(pages, key=lambda one: -len(parts[one[0]])))
    seen: set[str] = set()
    kinds: set[Hashable] = set()
    chosen: dict[Page, bool] = {}
    while left:
        page = max(left, key=lambda one: len(parts[one] - seen))
        is_new = not parts[page] <= seen
        if is_new or left[page] not in kinds:
            chosen[page] = is_new
        kinds.add(left.pop(page))
        seen |= parts[page]
    return chosen
