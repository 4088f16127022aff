import uuid
from unittest import mock

from django.core.cache import cache
from django.test import SimpleTestCase

from accounts import throttling


class BeginAttemptTests(SimpleTestCase):
    """On the cache that is configured, whichever it is."""

    def setUp(self):
        self.who = {"email": f"{uuid.uuid4()}@example.org", "address": "10.0.0.1"}

    def begin(self, times):
        for _ in range(times):
            throttling.begin_attempt(**self.who)

    def test_eleventh_attempt_is_refused(self):
        self.begin(throttling.FAILURES_MAX)
        with self.assertRaises(throttling.TooManyAttempts):
            self.begin(1)

    def test_success_starts_anew(self):
        self.begin(throttling.FAILURES_MAX)
        throttling.forget_attempts(**self.who)
        self.begin(throttling.FAILURES_MAX)
        with self.assertRaises(throttling.TooManyAttempts):
            self.begin(1)

    def test_count_that_expires_in_between_starts_anew(self):
        with mock.patch.object(cache, "add"):  # as if it were gone again at once
            self.begin(1)
        self.begin(throttling.FAILURES_MAX - 1)
        with self.assertRaises(throttling.TooManyAttempts):
            self.begin(1)
