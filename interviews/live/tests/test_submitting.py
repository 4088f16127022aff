from django.urls import reverse
from django.utils import timezone

from interviews.factories import (
    PanelistFactory,
    ShadowFactory,
)
from interviews.live.tests.call_case import CallCase
from interviews.models import (
    Event,
    LateCommand,
    Note,
    Rating,
    Scorecard,
    Tick,
)
from interviews.tests.commanding import sender


class TestSubmit(CallCase):
    def test_before_the_end_it_is_too_early(self):
        self.assert_refused(self.browser.send("submit"), 409, "has ended")

    def test_what_comes_afterwards_is_kept_as_late_and_changes_nothing(self):
        self.browser.send("rate", self.first.pk, 3)
        self.browser.send("end")
        self.assertEqual(self.browser.send("submit").status_code, 200)
        late = [
            ("rate", self.first.pk, 1),
            ("tick", self.points[0].pk, True),
            ("note", self.first.pk, "late"),
            ("scorecard", "because", "late"),
        ]
        for number, (kind, target, value) in enumerate(late, start=1):
            answer = self.browser.send(kind, target, value).json()
            self.assertEqual((answer["result"], answer["shared"]), ({"late": number}, None))
        self.assertEqual(list(LateCommand.objects.values_list("kind", "target", "value")), late)
        self.assertEqual(Rating.objects.get().value, 3)
        self.assertFalse(Tick.objects.exists() or Note.objects.exists())
        self.assertEqual(self.lead.scorecard.because, "")
        self.assertEqual(Event.objects.filter(kind="late").count(), 4)

    def test_what_no_revision_could_take_in_is_refused_and_no_page_breaks(self):
        self.browser.send("end")
        self.browser.send("submit")
        for kind, target, value in (
            ("tick", [], True),
            ("tick", 10**30, True),
            ("unlisted_tick", {}, True),
            ("note", self.first.pk, "x" * 100_001),
            ("scorecard", [], "x"),
            ("rate", self.first.pk, {}),
        ):
            with self.subTest(kind=kind, target=str(target)):
                self.assertIn(self.browser.send(kind, target, value).status_code, (413, 422))
        self.assertFalse(LateCommand.objects.exists())
        # What was kept before they were looked at.
        for target in ([], {}, 10**30, -(10**30), 1.5, None):
            LateCommand.objects.create(panelist=self.lead, kind="tick", target=target, value=True, at=timezone.now())
        for name, more in (("interview-detail", []), ("scorecard-revise", []), ("scorecard-read", [self.lead.pk])):
            self.assertEqual(self.browser.http.get(reverse(name, args=[self.interview.pk, *more])).status_code, 200)

    def test_submitting_twice_is_refused(self):
        self.browser.send("end")
        self.browser.send("submit")
        self.assert_refused(self.browser.send("submit"), 409, "can’t change")
        self.assertEqual(self.lead.scorecard.versions.count(), 1)

    def test_the_shared_stream_tells_nobody_s_submission(self):
        """Its place among the other events would tell when it came, and in which order."""
        shadow = ShadowFactory(interview=self.interview)
        self.browser.send("end")
        self.browser.send("scorecard", "because", "SECRET")
        before = Event.objects.filter(stream="shared").count()
        for panelist in (self.lead, shadow):
            answer = sender(panelist, "tab-2").send("submit")
            self.assertEqual(answer.status_code, 200)
            self.assertIsNone(answer.json()["shared"])
        self.assertEqual(Event.objects.filter(stream="shared").count(), before)


