"""A text field that chooses a question by its prompt, with a <datalist> of suggestions."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from finding.searching import fold, words_of
from question_bank.models import Question

LABEL_LENGTH = 160
# The one <datalist> of the page.
LIST_ID = "picks"


def labelled(prompts: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str, str]]:
    """Each (primary key, prompt) as (primary key, label, folded label). No other has the same folded label: one that
    reads like an earlier one ends in its key."""
    taken: set[str] = set()
    for pk, prompt in prompts:
        words = " ".join(prompt.split())
        label = words if len(words) <= LABEL_LENGTH else f"{words[: LABEL_LENGTH - 1].rstrip()}…"
        if (folded := fold(label)) in taken:
            label, folded = f"{label} ({pk})", f"{folded} ({pk})"
        taken.add(folded)
        yield pk, label, folded


class QuestionChoices:
    """The questions a field offers, each under a unique label. One query serves all fields of a page."""

    def __init__(self, questions: Iterable[Question]) -> None:
        rows = {question.pk: question for question in questions}
        self.labels: dict[int, str] = {}
        self.questions: dict[str, Question] = {}
        for pk, label, folded in labelled((question.pk, question.prompt) for question in rows.values()):
            self.labels[pk] = label
            self.questions[folded] = rows[pk]

    def label(self, question: Question | None) -> str:
        return self.labels.get(question.pk, "") if question else ""

    @property
    def options(self) -> SafeString:
        """Those of the <datalist>. A loop of a template would take several times as long in a large bank."""
        return format_html_join("", '<option value="{}"></option>', ((label,) for label in self.labels.values()))

    def find(self, words: str) -> Question | None:
        return self.questions.get(fold(" ".join(words.split())))

    def having(self, words: str) -> list[Question]:
        """The questions with every one of these words in their label."""
        wanted = [fold(word) for word in words_of(words)]
        return [question for label, question in self.questions.items() if all(word in label for word in wanted)]


class QuestionField(forms.CharField):
    """Cleans to the question with this label, or None if blank. Set `picks` before use.

    A loose one has no list to choose from, and takes words that only one question has."""

    picks: QuestionChoices

    def __init__(self, *, placeholder: str = "Type to find a question", is_loose: bool = False, **options: Any) -> None:
        self.is_loose = is_loose
        attributes = {"autocomplete": "off", "placeholder": placeholder}
        if not is_loose:
            attributes["list"] = LIST_ID
        # The label may end in a number, to tell equal prompts apart.
        super().__init__(widget=forms.TextInput(attributes), max_length=LABEL_LENGTH + 30, **options)

    def to_python(self, value: Any) -> Any:
        words = super().to_python(value)
        if not words:
            return None
        question = self.picks.find(words) if len(words) <= (self.max_length or 0) else None
        if question is None and self.is_loose:
            return self._only_one(words)
        if question is None:
            raise forms.ValidationError("Not in the list. Choose a question from it.")
        return question

    def _only_one(self, words: str) -> Question:
        found = self.picks.having(words[: self.max_length])
        if not found:
            raise forms.ValidationError("No question that can be asked has these words.")
        if len(found) > 1:
            raise forms.ValidationError(f"{len(found)} questions have these words. Write more of the one you mean.")
        return found[0]

    def run_validators(self, value: Any) -> None:
        """CharField validates text; the value is a question by now."""
