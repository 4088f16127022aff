import uuid
from unittest import mock

from django.core.cache import caches
from django.test import SimpleTestCase

from accounts import throttling
from accounts.throttling import SignInAttempt


class SignInAttemptTests(SimpleTestCase):
    """On the cache that is configured, whichever it is."""

    def setUp(self):
        self.email = f"{uuid.uuid4()}@example.org"
        self.net = f"2001:db8:{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}"

    def attempt(self, *, email=None, address=None, device=""):
        return SignInAttempt(email=email or self.email, address=address or f"{self.net}::1", device=device)

    def fail(self, times, **who):
        for _ in range(times):
            self.attempt(**who).begin()

    def assert_refused(self, **who):
        with self.assertRaises(throttling.TooManyAttempts):
            self.attempt(**who).begin()

    def others(self, count):
        """Addresses of as many networks."""
        return [f"2001:db8:{uuid.uuid4().hex[:4]}:{number:x}::1" for number in range(count)]

    def test_eleventh_failure_from_an_address_is_refused(self):
        self.fail(throttling.FAILURES_MAX)
        self.assert_refused()

    def test_another_address_of_the_same_ipv6_network_is_the_same_client(self):
        self.fail(throttling.FAILURES_MAX)
        self.assert_refused(address=f"{self.net}:1:2:3:4")

    def test_success_starts_anew(self):
        self.fail(throttling.FAILURES_MAX - 1)
        right = self.attempt()
        right.begin()
        right.succeed()
        self.fail(throttling.FAILURES_MAX)
        self.assert_refused()

    def test_an_address_that_tries_many_emails_is_refused(self):
        for number in range(throttling.ADDRESS_FAILURES_MAX):
            self.fail(1, email=f"{number}-{self.email}")
        self.assert_refused(email=f"one-more-{self.email}")
        self.fail(1, email=f"one-more-{self.email}", address=self.others(1)[0])

    def test_successes_do_not_use_up_a_shared_address(self):
        for number in range(2 * throttling.ADDRESS_FAILURES_MAX):
            attempt = self.attempt(email=f"{number}-{self.email}")
            attempt.begin()
            attempt.succeed()
        self.fail(1)

    def test_an_email_that_many_addresses_try_is_refused(self):
        addresses = self.others(throttling.EMAIL_FAILURES_MAX + 1)
        for address in addresses[:-1]:
            self.fail(1, address=address)
        self.assert_refused(address=addresses[-1])

    def test_spellings_that_the_database_takes_for_one_email_share_its_budget(self):
        self.email = f"ski-{self.email}"
        spellings = [self.email, self.email.upper(), self.email.replace("s", "ſ", 1), self.email.replace("i", "ı", 1)]
        addresses = self.others(throttling.EMAIL_FAILURES_MAX)
        for number, address in enumerate(addresses):
            self.fail(1, email=spellings[number % len(spellings)], address=address)
        self.assert_refused(address=self.others(1)[0])

    def test_one_address_spends_no_more_than_its_share_of_an_email(self):
        self.fail(throttling.FAILURES_MAX)
        for _ in range(throttling.EMAIL_FAILURES_MAX):
            self.assert_refused()
        self.fail(1, address=self.others(1)[0])

    def test_a_browser_known_to_the_account_has_its_own_budget(self):
        for address in self.others(throttling.EMAIL_FAILURES_MAX):
            self.fail(1, address=address)
        self.assert_refused(address=self.others(1)[0])
        self.fail(throttling.FAILURES_MAX, device="hers")
        self.assert_refused(device="hers")

    def test_count_that_expires_in_between_starts_anew(self):
        with mock.patch.object(caches["counts"], "add"):  # as if it were gone again at once
            self.fail(1)
        self.fail(throttling.FAILURES_MAX - 1)
        self.assert_refused()
