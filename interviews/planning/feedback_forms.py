"""The form of what a candidate is told."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from accounts.forms import ends_with
from editing.fields import Text
from editing.forms import EditForm
from interviews.models import Candidate
from interviews.planning.forms import keeps_draft


class FeedbackForm(EditForm):
    """The text as saved; until then, a draft."""

    class Meta:
        model = Candidate
        fields = ("feedback",)
        field_classes = {"feedback": Text}
        widgets = {"feedback": forms.Textarea(attrs={"rows": 14})}
        help_texts = {"feedback": "You pass this on yourself. Nothing is sent to candidates."}

    def __init__(self, *args: Any, draft: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Shown, and part of what the page was opened with: saving it unchanged is no clash.
        self.initial["feedback"] = self.initial["feedback"] or draft
        self.helper = FormHelper()
        self.helper.attrs = keeps_draft(self, f"feedback:{self.instance.pk}")
        self.helper.layout = Layout("feedback", ends_with("Save", back="{{ candidate.get_absolute_url }}"))
