"""Any table with a column of words and one of dates: CSV, Hootsuite's three columns without names, or JSON lines.

Which column is which is guessed, and the guess is given along, to be confirmed by whoever knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from coach import wording_exports
from coach.errors import Refused
from coach.past.members import Count, Member
from coach.past.parts import Guess, Part
from coach.past.posts import How, PastPost
from coach.past.texts import json_items, json_lines, rows_of, start_of
from coach.past.values import digest, in_numbers, inside, moment, string

SAMPLE = 200
"""Rows by which columns are guessed."""

_MOST = 0.8
"""The part of the rows that must have a date in the column of dates."""

_TEXTS = ("text", "message", "content", "body", "post", "caption", "tweet", "status", "commentary", "description")
_DATES = ("date", "time", "created", "published", "posted", "timestamp", "scheduled", "sent")
_REPLIES = re.compile(r"(?:is[_ ]?)?(?:in[_ ]?)?repl(?:y|ies|ied)(?:[_ ]?to\w*)?", re.IGNORECASE)
_NO = frozenset({"", "0", "false", "no", "none", "null", "nan", "n", "f", "nil", "-"})
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+\Z")


@dataclass(frozen=True)
class _Table:
    """A table.

    Attributes:
        member: its file.
        delimiter: what stands between two cells; empty for JSON lines, "[" for an array of JSON.
        named: whether its first row has the names of its columns.
    """

    member: Member
    delimiter: str
    named: bool

    def rows(self, count: Count | None = None) -> Iterator[dict[str, Any]]:
        """Its rows, by the names of the columns."""
        if self.delimiter in ("", "["):
            yield from (
                json_lines(self.member, count) if not self.delimiter else json_items(self.member, count=count)
            )
            return
        names: list[str] = []
        for row in rows_of(self.member, count, self.delimiter):
            if self.named and not names:
                names = [cell.strip() for cell in row]
                continue
            yield dict(zip(names or map(_numbered, range(len(row))), row, strict=False))


def find(member: Member) -> Part | None:
    """A table with words and dates; None if the file is no table.

    Raises:
        Refused: it is a table, and the column of the words or of the dates is missing.
    """
    table = _table_of(member)
    if table is None:
        return None
    sample = [row for row in map(inside, islice(table.rows(), SAMPLE)) if row]
    is_json = table.delimiter in ("", "[")
    if not sample or (is_json and not any(_has_dates(sample, column) for column in sample[0])):
        return None  # JSON of any kind, which nobody takes for a table
    guess = _guess(table, sample)
    three = not table.named and table.delimiter == "," and next(iter(sample[0])) == guess.written_at
    name = "Hootsuite" if three and len(sample[0]) <= 3 else "JSON" if is_json else "CSV"
    return Part(name, (member,), table.rows, lambda row: _post(row, guess), guess)


def _table_of(member: Member) -> _Table | None:
    start = start_of(member).lstrip()
    if not start or "\0" in start or start.startswith("<"):
        return None
    if start.startswith("["):
        return _Table(member, "[", True)
    if start.startswith("{"):
        first = start.partition("\n")[0].rstrip()
        return _Table(member, "", True) if first.endswith("}") else None
    delimiter = max(",;\t", key=lambda mark: _columns(member, mark))
    if _columns(member, delimiter) < 2:
        return None
    first = next(rows_of(member, delimiter=delimiter), list[str]())
    return _Table(member, delimiter, not any(map(_is_date, first)))


def _columns(member: Member, delimiter: str) -> int:
    """How many columns all of the first rows have; 0 if they don't have the same."""
    widths = {len(row) for row in islice(rows_of(member, delimiter=delimiter), 10)}
    return widths.pop() if len(widths) == 1 else min(widths, default=0) if min(widths, default=0) > 1 else 0


def _numbered(at: int) -> str:
    return f"column {at + 1}"


def _is_date(value: Any) -> bool:
    return any(_reads(value, day_first) for day_first in (True, False))


def _reads(value: Any, day_first: bool) -> bool:
    try:
        moment(value, day_first)
    except ValueError:
        return False
    return True


def _guess(table: _Table, sample: Sequence[dict[str, Any]]) -> Guess:
    """Which column is which.

    Raises:
        Refused: there is none with words, or none with dates.
    """
    name = table.member.shown
    columns = list(dict.fromkeys(column for row in sample for column in row))
    dates = [column for column in columns if _has_dates(sample, column)]
    if not dates:
        raise Refused(wording_exports.no_columns(name, "dates"))
    written_at = next((column for word in _DATES for column in dates if word in column.lower()), dates[0])
    words = [column for column in columns if column not in dates and _length(sample, column) > 0]
    if not words:
        raise Refused(wording_exports.no_columns(name, "words"))
    text = next((column for word in _TEXTS for column in words if word == column.lower().strip()), None)
    text = text or max(words, key=lambda column: _length(sample, column))
    reply = next((column for column in columns if column != text and _REPLIES.fullmatch(column.strip())), None)
    first = sample[0]
    return Guess(
        name, text, written_at, reply, str(first.get(text, "")), str(first.get(written_at, "")),
        _day_first(table, written_at),
    )  # fmt: skip


def _has_dates(sample: Sequence[dict[str, Any]], column: str) -> bool:
    return sum(_is_date(row.get(column)) for row in sample) >= max(1, _MOST * len(sample))


def _length(sample: Sequence[dict[str, Any]], column: str) -> float:
    """How many characters a column has on average, addresses and numbers aside."""
    cells = [cell for row in sample if isinstance(cell := row.get(column), str)]
    return sum(
        len(cell) for cell in cells if not _ADDRESS.match(cell.strip()) and not cell.strip().isdigit()
    ) / len(sample)


def _day_first(table: _Table, column: str) -> bool | None:
    """Whether 5/6/2026 is in June: if no date of the whole table tells, it is. None if no date is written so."""
    firsts, seconds = 0, 0
    for row in table.rows():
        value = inside(row).get(column)
        if isinstance(value, str) and (numbers := in_numbers(value)):
            firsts, seconds = max(firsts, numbers[0]), max(seconds, numbers[1])
    if not firsts:
        return None
    return firsts > 12 or seconds <= 12


def _post(row: dict[str, Any], guess: Guess) -> PastPost:
    text = string(row[guess.text]).strip()
    written_at = moment(row[guess.written_at], guess.day_first is not False)
    reply = guess.reply is not None and str(row.get(guess.reply)).strip().lower() not in _NO
    return PastPost(written_at, text, How.REPLY if reply else How.POST, f"table:{digest(written_at, text)}")
