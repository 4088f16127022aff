"""Times of a record in the interview's zone, from UTC in its snapshots."""

import datetime as dt
import zoneinfo


class Zone:
    def __init__(self, name: str) -> None:
        self.name = name
        self._zone = zoneinfo.ZoneInfo(name)

    def local(self, moment: str) -> dt.datetime:
        return dt.datetime.fromisoformat(moment).astimezone(self._zone)

    def clock(self, moment: str) -> str:
        """ "14:02" """
        return f"{self.local(moment):%H:%M}"

    def date(self, moment: str) -> str:
        """ "20 November 2026" """
        local = self.local(moment)
        return f"{local.day} {local:%B %Y}"

    def short(self, moment: str) -> str:
        """ "20 Nov, 15:20" """
        local = self.local(moment)
        return f"{local.day} {local:%b, %H:%M}"
