from unittest import mock

from interviews.factories import (
    PanelistFactory,
)
from interviews.live import rate_limits
from interviews.live.tests.call_case import CallCase
from interviews.models import (
    Receipt,
)
from interviews.tests.commanding import sender


class TestCheck(CallCase):
    def test_changes_at_once_are_taken_later(self):
        commands = [self.browser.body("tick", self.points[0].pk, number % 2 == 0) for number in range(4)]
        bucket = mock.patch.multiple(rate_limits, BURST=3, PER_SECOND=2)
        with bucket, mock.patch("interviews.live.rate_limits.monotonic", return_value=1_000) as clock:
            self.assertEqual([self.browser.post(body).status_code for body in commands], [200, 200, 200, 429])
            answer = self.browser.post(commands[3])
            self.assert_refused(answer, 429, "sent shortly")
            self.assertEqual((answer.json()["code"], answer["Retry-After"]), ("too-many", "1"))
            # Somebody else is not held up.
            other = sender(PanelistFactory(interview=self.interview))
            self.assertEqual(other.send("tick", self.points[0].pk).status_code, 200)
            clock.return_value += 1
            self.assertEqual([self.browser.post(commands[3]).status_code for _ in range(3)], [200, 200, 429])
        self.assertEqual(Receipt.objects.filter(user=self.lead.user).count(), 4)

    def test_a_page_that_was_offline_for_long_is_not_too_fast(self):
        for number in range(300):
            answer = self.browser.send("tick", self.points[0].pk, number % 2 == 0)
            self.assertEqual(answer.status_code, 200)

    def test_people_who_come_and_go_are_forgotten(self):
        with (
            mock.patch.object(rate_limits, "MOST_PEOPLE", 2),
            mock.patch("interviews.live.rate_limits.monotonic", side_effect=[10, 20, 30]),
        ):
            for user in (1, 2, 3):
                rate_limits.check(user)
        self.assertEqual(list(rate_limits._buckets), [3])
