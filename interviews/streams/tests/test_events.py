from unittest import mock

from django.test import TestCase
from django.utils import timezone

from interviews.factories import InterviewFactory, LeadFactory
from interviews.streams import events
from interviews.streams.events import Reader, append_event, news


class EventsTests(TestCase):
    def setUp(self):
        self.interview = InterviewFactory(script=None, live=True)
        self.lead = LeadFactory(interview=self.interview)

    def append(self, owner, kind="tick", **payload):
        return append_event(owner=owner, kind=kind, payload=payload, actor=self.lead.user, at=timezone.now())

    def reader(self, *, has, now, own=True):
        return Reader(self.interview.pk, self.lead.own_stream if own else None, has, now)

    def test_numbers_of_a_stream_follow_each_other_and_its_listeners_are_notified(self):
        with mock.patch.object(events.notify, "notify_group") as notify, self.captureOnCommitCallbacks(execute=True):
            self.assertEqual([self.append(self.interview), self.append(self.interview)], [1, 2])
            self.assertEqual(self.append(self.lead), 1)
        self.assertEqual([call.args[1] for call in notify.call_args_list], [{"shared": 1}, {"shared": 2}, {"own": 1}])

    def test_a_reader_gets_what_is_new_in_their_streams_alone(self):
        for _ in range(2):
            self.append(self.interview)
        self.append(self.lead, kind="rate")
        now = {"shared": 2, "own": 1}
        has = {"shared": 1, "own": 0}
        both, shared = news([self.reader(has=has, now=now), self.reader(has=has, now=now, own=False)])
        self.assertEqual([event["kind"] for event in both["events"]], ["tick", "rate"])
        self.assertEqual([(event["stream"], event["seq"]) for event in shared["events"]], [("shared", 2)])
        self.assertEqual((both["shared"], both["own"], shared["own"]), (2, 1, 0))

    def test_who_is_far_behind_gets_a_part_and_is_told_that_there_is_more(self):
        for _ in range(3):
            self.append(self.interview)
        with mock.patch.object(events, "MOST_TOLD", 2):
            [told] = news([self.reader(has={"shared": 0, "own": 0}, now={"shared": 3, "own": 0})])
        self.assertEqual((told["shared"], told["more"]), (2, True))
