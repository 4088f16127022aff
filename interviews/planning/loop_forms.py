"""The form of a loop: a plan and a panel for each round. A round without a script and a date is left out."""

from collections.abc import Sequence
from typing import Any

from accounts.models import User
from interviews.models import Opening, Stage
from interviews.planning.forms import starts_here
from interviews.planning.plan_forms import PlanForm, choice_field, initial_of, panel_formset
from interviews.planning.plan_merging import Plan


class RoundForm(PlanForm):
    summary_name = ""

    def __init__(self, *args: Any, plan: Plan | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = choice_field(self, "script").choices
        choice_field(self, "script").choices = [("", "No interview"), *offered]
        self.fields["script"].error_messages["required"] = "Choose a script, or clear the date to leave this round out."
        if plan is not None:
            # The day is another one; the time of day is usually the same.
            initial = initial_of(plan)
            usable = initial["script"] is not None and str(initial["script"]) in self.scripts
            for name in ("time", "time_zone", "minutes", "stage"):
                self.initial[name] = initial[name]
            self.initial["script"] = initial["script"] if usable else None


class Round:
    """One round: its plan and its panel, in the same <form>."""

    def __init__(
        self, number: int, posted: Any, *, by: User, opening: Opening, plan: Plan | None, stage: Stage | None
    ) -> None:
        self.number = number
        prefix = f"round-{number}"
        # Nothing of a blank one is read, so nothing of it can be wrong. With a date, the script was forgotten.
        self.is_blank = posted is not None and not any(posted.get(f"{prefix}-{name}") for name in ("script", "date"))
        posted = None if self.is_blank else posted
        self.form = RoundForm(posted, by=by, opening=opening, plan=plan, stage=stage, prefix=prefix)
        self.panel = panel_formset(posted, seats=plan.panel if plan else None, prefix=f"{prefix}-panel")
        self.form.summary_name = self.panel.summary_name = f"Round {number}"
        if plan is not None and number == 1:
            starts_here(self.form, "date")  # all else is copied

    def is_valid(self) -> bool:
        # Both, so that everything wrong is said at once.
        return all([self.form.is_valid(), self.panel.is_valid()])

    def plan(self) -> Plan:
        return self.form.plan(self.panel.seats())


def rounds_of(
    posted: Any, *, count: int, by: User, opening: Opening, plans: Sequence[Plan], stage: Stage | None = None
) -> list[Round]:
    """`stage` is that of rounds without a plan."""
    shown = [*plans[:count], *[None] * (count - len(plans))]
    return [
        Round(number, posted, by=by, opening=opening, plan=plan, stage=stage)
        for number, plan in enumerate(shown, start=1)
    ]
