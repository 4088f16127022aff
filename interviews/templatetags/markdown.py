"""Notes and descriptions of openings are plain text, shown as a small part of Markdown: lists, code, bold and links.

Everything else is shown as it was typed: headings, quotes and HTML are text, and so are the signs of `__init__`,
`5*3*2` and a regular expression. Lists of pros and cons keep their + and -, and lines and indents stay."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import nh3
from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, emphasis
from markdown_it.token import Token

from interviews.templatetags.printing import breakable, direction, few_lines

register = template.Library()

# A longer text, or one with more brackets, is shown plain: nobody typed it in a call, and parsing it would take long.
LONGEST, BRACKETS_MAX = 10_000, 500
RULES = ["list", "fence", "code", "backticks", "emphasis", "link"]
SCHEMES = {"http", "https", "mailto"}
TAGS = {"p", "ul", "ol", "li", "strong", "em", "code", "pre", "a"}
ATTRIBUTES = {"*": set[str](), "p": {"dir"}, "ul": {"dir"}, "ol": {"dir", "start"}, "a": {"href"}}
BULLETS = {"+": "is-plus", "-": "is-minus"}
CLASSES = {"ul": set(BULLETS.values()), "a": {"is-bare"}}
_SCHEME = re.compile(r"(?<![^\W_])https?$", re.IGNORECASE)
# Up to a space; a sign that ends the sentence or closes a bracket is not part of the address.
_ADDRESS = re.compile(r"://[^\s<>\"`]*[^\s<>\"`.,;:!?)\]}'*…]")
_WORDS = {"text", "code_inline", "code_block", "fence"}


@dataclass(frozen=True)
class Medium:
    """How a text is prepared for a screen or for paper."""

    whole: Callable[[str], str]
    part: Callable[[str], str]
    direction: Callable[[str], str]
    has_links: bool


MEDIA = {
    "screen": Medium(str, str, lambda _: "auto", has_links=True),
    # The PDF’s layout engine breaks no long words and finds no direction. Nothing in a PDF leads outside.
    "paper": Medium(few_lines, breakable, direction, has_links=False),
}


@register.filter
def markdown(text: str, medium: str = "screen") -> SafeString:
    """The text as HTML of TAGS only. `medium` is a key of MEDIA."""
    prepared = MEDIA[medium]
    text = prepared.whole(text)
    if len(text) > LONGEST or text.count("[") > BRACKETS_MAX:
        return SafeString(f'<p dir="{prepared.direction(text)}">{escape(prepared.part(text))}</p>')
    tokens = _PARSER.parse(text)
    _finish(tokens, prepared)
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return SafeString(
        nh3.clean(
            html,
            tags=TAGS,
            attributes=ATTRIBUTES,
            allowed_classes=CLASSES,
            url_schemes=SCHEMES,
            link_rel="noopener noreferrer",
            set_tag_attribute_values={"a": {"target": "_blank"}},
        )
    )


def _finish(tokens: Sequence[Token], medium: Medium) -> None:
    """Set directions and bullets, and prepare the words for the medium."""
    following = ""
    for token in reversed(tokens):
        following = token.content if token.type == "inline" else following
        if token.type in ("paragraph_open", "bullet_list_open", "ordered_list_open"):
            token.attrSet("dir", medium.direction(following))
        if token.type.startswith("paragraph"):
            token.hidden = False  # in a list too, so that one rule of the stylesheet fits all
        if token.type == "bullet_list_open" and token.markup in BULLETS:
            token.attrSet("class", BULLETS[token.markup])
        if token.children and not medium.has_links:
            token.children = list(_addresses_as_text(token.children))
        for word in token.children or [token]:
            if word.type in _WORDS:
                word.content = medium.part(word.content)


def _addresses_as_text(words: Sequence[Token]) -> Iterator[Token]:
    """Without links: the address follows the words of a link."""
    href = ""
    for word in words:
        if word.type == "link_open":
            href = "" if word.attrGet("class") else str(word.attrGet("href"))
        elif word.type != "link_close":
            yield word
        elif href:
            yield Token("text", "", 0, content=f" ({href})")


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Markdown's rule, but only for stars, and not between letters or digits: `__init__` and `5*3*2` are code."""
    marker, before = state.src[state.pos], state.src[state.pos - 1 : state.pos]
    if marker == "_" or (_is_word(before) and _is_word(state.src[state.pos :].lstrip(marker)[:1])):
        return False
    return emphasis.tokenize(state, silent)


def _is_word(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _bare_address(state: StateInline, silent: bool) -> bool:
    """A typed or pasted web address is a link. The scheme has been read when the colon comes."""
    if silent or state.linkLevel or state.src[state.pos] != ":":
        return False
    scheme = _SCHEME.search(state.pending, max(0, len(state.pending) - 5))
    rest = _ADDRESS.match(state.src, state.pos) if scheme else None
    if scheme is None or rest is None:
        return False
    address = scheme[0] + rest[0]
    state.pending = state.pending[: scheme.start()]
    opening = state.push("link_open", "a", 1)
    opening.attrs = {"href": state.md.normalizeLink(address), "class": "is-bare"}
    state.push("text", "", 0).content = address
    state.push("link_close", "a", -1)
    state.pos = rest.end()
    return True


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802
        """Whether an address becomes a link. One of this site stays text: it could be meant for the reader's rights."""
        return url.partition(":")[0].lower() in SCHEMES


def _parser() -> MarkdownIt:
    parser = _Parser("zero", {"html": False}).enable(RULES)
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.inline.ruler.after("text", "bare_address", _bare_address)
    return parser


_PARSER = _parser()
