"""Forms for calls that did not take place, and for candidates who withdrew."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Row
from django import forms

from accounts.forms import ends_with
from accounts.time_zones import place_of, time_zone_choices
from editing.fields import Line
from interviews.models import Candidate, Interview
from interviews.planning.forms import ask_again, keeps_draft
from interviews.planning.plan_forms import WhenForm, choice_field

RESCHEDULED = "rescheduled"
REASON = Line(
    max_length=240, help_text="One sentence for the panel.", widget=forms.TextInput(attrs={"autocomplete": "off"})
)


class OutcomeForm(WhenForm):
    """What became of a call, why, and the new time of one that is rescheduled."""

    field_order = ("outcome", "reason")

    outcome = forms.ChoiceField(label="What happened?", widget=forms.RadioSelect)
    reason = REASON
    # The planned time and the state that this form was opened with.
    was = forms.CharField(required=False, widget=forms.HiddenInput)
    was_status = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, interview: Interview, now: dt.datetime, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "time_zone": interview.time_zone,
            "was": interview.scheduled_for.isoformat(),
            "was_status": interview.status,
        }
        super().__init__(*args, **kwargs)
        self.now, self.interview = now, interview
        kind = Interview.Outcome
        choices = [
            (RESCHEDULED, "Rescheduled: script, panel and notes move to the new time"),
            (kind.NO_SHOW.value, "No-show: the candidate didn’t appear"),
            (kind.FAILURE.value, "Technical failure: the call couldn’t take place or was cut off"),
            (kind.WITHDREW.value, "Candidate withdrew: also cancels everything else planned for them"),
        ]
        is_ahead = interview.is_scheduled and now < interview.scheduled_for
        choice_field(self, "outcome").choices = [row for row in choices if not is_ahead or row[0] != kind.NO_SHOW]
        choice_field(self, "time_zone").choices = time_zone_choices(interview.time_zone)
        for name in ("date", "time"):
            self.fields[name].required = False
            self.fields[name].label = f"New {name}"
        self.helper = FormHelper()
        self.helper.attrs = keeps_draft(self, f"outcome:{interview.pk}")
        only = HTML('<p class="soft small">Only if rescheduled:</p>')
        end = ends_with("Save outcome", back="{{ interview.get_absolute_url }}")
        self.helper.layout = Layout(
            "outcome", "reason", only, Row("date", "time"), "time_zone", "was", "was_status", end
        )

    @property
    def is_rescheduled(self) -> bool:
        return bool(self.cleaned_data.get("outcome") == RESCHEDULED)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._require_same_state(cleaned.get("was_status", ""))
        if cleaned.get("outcome") == RESCHEDULED:
            for name in ("date", "time"):
                if cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, f"Enter the new {name}.")
            start = cleaned.get("scheduled_for")
            if start is not None and start <= self.now:
                self.add_error("date", "Choose a time in the future.")
            self._require_same_time(cleaned.get("was", ""), start)
        return cleaned

    def _require_same_state(self, was: str) -> None:
        """A call that has begun meanwhile takes place, so the sender is asked once more."""
        if was in ("", self.interview.status) or not (self.interview.is_live or self.interview.is_ended):
            return
        began = "started" if self.interview.is_live else "ended"
        self.add_error("outcome", f"The call has {began} since you opened this page. Save again to change it anyway.")
        ask_again(self, was_status=self.interview.status)

    def _require_same_time(self, was: str, wanted: dt.datetime | None) -> None:
        """Two people who reschedule at once: the second one is asked, with the other's time, unless it is the same."""
        planned = self.interview.scheduled_for
        if was in ("", planned.isoformat()) or wanted == planned:
            return
        local = self.interview.local_start
        self.add_error(
            "date",
            f"Someone rescheduled this to {local.day} {local:%B, %H:%M} ({place_of(self.interview.time_zone)}). "
            "Save again to move it to your time.",
        )
        ask_again(self, was=planned.isoformat())


class WithdrawForm(forms.Form):
    reason = REASON

    def __init__(self, *args: Any, candidate: Candidate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = keeps_draft(self, f"withdraw:{candidate.pk}")
        end = ends_with("Candidate withdrew", back="{{ candidate.get_absolute_url }}")
        self.helper.layout = Layout("reason", end)
