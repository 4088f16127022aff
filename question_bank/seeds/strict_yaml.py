"""Strict YAML: plain values only; each problem names file, line and the expected value.

Problems are collected, not raised, so that one run reports all of them.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from editing.posted import unix_lines

MAX_BYTES = 1_000_000
MAX_DEPTH = 30

# libyaml if the wheel has it: same results, twenty times as fast.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Tabs and invisible characters: controls, and line breaks that editors do not count.
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
# Maximum of reported problems of one kind per file.
_MANY = 20


@dataclass(frozen=True, order=True)
class Problem:
    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class Document:
    """One file: its name in messages, and its problems."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.name = name
        self.problems = problems

    def problem(self, line: int, text: str) -> None:
        self.problems.append(Problem(self.name, line, text))

    def read(self, path: Path) -> yaml.Node | None:
        """The root node of the file at `path`, or None if it cannot be read."""
        try:
            size = path.stat().st_size
            content = path.read_bytes() if size <= MAX_BYTES else b""
        except OSError as error:
            self.problem(1, f"expected a file that can be read: {error.strerror}")
            return None
        if size > MAX_BYTES:
            self.problem(1, f"expected at most {MAX_BYTES:,} bytes, found {size:,}")
            return None
        return self.parse(content)

    def parse(self, content: bytes) -> yaml.Node | None:
        try:
            text = unix_lines(content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self.problem(line, f"expected UTF-8, found the byte 0x{content[error.start]:02x}")
            return None
        if not self._is_seen(text):
            return None
        try:
            if not self._is_plain(text):
                return None
            node = yaml.compose(text, Loader=_Loader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            self.problem(mark.line + 1 if mark else 1, f"expected YAML: {getattr(error, 'problem', None) or error}")
            return None
        return node or yaml.ScalarNode("tag:yaml.org,2002:null", "")

    def _is_seen(self, text: str) -> bool:
        found = list(_UNSEEN.finditer(text))
        for match in found[:_MANY]:
            what = "a tab" if match[0] == "\t" else f"the character U+{ord(match[0]):04X}"
            self.problem(
                text.count("\n", 0, match.start()) + 1,
                f"expected spaces and visible characters, found {what}",
            )
        return not found

    def _is_plain(self, text: str) -> bool:
        """Refuse aliases, tags and deep nesting before building anything."""
        depth, before = 0, len(self.problems)
        for event in yaml.parse(text, Loader=_Loader):
            line = event.start_mark.line + 1 if event.start_mark else 1
            tag = getattr(event, "tag", None)
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                self.problem(line, "expected the value itself, found an alias or its anchor (* or &)")
            elif tag:
                self.problem(line, f"expected a plain value, found the tag {str(tag)[:40]}")
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:
                self.problem(line, f"expected at most {MAX_DEPTH} levels")
            if depth > MAX_DEPTH or len(self.problems) >= before + _MANY:
                break
        return len(self.problems) == before
