import datetime as dt

from django.test import SimpleTestCase, TestCase
from hypothesis import given
from hypothesis import strategies as st

from interviews.access import debrief_access
from interviews.debriefs.debrief import debrief, score_words
from interviews.factories import LooseEndFactory, NoteFactory, ScriptedPointFactory, UnlistedPointFactory
from interviews.models import Tick
from interviews.records import scoring
from interviews.tests.debriefing import large_panel, managed_interview, opened_early, three_seats
from interviews.tests.submitting import END, correct, questions, rate, seat, submit, tick
from question_bank.models import Point

LATER = END + dt.timedelta(hours=3)


class DebriefCase(TestCase):
    def setUp(self):
        self.hana, self.interview = managed_interview()
        self.mira, self.jo, self.luc = three_seats(self.interview)

    def submit_all(self, *others):
        for panelist in (self.mira, self.jo, self.luc, *others):
            submit(panelist)

    def debrief(self):
        return debrief(debrief_access(self.hana, self.interview))


class RecommendationTests(DebriefCase):
    def test_each_stands_with_its_sentence_the_lead_first(self):
        submit(self.jo, recommendation=4, because="Like a colleague.")
        submit(self.mira, recommendation=3, because="Thinks aloud.")
        submit(self.luc)
        found = self.debrief()
        self.assertEqual(
            [(row["name"], row["recommendation"], row["because"]) for row in found.recommendations],
            [
                ("Mira Rahman", "Yes", "Thinks aloud."),
                ("Jo Tanaka", "Strong yes", "Like a colleague."),
                ("Luc Perrin", "No decision", ""),
            ],
        )
        self.assertEqual(found.said, "1 yes · 1 strong yes · 1 no decision")

    def test_a_shadow_is_nowhere(self):
        sam = seat(self.interview, "Sam Keller", "shadow")
        [slow] = questions(self.interview, 1)
        rate(sam, slow, 1)
        rate(self.mira, slow, 3)
        point = ScriptedPointFactory(question=slow)
        tick(sam, point)
        LooseEndFactory(panelist=sam, text="canary")
        submit(sam, recommendation=1, because="canary", still_open="canary")
        self.submit_all()
        for reader in (self.hana, sam.user):
            found = debrief(debrief_access(reader, self.interview))
            self.assertNotIn("canary", repr(found))
            self.assertNotIn("Sam", repr(found))
            self.assertEqual((found.score.text, found.heard), ("3.00 + 0.00", []))

    def test_a_revision_stands_beside_the_original_which_stays_in_the_score(self):
        for question in questions(self.interview, 2):
            rate(self.mira, question, 2)
        self.submit_all()
        self.mira.ratings.update(value=4)
        correct(self.mira, reason="Jo saw more.", at=LATER, recommendation=4, because="She convinced me.")
        found = self.debrief()
        [row] = [row for row in found.recommendations if row["name"] == "Mira Rahman"]
        self.assertEqual(row["recommendation"], "No decision")
        [later] = row["later"]
        self.assertEqual(
            (later["recommendation"], later["because"], later["reason"]),
            ("Strong yes", "She convinced me.", "Jo saw more."),
        )
        self.assertEqual(found.score.text, "2.00 + 0.00")
        self.assertEqual([cell.later for cell in found.topics[0].cells], ["Excellent", "", ""])
        self.assertEqual(found.topics[0].cells[0].word, "Mixed")


class TopicTests(DebriefCase):
    def rated(self, topic, *values, **fields):
        [question] = questions(self.interview, 1, topic=topic, **fields)
        for panelist, value in zip((self.mira, self.jo, self.luc), values, strict=False):
            if value:
                rate(panelist, question, value)
        return question

    def test_disagreement_comes_first_and_is_marked(self):
        self.rated("Queues", 3, 3, 4)
        self.rated("Authentication", 2, 4, 3)
        self.submit_all()
        auth, queues = self.debrief().topics
        self.assertEqual((auth.topic, auth.is_split, auth.split_count), ("Authentication", True, 1))
        self.assertEqual((queues.topic, queues.is_apart), ("Queues", False))
        self.assertEqual([cell.word for cell in auth.cells], ["Mixed", "Excellent", "Good"])

    def test_two_apart_on_a_question_is_marked_where_the_topic_evens_it_out(self):
        self.rated("Queues", 2, 4)
        self.rated("Queues", 4, 2)
        self.submit_all()
        [queues] = self.debrief().topics
        self.assertEqual((queues.is_split, queues.split_count, queues.is_apart), (False, 2, True))

    def test_who_rated_nothing_has_no_word(self):
        self.rated("REST", 3, 3)
        self.submit_all()
        [rest] = self.debrief().topics
        self.assertEqual([cell.word for cell in rest.cells], ["Good", "Good", ""])

    def test_topics_that_nobody_rated_say_why_and_neighbours_share_a_row(self):
        self.rated("Python", asked=False)
        self.rated("Django", asked=False)
        self.rated("Testing", asked=False, skipped=True)
        self.rated("Conversation", kind="conversation")
        self.submit_all()
        self.assertEqual(
            [(row.topic, row.why) for row in self.debrief().topics],
            [("Python, Django", "not asked"), ("Testing", "skipped: out of time")],
        )

    def test_both_sides_come_with_their_notes_and_the_rest_in_between(self):
        question = self.rated("Authentication", 2, 4, 3)
        NoteFactory(panelist=self.mira, question=question, text="Left it there.")
        NoteFactory(panelist=self.jo, question=question, text="Reasoned her way.")
        self.submit_all()
        [one] = self.debrief().disagreements
        self.assertEqual(one.words, "Mira rated Mixed, Jo Excellent")
        self.assertEqual([note["text"] for side in one.low for note in side.notes], ["Left it there."])
        self.assertEqual([note["text"] for side in one.high for note in side.notes], ["Reasoned her way."])
        self.assertEqual(one.between, ["Luc Good"])

    def test_one_step_apart_is_no_disagreement(self):
        self.rated("Authentication", 3, 4, 3)
        self.submit_all()
        self.assertEqual(self.debrief().disagreements, [])

    def test_the_furthest_apart_come_first(self):
        for topic, low, high in (("Two steps", 2, 4), ("Three steps", 1, 4), ("Two again", 1, 3)):
            self.rated(topic, low, high)
        self.submit_all()
        self.assertEqual([one.topic for one in self.debrief().disagreements], ["Three steps", "Two steps", "Two again"])

    def test_several_on_one_side_are_named_together(self):
        self.rated("Authentication", 1, 4, 1)
        self.submit_all()
        [one] = self.debrief().disagreements
        self.assertEqual(one.words, "Mira and Luc rated Poor, Jo Excellent")


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

    def test_what_only_a_correction_ticked_says_so(self):
        [slow] = questions(self.interview, 1)
        point = ScriptedPointFactory(question=slow)
        self.submit_all()
        tick(self.mira, point)
        correct(self.mira, reason="Forgot it.", at=LATER)
        found = self.debrief()
        self.assertEqual(found.heard[0].listed[0].by, ["Mira 15:00 (later)"])
        self.assertEqual(found.topics[0].heard, 0)


