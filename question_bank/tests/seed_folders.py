"""A small bank in a folder of its own, for tests that break it."""

import tempfile
from pathlib import Path

from django.test import TestCase

from question_bank.seeds.files import read_bank
from question_bank.seeds.loading import Seeded, seed_bank

TOPICS = """\
topics:
  - key: python
    name: Python
  - key: testing
    name: Testing
"""
REFERENCES = """\
references:
  - key: guide
    title: A guide
    author: Mara Lund
    url: https://example.org/guide
"""
RULES = """\
rules:
  - title: Listen
    text: Let them finish.
"""
PYTHON = """\
topic: python
questions:
  - key: underscore
    prompt: What is the underscore for?
    purpose: Shows how they react.
    minutes: 4
    reviewed_on: 2026-11-20
    points:
      - brownie: Marks a name as private
        leads_to: private-names
      - watch_out: Never heard of it
    anchors:
      poor: makes it up
      mixed: names one use
      good: names several
      excellent: explains them
    references:
      - guide
      - title: PEP 8
    follow_ups:
      - key: private-names
        condition: when “private” comes up
        prompt: How is that enforced?
        purpose: Looks for honesty.
        minutes: 2
  - key: your-questions
    prompt: What would you like to ask?
    purpose: Goes both ways.
    kind: conversation
    minutes: 5
    reviewed_on: 2026-11-20
"""
SCRIPTS = """\
scripts:
  - key: short
    name: Short script
    purpose: A quarter of an hour.
    sections:
      - title: Python
        minutes: 10
        gate: Go on?
        questions:
          - must_ask: underscore
      - title: Yours
        minutes: 5
        for_candidate: true
        questions:
          - optional: your-questions
"""
FILES = {
    "topics.yaml": TOPICS,
    "references.yaml": REFERENCES,
    "rules.yaml": RULES,
    "scripts.yaml": SCRIPTS,
    "questions/python.yaml": PYTHON,
}


class SeedFolder:
    """A folder with the small bank in it. `replace` and `write` change a file before it is read."""

    def __init__(self, path: str) -> None:
        self.path = Path(path).resolve()
        (self.path / "questions").mkdir()
        for name, text in FILES.items():
            (self.path / name).write_text(text)

    def write(self, name: str, content: str | bytes) -> None:
        (self.path / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.path / name).read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))


class SeedingCase(TestCase):
    def setUp(self):
        self.folder = SeedFolder(self.enterContext(tempfile.TemporaryDirectory()))

    def seed(self) -> Seeded:
        return seed_bank(read_bank(self.folder.path))
