"""The forms that plan an interview: its script, time and length, its panel, and cancelling."""

import datetime as dt
import zoneinfo
from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.forms import ends_with
from accounts.models import User
from accounts.time_zones import time_zone_choices
from editing.fields import Line
from editing.web_addresses import LENGTH, WebAddressFormField
from interviews.models import BlindPolicy, Interview, Opening, Panelist, Stage
from interviews.planning import clock_changes, scheduling
from interviews.planning.forms import keeps_draft
from interviews.planning.freezing import script_changes
from interviews.planning.plan_merging import Plan, Seat
from interviews.refusals import Refused
from question_bank.models import Script

MINUTES_SENTENCE = f"An interview can last {Interview.MINUTES_MIN} to {Interview.MINUTES_MAX} minutes."
# Other years are typing errors, and time arithmetic overflows near the ends of the calendar.
YEARS = range(2000, 2200)
SEATS_MIN = 4  # rows shown for the panel, at least
SEATS_SPARE = 2
LOAD_WITHIN = dt.timedelta(days=7)
NOT_OFFERED_MAX = 500


def choice_field(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field


class WhenForm(forms.Form):
    """A date and time by the clocks of a place; `scheduled_for` is the moment."""

    date = forms.DateField(
        input_formats=["%Y-%m-%d"], widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(
        input_formats=["%H:%M", "%H:%M:%S"], widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    time_zone = forms.ChoiceField(help_text="Everyone sees the time in their own zone.")

    def clean_date(self) -> dt.date | None:
        date: dt.date | None = self.cleaned_data["date"]
        if date is not None and date.year not in YEARS:
            raise ValidationError(f"Check the year: {date.year}.")
        return date

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        date, time, zone = (cleaned.get(name) for name in ("date", "time", "time_zone"))
        if date is not None and time is not None and zone:
            try:
                cleaned["scheduled_for"] = clock_changes.moment(date, time, zone)
            except Refused as refusal:
                self.add_error("time", str(refusal))
        return cleaned


class PlanForm(WhenForm):
    """Script, time and length of an interview. The panel is a formset beside it, in the same <form>."""

    field_order = ("script", "stage")

    script = forms.ChoiceField()
    stage = forms.ChoiceField(required=False)
    minutes = forms.IntegerField(
        label="Length in minutes",
        required=False,
        min_value=Interview.MINUTES_MIN,
        max_value=Interview.MINUTES_MAX,
        help_text="Defaults to the script’s length.",
        error_messages={"min_value": MINUTES_SENTENCE, "max_value": MINUTES_SENTENCE},
    )
    call_link = WebAddressFormField(
        required=False,
        max_length=LENGTH,
        help_text="The panel can join the call from the interview’s page, the email and their calendars.",
    )
    blind_policy = forms.ChoiceField(
        label="When panelists can see each other’s scorecards",
        required=False,
        help_text="Set by the opening. You can make it stricter for this interview, never looser.",
    )
    is_fully_blind = forms.BooleanField(label="Hide which points the others heard", required=False)
    takes_newer = forms.BooleanField(label="Use the newer version of the script", required=False)

    def __init__(
        self,
        *args: Any,
        by: User,
        opening: Opening | None = None,
        interview: Interview | None = None,
        plan: Plan | None = None,
        stage: Stage | None = None,
        **kwargs: Any,
    ) -> None:
        """Fill the form from `plan`, or from the plan of `interview`; for a new one, with the defaults of `opening`,
        and with `stage`."""
        if interview is not None:
            kwargs["initial"] = initial_of(plan or Plan.of(interview))
        else:
            zone = by.time_zone or timezone.get_default_timezone_name()
            link = opening.call_link if opening else ""
            kwargs["initial"] = {"time_zone": zone, "call_link": link, "stage": stage.pk if stage else None}
        super().__init__(*args, **kwargs)
        choice_field(self, "time_zone").choices = time_zone_choices(kwargs["initial"]["time_zone"])
        self.scripts = {str(script.pk): script for script in _scripts(interview)}
        self._offer_scripts(interview)
        self.stages = _stages(interview, opening)
        choice_field(self, "stage").choices = [("", "No stage"), *((pk, str(one)) for pk, one in self.stages.items())]
        if not self.stages:
            del self.fields["stage"]
        policy = self._offer_policies(interview)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        script = ["script"] if "script" in self.fields else []
        script += ["takes_newer"] if self._offers_newer(interview) else []
        script += ["stage"] if self.stages else []
        self.helper.layout = Layout(*script, Row("date", "time"), Row("time_zone", "minutes"), "call_link", *policy)

    def _offers_newer(self, interview: Interview | None) -> bool:
        """Whether the script has changed in the bank, and nobody has recorded or noted anything that it would lose."""
        changes = script_changes(interview) if interview is not None and interview.is_scheduled else None
        if interview is None or not changes or scheduling.is_written_on(interview):
            del self.fields["takes_newer"]
            return False
        self.fields["takes_newer"].help_text = f"It has changed since this interview was planned: {changes}."
        return True

    def _offer_policies(self, interview: Interview | None) -> list[str]:
        """Offer the current and stricter policies; return the remaining fields. New interviews use the opening's."""
        if interview is None:
            del self.fields["blind_policy"]
        else:
            offered = BlindPolicy.as_strict_as(interview.blind_policy)
            # The policy may have become stricter since the page was opened: accept the sent one, the merge decides.
            sent = [policy for policy in BlindPolicy if policy == self.data.get("blind_policy")]
            choices = [(policy.value, policy.label) for policy in BlindPolicy if policy in (*offered, *sent)]
            choice_field(self, "blind_policy").choices = choices
        if interview is None or interview.is_fully_blind or not interview.is_scheduled:
            del self.fields["is_fully_blind"]
        return [name for name in ("blind_policy", "is_fully_blind") if name in self.fields]

    def _offer_scripts(self, interview: Interview | None) -> None:
        choices = [(pk, f"{script.name}, {script.minutes} min") for pk, script in self.scripts.items()]
        if interview is not None and not interview.is_scheduled:
            del self.fields["script"]
            return
        if interview is not None and interview.script_id is None:
            self.fields["script"].required = False
            choices.insert(0, ("", f"{interview.script_name}, as planned"))
        choice_field(self, "script").choices = choices

    def clean_script(self) -> Script | None:
        return self.scripts.get(self.cleaned_data["script"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("minutes") is None and not self.errors.keys() & {"minutes", "script"}:
            script = cleaned.get("script")
            if script is None:
                self.add_error("minutes", "Enter the length in minutes.")
            else:
                cleaned["minutes"] = min(max(script.minutes, Interview.MINUTES_MIN), Interview.MINUTES_MAX)
        return cleaned

    def first_script(self) -> Script | None:
        """The script that an unsent form shows as chosen."""
        if "script" not in self.fields:
            return None
        chosen = self.initial.get("script")
        if chosen is None and "minutes" in self.initial:  # an interview whose script was deleted
            return None
        return self.scripts.get(str(chosen)) if chosen else next(iter(self.scripts.values()), None)

    def plan(self, panel: Sequence[Seat]) -> Plan:
        """The plan of a valid form and panel."""
        data = self.cleaned_data
        return Plan(
            script=data.get("script"),
            scheduled_for=data["scheduled_for"],
            time_zone=data["time_zone"],
            minutes=data["minutes"],
            panel=tuple(panel),
            call_link=data["call_link"],
            blind_policy=data.get("blind_policy", ""),
            is_fully_blind=data.get("is_fully_blind", False),
            stage=self.stages.get(data.get("stage", "")),
        )


def _stages(interview: Interview | None, opening: Opening | None) -> dict[str, Stage]:
    """The stages of the opening, and the interview's own one if it was removed."""
    opening = interview.opening if interview else opening
    found = list(opening.stages.current()) if opening else []
    if interview is not None and interview.stage is not None and interview.stage not in found:
        found.append(interview.stage)
    return {str(stage.pk): stage for stage in found}


def _scripts(interview: Interview | None) -> QuerySet[Any]:
    """Usable scripts and the interview's own one, each with the annotation `minutes`."""
    scripts = Script.objects.usable()
    if interview is not None and interview.script_id:
        scripts = scripts | Script.objects.filter(pk=interview.script_id)
    return scripts.annotate(minutes=Coalesce(Sum("sections__minutes"), 0))


def initial_of(plan: Plan) -> dict[str, Any]:
    """The values of the form for this plan."""
    local = plan.scheduled_for.astimezone(zoneinfo.ZoneInfo(plan.time_zone))
    return {
        "script": plan.script.pk if plan.script else None,
        "date": local.date(),
        "time": local.time(),
        "time_zone": plan.time_zone,
        "minutes": plan.minutes,
        "call_link": plan.call_link,
        "blind_policy": plan.blind_policy,
        "is_fully_blind": plan.is_fully_blind,
        "stage": plan.stage.pk if plan.stage else None,
    }


class SeatForm(forms.Form):
    """One row of the panel: a person and their part, or nobody."""

    person = forms.ChoiceField(required=False)
    part = forms.ChoiceField(label="Panel role", choices=Panelist.Part)

    def __init__(self, *args: Any, people: Sequence[User], load: Mapping[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in people}
        names = [(str(user.pk), f"{user}{_load_words(load.get(user.pk, 0))} · {user.email}") for user in people]
        choice_field(self, "person").choices = [("", "Nobody"), *names]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.is_required_obvious = True
        self.helper.layout = Layout(Row("person", "part"))

    def seat(self) -> Seat | None:
        """The person and their part; None for a blank row."""
        person = self.people.get(self.cleaned_data.get("person", ""))
        return (person, self.cleaned_data["part"]) if person else None


def load_of(people: Sequence[User], *, at: dt.datetime) -> dict[int, int]:
    """How many interviews each person has in the next seven days, by their key; one query."""
    ahead = {"interview__scheduled_for__gt": at, "interview__scheduled_for__lt": at + LOAD_WITHIN}
    seats = Panelist.objects.real().current().filter(user__in=people, interview__status=Interview.Status.SCHEDULED)
    counted = seats.filter(**ahead).order_by().values("user").annotate(count=Count("pk"))
    return dict(counted.values_list("user", "count"))


def _load_words(count: int) -> str:
    # Before the email: a narrow box cuts the end.
    return f" · {count} in next 7 days" if count else ""


def not_offered(known: Sequence[User] = ()) -> list[str]:
    """Who cannot be on a panel and why, by name, for a manager who looks for them; one query."""
    offered = User.objects.interviewers(including=[person.pk for person in known]).values("pk")
    others = User.objects.exclude(pk__in=offered).order_by("name", "email")
    return [
        f"{person}: {'not an interviewer' if person.is_active else 'no access'}" for person in others[:NOT_OFFERED_MAX]
    ]


class BasePanelFormSet(forms.BaseFormSet):
    set_name, row_name = "Panel", "Panelist"

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.empty_permitted = False  # an unchanged row still counts
        form.helper.form_show_labels = index == 0  # from the second row, only screen readers get labels

    def seats(self) -> list[Seat]:
        """The chosen panel of a valid formset."""
        return [seat for form in self.forms if (seat := form.seat())]

    def clean(self) -> None:
        if any(self.errors):
            return
        seats = self.seats()
        leads = [part for _, part in seats].count(Panelist.Part.LEAD)
        if leads != 1:
            raise ValidationError("Choose a lead." if leads == 0 else "Choose only one lead.")
        names = [str(user) for user, _ in seats]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValidationError(f"{twice} is on the panel twice.")


_PanelFormSet = forms.formset_factory(SeatForm, formset=BasePanelFormSet, extra=0, max_num=20, absolute_max=20)


def panel_formset(
    posted: Any, *, interview: Interview | None = None, seats: Sequence[Seat] | None = None, prefix: str = "panel"
) -> Any:
    """A row for each of `seats` or each panelist, and blank rows. In a new interview the first row is the lead."""
    seated = list(interview.panelists.current().select_related("user")) if interview else []
    shown = seats if seats is not None else [(seat.user, seat.part) for seat in seated]
    known = {seat.user_id for seat in seated} | {user.pk for user, _ in shown}
    people = list(User.objects.interviewers(including=known))
    kwargs = {"people": people, "load": load_of(people, at=timezone.now())}
    rows = [{"person": str(user.pk), "part": part} for user, part in shown] or [{"part": Panelist.Part.LEAD}]
    blank = max(SEATS_MIN - len(rows), SEATS_SPARE)
    rows += [{"part": Panelist.Part.INTERVIEWER}] * blank
    return _PanelFormSet(posted, initial=rows, prefix=prefix, form_kwargs=kwargs)


def people_of(panel: Any) -> list[User]:
    """The people on offer in each row of a panel."""
    return list(panel.forms[0].people.values()) if panel.forms else []


class CancelForm(forms.Form):
    reason = Line(
        max_length=240,
        help_text="One sentence for the panel, such as “The candidate has withdrawn”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, interview: Interview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.attrs = keeps_draft(self, f"cancel:{interview.pk}")
        back = HTML('<a class="btn" href="{{ interview.get_absolute_url }}">Don’t cancel</a>')
        end = ends_with("Cancel interview")
        end.fields[0].field_classes = "btn btn-danger"
        end.fields.append(back)
        self.helper.layout = Layout("reason", end)
