"""Choosing a question by its words: a text field with the browser's own list of suggestions."""

from collections.abc import Iterable
from typing import Any

from django import forms

from question_bank.models import Question
from question_bank.searching import fold

LABEL_LENGTH = 160
# The one <datalist> of the page.
LIST_ID = "picks"


class Picks:
    """The questions that may be chosen, each by words that are its own. One query, however many fields use it."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self.labels: dict[int, str] = {}
        self.questions: dict[str, Question] = {}
        for question in questions:
            words = " ".join(question.prompt.split())
            label = words if len(words) <= LABEL_LENGTH else f"{words[: LABEL_LENGTH - 1].rstrip()}…"
            if fold(label) in self.questions:
                label = f"{label} ({question.pk})"
            self.labels[question.pk] = label
            self.questions[fold(label)] = question

    def label(self, question: Question | None) -> str:
        return self.labels.get(question.pk, "") if question else ""

    def find(self, words: str) -> Question | None:
        return self.questions.get(fold(" ".join(words.split())))


class PickField(forms.CharField):
    """Cleans to the question whose words were given, or None for a blank one. Set `picks` before use."""

    picks: Picks

    def __init__(self, *, placeholder: str = "Type to find a question", **options: Any) -> None:
        attributes = {"list": LIST_ID, "autocomplete": "off", "placeholder": placeholder}
        # A number may stand behind the words.
        super().__init__(widget=forms.TextInput(attributes), max_length=LABEL_LENGTH + 30, **options)

    def to_python(self, value: Any) -> Any:
        words = super().to_python(value)
        if not words:
            return None
        question = self.picks.find(words) if len(words) <= (self.max_length or 0) else None
        if question is None:
            raise forms.ValidationError("No question reads like this. Choose one from the list.")
        return question

    def run_validators(self, value: Any) -> None:
        """Those of CharField look at text; this is a question by now."""
