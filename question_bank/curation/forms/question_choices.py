"""A text field that chooses a question by its prompt, with a <datalist> of suggestions."""

from collections.abc import Iterable
from typing import Any

from django import forms

from finding.searching import fold
from question_bank.models import Question

LABEL_LENGTH = 160
# The one <datalist> of the page.
LIST_ID = "picks"


class QuestionChoices:
    """The questions a field offers, each under a unique label. One query serves all fields of a page."""

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


class QuestionField(forms.CharField):
    """Cleans to the question with this label, or None if blank. Set `picks` before use."""

    picks: QuestionChoices

    def __init__(self, *, placeholder: str = "Type to find a question", **options: Any) -> None:
        attributes = {"list": LIST_ID, "autocomplete": "off", "placeholder": placeholder}
        # The label may end in a number, to tell equal prompts apart.
        super().__init__(widget=forms.TextInput(attributes), max_length=LABEL_LENGTH + 30, **options)

    def to_python(self, value: Any) -> Any:
        words = super().to_python(value)
        if not words:
            return None
        question = self.picks.find(words) if len(words) <= (self.max_length or 0) else None
        if question is None:
            raise forms.ValidationError("Not in the list. Choose a question from it.")
        return question

    def run_validators(self, value: Any) -> None:
        """CharField validates text; the value is a question by now."""
