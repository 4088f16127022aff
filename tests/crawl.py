"""Crawls every page that one person can reach by links."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

from django.test import Client
from django.urls import resolve

START = "/"
# Limits per kind of page: further questions or filters show nothing new; interviews differ by state and panel.
MOST_OF_A_KIND, MOST_INTERVIEWS = 4, 12


@dataclass(frozen=True)
class Visit:
    """One answer to a GET: `path` with its query, on which page a link to it stood, and what came back.

    A piece is what a page fetches into itself."""

    path: str
    found_on: str
    response: Any
    is_piece: bool = False

    @property
    def url_name(self) -> str:
        return resolve(urlsplit(self.path).path).url_name or ""

    @property
    def is_html(self) -> bool:
        return self.response.status_code != 302 and self.response["Content-Type"].startswith("text/html")

    @property
    def is_page(self) -> bool:
        return self.is_html and not self.is_piece

    @cached_property
    def outline(self) -> "Outline":
        outline = Outline()
        outline.feed(self.response.content.decode())
        return outline

    def addresses(self) -> Iterator[tuple[str, bool]]:
        """Its links to this site, then what it fetches into itself from there, marked as a piece."""
        if self.response.status_code == 302:
            yield from self._whole([self.response["Location"]], is_piece=self.is_piece)
        elif self.is_html:
            yield from self._whole(self.outline.links, is_piece=False)
            yield from self._whole(self.outline.pieces, is_piece=True)

    def _whole(self, links: list[str], *, is_piece: bool) -> Iterator[tuple[str, bool]]:
        for link in links:
            whole = urlsplit(urljoin(f"http://testserver{self.path}", urldefrag(link).url))
            if whole.scheme == "http" and whole.netloc == "testserver":
                yield (f"{whole.path}?{whole.query}" if whole.query else whole.path), is_piece


@dataclass
class Outline(HTMLParser):
    """A page's language, title, main headings, visible links, and what it fetches into itself."""

    lang: str = ""
    title: str = ""
    headings: int = 0
    links: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    _is_in_title: bool = False
    # The tag that hides what is in it, and how many of that tag are open.
    _hides: str = ""
    _depth: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.lang = given.get("lang", "")
        self._is_in_title = tag == "title" and not self.title  # an <svg> has one of its own
        if self._hides or "hidden" in given or tag == "template":
            self._hides = self._hides or tag
            self._depth += tag == self._hides
            return
        self.headings += tag == "h1"
        names = {"a": "href", "form": "action" if given.get("method", "get") == "get" else ""}
        if link := given.get(names.get(tag, "")):
            self.links.append(link)
        elif piece := given.get("hx-get"):
            self.pieces.append(piece)

    def handle_endtag(self, tag: str) -> None:
        self._is_in_title = False
        if self._hides == tag:
            self._depth -= 1
            self._hides = tag if self._depth else ""

    def handle_data(self, data: str) -> None:
        self.title += data if self._is_in_title else ""


def crawl(client: Client, *, most: int = MOST_OF_A_KIND, most_interviews: int = MOST_INTERVIEWS) -> list[Visit]:
    """Every linked URL, requested once, starting with the start page; at most so many of a kind."""
    return list(visits(client, most=most, most_interviews=most_interviews))


def visits(client: Client, *, most: int, most_interviews: int) -> Iterator[Visit]:
    """As `crawl`, one after the other: whoever has found what they look for stops."""
    waiting, seen, kinds = [(START, "", False)], {START}, dict[Any, int]()
    while waiting:
        path, found_on, is_piece = waiting.pop(0)
        asking = {"HX-Request": "true"} if is_piece else {}
        visit = Visit(path, found_on, client.get(path, headers=asking), is_piece)
        if visit.response.streaming:
            visit.response.getvalue()  # reading a download to its end closes its file
        yield visit
        for address, is_one_piece in visit.addresses():
            if address in seen:
                continue
            seen.add(address)
            parts = urlsplit(address)
            # One that leads nowhere raises here.
            kind = (resolve(parts.path).view_name, *sorted(parse_qs(parts.query)))
            kinds[kind] = kinds.get(kind, 0) + 1
            if kinds[kind] <= (most_interviews if address.startswith("/interviews/") else most):
                waiting.append((address, path, is_one_piece))
