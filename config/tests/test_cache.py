import shutil
import time
import uuid
from contextlib import contextmanager
from unittest import mock, skipUnless

import redis as redis_client
from django.core.cache import caches
from django.test import SimpleTestCase, TestCase
from django.urls import reverse

from accounts import throttling
from accounts.factories import CuratorFactory
from config import cache as cache_module
from config.cache import LocalWhenDown, SkippedWhenDown
from runner.engines import redis, socket_folder


@contextmanager
def redis_that_stops():
    """Gives `run`, which starts one Redis on the same socket again and again, and its address."""
    with socket_folder() as folder:
        socket = folder / "redis.sock"

        def run():
            socket.unlink(missing_ok=True)  # left by the one before
            return redis(folder)

        yield run, f"unix://{socket}"


@skipUnless(shutil.which("redis-server"), "redis-server is missing")
@mock.patch.object(cache_module, "PAUSE", 0.05)
class WhenDownTests(SimpleTestCase):
    def test_nothing_is_found_while_it_is_down_and_what_was_changed_does_not_come_back(self):
        with redis_that_stops() as (run, address):
            kept = SkippedWhenDown(address, {})
            with run():
                kept.set("session", "mira")
                kept.set("other", 1)
                self.assertEqual(kept.get("session"), "mira")
            # Killed: a Redis that was only out of reach would still have it.
            self.assertIsNone(kept.get("session"))
            self.assertFalse(kept.has_key("session"))
            kept.delete("session")
            kept.set("other", 2)
            with run():
                late = SkippedWhenDown(address, {})
                late._cache.set(kept.make_key("session"), "mira", 60)
                late._cache.set(kept.make_key("other"), 1, 60)
                time.sleep(0.1)
                kept.set("ready", 1)
                self.assertEqual((kept.get("session"), kept.get("other")), (None, None))

    def test_calls_requests_and_sockets_share_a_client_and_its_connection(self):
        """Django has a cache of its own for each request and each socket."""
        with redis_that_stops() as (run, address), run():
            with mock.patch("redis.Redis.__init__", autospec=True, side_effect=redis_client.Redis.__init__) as made:
                caches_of_requests = [SkippedWhenDown(address, {}) for _ in range(3)]
                for number, kept in enumerate(caches_of_requests):
                    kept.set("session", number)
                    self.assertEqual(kept.get("session"), number)
            self.assertEqual(made.call_count, 1)
            self.assertEqual(len(kept._cache.get_client().client_list()), 1)

    def test_counts_go_on_in_this_process(self):
        with redis_that_stops() as (run, address):
            counts = LocalWhenDown(address, {})
            with run():
                self.assertTrue(counts.add("failures", 0))
                self.assertEqual(counts.incr("failures"), 1)
            self.assertTrue(counts.add("failures", 0))
            self.assertFalse(counts.add("failures", 0))
            self.assertEqual([counts.incr("failures"), counts.incr("failures"), counts.decr("failures")], [1, 2, 1])
            self.assertTrue(counts.touch("failures", 60))

    def test_it_is_left_alone_for_a_while(self):
        with redis_that_stops() as (_, address), mock.patch.object(cache_module, "PAUSE", 60):
            kept = SkippedWhenDown(address, {})
            kept.get("x")
            with mock.patch.object(type(kept._cache), "get", side_effect=AssertionError):
                self.assertEqual(SkippedWhenDown(address, {}).get("x", "nothing"), "nothing")


# Nobody listens there.
DOWN = {
    "default": {"BACKEND": "config.cache.SkippedWhenDown", "LOCATION": "unix:///nowhere/redis.sock"},
    "counts": {"BACKEND": "config.cache.LocalWhenDown", "LOCATION": "unix:///nowhere/redis.sock"},
}


class PagesWithoutRedisTests(TestCase):
    def setUp(self):
        self.enterContext(self.settings(CACHES=DOWN))

    def test_sessions_are_read_from_the_database_and_pages_answer(self):
        self.client.force_login(CuratorFactory())
        for name in ("my-day", "question-list", "account"):
            with self.subTest(name=name):
                self.assertEqual(self.client.get(reverse(name)).status_code, 200)
        self.client.post(reverse("sign-out"))
        self.assertEqual(self.client.get(reverse("my-day")).status_code, 302)

    def test_guessing_is_slowed_down_all_the_same(self):
        email = f"{uuid.uuid4()}@example.org"
        posted = {"username": email, "password": "wrong"}
        for _ in range(throttling.FAILURES_MAX):
            self.assertEqual(self.client.post(reverse("sign-in"), posted).status_code, 422)
        self.assertEqual(self.client.post(reverse("sign-in"), posted).status_code, 429)
        caches["counts"].fallback.clear()
