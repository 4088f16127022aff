import datetime as dt

from interviews.factories import ScriptedPointFactory, UnlistedPointFactory
from interviews.models import Tick
from interviews.tests.debriefing import DebriefCase
from interviews.tests.submitting import END, questions, revise, tick
from question_bank.models import Point

LATER = END + dt.timedelta(hours=3)


class HeardTests(DebriefCase):
    def test_each_point_is_there_once_with_who_heard_it_and_when(self):
        [slow] = questions(self.interview, 1, prompt="Why is it slow?")
        point = ScriptedPointFactory(question=slow, text="measures first")
        for minute, panelist in ((5, self.jo), (4, self.mira)):
            at = END - dt.timedelta(minutes=58 - minute)
            Tick.objects.create(panelist=panelist, point=point, at=at)
        ScriptedPointFactory(question=slow, text="never heard")
        noted = UnlistedPointFactory(question=slow, author=self.jo, text="a materialised view")
        Tick.objects.create(panelist=self.jo, unlisted_point=noted, at=END, is_after_call=True)
        self.submit_all()
        [topic] = self.debrief().heard
        self.assertEqual([(p.text, p.by) for p in topic.listed], [("measures first", ["Mira 15:04", "Jo 15:05"])])
        self.assertEqual(
            [(p.text, p.by, p.prompt) for p in topic.unlisted],
            [("a materialised view", ["Jo 15:58, after the call"], "Why is it slow?")],
        )
        self.assertNotIn("never heard", repr(self.debrief()))

    def test_watch_outs_and_cues_are_no_good_points(self):
        [slow] = questions(self.interview, 1)
        tick(self.mira, ScriptedPointFactory(question=slow, text="blames users", kind=Point.Kind.WATCH_OUT))
        tick(self.mira, ScriptedPointFactory(question=slow, text="says cache", kind=Point.Kind.CUE))
        self.submit_all()
        found = self.debrief()
        self.assertEqual(found.heard_count, 0)
        self.assertEqual([p.text for p in found.heard[0].to_talk_about], ["blames users"])
        self.assertEqual([p.text for p in found.heard[0].came_up], ["says cache"])

    def test_a_follow_ups_points_stand_under_the_topic_of_its_block(self):
        [slow] = questions(self.interview, 1, topic="Response time")
        [cache] = questions(self.interview, 1, topic="Caching", parent=slow, section=slow.section)
        tick(self.mira, ScriptedPointFactory(question=cache))
        self.submit_all()
        found = self.debrief()
        self.assertEqual([topic.topic for topic in found.heard], ["Response time"])
        self.assertEqual([(row.topic, row.heard) for row in found.topics], [("Response time", 1)])

    def test_what_only_a_revision_ticked_says_so(self):
        [slow] = questions(self.interview, 1)
        point = ScriptedPointFactory(question=slow)
        self.submit_all()
        tick(self.mira, point)
        revise(self.mira, reason="Forgot it.", at=LATER)
        found = self.debrief()
        self.assertEqual(found.heard[0].listed[0].by, ["Mira 15:00 (later)"])
        self.assertEqual(found.topics[0].heard, 0)