class TestRecommendation(CallCase):
    """A scorecard is submitted with a recommendation; "No decision" is one, too."""

    def setUp(self):
        super().setUp()
        self.browser.send("end")

    def submit(self):
        value = {"last_n": self.browser.n, "without": list(self.browser.refused)}
        return self.browser.send("submit", None, value)

    def test_without_one_it_is_refused_with_words(self):
        self.browser.send("scorecard", "because", "She measures.")
        self.assert_refused(self.submit(), 422, "Choose a recommendation first. “No decision” is also an option.")
        self.assertFalse(Scorecard.objects.get().is_submitted)

    def test_no_decision_is_chosen_like_any_other(self):
        self.browser.send("scorecard", "recommendation", 3)
        self.browser.send("scorecard", "recommendation", None)
        self.assertEqual(self.submit().status_code, 200)
        card = Scorecard.objects.get()
        self.assertEqual((card.recommendation, card.is_undecided, card.is_submitted), (None, True, True))

    def test_a_recommendation_takes_no_decision_back(self):
        self.browser.send("scorecard", "recommendation", None)
        self.browser.send("scorecard", "recommendation", 4)
        self.browser.send("scorecard", "because", "She measures.")
        card = Scorecard.objects.get()
        self.assertEqual((card.recommendation, card.is_undecided), (4, False))


class TestSubmitAfterAll(CallCase):
    """Submitting names the last change before it, and waits for all of them."""

    def setUp(self):
        super().setUp()
        self.browser.send("end")
        Scorecard.objects.create(panelist=self.lead, recommendation=3)

    def test_while_changes_are_missing_it_is_refused_and_taken_once_they_are_in(self):
        first, second = (self.browser.body("tick", point.pk) for point in self.points[:2])
        answer = self.browser.send("submit", None, {"last_n": 3})
        self.assert_refused(answer, 409, "2 changes made on this page have not arrived yet")
        self.assertEqual(answer.json()["code"], "missing")
        self.browser.post(second)
        self.assert_refused(
            self.browser.send("submit", None, {"last_n": 3}), 409, "One change made on this page has not"
        )
        self.assertFalse(Scorecard.objects.exclude(submitted_at=None).exists())
        self.browser.post(first)
        # The two refused submissions had numbers as well.
        self.assert_refused(self.browser.send("submit", None, {"last_n": 5, "without": [4]}), 409, "One change")
        self.assertEqual(self.browser.send("submit", None, {"last_n": 6, "without": [4, 5, 6]}).status_code, 200)

    def test_it_goes_without_what_was_refused_for_good(self):
        self.assert_refused(self.browser.send("rate", self.first.pk, 9), 422, "from 1 to 4")
        self.assert_refused(self.browser.send("submit", None, {"last_n": 2}), 409, "One change")
        self.assertEqual(self.browser.send("submit", None, {"last_n": 3, "without": [2, 3]}).status_code, 200)

    def test_what_other_pages_and_persons_did_does_not_count(self):
        jo = sender(PanelistFactory(interview=self.interview), self.browser.client)
        jo.send("tick", self.points[0].pk)
        sender(self.lead, "tab-2").send("tick", self.points[0].pk)
        body = self.browser.body("tick", self.points[1].pk)
        self.assert_refused(self.browser.send("submit", None, {"last_n": body["n"]}), 409, "One change")
        self.assertEqual(sender(self.lead, "tab-3").send("submit", None, {"last_n": 0}).status_code, 200)

    def test_a_page_from_before_that_does_not_say_what_was_refused_is_taken(self):
        self.assertEqual(self.browser.send("submit", None, {"last_n": 1}).status_code, 200)

    def test_malformed_it_is_invalid(self):
        beyond = {"last_n": 99}
        for value in (None, 1, [], {}, {"last_n": "1"}, {"last_n": True}, {"last_n": -1}, {"last_n": 1.0}, beyond):
            self.assert_refused(self.browser.send("submit", None, value), 422, "the number of the change before it")
        self.assert_refused(self.browser.post(self.browser.body("submit")), 422, "the number of the change before it")
        for without in (None, 1, {}, "1", [0], ["1"], [True], [2**70], [-1]):
            value = {"last_n": 1, "without": without}
            self.assert_refused(self.browser.send("submit", None, value), 422, "the numbers of the changes")
        self.assertFalse(Scorecard.objects.exclude(submitted_at=None).exists())
