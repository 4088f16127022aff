"""Forms that move a candidate to another opening, merge two entries of one person, or delete a candidate."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from accounts.forms import ends_with
from accounts.models import User
from editing.fields import Line
from finding.searching import fold
from interviews.models import Candidate, Opening

# More are no choice.
OFFERED = 500


class MoveForm(forms.Form):
    opening = forms.ModelChoiceField(Opening.objects.none(), empty_label="Choose an opening")

    def __init__(self, *args: Any, candidate: Candidate, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["opening"]
        assert isinstance(field, forms.ModelChoiceField)
        # `managed_by` joins people and roles.
        others = Opening.objects.managed_by(by).current().exclude(pk=candidate.opening_id)
        field.queryset = Opening.objects.filter(pk__in=others.order_by().values("pk"))
        self.helper = FormHelper()
        self.helper.layout = Layout("opening", ends_with("Move", back="{{ candidate.get_absolute_url }}"))


class MergeForm(forms.Form):
    other = forms.ChoiceField(
        label="Who is the same person?",
        help_text="Candidates for this opening. To merge one from another opening, move them here first.",
    )

    def __init__(self, *args: Any, candidate: Candidate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alike = Candidate.objects.all().alike(candidate)
        rest = Candidate.objects.filter(opening=candidate.opening_id).exclude(
            pk__in=[candidate.pk, *(a.pk for a in alike)]
        )
        self.people: dict[str, Candidate] = {str(one.pk): one for one in [*alike, *rest[:OFFERED]]}
        names = [(pk, f"{one}{f' · {one.email}' if one.email else ''}") for pk, one in self.people.items()]
        field = self.fields["other"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = names if alike else [("", "Choose a candidate"), *names]
        self.helper = FormHelper()
        self.helper.layout = Layout("other", ends_with("Merge", back="{{ candidate.get_absolute_url }}"))

    @property
    def picked(self) -> Candidate:
        """The other candidate of a valid form."""
        return self.people[self.cleaned_data["other"]]


class DeleteForm(forms.Form):
    """Deleting a record takes the name, typed; a candidate without interviews goes by a button."""

    name = Line(label="Candidate’s name", help_text="Type it to confirm.", max_length=200)

    def __init__(self, *args: Any, candidate: Candidate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidate = candidate
        self.has_record = candidate.interviews.exists()
        if not self.has_record:
            del self.fields["name"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_name(self) -> str:
        typed = str(self.cleaned_data["name"])
        if fold(typed).split() != fold(self.candidate.name).split():
            raise forms.ValidationError("This isn’t the candidate’s name.")
        return typed
