"""Small forms: a suggestion, its answer, a comment, an extra point."""

from typing import Any

from django import forms

from editing.fields import Line
from question_bank.curation.forms.fields import Prose
from question_bank.models import Comment, Suggestion


class SuggestionForm(forms.Form):
    kind = forms.ChoiceField(
        choices=[choice for choice in Suggestion.Kind.choices if choice[0] != Suggestion.Kind.NEW],
        initial=Suggestion.Kind.CHANGE, widget=forms.RadioSelect,
    )  # fmt: skip
    text = Prose(
        rows=3, label="Suggestion", max_length=Suggestion.LENGTH,
        help_text="Don’t name candidates. Curators see your name.",
    )  # fmt: skip

    def __init__(self, *args: Any, is_new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_new:
            del self.fields["kind"]
        if not self.is_bound:
            self.fields["text"].widget.attrs["autofocus"] = True


class AnswerForm(forms.Form):
    answer = Line(max_length=Suggestion.ANSWER_LENGTH, required=False)


class CommentForm(forms.Form):
    text = Prose(rows=2, label="Comment", max_length=Comment.LENGTH)


class PointForm(forms.Form):
    text = Line(max_length=500)
