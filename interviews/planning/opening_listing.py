"""The list of openings."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from accounts.models import User
from finding.lists import Filter, ListPage, Order, list_page
from interviews.models import Opening


def opening_page(*, reader: User, given: Mapping[str, str], now: dt.datetime) -> ListPage[Opening]:
    """The openings that the reader manages. Three queries."""
    return list_page(
        Opening.objects.visible_to(reader).for_list(now),
        given,
        search=lambda rows, words: rows.about(words),
        filters=[Filter("state", "State", "Open and closed", [("open", "Open"), ("closed", "Closed")], _in_state)],
        # Open ones first.
        orders=[Order("", "By role", ("is_closed", "title", "pk"))],
    )


def _in_state(rows: Any, value: str) -> Any:
    return rows.filter(is_closed=value == "closed")
