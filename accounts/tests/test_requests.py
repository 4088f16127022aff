from django.test import RequestFactory, SimpleTestCase, override_settings

from accounts.requests import client_address


class ClientAddressTests(SimpleTestCase):
    def address(self, told, *, proxies):
        headers = {"x-forwarded-for": told} if told is not None else {}
        request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="172.18.0.1")
        with override_settings(TRUSTED_PROXIES=proxies):
            return client_address(request)

    def test_without_a_proxy_the_header_is_not_believed(self):
        self.assertEqual(self.address("10.0.0.9", proxies=0), "172.18.0.1")

    def test_behind_proxies_the_entry_of_the_outermost_counts_and_what_came_before_it_does_not(self):
        for told, proxies, expected in (
            ("203.0.113.7", 1, "203.0.113.7"),
            ("10.0.0.9, 203.0.113.7", 1, "203.0.113.7"),
            ("10.0.0.9, 203.0.113.7, 192.0.2.1", 2, "203.0.113.7"),
            ("10.0.0.9,203.0.113.7 ,, 192.0.2.1", 2, "203.0.113.7"),
        ):
            with self.subTest(told=told):
                self.assertEqual(self.address(told, proxies=proxies), expected)

    def test_who_came_past_a_proxy_is_known_by_the_next_one(self):
        self.assertEqual(self.address(None, proxies=1), "172.18.0.1")
        self.assertEqual(self.address("203.0.113.7", proxies=2), "203.0.113.7")
