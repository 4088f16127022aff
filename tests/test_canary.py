"""B-1: Ana's private texts appear in no response, log or email to people who may not read them.

While she writes, the panel opens each page of the interview in tests/test_noninterference.py, which looks for the same
word; strangers follow every link in tests/test_planted_names.py, where all that she writes is in another opening."""

import io
import json
import logging
from collections.abc import Iterator
from unittest import mock

import pypdf
import pytest
from django.core import mail as outbox
from django.db import connection
from django.test import Client, TestCase
from django.urls import reverse

from interviews.exports import pdf, scorecard_json, tasks
from interviews.factories import PDF, CandidateFileFactory
from interviews.live import dispatch
from interviews.models import BlindPolicy, Export
from mail.models import Mail
from tests import access_table
from tests.blind import CANARY, Stage, make_stage
from tests.crawl import visits

# On the panel or off it, all who may not read Ana's scorecard until they have submitted their own, or ever.
ON_THE_PANEL = ("ben", "shadow", "panel manager")
STRANGERS = ("outsider", "other manager", "curator", "administrator", "superuser", "anonymous")
END_ID, POINT_ID = "00000000-0000-4000-8000-0000000000a1", "00000000-0000-4000-8000-0000000000a2"


class Caught(logging.Handler):
    """All that is logged, whatever its level."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.exc_info}")


class CanaryCase(TestCase):
    def setUp(self):
        # The worker is another process; what it would print is read from its rows.
        self.enterContext(mock.patch.object(tasks, "build_export"))
        self.caught = Caught()
        names = ["", "django", "django.request", "django.db.backends", "interviews", "accounts", "mail", "huey"]
        for name in names:
            logger = logging.getLogger(name)
            self.addCleanup(logger.setLevel, logger.level)
            logger.setLevel(logging.DEBUG)
        # It tells of each name that a template does not find, by name, with a traceback for pytest to write.
        templates = logging.getLogger("django.template")
        self.addCleanup(templates.setLevel, templates.level)
        templates.setLevel(logging.INFO)
        logging.getLogger().addHandler(self.caught)
        self.addCleanup(logging.getLogger().removeHandler, self.caught)

    def stage_with(self, **opening) -> Stage:
        stage = make_stage(**opening)
        stage.clients["anonymous"] = Client()
        return stage

    def ana_writes(self, stage: Stage, *, moment: str) -> None:
        """A canary of its own in every text that she can write at that moment."""
        ana, (slow, _, queue) = stage.senders["ana"], stage.questions()
        word = f"{CANARY} {moment}"
        said = {
            "live": [
                ("note", slow.pk, f"{word} note"),
                ("note", queue.pk, f"{word} second note"),
                ("note", None, f"{word} whole note"),
                ("loose_end", END_ID, {"text": f"{word} loose end", "question": slow.pk, "is_done": False}),
                ("rate", slow.pk, 1),
                ("flag", queue.pk, {"flag": "dont_know", "on": True}),
            ],
            "ended": [
                *[("scorecard", field, f"{word} {field}") for field in ("because", "stood_out", "still_open")],
                ("scorecard", "recommendation", 1),
            ],
            "late": [("note", slow.pk, f"{word} late note"), ("scorecard", "because", f"{word} late because")],
        }[moment]
        if moment == "live" and stage.interview.is_fully_blind:
            said.append(("unlisted", POINT_ID, {"question": slow.pk, "text": f"{word} unlisted"}))
        for kind, target, value in said:
            with self.captureOnCommitCallbacks(execute=True):
                response = ana.send(kind, target, value, **({"base_rev": 0} if kind == "note" else {}))
            self.assertEqual(response.status_code, 200, response.content)

    def play(self, stage: Stage) -> Iterator[str]:
        """The interview up to Ana's revision, observed from outside after each part."""
        lead, slow = stage.senders["lead"], stage.questions()[0]
        lead.send("start")
        lead.send("ask", slow.pk, "now")
        self.ana_writes(stage, moment="live")
        yield "live"
        lead.send("end")
        self.ana_writes(stage, moment="ended")
        yield "ended"
        with self.captureOnCommitCallbacks(execute=True):
            self.assertEqual(stage.senders["ana"].send("submit").status_code, 200)
        self.ana_writes(stage, moment="late")
        form = {"base": "1", "reason": f"{CANARY} reason", "because": f"{CANARY} corrected"}
        with self.captureOnCommitCallbacks(execute=True):
            response = stage.clients["ana"].post(stage.path("scorecard-revise"), form)
        self.assertEqual(response.status_code, 302)
        yield "submitted"

    def answers(self, stage: Stage, who: str) -> Iterator[tuple[str, bytes]]:
        """What this person gets by following links, by searching, by sending nonsense, and as a script does."""
        client = stage.clients[who]
        for visit in visits(client, most=2, most_interviews=4):
            yield visit.path, visit.response.getvalue()
        yield from self.answers_to_words(stage, who)
        for path in stage.pages():
            with self.captureOnCommitCallbacks(execute=False):
                yield f"{path} posted", client.post(path, {"x": "y"}).getvalue()
        yield from self.answers_to_scripts(stage, who)

    def answers_to_scripts(self, stage: Stage, who: str) -> Iterator[tuple[str, bytes]]:
        """What a page of the product would fetch into itself, and what the live page sends and hears."""
        client = stage.clients[who]
        for path in stage.pages():
            yield f"part of {path}", client.get(path, headers={"HX-Request": "true"}).getvalue()
        for kind in dispatch.COMMANDS:
            if kind not in ("submit", "end", "reopen", "start", "lead"):  # these change what is tried next
                body = json.dumps(access_table.command(stage.interview, kind) | {"n": 1_000})
                response = client.post(stage.path("live-command"), body, content_type="application/json")
                yield f"command {kind}", response.content
        if listener := stage.listener(who):
            yield "socket", listener.hears()

    def answers_at_addresses(self, stage: Stage, who: str) -> Iterator[tuple[str, bytes]]:
        """Of each page there is, and of searches; and what a socket brings."""
        if listener := stage.listener(who):
            yield "socket", listener.hears()
        for path in stage.pages():
            yield path, stage.clients[who].get(path).getvalue()
        yield from self.answers_to_words(stage, who)

    def answers_to_words(self, stage: Stage, who: str) -> Iterator[tuple[str, bytes]]:
        """The search field repeats the query; only results count."""
        for name in ("interview-list", "question-list"):
            yield f"search {name}", stage.clients[who].get(reverse(name), {"q": CANARY[:5], "show": "ended"}).content

    def find(self, answers: Iterator[tuple[str, bytes]]) -> list[str]:
        return [path for path, content in answers if CANARY.encode() in content.lower()]

    def assert_finds(self, path: str, answers: Iterator[tuple[str, bytes]]) -> None:
        """And look no further."""
        self.assertTrue(any(found == path and CANARY.encode() in content.lower() for found, content in answers), path)

    def assert_hidden(self, stage: Stage, *people: str) -> None:
        for who in people:
            self.assertEqual(self.find(self.answers_at_addresses(stage, who)), [], who)

    def assert_told_to_nobody(self) -> None:
        """Neither logs nor emails contain it."""
        self.assertEqual([line for line in self.caught.lines if CANARY in line.lower()], [])
        mails = [f"{mail.subject} {mail.text} {mail.attachments}" for mail in Mail.objects.all()]
        mails += [str(message.message()) for message in outbox.outbox]
        self.assertEqual([mail for mail in mails if CANARY in mail.lower()], [])


