import time
from html.parser import HTMLParser
from unittest import mock

import pytest
from django.test import SimpleTestCase

from interviews.templatetags.markdown import LONGEST, TAGS, markdown

pytestmark = pytest.mark.sqlite_only


BARE = 'href="https://example.org/a_b_c" class="is-bare" target="_blank" rel="noopener noreferrer"'


def compact(html: str) -> str:
    """Without the directions and the line breaks between tags."""
    return html.replace(' dir="auto"', "").replace(">\n<", "><").strip()


class Words(HTMLParser):
    """The text of a page, and its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.tags, self.attributes = "", set[str](), set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Words:
    words = Words()
    words.feed(html)
    return words


class MarkdownTests(SimpleTestCase):
    def test_lists_code_bold_and_links(self):
        for text, html in (
            ("- a\n- b", '<ul class="is-minus"><li><p>a</p></li><li><p>b</p></li></ul>'),
            (
                "+ pro\n- con",
                '<ul class="is-plus"><li><p>pro</p></li></ul><ul class="is-minus"><li><p>con</p></li></ul>',
            ),
            ("3. a\n4. b", '<ol start="3"><li><p>a</p></li><li><p>b</p></li></ol>'),
            ("Use `a < b`.", "<p>Use <code>a &lt; b</code>.</p>"),
            ("```sql\nSELECT *\n  FROM a\n```", "<pre><code>SELECT *\n  FROM a\n</code></pre>"),
            ("very **good**", "<p>very <strong>good</strong></p>"),
            (
                "[docs](https://example.org/a)",
                '<p><a href="https://example.org/a" target="_blank" rel="noopener noreferrer">docs</a></p>',
            ),
            ("See https://example.org/a_b_c.", f"<p>See <a {BARE}>https://example.org/a_b_c</a>.</p>"),
        ):
            with self.subTest(text):
                self.assertEqual(compact(markdown(text)), html)

    def test_everything_else_is_shown_as_typed(self):
        for text in (
            "a\n  b    c\nd",
            "__init__ and snake_case_name, 5*3*2, 2**10, f(*args, **kwargs)",
            r"\d+\.\w* C:\new",
            "# of replicas\n> quoted\n---\n| a | b |",
            "[foo]: https is no reference\n\n[foo]",
            "<b>bold</b> &amp; <script>alert(1)</script>",
            "![image](javascript:alert(1)) [x](data:text/html,x) [here](/interviews/1/end/)",
        ):
            with self.subTest(text):
                words = read(markdown(text))
                self.assertEqual(words.text.replace("\n\n", "\n").strip(), text.replace("\n\n", "\n"))
                self.assertLessEqual(words.tags, {"p"})

    def test_hostile_text_gives_no_other_tag_and_no_other_scheme(self):
        text = (
            '<img src=x onerror=alert(1)>\n[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](https://x"onclick=y)\n'
            '```<svg/onload=alert(1)>\n</code></pre><script>\n```\n`</code><iframe>` https://x.org/"><script>\n'
            "[d](https://x.org 'title\" onmouseover=\"x')"
        )
        words = read(markdown(text))
        self.assertLessEqual(words.tags, TAGS)
        self.assertEqual(words.attributes, {"dir", "href", "target", "rel", "class"})
        self.assertNotIn('href="javascript', markdown(text).lower())

    def test_long_and_nested_text_takes_no_time(self):
        started = time.process_time()
        markdown("*_`[" * 490 + "*" * (LONGEST - 4 * 490))
        for part in ("[", "*a ", "**", "- ", "- a\n", "`", "http:", "[a](<", "> ", "\\", "1. "):
            markdown(part * (LONGEST // len(part)))
        self.assertLess(time.process_time() - started, 5)

    def test_only_after_a_scheme_is_an_address_looked_for(self):
        """“://” 1,600 times, then dots: a second of looking."""
        with mock.patch("interviews.templatetags.markdown._ADDRESS") as address:
            markdown("://" * 50 + ".")
        address.match.assert_not_called()

    def test_longer_text_is_shown_whole_and_plain(self):
        text = "- **a** & <b>\n" * LONGEST
        self.assertEqual(read(markdown(text)).text, text)

    def test_paper_gets_directions_and_places_to_break(self):
        html = markdown("- שלום\n\nabc\n\n" + "x" * 300, "paper")
        self.assertIn('<ul dir="rtl"', html)
        self.assertIn('<p dir="ltr">abc</p>', html)
        self.assertIn("\u200b", html)
        self.assertEqual(
            read(markdown("[docs](https://x.org) and https://y.org", "paper")).text.strip(),
            "docs (https://x.org) and https://y.org",
        )
