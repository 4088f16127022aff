"""Forms for what became of a candidate."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from accounts.forms import ends_with
from editing.fields import Line
from interviews.models import Candidate
from interviews.planning.forms import ask_again, keeps_draft


class CandidateOutcomeForm(forms.Form):
    """Hired or rejected, and why."""

    outcome = forms.ChoiceField(label="What was decided?", choices=Candidate.Outcome, widget=forms.RadioSelect)
    reason = Line(
        max_length=240,
        help_text="One sentence for the opening’s hiring managers.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    # The outcome when the form was opened.
    was = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, candidate: Candidate, **kwargs: Any) -> None:
        kwargs["initial"] = {"was": candidate.outcome}
        super().__init__(*args, **kwargs)
        self.candidate = candidate
        self.helper = FormHelper()
        self.helper.attrs = keeps_draft(self, f"candidate-outcome:{candidate.pk}")
        end = ends_with("Save outcome", back="{{ candidate.get_absolute_url }}")
        self.helper.layout = Layout("outcome", "reason", "was", end)

    def clean(self) -> dict[str, Any]:
        """The second of two managers is asked, if the first one said something else."""
        cleaned: dict[str, Any] = super().clean() or {}
        was, said = cleaned.pop("was", ""), self.candidate.outcome
        if "was" in self.data and said not in ("", was, cleaned.get("outcome")):
            words = self.candidate.get_outcome_display().lower()
            self.add_error(
                "outcome",
                f"Someone marked {self.candidate} as {words} since you opened this page. Save again to change it.",
            )
            ask_again(self, was=said)
        return cleaned
