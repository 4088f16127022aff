from interviews.factories import NoteFactory
from interviews.tests.debriefing import DebriefCase
from interviews.tests.submitting import questions, rate, submit


class SplitRecommendationTests(DebriefCase):
    def split(self, *values):
        for panelist, value in zip((self.mira, self.jo, self.luc), values, strict=True):
            submit(panelist, recommendation=value)
        return self.debrief().split

    def test_a_panel_that_leans_both_ways_is_told_with_names(self):
        self.assertEqual(self.split(2, 3, 3), "Recommendations are split: Mira No, Jo and Luc Yes")
        self.client.force_login(self.hana)
        self.assertContains(self.client.get(f"{self.interview.get_absolute_url()}debrief/"), "Mira No, Jo and Luc Yes.")

    def test_a_panel_that_leans_one_way_is_not_split(self):
        self.assertEqual(self.split(3, 4, None), "")


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
