"""Words between backticks are code wherever a question or a point is shown, in the bank and in an interview."""

import re

from django.test import TestCase
from django.urls import reverse

from accounts.factories import InterviewerFactory
from interviews.exports import pdf
from interviews.exports.documents import interview_document
from interviews.factories import InterviewFactory, TickFactory, UnlistedPointFactory
from interviews.models import Panelist
from interviews.tests.submitting import submit
from question_bank.factories import AnchorFactory, PointFactory, QuestionFactory, ScriptItemFactory

TEXTS = {"prompt": "What does `Vary` do?", "guidance": "Ask for `ETag` too.", "purpose": "Who sets `Age`?"}
# State for JavaScript, and what a field offers or a label says.
UNSEEN = re.compile(r"<script.*?</script>", re.DOTALL)


class TestCodeShown(TestCase):
    def setUp(self):
        question = QuestionFactory(**TEXTS)
        PointFactory(question=question, text="Names `Accept`")
        AnchorFactory(question=question, rating=1, text="Guesses `Host`")
        self.question = question
        self.reader = InterviewerFactory()
        script = ScriptItemFactory(question=question).section.script
        self.interview = InterviewFactory(script=script, ended=True, panel=[(self.reader, Panelist.Part.LEAD)])
        self.interview.questions.update(state="asked", asked_at=self.interview.started_at)
        self.client.force_login(self.reader)

    def assert_code(self, html: str, *words: str) -> None:
        seen = UNSEEN.sub("", html)
        for word in words:
            self.assertIn(f"<code>{word}</code>", seen)
            self.assertNotIn(f"`{word}`", seen)

    def page(self, name: str, *pks: int) -> str:
        return self.client.get(reverse(name, args=pks)).content.decode()

    def test_in_the_bank_and_a_script(self):
        self.assert_code(self.page("question-detail", self.question.pk), "Vary", "ETag", "Age", "Accept", "Host")
        self.assert_code(
            self.page("script-detail", self.question.script_items.get().section.script_id), "Vary", "Accept"
        )

    def test_before_in_and_after_the_call(self):
        for name in ("interview-detail", "live"):
            self.assert_code(self.page(name, self.interview.pk), "Vary", "ETag", "Age", "Accept", "Host")
        seat = self.interview.panelists.get()
        asked = self.interview.questions.get()
        TickFactory(panelist=seat, point=asked.points.get())
        extra = UnlistedPointFactory(question=asked, author=seat, text="Names `Prefer`")
        TickFactory(panelist=seat, point=None, unlisted_point=extra)
        self.assert_code(self.page("scorecard", self.interview.pk), "Vary", "Accept", "Host", "Prefer")
        submit(seat, recommendation=3, because="Knows HTTP.")
        self.assert_code(self.page("scorecard-read", self.interview.pk, seat.pk), "Vary", "Accept", "Prefer")
        self.assert_code(self.page("debrief", self.interview.pk), "Accept", "Prefer")
        self.assert_code(pdf.html(interview_document(self.interview, self.reader)), "Vary", "Accept", "Prefer")
