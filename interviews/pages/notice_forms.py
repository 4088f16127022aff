"""How a person wants to be told about interviews."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from accounts.forms import ends_with
from interviews.models import Notice, NoticeSettings

WHEN = [("now", "At once"), ("daily", "In one email a day, at about 8:00 in your time zone")]


class NoticeSettingsForm(forms.Form):
    page = forms.MultipleChoiceField(
        label="On this site", choices=Notice.Kind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    email = forms.MultipleChoiceField(
        label="By email",
        choices=Notice.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Calendar invites are attached to the emails about planned interviews.",
    )
    when = forms.ChoiceField(
        label="When to send emails",
        choices=WHEN,
        widget=forms.RadioSelect,
        help_text="Calendar invites and scorecard reminders are always sent at once.",
    )

    def __init__(self, *args: Any, wants: NoticeSettings, **kwargs: Any) -> None:
        self.wants = wants
        kinds = Notice.Kind.values
        kwargs["initial"] = {
            "page": [kind for kind in kinds if kind not in wants.no_page],
            "email": [kind for kind in kinds if kind not in wants.no_email],
            "when": "daily" if wants.is_daily else "now",
        }
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("page", "email", "when", ends_with("Save", back="{% url 'notice-list' %}"))

    def save(self) -> None:
        data, kinds = self.cleaned_data, Notice.Kind.values
        values = {
            "no_page": [kind for kind in kinds if kind not in data["page"]],
            "no_email": [kind for kind in kinds if kind not in data["email"]],
            "is_daily": data["when"] == "daily",
        }
        NoticeSettings.objects.update_or_create(user=self.wants.user, defaults=values)
