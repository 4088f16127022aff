"""The form that adds a file of a candidate."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from accounts.forms import ends_with
from interviews.models.candidate_files import FILE_BYTES


class CandidateFileForm(forms.Form):
    file = forms.FileField(
        help_text=f"PDF, image, text or Office document, up to {FILE_BYTES // 1_000_000} MB.",
        widget=forms.FileInput(attrs={"data-most-bytes": FILE_BYTES}),
        error_messages={"required": "Choose a file.", "empty": "This file is empty."},
    )

    def __init__(self, *args: Any, is_sent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_bound = is_sent  # nothing chosen sends no field at all
        self.helper = FormHelper()
        self.helper.layout = Layout("file", ends_with("Add file", back="{{ candidate.get_absolute_url }}"))
