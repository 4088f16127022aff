import socket
from unittest import mock

from django.test import SimpleTestCase

from interviews.notices import web_posts
from interviews.notices.web_posts import AddressRefused, NotTaken

ADDRESS = "https://hooks.example.org/services/T0/B0?x=1"


def resolved(*addresses):
    """What a look-up of the host finds."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    return mock.patch.object(web_posts.socket, "getaddrinfo", return_value=found)


class Server:
    """The other end of the connection: answers with this status."""

    def __init__(self, status):
        self.status, self.sent = status, []

    def __call__(self, host, address):
        self.reached = (host, address)
        return self

    def request(self, *parts):
        self.sent.append(parts)

    def getresponse(self):
        return self

    def read(self, most):
        self.most = most
        return b""

    def close(self):
        pass


class HostOfTests(SimpleTestCase):
    def test_only_https_on_a_public_host(self):
        self.assertEqual(web_posts.host_of(ADDRESS), "hooks.example.org")
        self.assertEqual(web_posts.host_of("https://[2606:4700::6810:84e5]/x"), "2606:4700::6810:84e5")
        for address in (
            "http://hooks.example.org/x",
            "ftp://hooks.example.org/x",
            "https://",
            "https://hooks.example.org:8443/x",
            "https://hooks.example.org:x/",
            "https://me:secret@hooks.example.org/x",
            "https://localhost/x",
            "https://intranet/x",
            "https://db.internal/x",
            "https://printer.local./x",
            "https://127.0.0.1/x",
            "https://10.0.0.8/x",
            "https://169.254.169.254/latest",
            "https://[::1]/x",
            "https://[::ffff:10.0.0.8]/x",
            "https://[64:ff9b::a00:8]/x",
            "https://[64:ff9b:1::a00:8]/x",
            "https://[::10.0.0.8]/x",
            "https://[2002:a00:8::]/x",
            "https://[2001:0:a00:8::1]/x",
            "https://[fec0::1]/x",
            "https://[ff02::1]/x",
            "https://hooks.example.org/a b",
            "https://hooks.example.org/é",
            "https://224.0.0.1/x",
            "https://0.0.0.0/x",
        ):
            with self.subTest(address), self.assertRaises(AddressRefused):
                web_posts.host_of(address)


class PostTests(SimpleTestCase):
    def post(self, status=200, *addresses):
        server = Server(status)
        with resolved(*(addresses or ("93.184.216.34",))), mock.patch.object(web_posts, "_Pinned", server):
            web_posts.post(ADDRESS, {"text": "Decided"})
        return server

    def test_it_goes_to_the_address_that_was_checked(self):
        server = self.post()
        self.assertEqual(server.reached, ("hooks.example.org", "93.184.216.34"))
        [(method, target, body, headers)] = server.sent
        self.assertEqual((method, target, body), ("POST", "/services/T0/B0?x=1", b'{"text": "Decided"}'))
        self.assertEqual(headers["Content-Type"], "application/json")
        self.assertEqual(server.most, web_posts.ANSWER_BYTES)

    def test_a_host_with_an_address_inside_is_refused(self):
        for inside in ("127.0.0.1", "192.168.1.4", "fe80::1%eth0", "fd00::1"):
            with self.subTest(inside), self.assertRaises(AddressRefused):
                self.post(200, "93.184.216.34", inside)

    def test_what_is_not_taken_is_said_and_no_redirect_is_followed(self):
        for status, is_final in ((302, True), (404, True), (410, True), (408, False), (429, False), (500, False)):
            with self.subTest(status), self.assertRaises(NotTaken) as caught:
                self.post(status)
            self.assertEqual(caught.exception.is_final, is_final)

    def test_what_cannot_be_reached_is_tried_again(self):
        with mock.patch.object(web_posts.socket, "getaddrinfo", side_effect=OSError), self.assertRaises(NotTaken):
            web_posts.post(ADDRESS, {})
        refused = mock.patch.object(web_posts.socket, "create_connection", side_effect=TimeoutError)
        with resolved("93.184.216.34"), refused as connect, self.assertRaises(NotTaken):
            web_posts.post(ADDRESS, {})
        connect.assert_called_once_with(("93.184.216.34", 443), timeout=web_posts.TIMEOUT)

    def test_an_answer_cannot_be_drawn_out(self):
        self.assertIs(web_posts._Pinned("hooks.example.org", "93.184.216.34").tls.sslsocket_class, web_posts._Timed)
        connection = web_posts._Timed.__new__(web_posts._Timed)
        connection.ends_at = 5
        with (
            mock.patch.object(web_posts, "monotonic", side_effect=[3, 5]),
            mock.patch.object(web_posts.ssl.SSLSocket, "recv_into", return_value=1),
            mock.patch.object(web_posts._Timed, "settimeout") as settimeout,
        ):
            self.assertEqual(connection.recv_into(bytearray(1)), 1)
            with self.assertRaises(TimeoutError):
                connection.recv_into(bytearray(1))
        settimeout.assert_called_once_with(2)

    def test_a_connection_that_fails_to_encrypt_is_closed(self):
        plain = mock.Mock()
        with (
            resolved("93.184.216.34"),
            mock.patch.object(web_posts.socket, "create_connection", return_value=plain),
            mock.patch.object(web_posts.ssl.SSLContext, "wrap_socket", side_effect=web_posts.ssl.SSLError) as wrap,
            self.assertRaises(NotTaken),
        ):
            web_posts.post(ADDRESS, {})
        plain.close.assert_called_once_with()
        self.assertEqual(wrap.call_args.kwargs, {"server_hostname": "hooks.example.org"})
