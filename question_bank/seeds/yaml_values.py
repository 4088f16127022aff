"""Typed values of a YAML file: each method of `Value` names the expected type and reports a problem on mismatch.

It then returns a placeholder, so that one run finds all problems. Check the problems before using the values.
"""

import datetime as dt
import re
from collections.abc import Callable, Collection
from typing import Any, TypeVar

import yaml
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from question_bank.seeds.strict_yaml import Document

MAX_TEXT = 10_000
MAX_SLUG = 80

T = TypeVar("T")
REQUIRED: Any = object()

_TAG = "tag:yaml.org,2002:"
# Escapes may put these into a value. Surrogates cannot be stored.
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_SLUG = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")
_check_address = URLValidator(schemes=["http", "https"])


class Value:
    """One value of a file, possibly missing. Each method expects a type and returns it."""

    def __init__(self, document: Document, node: yaml.Node | None, name: str, line: int) -> None:
        self.document = document
        self.node = node
        self.name = name
        self.line = line

    def problem(self, text: str) -> None:
        self.document.problem(self.line, f"{self.name}: {text}" if self.name else text)

    def text(self, *, default: str = REQUIRED, most: int = MAX_TEXT) -> str:
        """Text of up to `most` characters, stripped."""
        return self._read("text", _text, "", default, most=most)

    def line_of_text(self, *, default: str = REQUIRED, most: int) -> str:
        """Text on one line."""
        text = self.text(default=default, most=most)
        if "\n" in text:
            self.problem("expected one line of text, found several")
        return text

    def slug(self, *, default: str = REQUIRED, most: int = MAX_SLUG) -> str:
        return self._read("a key of small letters, digits and hyphens", _slug, "", default, most=most)

    def address(self, *, default: str = REQUIRED, most: int) -> str:
        return self._read("a web address", _address, "", default, most=most)

    def number(self, low: int, high: int) -> int:
        def convert(node: yaml.ScalarNode) -> int:
            # Quoted numbers are text, and 010 is 8 to other parsers.
            is_plain = node.tag == _TAG + "int" and re.fullmatch("0|[1-9][0-9]{0,8}", node.value)
            if not (is_plain and low <= int(node.value) <= high):
                raise ValueError
            return int(node.value)

        found: int = self._read(f"a whole number from {low} to {high}", convert, low, REQUIRED)
        return found

    def flag(self, *, default: bool) -> bool:
        def convert(node: yaml.ScalarNode) -> bool:
            if node.tag != _TAG + "bool" or node.value not in ("true", "false"):
                raise ValueError
            return bool(node.value == "true")

        return self._read("true or false", convert, False, default)

    def date(self, *, default: dt.date | None = REQUIRED) -> dt.date | None:
        def convert(node: yaml.ScalarNode) -> dt.date:
            if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", node.value):
                raise ValueError
            return dt.date.fromisoformat(node.value)

        return self._read("a date such as 2026-11-30", convert, None, default)

    def choice(self, choices: Collection[str], *, default: str) -> str:
        def convert(node: yaml.ScalarNode) -> str:
            if node.value not in choices:
                raise ValueError
            value: str = node.value
            return value

        found: str = self._read("one of " + ", ".join(choices), convert, default, default)
        return found

    def items(self, *, default: tuple["Value", ...] = REQUIRED) -> tuple["Value", ...]:
        """The values of a list with at least one item."""
        if self.node is None and default is not REQUIRED:
            return default
        if not isinstance(self.node, yaml.SequenceNode) or not self.node.value:
            self._wrong("a list")
            return ()
        return tuple(Value(self.document, node, self.name, node.start_mark.line + 1) for node in self.node.value)

    def fields(self) -> "Fields":
        if not isinstance(self.node, yaml.MappingNode):
            self._wrong("fields")
        return Fields(self)

    @property
    def is_given(self) -> bool:
        return self.node is not None

    @property
    def is_scalar(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode)

    def _read(self, expected: str, convert: Callable[..., T], stand_in: T, default: T, *, most: int | None = None) -> T:
        if self.node is None and default is not REQUIRED:
            return default
        if isinstance(self.node, yaml.ScalarNode):
            try:
                value = convert(self.node)
            except _HintError as hint:
                self._wrong(expected, str(hint))
                return stand_in
            except ValueError:
                pass
            else:
                if most and isinstance(value, str) and len(value) > most:
                    self.problem(f"expected at most {most:,} characters, found {len(value):,}")
                return value
        self._wrong(expected)
        return stand_in

    def _wrong(self, expected: str, hint: str = "") -> None:
        if self.node is None:
            self.problem(f"missing; expected {expected}{hint}")
        else:
            self.problem(f"expected {expected}, found {self._found()}{hint}")

    def _found(self) -> str:
        if isinstance(self.node, yaml.ScalarNode):
            shown = self.node.value if len(self.node.value) <= 40 else self.node.value[:40] + "…"
            return repr(shown) if shown else "nothing"
        return (
            ("a list" if self.node.value else "an empty list") if isinstance(self.node, yaml.SequenceNode) else "fields"
        )


class Fields:
    """The fields of one mapping. Reading a field marks it known; `refuse_others` reports the rest."""

    def __init__(self, value: Value) -> None:
        self.document = value.document
        self.line = value.line
        self._values: dict[str, Value] = {}
        self._known: list[str] = []
        node = value.node
        for name_node, value_node in node.value if isinstance(node, yaml.MappingNode) else ():
            self._add(name_node, value_node)

    def _add(self, name_node: yaml.Node, node: yaml.Node) -> None:
        line = name_node.start_mark.line + 1
        if not isinstance(name_node, yaml.ScalarNode) or name_node.tag != _TAG + "str":
            self.document.problem(line, "expected the name of a field")
        elif name_node.value in self._values:
            first = self._values[name_node.value].line
            self.document.problem(line, f"{name_node.value}: expected once, found on line {first} already")
        else:
            self._values[name_node.value] = Value(self.document, node, name_node.value, line)

    def __getitem__(self, name: str) -> Value:
        self._known.append(name)
        return self._values.get(name) or Value(self.document, None, name, self.line)

    def problem(self, text: str) -> None:
        self.document.problem(self.line, text)

    def refuse_others(self) -> None:
        known = list(dict.fromkeys(self._known))
        for name, value in self._values.items():
            if name not in known:
                self.document.problem(value.line, f"{name[:40]}: unknown; expected only {', '.join(known)}")


class _HintError(ValueError):
    """Raised with the problem and its remedy."""


def _text(node: yaml.ScalarNode) -> str:
    if node.tag != _TAG + "str":
        raise _HintError("" if node.tag == _TAG + "null" and not node.value else " without quotes around it")
    if unstorable := _UNSTORABLE.search(node.value):
        raise _HintError(f" with the character U+{ord(unstorable[0]):04X}")
    text = node.value.strip()
    if not text:
        raise ValueError
    return str(text)


def _slug(node: yaml.ScalarNode) -> str:
    text = _text(node)
    if not _SLUG.fullmatch(text):
        raise ValueError
    return text


def _address(node: yaml.ScalarNode) -> str:
    text = _text(node)
    try:
        _check_address(text)
    except ValidationError:
        raise ValueError from None
    return text
