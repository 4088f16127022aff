from contextlib import closing

import pytest

from harness.http import Connection, request
from harness.site import Site

pytestmark = pytest.mark.sqlite_only


async def application(scope, receive, send):
    """Answers every request with 204."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 204, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


def test_a_killed_site_starts_again_on_the_same_port():
    site = Site("harness.tests.test_site:application")
    try:
        for end in (site.kill, site.stop):
            site.start()
            with closing(Connection(site.port)) as connection:
                assert connection.send(request("GET", "/")) == (204, b"")
            assert site.memory() > 0
            end()
            with pytest.raises(ConnectionRefusedError):
                Connection(site.port)
    finally:
        site.close()
