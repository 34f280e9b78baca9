"""`bot.py import FILE…`: read exports, judge the rest, print the balance by month; nothing is stored."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from coach import wording_past
from coach.labelling.labelling_queue import load_labeller
from coach.output import say
from coach.past.exports import Export
from coach.past.judging import Balance, add_to_month, judge

STOPPED = 130
"""The exit status that shells give a program that Ctrl-C ended."""

_WIDTH = 40


def print_past(files: Sequence[Path], zone: ZoneInfo, confirmed: bool) -> int:
    """Print the balance by month of the exports in files.

    Args:
        files: the files or folders.
        zone: where months begin and end.
        confirmed: whether guessed columns are right, without asking.

    Returns:
        0; 1 if a guess is not confirmed, and `STOPPED` after Ctrl-C.

    Raises:
        Refused: a file can't be read.
        ModelError: the labeller's files are missing or damaged.
        OutputError: the output can't be written.
    """
    try:
        with Export(files) as export:
            for guess in export.guesses:
                say(wording_past.guess(guess))
            if export.guesses and not confirmed and not _confirmed():
                say(wording_past.GUESS_DENIED)
                return 1
            months = _read(export, zone)
            for line in _lines(export, months):
                say(line)
    except KeyboardInterrupt:
        say(wording_past.CANCELLED)
        return STOPPED
    return 0


def _confirmed() -> bool:
    print(wording_past.GUESS_QUESTION, end="", flush=True, file=sys.stderr)  # noqa: T201
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _read(export: Export, zone: ZoneInfo) -> dict[date, Balance]:
    months: dict[date, Balance] = {}
    shown = -1
    try:
        with closing(export.posts()) as posts:
            for one in judge(posts, load_labeller().label):
                add_to_month(months, one, zone)
                done = 100 * export.done // max(export.total, 1)
                if done != shown:
                    shown = done
                    _show(f"[{'#' * (done * _WIDTH // 100):<{_WIDTH}}] {done:>3}%")
    finally:
        _show("")
    return months


def _show(bar: str) -> None:
    """Show how far it is, where somebody can see it; an empty bar takes it away."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{bar}", end="", flush=True, file=sys.stderr)  # noqa: T201


def _lines(export: Export, months: dict[date, Balance]) -> list[str]:
    """The table of months and years."""
    if not months:
        return [wording_past.NO_POSTS]
    every = sum(months.values(), Balance())
    total = every.counted + every.threads + every.unread
    lines = [wording_past.what_it_is(export.formats, total, months), "", wording_past.HEAD]
    for year, in_year in groupby(sorted(months), lambda first: first.year):
        of_year = list(in_year)
        lines += [wording_past.row(f"{first:%Y-%m}", months[first]) for first in of_year]
        lines += [wording_past.row(f"{year}", sum((months[first] for first in of_year), Balance())), ""]
    lines += [wording_past.row("all", every), "", wording_past.LEGEND]
    return [*lines, *filter(None, [wording_past.left_out(every, export.unreadable)]), wording_past.NOTHING_STORED]
