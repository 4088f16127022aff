"""For tests: forms sent as the page has them."""

import re
from html import unescape
from typing import Any

from django.test import Client

_BASE = re.compile(r'name="base" value="([^"]*)"')


def base_of(response: Any) -> dict[str, str]:
    """The hidden field with which a page says what it was opened with; nothing where it has none."""
    found = _BASE.search(response.content.decode())
    return {"base": unescape(found.group(1))} if found else {}


def opened(client: Client, address: str) -> dict[str, str]:
    """`base_of` the page at this address, opened now."""
    return base_of(client.get(address))
