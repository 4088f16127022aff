import os
import threading
from unittest import mock

from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, make_password
from django.test import SimpleTestCase, override_settings

from accounts import hashers
from accounts.urls import is_hashing


@override_settings(PASSWORD_HASHERS=["accounts.hashers.PasswordHasher"])
class PasswordHasherTests(SimpleTestCase):
    def test_hashes_are_djangos(self):
        with mock.patch.object(PBKDF2PasswordHasher, "iterations", 10):
            hashed = make_password("three calm words")
            self.assertTrue(check_password("three calm words", hashed))
        self.assertTrue(hashed.startswith("pbkdf2_sha256$10$"))
        hasher = PBKDF2PasswordHasher()
        self.assertTrue(hasher.verify("three calm words", hashed))

    def test_they_are_made_one_at_a_time_on_a_thread_that_steps_back(self):
        seen = []

        def encode(self, password, salt, iterations=None):
            thread = threading.current_thread()
            seen.append((thread.name, os.getpriority(os.PRIO_PROCESS, threading.get_native_id())))
            return f"pbkdf2_sha256$10${salt}$x"

        with mock.patch.object(PBKDF2PasswordHasher, "encode", encode):
            threads = [threading.Thread(target=make_password, args=("x",)) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual(seen, [("hashing_0", min(19, os.getpriority(os.PRIO_PROCESS, 0) + hashers.NICE))] * 3)


class IsHashingTests(SimpleTestCase):
    def test_what_hashes_a_password_has_a_lane_of_its_own(self):
        for path in ("/sign-in/", "/account/password/", "/welcome/MQ/set-password/"):
            with self.subTest(path=path):
                self.assertTrue(is_hashing("POST", path))
                self.assertFalse(is_hashing("GET", path))

    def test_nothing_else_has(self):
        for path in ("/", "/account/", "/sign-out/", "/interviews/1/commands/", "/sign-in/x"):
            with self.subTest(path=path):
                self.assertFalse(is_hashing("POST", path))
