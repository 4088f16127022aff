"""B-6: names in an opening you may not see never appear in any response to you, whatever you open or send.

Each actor opens every page that a link leads to and every address of the foreign opening, sends every form that they
find, as it is and filled with nonsense, and reads the page and the messages after it. What they send is undone."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client, TestCase
from django.urls import resolve, reverse
from django.utils import timezone

from accounts.factories import InterviewerFactory
from interviews.exports import tasks
from interviews.factories import (
    CandidateFactory,
    CandidateFileFactory,
    InterviewFactory,
    LooseEndFactory,
    NoteFactory,
    OpeningFactory,
    UnlistedPointFactory,
    small_script,
)
from interviews.models import Interview, LateCommand
from interviews.models.stages import add_stages
from interviews.tests.submitting import revise, submit
from mail.models import Mail
from tests import access_table
from tests.cast import INTERVIEWER, LEAD, SIGNED_OUT, Cast, make_cast
from tests.crawl import visits
from tests.forms_read import posted_forms

OPENING, PERSON, TEXT, POINT = "Zebrafinch", "Quokka", "axolotl", "pangolin"
# Administrators look after openings without reading them. Curators read extra points, once the whole panel has
# submitted, and never at which interview they were heard.
MAY_READ = {"administrator": {OPENING}, "curator": {POINT}}
# One of each kind: what they may see of the foreign opening follows from their roles alone.
LOOKING = ("anonymous", "no role", "lead", "manager", "curator", "administrator", "superuser")
# These end the session, which a rollback does not bring back to the browser.
LEFT_ALONE = ("sign-out", "password-change")


def plant(cast: Cast) -> list[Interview]:
    """An opening of the other manager, with our interviewer and a stranger on its panel; a name in every text of it,
    and in all that the two wrote in private."""
    opening = OpeningFactory(
        title=f"{OPENING} engineer",
        team=OPENING,
        managers=[cast.people["other manager"]],
        call_link=f"https://example.org/{OPENING}",
        description=f"Works on {OPENING}.",
        look_for=f"Knows {OPENING}.",
    )
    candidate = CandidateFactory(
        opening=opening,
        name=f"{PERSON} Doe",
        email=f"{PERSON}@example.org",
        links=f"https://example.org/{PERSON}",
        assignment_url=f"https://example.org/{PERSON}/work",
        notes=f"Knows {PERSON}.",
        source=PERSON,
        feedback=TEXT,
        outcome="rejected",
        outcome_at=timezone.now(),
        outcome_reason=TEXT,
    )
    add_stages(opening, [f"{OPENING} stage"])
    candidate.tags.create(name=PERSON)
    candidate.move_to(opening.stages.get(), by=cast.people["other manager"], at=timezone.now())
    panel = [(InterviewerFactory(name="Stranger"), LEAD), (cast.people["interviewer"], INTERVIEWER)]
    script = small_script()
    # At the very time of ours, so that planning ours meets it.
    traits: list[dict[str, Any]] = [{}, {"live": True}, {"ended": True}, {"cancelled": True, "cancel_reason": TEXT}]
    CandidateFileFactory(candidate=candidate, name=f"{PERSON}.pdf")
    usual = {"candidate": candidate, "script": script, "panel": panel, "call_link": f"https://example.org/{PERSON}"}
    found = [InterviewFactory(**usual, **trait) for trait in traits]
    for interview in found:
        question = interview.questions.in_order()[0]
        for seat in interview.panelists.all():
            NoteFactory(question=question, panelist=seat, text=f"{TEXT} note")
            NoteFactory(question=None, panelist=seat, text=f"{TEXT} whole note")
            LooseEndFactory(panelist=seat, text=f"{TEXT} end")
        UnlistedPointFactory(question=question, author=seat, text=f"{POINT} point")
    for seat in found[2].panelists.all():
        submit(seat, at=timezone.now(), recommendation=1, because=TEXT, stood_out=TEXT, still_open=TEXT)
        LateCommand.objects.create(panelist=seat, kind="scorecard", target="because", value=TEXT, at=timezone.now())
        revise(seat, at=timezone.now(), reason=TEXT, because=f"{TEXT} corrected")
    return found


@pytest.mark.sqlite_only
@pytest.mark.slow
class PlantedNamesTests(TestCase):
    cast: Cast

    @classmethod
    def setUpTestData(cls):
        cls.cast = make_cast()
        cls.planted = plant(cls.cast)

    def setUp(self):
        self.enterContext(mock.patch.object(tasks, "build_export"))

    def client_of(self, actor: str) -> Client:
        client = Client()
        if actor not in SIGNED_OUT:
            client.force_login(self.cast.people[actor])
        return client

    def answers(self, client: Client, turn: int = 0) -> Iterator[tuple[str, bytes]]:
        """All that comes back to this browser, with the way to it."""
        sent: set[tuple] = set()
        for path, content, is_page in self.pages(client, turn):
            yield path, content
            for action, values in posted_forms(content.decode()) if is_page else []:
                address = urlsplit(action or path).path
                kind = (resolve(address).url_name, *sorted(values))
                if kind in sent or kind[0] in LEFT_ALONE:
                    continue
                sent.add(kind)
                nonsense = {name: ["x" if name != "csrfmiddlewaretoken" else ""] for name in values}
                for words, form in (("as it is", values), ("nonsense", nonsense)):
                    yield f"{address} sent {words}", self.send(client, address, form)

    def pages(self, client: Client, turn: int) -> Iterator[tuple[str, bytes, bool]]:
        for visit in visits(client, most=2, most_interviews=4):
            yield visit.path, visit.response.getvalue(), visit.is_html
        for number, paths in enumerate(self.addresses()):
            for path in paths:
                response = client.get(path)
                yield path, response.getvalue(), response["Content-Type"].startswith("text/html")
            # In one state of the interview: in each of them somebody does.
            path = paths[(number + turn) % len(paths)]
            yield f"{path} posted", self.send(client, path, {"x": ["y"]}), False
        for name in ("search", "interview-list", "candidate-list", "question-list", "opening-list", "person-list"):
            for word in (OPENING, PERSON, TEXT, POINT):
                path = reverse(name)
                yield f"search {path}", client.get(path, {"q": word[:5], "show": "ended"}).getvalue(), False

    def addresses(self) -> Iterator[list[str]]:
        """Every address of the foreign opening and its candidate; those of an interview, for each of its interviews."""
        rows = {
            interview: (interview.panelists.first().pk, interview.candidate.files.get().pk)
            for interview in self.planted
        }
        for name, words in access_table.names().items():
            paths = []
            for interview, (seat, file) in rows.items():
                opening, candidate = interview.opening_id, interview.candidate_id
                roots = {"opening": opening, "candidate": candidate}
                values = {"pk": roots.get(name.split("-")[0], interview.pk), "opening_pk": opening}
                values |= {"candidate_pk": candidate, "panelist_pk": seat, "key": "0" * 64}
                values |= {"file_pk": file}
                if set(words) <= set(values):
                    path = reverse(name, kwargs={word: values[word] for word in words})
                    paths.append(f"{path}?since=0.0" if name == "live-events" else path)
            if paths and paths[0].startswith(access_table.ROOTS):
                yield list(dict.fromkeys(paths))

    def send(self, client: Client, path: str, form: dict[str, list[str]]) -> bytes:
        """Send a form, read where it leads to, and undo it."""
        with transaction.atomic():
            with self.captureOnCommitCallbacks(execute=False):
                response = client.post(path, form, follow=True)
            content: bytes = response.getvalue()
            transaction.set_rollback(True)
        return content

    def found(self, actor: str, answers: Iterator[tuple[str, bytes]]) -> list[str]:
        names = {OPENING, PERSON, TEXT, POINT} - MAY_READ.get(actor, set())
        return [
            f"{name} to {actor}: {path}"
            for path, content in answers
            for name in names
            if name.lower() in content.decode(errors="replace").lower()
        ]

    def test_nobody_reads_what_is_planted_in_an_opening_that_is_not_theirs(self):
        for turn, actor in enumerate(LOOKING):
            answers = list(self.answers(self.client_of(actor), turn))
            self.assertEqual(self.found(actor, iter(answers)), [])
            if actor in ("manager", "lead", "administrator", "curator"):
                # They do send something.
                self.assertGreater(sum("sent" in path for path, _ in answers), 1, actor)

    def test_who_may_see_it_reads_it(self):
        """The same way of looking finds each within its first answers."""
        missing = {OPENING, PERSON, TEXT}
        for answer in self.answers(self.client_of("other manager")):
            missing -= {line.partition(" ")[0] for line in self.found("other manager", iter([answer]))}
            if not missing:
                break
        self.assertEqual(missing, set())

    def test_planning_beside_it_tells_the_busy_time_alone(self):
        """On every page and message of planning, and in every email it sends."""
        client, ours = self.client_of("manager"), self.cast.ours
        Mail.objects.all().delete()
        seats = {"panel-0": ("lead", LEAD), "panel-1": ("interviewer", INTERVIEWER)}
        start = timezone.localtime(self.planted[0].scheduled_for) + dt.timedelta(minutes=15)
        form = {
            "script": str(self.cast.script.pk),
            "date": f"{start:%Y-%m-%d}",
            "time": f"{start:%H:%M}",
            "time_zone": timezone.get_current_timezone_name(),
            "minutes": "60",
            "panel-TOTAL_FORMS": "2",
            "panel-INITIAL_FORMS": "0",
        }
        for row, (who, part) in seats.items():
            form |= {f"{row}-person": str(self.cast.people[who].pk), f"{row}-part": part}
        address = reverse("interview-create", args=[ours.candidate.pk])
        warned = client.post(address, form)
        self.assertContains(warned, "Interviewer is busy 15:00 to 16:00 (Malta).", status_code=422)
        answer = client.post(address, form | {"checked": warned.context["unchecked"].seal}, follow=True)
        self.assertContains(answer, "Interview scheduled.")
        page = warned.content.decode() + answer.content.decode()
        mails = "\n".join(f"{mail.subject} {mail.text} {mail.attachments}" for mail in Mail.objects.all())
        self.assertEqual(self.found("manager", iter([("message", page.encode()), ("mail", mails.encode())])), [])
