"""Loads the built-in question bank."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from question_bank.advice import advice_on
from question_bank.seeds.files import SEED_DIR, SeedFilesError, read_bank
from question_bank.seeds.loading import Outcome, SeedConflictError, Seeded, seed_bank


class Command(BaseCommand):
    help = "Loads the built-in question bank, without touching curators' changes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="check the files, write nothing")
        parser.add_argument("--dir", type=Path, default=SEED_DIR, help="read this folder instead of the built-in one")

    def handle(self, *args: Any, **options: Any) -> None:
        self.verbosity = options["verbosity"]
        folder = options["dir"].resolve()
        if not folder.is_dir():
            raise CommandError(f"{options['dir']} is not a folder.")
        try:
            bank = read_bank(folder)
        except SeedFilesError as refused:
            count = _count(len(refused.problems), "problem")
            raise CommandError(f"{count} in the seed files; nothing was loaded.\n{refused}") from None
        if options["check"]:
            topics = _count(len(bank.topics), "topic")
            questions = _count(len(bank.questions), "question")
            scripts = _count(len(bank.scripts), "script")
            self._say(f"No problems found: {topics}, {questions} and {scripts}.")
            for question in bank.questions:
                for sentence in advice_on(question):
                    self._say(f"{question.place.file}:{question.place.line}: {sentence}")
            return
        try:
            seeded = seed_bank(bank)
        except SeedConflictError as refused:
            raise CommandError(f"{refused}\nNothing was loaded.") from None
        self._report(seeded)

    def _report(self, seeded: Seeded) -> None:
        kinds = (
            ("topic", seeded.topics),
            ("question", seeded.questions),
            ("script", seeded.scripts),
            ("ground rule", seeded.rules),
        )
        if seeded.is_nothing_done:
            self._say("Nothing to do: the bank matches the files.")
        else:
            for noun, outcome in kinds:
                self._say(f"{_count(outcome.total, noun)}: {_in_words(outcome)}.")
        kept = [row for _, outcome in kinds for row in outcome.kept]
        if kept:
            self._say(f"Left {len(kept)} that curators changed:")
            self._list(kept)
        gone = [row for _, outcome in kinds for row in outcome.gone]
        if gone:
            self._say(f"Left {len(gone)} that the files no longer have; retire what is out of use:")
            self._list(gone)

    def _list(self, rows: list[tuple[str, str]]) -> None:
        for key, text in rows:
            self._say(f"  {key}: {text}")

    def _say(self, text: str) -> None:
        if self.verbosity:
            self.stdout.write(text)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _in_words(outcome: Outcome) -> str:
    parts = [
        (outcome.new, "new"),
        (outcome.updated, "updated"),
        (len(outcome.kept), "left as changed here"),
        (outcome.same, "unchanged"),
    ]
    return ", ".join(f"{number} {words}" for number, words in parts if number)
