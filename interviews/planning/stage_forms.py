"""Forms for what became of a candidate."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from accounts.forms import ends_with
from editing.fields import Line
from interviews.models import Candidate
from interviews.planning.forms import keeps_draft


class CandidateOutcomeForm(forms.Form):
    """Hired or rejected, and why."""

    outcome = forms.ChoiceField(label="What was decided?", choices=Candidate.Outcome, widget=forms.RadioSelect)
    reason = Line(
        max_length=240,
        help_text="One sentence for the opening’s hiring managers.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, candidate: Candidate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = keeps_draft(self, f"candidate-outcome:{candidate.pk}")
        end = ends_with("Save outcome", back="{{ candidate.get_absolute_url }}")
        self.helper.layout = Layout("outcome", "reason", end)
