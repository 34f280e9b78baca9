"""What people type into the fields of a form: numbers with or without a unit, and two times of day."""

from __future__ import annotations

import re

from coach import wording_refusals
from coach.errors import Refused
from coach.local_days import parse_time

_NUMBER = re.compile(r"(\d{1,4})\s*(?:%|per ?cent|points?|pp|days?|d|hours?|hrs?|h)?", re.IGNORECASE)
_BETWEEN_TIMES = re.compile(r"\s*(?:[-–—,;/]|\bto\b|\buntil\b|\btill?\b)\s*", re.IGNORECASE)


def changed_number(typed: str, shown: str | None) -> int | None:
    """The whole number in a field; None if the field is as it was shown, or empty.

    Raises:
        Refused: it is no whole number.
    """
    text = typed.strip()
    if not text or text == shown:
        return None
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise Refused(wording_refusals.not_a_number(text))
    return int(found[1])


def bounded(number: int, least: float, most: float) -> int:
    """A number that lies within bounds.

    Raises:
        Refused: it doesn't; the sentence names them.
    """
    if not least <= number <= most:
        raise Refused(wording_refusals.out_of_bounds(number, least, most))
    return number


def two_times(typed: str) -> tuple[str, str]:
    """The two times of day in a text such as "22:00 to 7:00", each as it was typed.

    Raises:
        Refused: there are not two.
    """
    parts = _BETWEEN_TIMES.split(re.sub(r"^\s*from\b", "", typed, flags=re.IGNORECASE).strip())
    if len(parts) != 2:
        raise Refused(wording_refusals.not_two_times(typed))
    return parts[0], parts[1]


def checked_time(typed: str) -> str:
    """A time of day as it was typed.

    Raises:
        Refused: it is no time.
    """
    try:
        parse_time(typed)
    except ValueError:
        raise Refused(wording_refusals.not_a_time(typed)) from None
    return typed