class OpenTests(DebriefCase):
    def test_take_aways_and_loose_ends_that_nobody_closed(self):
        [slow] = questions(self.interview, 1, prompt="Why is it slow?")
        LooseEndFactory(panelist=self.luc, text="Reviews?", question=slow)
        LooseEndFactory(panelist=self.luc, text="settled", is_done=True)
        submit(self.jo, still_open="- How she disagrees\n\n- On call")
        submit(self.mira)
        submit(self.luc)
        self.assertEqual(
            [(item.text, item.who, item.at) for item in self.debrief().still_open],
            [("How she disagrees", "Jo", ""), ("On call", "Jo", ""), ("Reviews?", "Luc", "Why is it slow?")],
        )

    def test_a_loose_end_of_somebody_who_owes_a_scorecard_is_not_in_it(self):
        LooseEndFactory(panelist=self.luc, text="canary")
        submit(self.mira)
        submit(self.jo)
        opened_early(self.interview, self.hana)
        self.assertEqual(self.debrief().still_open, [])

    def test_what_nobody_covered_is_told_by_reason(self):
        questions(self.interview, 1, prompt="Why is it slow?")
        questions(self.interview, 1, prompt="Underscore?", asked=False)
        questions(self.interview, 1, prompt="Tests?", asked=False, skipped=True)
        questions(self.interview, 1, prompt="Your questions?", kind="conversation")
        self.submit_all()
        self.assertEqual(
            [(group["why"], group["prompts"]) for group in self.debrief().not_asked],
            [
                ("Not asked", ["Underscore?"]),
                ("Skipped: out of time", ["Tests?"]),
                ("Asked, but not rated", ["Why is it slow?"]),
            ],
        )


class ScoreWordsTests(DebriefCase):
    def score(self, count, **fields):
        for question in questions(self.interview, count, **fields):
            rate(self.mira, question, 3)
            rate(self.jo, question, 3)

    def test_the_score_is_one_sentence_with_its_coverage(self):
        self.score(4)
        self.score(1, is_must_ask=False)
        questions(self.interview, 1, asked=False)
        self.submit_all()
        score = self.debrief().score
        self.assertEqual(
            score.sentence, "The average rating, 1 to 4, on 4 of 5 must-ask questions and 1 other answer, is 3.00."
        )
        self.assertEqual((score.text, score.remarks), ("3.00 + 0.00", []))

    def test_too_few_is_said_in_words(self):
        self.score(1)
        self.submit_all()
        self.assertEqual(self.debrief().score.remarks, ["Provisional: only 1 answer is rated"])

    def test_low_coverage_is_said_in_words(self):
        self.score(4)
        questions(self.interview, 3, asked=False)
        self.submit_all()
        self.assertEqual(self.debrief().score.remarks, ["Provisional: under 60% of the must-ask questions are rated"])

    def test_a_single_view_is_said(self):
        for question in questions(self.interview, 4):
            rate(self.mira, question, 3)
        self.submit_all()
        self.assertEqual(self.debrief().score.remarks, ["Single view: only one person rated"])

    def test_nothing_rated_is_no_score(self):
        self.submit_all()
        score = self.debrief().score
        self.assertEqual((score.text, score.sentence), ("", "No answers are rated, so there is no score."))


class ScoreSentenceTests(SimpleTestCase):
    @given(st.lists(st.integers(1, 4), min_size=1, max_size=6), st.integers(0, 9))
    def test_points_that_nobody_heard_are_never_counted_in_words(self, ratings, heard):
        blocks = [
            scoring.Question(id=n, is_answer=True, is_must_ask=True, state="asked", topic="T", is_behind_gate=False)
            for n in range(len(ratings))
        ]
        view = scoring.View("p", "lead", dict(enumerate(ratings)), {0: range(heard)})
        words = score_words(scoring.score(blocks, [view]))
        self.assertEqual("for good points" in words.sentence, heard > 0)
        self.assertIn(f"{len(ratings)} of {len(ratings)} must-ask question", words.sentence)


class QueryTests(DebriefCase):
    def test_they_do_not_grow_with_panel_and_script(self):
        self.submit_all()
        with self.assertNumQueries(6):
            self.debrief()
        hana, larger = managed_interview()
        large_panel(larger)
        with self.assertNumQueries(6):
            found = debrief(debrief_access(hana, larger))
        self.assertEqual(len(found.names), 12)
