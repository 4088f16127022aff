"""The form of a decision, on the debrief."""

import uuid
from typing import Any

from django import forms
from django.http import QueryDict

from editing.fields import Text
from interviews.access import DebriefAccess
from interviews.debriefs import decisions
from interviews.debriefs.debrief import Debrief
from interviews.debriefs.decisions import NewDecision
from interviews.models import Decision

MANY = "At most %(limit_value)d characters; this has %(show_value)d."


class _Text(Text):
    """A text of at most `limit` characters. `wanted` is the error if it is missing; "" makes it optional."""

    def __init__(self, limit: int, wanted: str = "") -> None:
        errors = {"required": wanted, "max_length": MANY}
        super().__init__(required=bool(wanted), max_length=limit, error_messages=errors)


class DecisionForm(forms.Form):
    choice = forms.ChoiceField(choices=Decision.Choice, error_messages={"required": "Choose a decision."})
    reason = _Text(4_000, "Say why. Two sentences are enough.")
    against = _Text(500)
    dissenters = forms.TypedMultipleChoiceField(coerce=int, required=False)
    dissent = _Text(2_000)
    feedback = _Text(4_000)
    base = forms.IntegerField(min_value=0)
    token = forms.UUIDField()

    def __init__(self, posted: Any, *, access: DebriefAccess, debrief: Debrief) -> None:
        super().__init__(posted, initial={"base": len(debrief.decisions), "token": uuid.uuid4()})
        people = [(row["panelist"], row["name"]) for row in debrief.recommendations]
        dissenters = self.fields["dissenters"]
        assert isinstance(dissenters, forms.TypedMultipleChoiceField)
        dissenters.choices = people
        self.options = decisions.choices(access)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        who, what = cleaned.get("dissenters"), cleaned.get("dissent")
        if what and who == []:
            self.add_error("dissenters", "Choose who disagrees.")
        if who and what == "":
            self.add_error("dissent", "Enter what they disagree with.")
        return cleaned

    def new(self) -> NewDecision:
        """The decision of a valid form."""
        return NewDecision(**self.cleaned_data)

    def shown_again(self) -> "DecisionForm":
        """The form as sent, but based on the decisions that the page shows now, so that it can be sent again."""
        assert isinstance(self.data, QueryDict)
        again = self.data.copy()  # a QueryDict is read-only
        again["base"], again["token"] = str(self.initial["base"]), str(self.initial["token"])
        self.data = again
        return self
