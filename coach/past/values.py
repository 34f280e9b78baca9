"""Values of exports, whose types nobody vouches for: strings, moments and keys, or a ValueError."""

from __future__ import annotations

import contextlib
import hashlib
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, cast

from coach.text import whole

_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_NUMBER = re.compile(r"\d{9,16}(?:\.\d+)?", re.ASCII)
_OF_TWITTER = "%a %b %d %H:%M:%S %z %Y"
# Such as "2013-01-31 23:59:59 +0000", which `fromisoformat` does not take.
_SPACED = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(UTC|GMT|Z|[+-]\d\d:?\d\d)", re.ASCII)
_SLASHED = re.compile(
    r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:,? (\d{1,2})[:.](\d\d)(?:[:.](\d\d))? ?([AaPp])?\.?(?:[Mm]\.?)?)?",
    re.ASCII,
)


def string(value: Any) -> str:
    """A string of an export, fit to be stored.

    Raises:
        ValueError: it is something else.
    """
    if not isinstance(value, str):
        raise ValueError("not a string")
    return whole(value)


def inside(value: Any, *keys: str) -> dict[str, Any]:
    """The object that a value has under these keys, one inside the other; empty if there is none."""
    for key in keys:
        value = cast("dict[str, Any]", value).get(key) if isinstance(value, dict) else None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """The items of a list; a single value is a list of one, and None an empty one."""
    if isinstance(value, list):
        return cast("list[Any]", value)
    return [] if value is None else [value]


def moment(value: Any, day_first: bool = True) -> datetime:
    """The moment that an export gives, in UTC; without a zone it is taken to be in UTC.

    Args:
        value: seconds, milliseconds or microseconds since 1970 as a number or in digits, or a date as ISO 8601,
            RFC 5322, X or a spreadsheet writes it.
        day_first: whether 5/6/2026 is the 5th of June and not the 6th of May.

    Raises:
        ValueError: it is no date from 1990 to 2100.
    """
    try:
        found = _moment(value, day_first)
    except (OverflowError, OSError, TypeError, AttributeError) as error:
        raise ValueError("not a date") from error
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ValueError("not a date of a post")
    return found


def _moment(value: Any, day_first: bool) -> datetime:
    if isinstance(value, (int, float)) or _NUMBER.fullmatch(value.strip()):
        seconds = float(value)
        for _ in range(2):  # milliseconds or microseconds
            seconds = seconds / 1000 if seconds > 1e11 else seconds
        return datetime.fromtimestamp(seconds, UTC)
    text = " ".join(value.split())
    if numbers := in_numbers(text):
        first, second, year, hour, minute, of_minute = numbers
        day, month = (first, second) if day_first else (second, first)
        return datetime(year, month, day, hour, minute, of_minute, tzinfo=UTC)
    if found := _SPACED.fullmatch(text):
        zone = "+00:00" if found[3] in ("UTC", "GMT", "Z") else found[3]
        return datetime.fromisoformat(f"{found[1]}T{found[2]}{zone}")
    with contextlib.suppress(ValueError):
        if re.match(r"\d{4}-?\d\d", text, re.ASCII):
            return datetime.fromisoformat(text)
    with contextlib.suppress(ValueError):
        return datetime.strptime(text, _OF_TWITTER).astimezone(UTC)
    return parsedate_to_datetime(text)


def in_numbers(text: str) -> tuple[int, ...]:
    """A date such as 31/12/2026 9:05 PM as numbers: both that may be the day, the year, hour, minute and second.

    Empty if the text is not such a date.
    """
    found = _SLASHED.fullmatch(text.strip())
    if found is None:
        return ()
    hour = int(found[4] or 0)
    if found[7]:
        hour = hour % 12 + 12 * (found[7] in "Pp")
    return int(found[1]), int(found[2]), int(found[3]), hour, int(found[5] or 0), int(found[6] or 0)


def digest(*parts: object) -> str:
    """A key for a post that has no number of its own: a short hash of what is known of it."""
    joined = "\0".join(map(str, parts)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=12).hexdigest()
