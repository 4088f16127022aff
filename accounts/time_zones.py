"""Time zones to choose from, and their names in sentences."""

import zoneinfo
from collections import defaultdict
from functools import cache
from importlib.resources import files

Choices = list[tuple[str, list[tuple[str, str]]]]


@cache
def _by_region() -> Choices:
    regions: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in sorted(_current_names() & zoneinfo.available_timezones()):
        region, _, place = name.partition("/")
        regions[region].append((name, place.replace("_", " ").replace("/", ", ")))
    return [("Everywhere", [("UTC", "UTC")]), *regions.items()]


def _current_names() -> set[str]:
    """The zones by country, each under its name of today: "Asia/Kolkata", and not "Asia/Calcutta" too."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    return {line.split("\t")[2] for line in table.splitlines() if line and not line.startswith("#")}


def place_of(zone: str) -> str:
    """ "New York" for "America/New_York"."""
    return zone.rpartition("/")[2].replace("_", " ")


def zone_or_none(name: str) -> zoneinfo.ZoneInfo | None:
    """The zone of this name; None for "" or a name that this machine does not know."""
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except zoneinfo.ZoneInfoNotFoundError:
        return None


def time_zone_choices(current: str = "") -> Choices:
    """All places by region, including `current` even if its name is obsolete."""
    choices = _by_region()
    if current and not any(current == name for _, places in choices for name, _ in places):
        return [("Now", [(current, current)]), *choices]
    return choices
