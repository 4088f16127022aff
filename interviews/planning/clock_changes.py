"""Convert a local time, such as 14:00 in Malta, into a moment, also on the days of clock changes."""

import datetime as dt
import zoneinfo

from accounts.time_zones import place_of
from interviews.refusals import Invalid


class NoSuchTime(Invalid):
    """The clocks skip this time."""


class TimeComesTwice(Invalid):
    """The clocks show this time twice, so it is ambiguous."""


def moment(date: dt.date, time: dt.time, zone: str) -> dt.datetime:
    """The aware moment at which clocks in `zone` show this. Raises NoSuchTime or TimeComesTwice."""
    local = dt.datetime.combine(date, time, zoneinfo.ZoneInfo(zone))
    place = place_of(zone)
    offsets = {local.replace(fold=fold).utcoffset() for fold in (0, 1)}
    if len(offsets) == 1:
        return local
    # A skipped time does not survive a round trip through UTC; a repeated one does.
    if local.astimezone(dt.UTC).astimezone(local.tzinfo).replace(fold=0) != local:
        raise NoSuchTime(f"The clocks in {place} skip {time:%H:%M} on that day. Choose another time.")
    raise TimeComesTwice(f"The clocks in {place} show {time:%H:%M} twice on that day. Choose another time.")
