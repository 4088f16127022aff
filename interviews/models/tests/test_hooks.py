import datetime as dt

from django.test import TestCase

from interviews.factories import START, OpeningFactory
from interviews.models import HookMessage


class HookMessageTests(TestCase):
    def test_one_worker_holds_it_until_its_lease_ends(self):
        message = HookMessage.objects.create(opening=OpeningFactory(), text="x", created_at=START, try_at=START)
        self.assertFalse(message.claim(at=START - dt.timedelta(seconds=1)))
        self.assertTrue(message.claim(at=START))
        self.assertFalse(message.claim(at=START))
        self.assertTrue(message.claim(at=START + HookMessage.LEASE + dt.timedelta(seconds=1)))
        self.assertEqual(message.attempts, 2)
