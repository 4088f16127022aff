"""Nudges: a short line to the panel, which is in no record about the candidate."""

import uuid

from django.urls import reverse

from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory, ShadowFactory
from interviews.live import nudges
from interviews.live.tests.call_case import CallCase
from interviews.models import Nudge
from interviews.tests.commanding import sender


class TestNudge(CallCase):
    def setUp(self):
        super().setUp()
        self.other = PanelistFactory(interview=self.interview)
        self.theirs = sender(self.other)
        self.target = str(uuid.uuid4())

    def nudge(self, value="ask about Vary", browser=None, **more):
        return (browser or self.theirs).send("nudge", self.target, value, **more)

    def seen_by(self, panelist):
        return [(row["text"], row["seen"]) for row in nudges.nudges_of(self.interview, panelist)]

    def test_the_panel_sees_one_line_with_its_author_and_time(self):
        self.nudge("  ask about\nVary ")
        row = Nudge.objects.get()
        self.assertEqual((row.text, row.author), ("ask about Vary", self.other))
        event = self.browser.events().json()["events"][-1]
        self.assertEqual((event["kind"], event["payload"]["text"]), ("nudge", "ask about Vary"))
        self.nudge("something else")
        self.assertEqual(Nudge.objects.get().text, "ask about Vary")

    def test_dismissed_by_one_person_the_others_still_see_it(self):
        self.nudge()
        self.browser.send("nudge_seen", self.target, True)
        self.assertEqual(
            [self.seen_by(self.lead), self.seen_by(self.other)],
            [[("ask about Vary", True)], [("ask about Vary", False)]],
        )
        self.assertFalse([event for event in self.theirs.events().json()["events"] if event["kind"] == "nudge_seen"])
        self.browser.send("nudge_seen", self.target, False)
        self.assertEqual(self.seen_by(self.lead), [("ask about Vary", False)])

    def test_taken_back_by_its_author_only(self):
        receipt = self.nudge().json()["receipt"]
        self.assert_refused(self.nudge(None, self.browser), 403, "Only the panelist who sent")
        self.nudge(None, undoes=receipt)
        self.assertEqual(self.seen_by(self.lead), [])
        self.assert_refused(self.browser.send("nudge_seen", self.target, True), 404, "isn’t in the interview")

    def test_what_cannot_be_sent_is_refused_with_the_reason(self):
        for value, status, part in [
            (" ", 422, "Enter a line"),
            ("x" * 121, 413, "121 characters"),
            (3, 422, "is text"),
            (None, 404, "isn’t in"),
        ]:
            with self.subTest(value=str(value)[:9]):
                self.assert_refused(self.nudge(value), status, part)
        self.assert_refused(self.nudge(browser=sender(ShadowFactory(interview=self.interview))), 403, "Shadows")
        self.assert_refused(
            self.nudge(browser=sender(LeadFactory(interview=InterviewFactory()))), 409, "has not started"
        )
        self.browser.send("end")
        self.assert_refused(self.nudge(), 409, "has ended")

    def test_it_is_in_no_scorecard_and_no_debrief(self):
        self.nudge()
        self.browser.send("end")
        for browser in (self.browser, self.theirs):
            self.assertNotContains(browser.http.get(reverse("scorecard", args=[self.interview.pk])), "about Vary")
            browser.send("submit")
        for name in ("debrief", "interview-detail"):
            self.assertNotContains(self.browser.http.get(reverse(name, args=[self.interview.pk])), "about Vary")
        version = self.lead.scorecard.versions.get()
        self.assertNotIn("about Vary", version.snapshot)
