from unittest import TestCase

from interviews.records.scoring import score
from interviews.records.tests.scores import block, points, view
from interviews.records.topics import sharing_rows, shown_topics


class ShownTopicsTests(TestCase):
    def test_topics_with_nothing_to_rate_and_nothing_heard_are_left_out(self):
        blocks = [
            block(1, topic="Warm-up", is_answer=False),
            block(2, topic="Python"),
            block(3, topic="Their questions", is_answer=False),
            block(4, topic="REST", state="unasked"),
        ]
        found = shown_topics(score(blocks, [view(ratings={2: 3}, heard={3: points(1)})]))
        self.assertEqual([(topic, word.word) for topic, word in found], [
            ("Python", "Good"), ("Their questions", ""), ("REST", ""),
        ])  # fmt: skip


class SharingRowsTests(TestCase):
    def groups(self, *rows):
        return [[name for name, *_ in group] for group in sharing_rows(rows, lambda row: (row[1], row[2]))]

    def test_neighbours_unrated_for_one_reason_share_a_row(self):
        self.assertEqual(
            self.groups(("a", "not asked", 0), ("b", "not asked", 0), ("c", "skipped", 0), ("d", "not asked", 0)),
            [["a", "b"], ["c"], ["d"]],
        )

    def test_rated_topics_and_topics_with_a_heard_point_do_not(self):
        self.assertEqual(
            self.groups(("a", "", 0), ("b", "", 0), ("c", "not asked", 1), ("d", "not asked", 1)),
            [["a"], ["b"], ["c"], ["d"]],
        )
