"""Demo data: people, openings, candidates and interviews to look around in. Loaded once, never beside real people."""

import datetime as dt
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from accounts.factories import UserFactory
from accounts.models import User
from accounts.roles import Role
from interviews.demo import calls, outcomes
from interviews.demo.texts import DemoTexts, InterviewText, read_texts
from interviews.factories import CandidateFactory, InterviewFactory, OpeningFactory
from interviews.models import Candidate, Opening
from interviews.models.stages import STAGES, add_stages
from interviews.planning.scheduling import cancel_interview
from question_bank.factories import PointFactory, QuestionFactory
from question_bank.models import Question, Script, Topic

# The stage that the interviews of the demo belong to.
STAGE = "Technical"
# Without letters and digits that look alike: 0 o, 1 l i.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class DemoRefused(Exception):
    """Nothing was written; the message says why, and what to do."""


@dataclass(frozen=True)
class Login:
    """The first demo person of a role. `password` is None if it was changed since."""

    role: str
    name: str
    email: str
    password: str | None


@dataclass(frozen=True)
class Demo:
    is_new: bool
    logins: list[Login]


@transaction.atomic
def load(*, password_file: Path, now: dt.datetime) -> Demo:
    """Load the demo data, all or nothing; if they are loaded already, change nothing.

    All demo people share a random password, stored in `password_file`. Raises DemoRefused if there are other people in
    the database, or no question bank."""
    texts = read_texts()
    emails = {person.email for person in texts.people}
    demo_people, others = User.objects.filter(email__in=emails), User.objects.exclude(email__in=emails)
    is_new = not demo_people.exists()
    if is_new:
        _load(texts, others.order_by("pk").first(), password_file, now=now)
    elif not password_file.exists() and not others.exists():
        demo_people.exclude(last_login=None).update(password=make_password(_password(password_file)))
    return Demo(is_new, _logins(texts, password_file))


def _load(texts: DemoTexts, real_person: User | None, password_file: Path, *, now: dt.datetime) -> None:
    if real_person is not None:
        raise DemoRefused(
            f"There are real people in this database ({real_person.email} for one). "
            "Demo data is never loaded alongside them."
        )
    if not Script.objects.exists():
        raise DemoRefused("The question bank is empty. Load it first: `manage.py seed_question_bank`.")
    try:
        _create(texts, password=_password(password_file), now=now)
    except calls.NotInBank as missing:
        raise DemoRefused(
            f"The question bank does not have {missing}, which the demo data uses. Nothing was loaded."
        ) from None


def _create(texts: DemoTexts, *, password: str, now: dt.datetime) -> None:
    weeks_ago = now - dt.timedelta(days=25)
    people = _people(texts, password=password, at=weeks_ago, now=now)
    openings = {
        opening.key: OpeningFactory.create(
            title=opening.title,
            team=opening.team,
            call_link=opening.call_link,
            description=opening.description,
            look_for=opening.look_for,
            managers=[people[key] for key in opening.managers],
            created_at=weeks_ago,
        )
        for opening in texts.openings
    }
    for text in texts.openings:
        add_stages(openings[text.key])
        # A topic that this bank does not have is left out.
        openings[text.key].topics.set(Topic.objects.filter(key__in=text.topics))
    candidates = _candidates(texts, openings, at=weeks_ago + dt.timedelta(days=5))
    _create_drafts(texts)
    scripts = {str(script.key): script for script in Script.objects.usable()}
    for interview in texts.interviews:
        _create_interview(interview, candidates, scripts, people, now=now)


def _people(texts: DemoTexts, *, password: str, at: dt.datetime, now: dt.datetime) -> dict[str, User]:
    encoded = make_password(password)  # hashing is slow on purpose: hash once for all
    people = {}
    for number, person in enumerate(texts.people):
        more: dict[str, Any] = {}
        if not person.is_invited:
            more = {"password": encoded, "last_login": now - dt.timedelta(hours=2 + 3 * number)}
        people[person.key] = UserFactory.create(
            name=person.name,
            email=person.email,
            time_zone=person.time_zone,
            roles=person.roles,
            created_at=at,
            **more,
        )
    return people


def _candidates(texts: DemoTexts, openings: dict[str, Opening], *, at: dt.datetime) -> dict[str, Candidate]:
    """Those with an interview are in the stage that the demo interviews belong to; the others have just applied."""
    met = {interview.candidate for interview in texts.interviews}
    return {
        candidate.key: CandidateFactory.create(
            opening=openings[candidate.opening],
            name=candidate.name,
            email=candidate.email,
            links="\n".join(candidate.links),
            assignment_url=candidate.assignment_url,
            notes=candidate.notes,
            stage=openings[candidate.opening].stages.get(name=STAGE if candidate.key in met else STAGES[0]),
            created_at=at,
        )
        for candidate in texts.candidates
    }


def _create_drafts(texts: DemoTexts) -> None:
    topics = {topic.key: topic for topic in Topic.objects.all()}
    for draft in texts.drafts:
        if draft.topic not in topics:
            raise calls.NotInBank(f"the topic “{draft.topic}”")
        question = QuestionFactory.create(
            topic=topics[draft.topic],
            prompt=draft.prompt,
            purpose=draft.purpose,
            minutes=draft.minutes,
            status=Question.Status.DRAFT,
        )
        for position, text in enumerate(draft.points, start=1):
            PointFactory.create(question=question, text=text, position=position)


def _create_interview(
    text: InterviewText,
    candidates: dict[str, Candidate],
    scripts: dict[str, Script],
    people: dict[str, User],
    *,
    now: dt.datetime,
) -> None:
    if text.script not in scripts:
        raise calls.NotInBank(f"the script “{text.script}”")
    times = calls.times_of(text, now=now)
    interview = InterviewFactory.create(
        candidate=candidates[text.candidate],
        stage=candidates[text.candidate].stage,
        call_link=candidates[text.candidate].opening.call_link,
        script=scripts[text.script],
        scheduled_for=times.scheduled_for,
        time_zone=text.time_zone,
        minutes=text.minutes,
        created_at=min(times.scheduled_for, now) - dt.timedelta(days=6),
        panel=[(people[seat["who"]], seat["part"]) for seat in text.panel],
    )
    if text.status == "cancelled":
        manager = interview.opening.managers.first()
        assert manager is not None
        at = now - dt.timedelta(hours=19)
        cancel_interview(interview=interview, reason=text.cancel_reason, by=manager, at=at)
    elif text.call:
        calls.play(interview=interview, text=text, times=times, people=people, now=now)
        outcomes.play(interview=interview, text=text, times=times, people=people)


def _password(file: Path) -> str:
    """The password in `file`, which only its owner may read; a new random one if there is no file."""
    if not file.exists():
        made_up = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as kept:
            kept.write(made_up + "\n")
    return file.read_text().strip()


def _logins(texts: DemoTexts, file: Path) -> list[Login]:
    password = _password(file) if file.exists() else ""
    rows = {user.email: user for user in User.objects.active()}
    fits: dict[str, bool] = {}  # checking is slow on purpose, and the demo people share a hash
    logins = []
    for role in Role:
        person = next(person for person in texts.people if role in person.roles)
        if user := rows.get(person.email):
            if user.password not in fits:
                fits[user.password] = check_password(password, user.password)
            logins.append(Login(role, str(user), user.email, password if fits[user.password] else None))
    return logins
