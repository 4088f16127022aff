"""For tests: posts forms as the page rendered them."""

import re
from html import unescape
from typing import Any

from django.test import Client

_BASE = re.compile(r'name="base" value="([^"]*)"')


def base_of(response: Any) -> dict[str, str]:
    """The hidden field with the revision of a page; empty if it has none."""
    found = _BASE.search(response.content.decode())
    return {"base": unescape(found.group(1))} if found else {}


def opened(client: Client, address: str) -> dict[str, str]:
    """`base_of` the page at this URL, fetched now."""
    return base_of(client.get(address))
