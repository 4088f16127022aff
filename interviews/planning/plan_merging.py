"""The plan of an interview in parts, to merge or compare the changes of two managers."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass, replace
from typing import Self

from accounts.models import User
from accounts.time_zones import place_of
from editing.merging import Content, Edit, Part, seal
from interviews.models import BlindPolicy, Interview, Panelist, Stage
from question_bank.models import Script

LEAD = "lead"
SEAT = "panel/"

Seat = tuple[User, str]  # a person and their part


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Script, time, length and panel of an interview.

    `scheduled_for` is aware; `time_zone` is the zone in which the time was chosen. `script` None keeps the frozen one.
    `blind_policy` "" keeps the policy of the interview, or of the opening for a new one."""

    script: Script | None
    scheduled_for: dt.datetime
    time_zone: str
    minutes: int
    panel: tuple[Seat, ...]
    call_link: str = ""
    blind_policy: str = ""
    is_fully_blind: bool = False
    stage: Stage | None = None
    # Of a practice call only: the script's draft instead of the published version.
    is_draft: bool = False

    @classmethod
    def of(cls, interview: Interview) -> Self:
        """The current plan of an interview."""
        seats = interview.panelists.current().select_related("user")
        return cls(
            script=interview.script,
            scheduled_for=interview.scheduled_for,
            time_zone=interview.time_zone,
            minutes=interview.minutes,
            call_link=interview.call_link,
            blind_policy=interview.blind_policy,
            is_fully_blind=interview.is_fully_blind,
            stage=interview.stage,
            panel=tuple((seat.user, seat.part) for seat in seats),
        )

    def filled(self, interview: Interview) -> Self:
        """This plan, with the interview's values where it keeps them. Being fully blind cannot be taken back."""
        return replace(
            self,
            script=self.script or interview.script,
            blind_policy=self.blind_policy or interview.blind_policy,
            is_fully_blind=self.is_fully_blind or interview.is_fully_blind,
        )

    def merged(self, interview: Interview, edit: Edit) -> "Plan":
        """This plan, merged with the changes made since the form was opened. Raises Overtaken."""
        content = edit.reconcile(self.content(interview), Plan.of(interview).content(interview), row=interview)
        return plan_of_content(content)

    def content(self, interview: Interview) -> Content:
        """The parts to merge. Time and zone are one part; the lead is one; a panelist is one, keyed by person."""
        script, start = self.script, self.scheduled_for
        content: Content = {
            "script": Part(
                "Script", str(script or interview.script_name), script, key=str(script.pk if script else "frozen")
            ),
            "when": Part(
                "Time",
                _when(start, self.time_zone),
                (start, self.time_zone),
                key=f"{start.timestamp()} {self.time_zone}",
            ),
            "minutes": Part("Length in minutes", str(self.minutes), self.minutes),
            "stage": Part("Stage", str(self.stage or "No stage"), self.stage),
            "call_link": Part("Call link", self.call_link, self.call_link),
            "blind_policy": Part(
                "When panelists can see each other’s scorecards",
                str(BlindPolicy(self.blind_policy).label),
                self.blind_policy,
            ),
            "is_fully_blind": Part(
                "Hide which points the others heard", "Yes" if self.is_fully_blind else "No", self.is_fully_blind
            ),
        }
        for user, part in self.panel:
            if part == Panelist.Part.LEAD:
                content[LEAD] = Part("Lead", str(user), user, key=str(user.pk))
            # The lead is a separate part, so that merging two new leads is a conflict and does not give two leads.
            beside = Panelist.Part.INTERVIEWER.value if part == Panelist.Part.LEAD else part
            content[f"{SEAT}{user.pk}"] = Part(f"Panel: {user}", str(Panelist.Part(beside).label), (user, beside))
        return content


def plan_of_content(content: Content) -> Plan:
    """The plan that has these parts."""
    lead = content[LEAD].value if LEAD in content else None
    seats = [part.value for path, part in content.items() if path.startswith(SEAT)]
    start, time_zone = content["when"].value
    return Plan(
        script=content["script"].value,
        scheduled_for=start,
        time_zone=time_zone,
        minutes=content["minutes"].value,
        call_link=content["call_link"].value,
        blind_policy=content["blind_policy"].value,
        is_fully_blind=content["is_fully_blind"].value,
        stage=content["stage"].value,
        panel=tuple((user, Panelist.Part.LEAD.value if user == lead else part) for user, part in seats),
    )


def plan_revision(interview: Interview) -> str:
    """The revision that the form of a plan carries. It changes with every change to the plan."""
    return seal(Plan.of(interview).content(interview))


def _when(start: dt.datetime, time_zone: str) -> str:
    """ "24 November 2026, 09:00, New York time" """
    local = start.astimezone(zoneinfo.ZoneInfo(time_zone))
    return f"{local.day} {local:%B %Y, %H:%M}, {place_of(time_zone)}"
