from django.test import TestCase

from accounts.factories import InterviewerFactory
from interviews.factories import START
from interviews.models import CalendarFeed


class CalendarFeedTests(TestCase):
    def test_each_is_long_random_and_the_only_one(self):
        jo = InterviewerFactory()
        first, second = (CalendarFeed.renew(jo, at=START) for _ in range(2))
        self.assertNotEqual(first, second)
        self.assertGreaterEqual(len(second), 43)
        self.assertEqual(CalendarFeed.objects.get().digest, CalendarFeed.digest_of(second))
