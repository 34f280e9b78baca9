"""Local days and due times: what date it is for a member, and when something is next due there."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# "21:30", "21.30", "21h30", "21h", "21.30 Uhr"; and with am or pm "9", "9:30", "9.30 p.m.", "930pm".
_TIME = re.compile(r"([01]?\d|2[0-3])(?:[:.h]([0-5]\d)|h)(?: ?(?:h|uhr))?")
_TWELVE_HOURS = re.compile(r"(0?[1-9]|1[0-2])(?:[:.]?([0-5]\d))? ?([ap])(?:\.? ?m)?\.?")
_NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}


def parse_time(text: str) -> time:
    """The time of day that a text such as "22:00", "7:05", "18.30", "21h30", "9pm", "9:30 p.m." or "noon" names.

    Raises:
        ValueError: the text is not a time, or could be one of two, such as "9".
    """
    # Normalised, as some programs write a narrow space before PM, and some keyboards wide digits.
    typed = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    if typed in _NAMED:
        return _NAMED[typed]
    if match := _TIME.fullmatch(typed):
        return time(int(match[1]), int(match[2] or 0))
    if match := _TWELVE_HOURS.fullmatch(typed):
        # Twelve comes before one: 12 am is midnight, 12 pm is noon.
        return time(int(match[1]) % 12 + (12 if match[3] == "p" else 0), int(match[2] or 0))
    raise ValueError("not a time like 18:30")


def zone_name(zone: str) -> str:
    """A time zone as it is shown: its IANA name, or "UTC+2" for one that is always two hours ahead."""
    ahead = zone.removeprefix("Etc/GMT")
    # The signs in these names are turned round.
    return zone if ahead == zone else f"UTC{'+' if ahead[0] == '-' else '-'}{ahead[1:]}"


def local_day(moment: datetime, zone: ZoneInfo, day_ends_at: time) -> date:
    """The member's date at a moment.

    Args:
        moment: an aware time.
        zone: the member's zone.
        day_ends_at: local time at which their day ends; 03:00 counts 01:30 to the evening before.

    Returns:
        The local calendar date, or the one before if the day before has not ended yet. The wall clock decides, so
        a clock change moves no boundary.
    """
    local = moment.astimezone(zone)
    return local.date() - timedelta(days=1) if local.time() < day_ends_at else local.date()


def due_at(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment at which the wall clock of `zone` first shows `at` on `day`.

    If the clock skips that time, this is the first valid minute after it; if the clock shows it twice, the earlier
    of the two (PEP 495: fold=0 reads an ambiguous time as the earlier one).

    Returns:
        An aware time in UTC.
    """
    wall = datetime.combine(day, at)
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    # A skipped time read with fold=1 is before the gap (PEP 495); walk to the first minute after it.
    moment = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while moment.astimezone(zone).replace(tzinfo=None) < wall:
        moment += timedelta(minutes=1)
    return moment


def due_of_day(day: date, at: time, zone: ZoneInfo, day_ends_at: time) -> datetime:
    """When the clock first shows `at` within the local day `day`, which may end after midnight.

    Args:
        day: a local day, from `local_day`.
        at: local time; one before `day_ends_at` belongs to the small hours at the day's end.
        zone: the zone.
        day_ends_at: when the day ends.

    Returns:
        An aware time in UTC.
    """
    return due_at(day + timedelta(days=1) if at < day_ends_at else day, at, zone)


def within(now: time, start: time, end: time) -> bool:
    """Whether `now` is in the daily span from `start` up to `end`, which may include midnight.

    A span whose start is its end is empty.
    """
    if start <= end:
        return start <= now < end
    return now >= start or now < end
