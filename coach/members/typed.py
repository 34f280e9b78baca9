"""What people type where a time or a percentage is asked for: understood, or refused with how to write it."""

from __future__ import annotations

import re
from datetime import time

from coach import wording_refusals
from coach.errors import Refused
from coach.local_days import parse_time

_PER_CENT = re.compile(r"(?:±\s*)?(\d{1,3})\s*(?:%|per ?cent|(?:percentage )?points?)?", re.IGNORECASE)
_BETWEEN = re.compile(r"(\s+(?:to|until|till)\s+|\s*[–—-]\s*|\s+)", re.IGNORECASE)


def typed_time(text: str) -> time:
    """The time of day that somebody typed, such as "21:30", "9pm" or "noon".

    Raises:
        Refused: it is not a time.
    """
    try:
        return parse_time(text)
    except ValueError:
        raise Refused(wording_refusals.not_a_time(text)) from None


def typed_times(start: str, end: str) -> tuple[time, time]:
    """Two times that somebody typed, also if what was typed was cut in two at the wrong place ("10", "pm 7 am").

    Raises:
        Refused: one of them is not a time.
    """
    try:
        return parse_time(start), parse_time(end)
    except ValueError:
        pass
    together = f"{start} {end}"
    for gap in _BETWEEN.finditer(together):
        try:
            return parse_time(together[: gap.start()]), parse_time(together[gap.end() :])
        except ValueError:
            continue
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
