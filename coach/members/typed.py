"""What people type where a time or a number is asked for: understood, or refused with how to write it."""

from __future__ import annotations

import re
from datetime import time

from coach import wording_refusals
from coach.errors import Refused
from coach.local_days import parse_time

_SHARE = r"%|per ?cent|(?:percentage )?points?"
_PER_CENT = re.compile(rf"(?:±\s*)?(\d{{1,3}})\s*(?:{_SHARE})?", re.IGNORECASE)
_NUMBER = re.compile(rf"(?:±\s*)?(\d{{1,4}})\s*(?:{_SHARE}|pp|d(?:ays?)?|h(?:(?:ou)?rs?)?)?", re.IGNORECASE)
_FROM = re.compile(r"\s*from\b", re.IGNORECASE)
_BETWEEN = re.compile(r"(\s+(?:to|until|till?)\s+|\s*[–—,;/-]\s*|\s+)", re.IGNORECASE)


def typed_time(text: str) -> time:
    """The time of day that somebody typed, such as "21:30", "9pm" or "noon".

    Raises:
        Refused: it is not a time.
    """
    try:
        return parse_time(text)
    except ValueError:
        raise Refused(wording_refusals.not_a_time(text)) from None


def typed_times(start: str, end: str = "") -> tuple[time, time]:
    """Two times that somebody typed, also if what was typed was cut in two at the wrong place ("10", "pm 7 am").

    Args:
        start: the first; or both, such as "22:00 to 7:00".
        end: the second; empty if `start` has both.

    Raises:
        Refused: one of them is not a time, or there are not two.
    """
    try:
        return parse_time(start), parse_time(end)
    except ValueError:
        pass
    together = _FROM.sub("", f"{start} {end}", count=1).strip()
    for gap in _BETWEEN.finditer(together):
        try:
            return parse_time(together[: gap.start()]), parse_time(together[gap.end() :])
        except ValueError:
            continue
    if not end:
        raise Refused(wording_refusals.not_two_times(start))
    return typed_time(start), typed_time(end)


def typed_per_cent(text: str | None) -> int | None:
    """The whole percentage that somebody typed, such as "50", "50%" or "15 points"; None if they typed none.

    Raises:
        Refused: it is not one.
    """
    if text is None:
        return None
    match = _PER_CENT.fullmatch(text.strip())
    if match is None:
        raise Refused(wording_refusals.not_per_cent(text))
    return int(match[1])


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
