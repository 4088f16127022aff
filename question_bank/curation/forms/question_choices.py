"""A text field that chooses a question by its label; choose.js offers what fits while one types."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms

from question_bank.models import Question
from question_bank.models.questions import QuestionQuerySet
from question_bank.words import LABEL_LENGTH, folded_label, label_of

# What tells apart two labels that read alike, at the end of the later one.
_KEY = re.compile(r" \(question \d+\)$")


class QuestionChoices:
    """Questions that fields offer, each under a unique label. Only those that a page shows or was sent are read, in one
    query for all its fields."""

    def __init__(self, offered: QuestionQuerySet, *, shown: Iterable[Question] = (), typed: Iterable[str] = ()) -> None:
        """`shown` have a label even if they are not offered. `typed`: what the fields were sent."""
        self.offered = offered
        own = {question.pk: question for question in shown}
        labels = {folded_label(label_of(question.prompt)) for question in own.values()}
        for words in typed:
            labels |= {folded_label(words), folded_label(_KEY.sub("", words.strip()))}
        labels.discard("")
        # In a subquery, so that SQLite reads the labels' index and not all that are offered.
        having = Question.objects.filter(folded_label__in=labels).order_by().values("pk")
        alike = offered.filter(pk__in=having).without_texts().order_by("pk") if labels else ()
        self.labels: dict[int, str] = {}
        self.questions: dict[str, Question] = {}
        # Those offered first: they have the same label on every page.
        for question in ({row.pk: row for row in alike} | own).values():
            label = label_of(question.prompt)
            if folded_label(label) in self.questions:
                label = f"{label} (question {question.pk})"
            self.labels[question.pk] = label
            self.questions[folded_label(label)] = question

    def label(self, question: Question | None) -> str:
        return self.labels.get(question.pk, "") if question else ""

    def find(self, words: str) -> Question | None:
        return self.questions.get(folded_label(words))

    def having(self, words: str) -> tuple[Question | None, int]:
        """The question with every one of these words in its label, if it is the only one; and how many there are."""
        found = self.offered.labelled(words)
        return found.first(), found.count()


def typed_in(data: Any, *names: str) -> Iterator[str]:
    """What sent data has in the fields of these names, also in rows: “items-3-question” is one of “question”."""
    for name, value in (data or {}).items():
        # No label has a NUL, and PostgreSQL refuses to look for one.
        if name.rpartition("-")[2] in names and "\0" not in value:
            yield str(value)[: LABEL_LENGTH + 30]


class QuestionField(forms.CharField):
    """Cleans to the question with this label, or with these words if no other has them; None if blank. Set `picks`
    before use."""

    picks: QuestionChoices

    def __init__(self, *, placeholder: str = "Type to find a question", **options: Any) -> None:
        widget = forms.TextInput({"autocomplete": "off", "placeholder": placeholder, "data-choose": True})
        # The label may end in a number, to tell equal prompts apart.
        super().__init__(widget=widget, max_length=LABEL_LENGTH + 30, **options)

    def to_python(self, value: Any) -> Any:
        words = super().to_python(value)
        if not words:
            return None
        if len(words) > (self.max_length or 0):
            raise forms.ValidationError("No question you can choose contains these words.")
        return self.picks.find(words) or self._only_one(words)

    def _only_one(self, words: str) -> Question:
        found, times = self.picks.having(words)
        if found is None:
            raise forms.ValidationError("No question you can choose contains these words.")
        if times > 1:
            raise forms.ValidationError(f"{times} questions contain these words. Type more of the one you mean.")
        return found

    def run_validators(self, value: Any) -> None:
        """CharField validates text; the value is a question by now."""
