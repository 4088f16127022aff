from django.test import TestCase
from django.utils import timezone

from interviews.factories import InterviewFactory, LeadFactory
from interviews.models import Event


class EventQuerySetTests(TestCase):
    def setUp(self):
        self.interview = InterviewFactory(script=None, live=True)
        self.lead = LeadFactory(interview=self.interview)
        for seq, kind in enumerate(["start", "end", "reopen", "tick"], start=1):
            self.event("shared", seq, kind)
        self.event("own", 1, "end")

    def event(self, stream, seq, kind):
        Event.objects.create(
            interview=self.interview, stream=stream, seq=seq, kind=kind, payload={}, at=timezone.now(), actor=None
        )

    def test_since_reads_after_one_number_up_to_another_of_each_stream(self):
        found = Event.objects.since([(self.interview.pk, "shared", 1, 3), (self.interview.pk, "own", 1, 9)])
        self.assertEqual([event.kind for event in found], ["end", "reopen"])
        self.assertEqual(list(Event.objects.since([])), [])

    def test_closings_are_the_ends_and_reopenings_that_all_share(self):
        self.assertEqual([event.kind for event in Event.objects.closings(self.interview)], ["end", "reopen"])
