"""Openings, candidates, interviews and what panelists record, for tests and demo data."""

import datetime as dt
import uuid
from typing import Any

import factory
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from accounts.factories import HiringManagerFactory, InterviewerFactory
from interviews.models import (
    Candidate,
    CandidateFile,
    Interview,
    LooseEnd,
    Note,
    Opening,
    Panelist,
    Rating,
    Scorecard,
    ScriptedPoint,
    ScriptedQuestion,
    ScriptedSection,
    Tick,
    UnlistedPoint,
)
from interviews.planning.freezing import freeze
from question_bank.factories import (
    PointFactory,
    QuestionFactory,
    ScriptFactory,
    ScriptItemFactory,
    SectionFactory,
)
from question_bank.models import Point, Script

# Past on any clock: what happened in a call lies behind the moment of the test.
START = dt.datetime(2024, 11, 20, 14, 0, tzinfo=dt.UTC)
PDF = b"%PDF-1.7\n"


class OpeningFactory(factory.django.DjangoModelFactory[Opening]):
    """A role; `managers=[…]` are its hiring managers, else there is a new one."""

    class Meta:
        model = Opening
        skip_postgeneration_save = True

    title = "Senior backend engineer"
    created_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def managers(opening: Opening, create: bool, named: list[Any] | None, **kwargs: Any) -> None:  # noqa: N805
        if create:
            opening.managers.set(named if named is not None else [HiringManagerFactory.create()])


class CandidateFactory(factory.django.DjangoModelFactory[Candidate]):
    class Meta:
        model = Candidate

    opening = factory.SubFactory(OpeningFactory)
    name = factory.Faker("name")
    created_at = factory.LazyFunction(timezone.now)


class CandidateFileFactory(factory.django.DjangoModelFactory[CandidateFile]):
    """A PDF, also on the disk."""

    class Meta:
        model = CandidateFile
        skip_postgeneration_save = True

    candidate = factory.SubFactory(CandidateFactory)
    name = "cv.pdf"
    kind = CandidateFile.Kind.PDF
    size = len(PDF)
    sha256 = factory.LazyFunction(lambda: uuid.uuid4().hex * 2)
    added_by = factory.SubFactory(HiringManagerFactory)
    added_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def on_disk(file: CandidateFile, create: bool, extracted: Any, **kwargs: Any) -> None:  # noqa: N805
        if create:
            storages["default"].save(file.storage_name, ContentFile(PDF))


def small_script() -> Script:
    """One section with two questions; the first has a watch-out, and a follow-up that a point offers."""
    script = ScriptFactory.create()
    section = SectionFactory.create(script=script)
    slow, queue = QuestionFactory.create(), QuestionFactory.create()
    cache = QuestionFactory.create(parent=slow, condition="when caching comes up")
    PointFactory.create(question=slow, leads_to=cache, position=1)
    PointFactory.create(question=slow, position=2)
    PointFactory.create(question=slow, kind=Point.Kind.WATCH_OUT, position=3)
    PointFactory.create(question=queue)
    ScriptItemFactory.create(section=section, question=slow, position=1)
    ScriptItemFactory.create(section=section, question=queue, position=2)
    return script


class InterviewFactory(factory.django.DjangoModelFactory[Interview]):
    """A scheduled interview with a small script frozen into it, and nobody on the panel.

    `script=` freezes that one; `script=None` leaves the interview without questions. `live=True` and
    `ended=True` give it the state with its times; `panel=[(user, part), …]` seats a panel.
    """

    class Meta:
        model = Interview
        skip_postgeneration_save = True

    class Params:
        live = factory.Trait(status=Interview.Status.LIVE, started_at=factory.SelfAttribute("scheduled_for"))
        ended = factory.Trait(
            status=Interview.Status.ENDED,
            started_at=factory.SelfAttribute("scheduled_for"),
            ended_at=factory.LazyAttribute(lambda new: new.started_at + dt.timedelta(minutes=new.minutes)),
        )
        cancelled = factory.Trait(
            status=Interview.Status.CANCELLED, cancelled_at=factory.SelfAttribute("scheduled_for")
        )

    candidate = factory.SubFactory(CandidateFactory)
    opening = factory.SelfAttribute("candidate.opening")
    script = factory.LazyFunction(small_script)
    script_name = factory.LazyAttribute(lambda new: new.script.name if new.script else "No script")
    script_version = factory.LazyAttribute(lambda new: new.script.version if new.script else 1)
    scheduled_for = START
    time_zone = "Europe/Malta"
    minutes = 60
    blind_policy = factory.SelfAttribute("opening.blind_policy")
    is_fully_blind = factory.SelfAttribute("opening.is_fully_blind")
    created_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def frozen(interview: Interview, create: bool, extracted: Any, **kwargs: Any) -> None:  # noqa: N805
        if create and interview.script:
            freeze(interview=interview, script=interview.script)

    @factory.post_generation
    def panel(interview: Interview, create: bool, seats: list[Any] | None, **kwargs: Any) -> None:  # noqa: N805
        for user, part in seats or []:
            PanelistFactory.create(interview=interview, user=user, part=part)


