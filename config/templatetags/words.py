"""Filters for counts and times, built in to every template."""

import datetime as dt
import re
import zoneinfo

from django import template
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString

from accounts.time_zones import place_of

register = template.Library()


@register.filter
def count(number: int, words: str) -> str:
    """`{{ 1|count:"answer,answers" }}` is "1 answer"; with one word an s makes the plural."""
    one, _, many = words.partition(",")
    return f"{number} {one if number == 1 else many or one + 's'}"


@register.filter
def times(number: int) -> str:
    """ "once", "twice", "3 times" """
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


# Also the beginning of such words where the text was cut.
_CODE = re.compile(r"`([^`\n]+)(?:`|(?<=…)$)")


@register.filter
def code(text: str) -> SafeString:
    """The text of a question, with words between backticks as code. Everything else is shown as it was typed."""
    return SafeString(_CODE.sub(r"<code>\1</code>", escape(text)))


@register.filter
def spoken(text: str) -> str:
    """The text of a question without those backticks: for titles and labels, which show no code."""
    return _CODE.sub(r"\1", text)


@register.filter
def clock(moment: dt.datetime | None) -> str:
    """ "14:02" in the reader's zone."""
    return timezone.localtime(moment).strftime("%H:%M") if moment else ""


@register.filter
def day(moment: dt.datetime | dt.date | None) -> str:
    """“Today”, “Mon 23” within a week, else “23 Nov” or “23 Nov 2025”, in the reader’s zone."""
    if moment is None:
        return ""
    date = timezone.localtime(moment).date() if isinstance(moment, dt.datetime) else moment
    today = timezone.localdate()
    near = {0: "Today", 1: "Tomorrow", -1: "Yesterday"}.get((date - today).days)
    if near:
        return near
    if abs((date - today).days) < 7:
        return f"{date:%a} {date.day}"
    return f"{date.day} {date:%b}" + (f" {date.year}" if date.year != today.year else "")


@register.filter
def within(day: str) -> str:
    """The words of `day` within a sentence: "today", but "Mon 23"."""
    return day.lower() if day in ("Today", "Tomorrow", "Yesterday") else day


@register.filter
def zone_name(zone: str) -> str:
    """ "New York" for "America/New_York"; without a name, that of the reader's zone."""
    return place_of(zone or timezone.get_current_timezone_name())


@register.filter
def said_in(moment: dt.datetime, zone: str) -> str:
    """ "08:00 in New York", with its day where that differs; "" where the reader's clocks show the same."""
    here, there = timezone.localtime(moment), moment.astimezone(zoneinfo.ZoneInfo(zone))
    if here.replace(tzinfo=None) == there.replace(tzinfo=None):
        return ""
    on = "" if here.date() == there.date() else f"{there:%a} {there.day}, "
    return f"{on}{there:%H:%M} in {zone_name(zone)}"


@register.filter
def also_in(moment: dt.datetime, zone: str) -> str:
    """ " (08:00 in New York)", to follow a time; "" where the reader's clocks show the same."""
    there = said_in(moment, zone)
    return f" ({there})" if there else ""


@register.filter
def zoned(moment: dt.datetime | None) -> str:
    """ "14:02 Malta time": the clock with its zone, for readers who may be in another zone."""
    place = zone_name("")
    return f"{clock(moment)} {place if place == 'UTC' else f'{place} time'}" if moment else ""
