"""The form that stops waiting for a scorecard."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from accounts.forms import ends_with
from accounts.models import User
from editing.fields import Line
from interviews.models import Panelist
from interviews.planning.forms import keeps_draft
from interviews.planning.missing_scorecards import REASON_CHARS


class WaiveForm(forms.Form):
    reason = Line(
        max_length=REASON_CHARS,
        help_text="One sentence. The whole panel can read it, on the interview’s page and in the debrief.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    person = forms.ChoiceField(
        label="Ask someone else instead",
        required=False,
        help_text="For example, someone who sat in on the call. They join the panel and get an email.",
    )

    def __init__(self, *args: Any, panelist: Panelist, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Nobody"), *((pk, f"{person} · {person.email}") for pk, person in self.people.items())]
        self.helper = FormHelper()
        self.helper.attrs = keeps_draft(self, f"waive:{panelist.pk}")
        end = ends_with("Don’t wait for it", back="{{ interview.get_absolute_url }}")
        self.helper.layout = Layout(*(name for name in self.fields if name == "reason" or people), end)
        if not people:
            del self.fields["person"]

    @property
    def successor(self) -> User | None:
        return self.people.get(self.cleaned_data.get("person", ""))