class PanelistFactory(factory.django.DjangoModelFactory[Panelist]):
    class Meta:
        model = Panelist

    interview = factory.SubFactory(InterviewFactory)
    user = factory.SubFactory(InterviewerFactory)


class LeadFactory(PanelistFactory):
    part = Panelist.Part.LEAD


class ShadowFactory(PanelistFactory):
    part = Panelist.Part.SHADOW


class ScriptedSectionFactory(factory.django.DjangoModelFactory[ScriptedSection]):
    class Meta:
        model = ScriptedSection

    interview = factory.SubFactory(InterviewFactory, script=None)
    title = "Response time"
    minutes = 15
    position = factory.Sequence(lambda n: n + 1)


class ScriptedQuestionFactory(factory.django.DjangoModelFactory[ScriptedQuestion]):
    """A frozen question without a source in the bank; `asked=True` has been asked."""

    class Meta:
        model = ScriptedQuestion

    class Params:
        asked = factory.Trait(state=ScriptedQuestion.State.ASKED, asked_at=START)
        skipped = factory.Trait(state=ScriptedQuestion.State.SKIPPED, skip_reason=ScriptedQuestion.SkipReason.NO_TIME)

    section = factory.SubFactory(ScriptedSectionFactory)
    interview = factory.SelfAttribute("section.interview")
    source_version = 1
    topic = "Response time"
    prompt = factory.Sequence(lambda n: f"What happens in case {n}?")
    kind = "answer"
    level = "any"
    minutes = 4
    position = factory.Sequence(lambda n: n + 1)


class ScriptedPointFactory(factory.django.DjangoModelFactory[ScriptedPoint]):
    class Meta:
        model = ScriptedPoint

    question = factory.SubFactory(ScriptedQuestionFactory)
    text = factory.Sequence(lambda n: f"names cause {n}")
    kind = Point.Kind.BROWNIE
    position = factory.Sequence(lambda n: n + 1)


class UnlistedPointFactory(factory.django.DjangoModelFactory[UnlistedPoint]):
    class Meta:
        model = UnlistedPoint

    question = factory.SubFactory(ScriptedQuestionFactory)
    author = factory.SubFactory(PanelistFactory, interview=factory.SelfAttribute("..question.interview"))
    client_id = factory.LazyFunction(uuid.uuid4)
    text = "asks how it is measured"
    created_at = START


class TickFactory(factory.django.DjangoModelFactory[Tick]):
    """Heard `point`; or `unlisted_point`, with `point=None`."""

    class Meta:
        model = Tick

    point = factory.SubFactory(ScriptedPointFactory)
    panelist = factory.SubFactory(PanelistFactory, interview=factory.SelfAttribute("..point.question.interview"))
    at = START


class RatingFactory(factory.django.DjangoModelFactory[Rating]):
    class Meta:
        model = Rating

    question = factory.SubFactory(ScriptedQuestionFactory)
    panelist = factory.SubFactory(PanelistFactory, interview=factory.SelfAttribute("..question.interview"))
    value = 3
    at = START


class NoteFactory(factory.django.DjangoModelFactory[Note]):
    """A note at a question; with `question=None` and a panelist, one for the whole interview."""

    class Meta:
        model = Note

    question = factory.SubFactory(ScriptedQuestionFactory)
    panelist = factory.SubFactory(PanelistFactory, interview=factory.SelfAttribute("..question.interview"))
    text = "Measured first."
    revision = 1
    at = START


class LooseEndFactory(factory.django.DjangoModelFactory[LooseEnd]):
    class Meta:
        model = LooseEnd

    panelist = factory.SubFactory(PanelistFactory)
    interview = factory.SelfAttribute("panelist.interview")
    client_id = factory.LazyFunction(uuid.uuid4)
    text = "Come back to caching."
    at = START


class ScorecardFactory(factory.django.DjangoModelFactory[Scorecard]):
    """A draft. A submitted one with its version is made by `interviews.records.submitting.submit`."""

    class Meta:
        model = Scorecard

    panelist = factory.SubFactory(PanelistFactory)
    recommendation = None
    submitted_at = None
    is_undecided = factory.LazyAttribute(lambda card: bool(card.submitted_at) and card.recommendation is None)