@pytest.mark.skipif(connection.vendor == "sqlite", reason="CanaryTests looks everywhere")
@pytest.mark.slow
class OnPostgresqlTests(CanaryCase):
    def test_a_panelist_does_not_find_what_another_has_not_submitted(self):
        stage = self.stage_with(blind_policy=BlindPolicy.AFTER_OWN)
        for moment in self.play(stage):
            if moment == "ended":
                self.assert_hidden(stage, "ben")
        self.assert_told_to_nobody()


@pytest.mark.sqlite_only
@pytest.mark.slow
class CanaryTests(CanaryCase):
    def test_not_one_of_those_who_may_not_know_finds_it(self):
        stage = self.stage_with(blind_policy=BlindPolicy.AFTER_OWN)
        for moment in self.play(stage):
            # Drafts are nobody else's, not even the manager's; submitted, they are read by a manager off the panel.
            for who in (*ON_THE_PANEL, "manager") if moment != "submitted" else ():
                self.assertEqual(self.find(self.answers_to_words(stage, who)), [], who)
        # When all has been written, everybody looks, and goes wherever a link leads.
        for who in (*ON_THE_PANEL, "left"):
            self.assertEqual(self.find(self.answers(stage, who)), [], who)
        self.assert_hidden(stage, "left")
        for who in STRANGERS:
            self.assertEqual(self.find(self.answers_to_scripts(stage, who)), [], who)
        self.assert_told_to_nobody()

    def test_who_may_know_finds_it(self):
        """The same way of looking: it would find what should be hidden."""
        stage = self.stage_with(blind_policy=BlindPolicy.AFTER_OWN)
        for _ in self.play(stage):
            pass
        card = stage.path("scorecard-read", stage.seat("ana").pk)
        self.assert_finds(card, self.answers(stage, "manager"))
        self.assert_finds(f"part of {card}", self.answers_to_scripts(stage, "manager"))
        self.assertEqual(stage.senders["ben"].send("submit").status_code, 200)
        self.assert_finds(card, self.answers_at_addresses(stage, "ben"))
        self.assert_finds(stage.path("live"), self.answers_at_addresses(stage, "ana"))

    def test_a_candidate_s_file_is_found_by_the_panel_alone(self):
        stage = self.stage_with()
        file = CandidateFileFactory(candidate=stage.interview.candidate, name=f"{CANARY}.pdf")
        # Of the strangers' pages see tests/test_planted_names.py, where a file has a name that they must not read.
        self.assert_hidden(stage, "left")
        for who in ("left", *STRANGERS):
            answer = stage.clients[who].get(file.get_absolute_url())
            self.assertIn(answer.status_code, (302, 404), who)
        self.assert_finds(stage.path("live"), self.answers_at_addresses(stage, "ben"))
        self.assertEqual(stage.clients["ben"].get(file.get_absolute_url()).getvalue(), PDF)

    def test_fully_blind_what_she_heard_is_hidden_too(self):
        stage = self.stage_with(blind_policy=BlindPolicy.AFTER_ALL, is_fully_blind=True)
        for _ in self.play(stage):
            pass
        self.assert_hidden(stage, *ON_THE_PANEL)
        self.assert_told_to_nobody()

    def test_where_the_others_are_never_read_the_pdf_of_one_s_own_does_not_have_it(self):
        stage = self.stage_with(blind_policy=BlindPolicy.NEVER)
        for _ in self.play(stage):
            pass
        with self.captureOnCommitCallbacks(execute=True):
            self.assertEqual(stage.senders["ben"].send("submit").status_code, 200)
            stage.clients["ben"].post(stage.path("export-pdf"))
        documents = [json.loads(export.document) for export in Export.objects.filter(kind=Export.Kind.PDF)]
        of_ben = [document for document in documents if [row["name"] for row in document["sources"]] == ["Ben"]]
        self.assertEqual(len(of_ben), 1)
        self.assertNotIn(CANARY, json.dumps(of_ben[0]).lower())
        # Of the file as it is printed and read: its text, its own facts, and what is attached.
        read = pdf_texts(printed(of_ben[0]))
        self.assertIn("Ben", read)
        self.assertNotIn(CANARY, read.lower())
        of_ana = next(document for document in documents if document["sources"][0]["name"] == "Ana")
        self.assertIn(CANARY, pdf_texts(printed(of_ana)).lower())


def printed(document: dict) -> bytes:
    return pdf.render(document, scorecard_json.attachments(document))


def pdf_texts(content: bytes) -> str:
    """All that a PDF says: on its pages, about itself, and in the files attached to it."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    files = [file.decode() for found in reader.attachments.values() for file in found]
    return "\n".join([*(page.extract_text() for page in reader.pages), str(reader.metadata), *files])
