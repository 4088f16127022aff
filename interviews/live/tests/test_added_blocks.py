"""The questions of a block."""

from interviews.live.added_blocks import block_ids
from interviews.live.tests.call_case import CallCase


class TestBlockIds(CallCase):
    def test_a_question_with_its_follow_ups_and_none_of_the_next_block(self):
        self.assertEqual(block_ids(self.interview, self.first), {self.first.pk, self.follow_up.pk})
        self.assertEqual(block_ids(self.interview, self.follow_up), {self.follow_up.pk})
        self.assertEqual(block_ids(self.interview, self.second), {self.second.pk})
