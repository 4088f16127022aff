"""Post JSON to a public https address, and to nothing inside this network.

The host's addresses are checked and one of them is used, so that a second look-up cannot lead elsewhere. Redirects are
not followed, and little of the answer is read."""

import http.client
import ipaddress
import json
import socket
import ssl
import string
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 5  # seconds, to connect, to encrypt, and for the whole answer
ANSWER_BYTES = 1_000
PORT = 443
# The only public part of IPv6. The rest is for machines and networks, or wraps IPv4 addresses.
PUBLIC = ipaddress.ip_network("2000::/3")
PRINTABLE = frozenset(string.printable) - frozenset(string.whitespace)


class AddressRefused(Exception):
    """Not an https address in the public internet. `str()` is a sentence for people."""


class NotTaken(Exception):
    """The server did not take it. `str()` is a sentence for people."""

    def __init__(self, words: str, *, is_final: bool = False) -> None:
        super().__init__(words)
        self.is_final = is_final


def host_of(address: str) -> str:
    """The host of an address that may be posted to, as far as can be said without a look-up. Raises AddressRefused."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise AddressRefused("This is not a web address.") from None
    if not set(address) <= PRINTABLE:
        raise AddressRefused("The address can’t contain spaces or accents.")
    if parts.scheme != "https" or not parts.hostname:
        raise AddressRefused("The address must begin with https://.")
    if parts.username or parts.password or port not in (None, PORT):
        raise AddressRefused("The address can’t contain a user name, password or port.")
    host = parts.hostname
    if _is_literal(host):
        _require_public(host)
    elif "." not in host.strip(".") or host.rstrip(".").endswith((".local", ".internal", ".localhost")):
        raise AddressRefused("The address must be on the public internet.")
    return host


def post(address: str, content: dict[str, Any]) -> None:
    """Raises AddressRefused or NotTaken."""
    host = host_of(address)
    parts = urlsplit(address)
    connection = _Pinned(host, _public_address(host))
    target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    try:
        body = json.dumps(content).encode()
        connection.request("POST", target, body, {"Content-Type": "application/json", "Connection": "close"})
        answer = connection.getresponse()
        answer.read(ANSWER_BYTES)
    except (OSError, http.client.HTTPException, UnicodeError):
        raise NotTaken("The server can’t be reached.") from None
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        is_final = 300 <= answer.status < 500 and answer.status not in (408, 429)
        raise NotTaken(f"The server responded with {answer.status}.", is_final=is_final)


class _Timed(ssl.SSLSocket):
    """A connection whose other end cannot draw out its answer: a worker waits for it."""

    ends_at: float

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        left = self.ends_at - monotonic()
        if left <= 0:
            raise TimeoutError
        self.settimeout(left)
        return super().recv_into(*args, **kwargs)


class _Pinned(http.client.HTTPSConnection):
    """A connection to this address of the host, with the host's certificate."""

    def __init__(self, host: str, address: str) -> None:
        self.tls = ssl.create_default_context()
        self.tls.sslsocket_class = _Timed
        super().__init__(host, PORT, timeout=TIMEOUT, context=self.tls)
        self.address = address

    def connect(self) -> None:
        plain = socket.create_connection((self.address, PORT), timeout=TIMEOUT)
        try:
            secured = self.tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise
        assert isinstance(secured, _Timed)
        secured.ends_at = monotonic() + TIMEOUT
        self.sock = secured


def _public_address(host: str) -> str:
    """One of the host's addresses; all of them are public."""
    try:
        found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotTaken("No server has this name.") from None
    addresses = [str(info[4][0]) for info in found]
    for address in addresses:
        _require_public(address)
    return addresses[0]


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _require_public(address: str) -> None:
    """Raises AddressRefused for addresses of this machine and network, and for those that wrap another address."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    is_inside = isinstance(parsed, ipaddress.IPv6Address) and (
        parsed not in PUBLIC or parsed.sixtofour is not None or parsed.teredo is not None
    )
    if is_inside or not parsed.is_global or parsed.is_multicast:
        raise AddressRefused("The address must be on the public internet.")
