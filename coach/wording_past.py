"""What the bot says about somebody's past: the balance by month, known and judged apart, and guessed columns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date

from coach.past.judging import Balance
from coach.past.parts import Guess
from coach.text import cut, quoted
from coach.wording import percent

_WIDTH = 20
# Characters of the bar of a share.

NOTHING_STORED = "Nothing was stored."
CANCELLED = "Stopped. Nothing was stored."
GUESS_QUESTION = "Is that right? [y/N] "
GUESS_DENIED = (
    "Nothing was read. Name the columns in the first line text, date and, if you have it, reply, write dates like "
    "2026-11-30 18:05, and try again."
)
NO_POSTS = "There are no posts in it that count."

HEAD = (
    "           known              judged by words\n"
    "month      replies  reposts   posts  conversation   share of conversation"
)
LEGEND = """\
Known is what the export itself says: a reply is conversation, a repost content.
Judged is what I make of the words: in 95 of 100 cases the true number lies in
the range. █ conversation, ▒ between the ends of the range, ░ content."""


def guess(one: Guess) -> str:
    """Which columns of a table are taken for what."""
    lines = [
        f"{one.file}: I take “{one.text}” for the text (“{cut(quoted(one.first_text), 60)}”)",
        f"and “{one.written_at}” for the date (“{quoted(one.first_date)}”{_order(one.day_first)}).",
        f"“{one.reply}” says what is a reply."
        if one.reply
        else "No column says what is a reply, so each is judged by its words.",
    ]
    return " ".join(lines)


def _order(day_first: bool | None) -> str:
    if day_first is None:
        return ""
    return ", the day first" if day_first else ", the month first"


def what_it_is(formats: Sequence[str], total: int, months: Mapping[date, Balance]) -> str:
    """What was read, such as "X and Threads: 1,204 posts from March 2019 to May 2024"."""
    *others, last = formats
    joined = f"{', '.join(others)} and {last}" if others else last
    first, end = min(months), max(months)
    return f"{joined}: {total:,} {'post' if total == 1 else 'posts'} from {first:%B %Y} to {end:%B %Y}"


def row(name: str, balance: Balance) -> str:
    """A line of the table: one month, one year or all."""
    judged = ""
    if balance.judged:
        low, high = balance.interval
        judged = f"{balance.expected:,.0f} ({math.floor(low):,} to {math.ceil(high):,})"
    share = balance.share
    told = ""
    if share is not None:
        middle, low, high = share
        told = f"{percent(middle):>4} {_range(low, high):<12} {_bar(low, high)}"
    counts = f"{balance.replies:>7,}  {balance.reposts:>7,}   {balance.judged:>5,}"
    return f"{name:<9}  {counts}  {judged:<15}{told}".rstrip()


def _range(low: float, high: float) -> str:
    return f"({low * 100:.0f} to {percent(high)})" if round(low, 2) != round(high, 2) else ""


def _bar(low: float, high: float) -> str:
    sure, perhaps = round(low * _WIDTH), round(high * _WIDTH)
    return "█" * sure + "▒" * (perhaps - sure) + "░" * (_WIDTH - perhaps)


def left_out(balance: Balance, unreadable: int) -> str:
    """What doesn't count, and why; empty if all does."""
    found = [
        (balance.threads, "continuing a post of yours (a thread counts once, by its beginning)"),
        (balance.unread, "without words, or in a language that I can't read"),
        (unreadable, "whose text or date is missing or garbled"),
    ]
    told = "; ".join(f"{count:,} {why}" for count, why in found if count)
    return f"Not counted: {told}." if told else ""
