"""Local days and due times: what date it is for a member, and when something is next due there."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


def parse_time(text: str) -> time:
    """The time of day that a text such as "22:00", "7:05" or "18.30" names.

    Raises:
        ValueError: the text is not a time from 0:00 to 23:59.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError("not a time like 18:30")
    return time(int(match[1]), int(match[2]))


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
