import uuid

from interviews.factories import (
    InterviewFactory,
    LeadFactory,
    PanelistFactory,
    ShadowFactory,
)
from interviews.live.tests.call_case import CallCase
from interviews.models import (
    Event,
    Tick,
    UnlistedPoint,
)
from interviews.tests.commanding import sender


class TestTick(CallCase):
    def test_ticked_and_back(self):
        self.browser.send("tick", self.points[0].pk, True)
        self.assertEqual(Tick.objects.get().point, self.points[0])
        self.browser.send("tick", self.points[0].pk, False)
        self.assertFalse(Tick.objects.exists())

    def test_ticked_again_keeps_the_first_time(self):
        self.browser.send("tick", self.points[0].pk, True, age=60_000)
        first = Tick.objects.get().at
        result = self.browser.send("tick", self.points[0].pk, True).json()["result"]
        self.assertEqual(Tick.objects.get().at, first)
        self.assertEqual(result["at"], first.isoformat())

    def test_before_the_start_it_is_too_early(self):
        coming = InterviewFactory()
        point = coming.questions.first().points.first()
        self.assert_refused(sender(LeadFactory(interview=coming)).send("tick", point.pk), 409, "has not started")

    def test_after_the_end_it_is_marked(self):
        self.browser.send("end", age=60_000)
        self.browser.send("tick", self.points[0].pk)
        self.browser.send("tick", self.points[1].pk, age=120_000)
        self.assertEqual(list(Tick.objects.order_by("point").values_list("is_after_call", flat=True)), [True, False])

    def test_another_interviews_point_is_not_there(self):
        foreign = InterviewFactory(live=True).questions.first().points.first()
        self.assert_refused(self.browser.send("tick", foreign.pk), 404, "isn’t in the interview")

    def test_a_shadows_tick_stays_in_their_own_stream(self):
        shadow = ShadowFactory(interview=self.interview)
        answer = sender(shadow).send("tick", self.points[0].pk).json()
        self.assertEqual((answer["shared"], answer["own"]), (None, 1))
        self.assertEqual(Event.objects.get().stream, shadow.own_stream)

    def test_fully_blind_it_stays_in_the_authors_stream(self):
        blind = InterviewFactory(live=True, is_fully_blind=True)
        lead = LeadFactory(interview=blind)
        sender(lead).send("tick", blind.questions.first().points.first().pk)
        self.assertEqual(Event.objects.get(interview=blind).stream, lead.own_stream)


class TestUnlisted(CallCase):
    def note(self, text="a materialised view", client_id=None):
        client_id = client_id or str(uuid.uuid4())
        return client_id, self.browser.send("unlisted", client_id, {"question": self.first.pk, "text": text})

    def test_noted_is_ticked_for_its_author(self):
        client_id, response = self.note()
        self.assertEqual(response.status_code, 200)
        tick = Tick.objects.get()
        self.assertEqual((tick.panelist, str(tick.unlisted_point.client_id)), (self.lead, client_id))

    def test_sent_again_it_changes_the_words(self):
        client_id, _ = self.note("a view")
        self.note("a materialised view", client_id)
        self.assertEqual(UnlistedPoint.objects.get().text, "a materialised view")

    def test_another_panelist_ticks_the_same_row(self):
        client_id, _ = self.note()
        other = PanelistFactory(interview=self.interview)
        self.assertEqual(sender(other).send("unlisted_tick", client_id).status_code, 200)
        self.assertEqual(UnlistedPoint.objects.get().ticks.count(), 2)

    def test_another_panelist_does_not_change_the_words(self):
        client_id, _ = self.note("a view")
        other = sender(PanelistFactory(interview=self.interview))
        response = other.send("unlisted", client_id, {"question": self.first.pk, "text": "mine now"})
        self.assert_refused(response, 403, "Only the panelist who added")
        self.assertEqual(UnlistedPoint.objects.get().text, "a view")

    def test_a_shadows_point_is_not_there_for_the_others(self):
        client_id = str(uuid.uuid4())
        shadow = sender(ShadowFactory(interview=self.interview))
        shadow.send("unlisted", client_id, {"question": self.first.pk, "text": "private"})
        self.assert_refused(self.browser.send("unlisted_tick", client_id), 404, "isn’t in the interview")

    def test_taken_back_the_row_stays_without_a_tick(self):
        client_id, _ = self.note()
        self.browser.send("unlisted_tick", client_id, False)
        self.assertEqual(UnlistedPoint.objects.get().ticks.count(), 0)

    def test_without_words_it_is_invalid(self):
        self.assert_refused(self.note("  \n")[1], 422, "Enter what was good")
        self.assert_refused(self.note("x" * 501)[1], 413, "the limit is 500")
        self.assert_refused(self.browser.send("unlisted", str(uuid.uuid4()), "text"), 422, "a question and a text")
        self.assertFalse(UnlistedPoint.objects.exists())
