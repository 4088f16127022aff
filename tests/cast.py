"""All actors and two openings, for the access tests."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from accounts.factories import (
    AdministratorFactory,
    CuratorFactory,
    HiringManagerFactory,
    InterviewerFactory,
    UserFactory,
)
from accounts.models import User
from interviews.exports import requests
from interviews.factories import (
    CandidateFactory,
    CandidateFileFactory,
    InterviewFactory,
    OpeningFactory,
    ScorecardFactory,
    UnlistedPointFactory,
    small_script,
)
from interviews.models import (
    Candidate,
    CandidateFile,
    Export,
    Interview,
    Nudge,
    Opening,
    Panelist,
    ScriptedQuestion,
    UnlistedPoint,
)
from interviews.models.exports import Target
from interviews.models.stages import add_stages
from interviews.tests.submitting import rate, submit
from mail.models import Mail
from question_bank import history
from question_bank.factories import QuestionFactory, SectionFactory
from question_bank.models import Change, Question, Script, Suggestion

LEAD, INTERVIEWER, SHADOW = Panelist.Part.LEAD, Panelist.Part.INTERVIEWER, Panelist.Part.SHADOW
# States of an interview. "ended": only the lead has submitted; "submitted": everybody has.
STATES = ("scheduled", "live", "ended", "submitted", "cancelled")
# Of an extra point and of a line to the panel.
UNLISTED = uuid.UUID(int=1)
SIGNED_OUT = ("anonymous", "deactivated")

_MAKERS: dict[str, Callable] = {
    "no role": UserFactory,
    "outsider": InterviewerFactory,
    "lead": InterviewerFactory,
    "interviewer": InterviewerFactory,
    "shadow": InterviewerFactory,
    "left": InterviewerFactory,
    # Still on the panel, but without the role.
    "former panelist": UserFactory,
    "manager": HiringManagerFactory,
    "other manager": HiringManagerFactory,
    # Still among the opening's managers, but without the role.
    "former manager": UserFactory,
    # Manages the opening, sits on the panel, and submits last.
    "panel manager": HiringManagerFactory,
    "curator": CuratorFactory,
    "administrator": AdministratorFactory,
    "superuser": partial(UserFactory, is_superuser=True),
    "deactivated": partial(UserFactory, is_active=False),
}
ACTORS = ("anonymous", *_MAKERS)


@dataclass
class Hiring:
    """An opening with its candidate, and an interview in each of the states; everybody has rated something."""

    opening: Opening
    candidate: Candidate
    interviews: dict[str, Interview]
    file: CandidateFile
    # Hashes of the managers' PDFs by state, of their packet and their zip.
    keys: dict[str, str] = field(default_factory=dict)
    packet: str = ""
    zip: str = ""

    def lead(self, state: str) -> Panelist:
        return Panelist.objects.get(interview=self.interviews[state], part=LEAD)

    def owing(self, state: str) -> Panelist:
        """A panelist who owes a scorecard in the state "ended"."""
        return Panelist.objects.get(interview=self.interviews[state], user__name__in=["Interviewer", "Stranger second"])

    def unlisted(self, state: str) -> UnlistedPoint:
        return UnlistedPoint.objects.get(question__interview=self.interviews[state])

    def question(self, state: str) -> ScriptedQuestion:
        return ScriptedQuestion.objects.filter(interview=self.interviews[state]).in_order()[0]


@dataclass
class Cast:
    people: dict[str, User]
    ours: Hiring
    theirs: Hiring
    script: Script
    questions: dict[str, Question]
    # An earlier version of the published question, and of the script.
    changes: dict[str, Change]
    # By the outsider.
    suggestion: Suggestion
    mail: Mail


def make_cast() -> Cast:
    people = {name: make(name=name.capitalize()) for name, make in _MAKERS.items()}
    script = small_script()
    SectionFactory(script=script, position=2, gate="Go on?")
    ours = _hiring(
        people,
        script,
        managers=["manager", "panel manager", "former manager"],
        lead="lead",
        panel=["interviewer", "shadow", "left", "former panelist"],
        unlisted=UNLISTED,
    )
    strangers = {name: InterviewerFactory(name=f"Stranger {name}") for name in ("first", "second")}
    theirs = _hiring(
        people | strangers, script, managers=["other manager"], lead="first", panel=["second"], unlisted=uuid.uuid4()
    )
    questions = {status: QuestionFactory(status=status) for status in (Question.Status.DRAFT, "published", "retired")}
    now = timezone.now()
    mail = Mail.objects.create(
        kind="invitation", to="away@example.org", subject="x", text="x", created_at=now, try_at=now
    )
    suggestion = Suggestion.objects.create(
        question=questions["published"], kind="change", text="Ask why.", by=people["outsider"], at=now
    )
    mail.give_up(at=now, failure="The email server can’t be reached.")
    cast = Cast(people, ours, theirs, script, questions, _earlier(questions["published"], script), suggestion, mail)
    for hiring, manager in ((ours, "manager"), (theirs, "other manager")):
        for state in ("ended", "submitted"):
            hiring.keys[state] = _ready_file(hiring.interviews[state], people[manager])
        hiring.packet = _ready_file(hiring.candidate, people[manager])
        hiring.zip = _ready_file(hiring.opening, people[manager])
    return cast


def _earlier(question: Question, script: Script) -> dict[str, Change]:
    """Both had another “Why we ask” before."""
    changes = {}
    for noun, row in (("question", question), ("script", script)):
        history.keep_first([type(row).objects.with_parts().get(pk=row.pk)])
        changes[noun] = row.changes.get()
        type(row).objects.filter(pk=row.pk).update(purpose="To hear them think.")
    return changes


def _hiring(
    people: dict[str, User], script: Script, *, managers: list[str], lead: str, panel: list[str], unlisted: uuid.UUID
) -> Hiring:
    opening = OpeningFactory(managers=[people[name] for name in managers])
    add_stages(opening)
    candidate = CandidateFactory(
        opening=opening,
        name="Ada Okafor",
        assignment_url="https://example.org/ada",
        stage=opening.stages.current().first(),
    )
    seats = [(people[lead], LEAD), *((people[name], SHADOW if name == "shadow" else INTERVIEWER) for name in panel)]
    seats += [(people[name], INTERVIEWER) for name in managers if name == "panel manager"]
    traits = {"scheduled": {}, "submitted": {"ended": True}}
    interviews = {
        state: InterviewFactory(candidate=candidate, script=script, panel=seats, **traits.get(state, {state: True}))
        for state in STATES
    }
    hiring = Hiring(opening, candidate, interviews, CandidateFileFactory(candidate=candidate))
    for state in ("live", "ended", "submitted"):
        for seat in interviews[state].panelists.all():
            rate(seat, hiring.question(state), 3)
    for state in STATES:
        Nudge.objects.create(
            interview=hiring.interviews[state],
            author=hiring.lead(state),
            client_id=unlisted,
            text="Ask about Vary",
            at=hiring.interviews[state].scheduled_for,
        )
        UnlistedPointFactory(question=hiring.question(state), author=hiring.lead(state), client_id=unlisted)
    Panelist.objects.filter(user=people["left"]).update(left_at=timezone.now())
    for state in ("ended", "submitted"):
        current = interviews[state].panelists.with_access()
        for seat in current.filter(user=people[lead]) if state == "ended" else current:
            submit(
                seat, at=interviews[state].ended_at + dt.timedelta(minutes=20), recommendation=3, because="Measures."
            )
    for seat in interviews["ended"].panelists.exclude(user=people[lead]):
        ScorecardFactory(panelist=seat, recommendation=2)
    return hiring


def _ready_file(target: Target, reader: User) -> str:
    export = requests.request_export(target=target, reader=reader, at=timezone.now())
    storages["exports"].save(export.storage_name, ContentFile(b"%PDF-"))
    Export.objects.get(pk=export.pk).finish(at=timezone.now())
    return export.key
