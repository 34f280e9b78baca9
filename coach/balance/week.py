"""The week of a member: their balance in it and in the week before, and their best day for conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from coach.balance.standing import Tally, window_sum

WEEK = 7


@dataclass(frozen=True, slots=True)
class Week:
    """Seven local days and the seven before them.

    Attributes:
        last: the last of the seven days.
        tally: what was drafted in them.
        before: what was drafted in the seven days before.
        active: how many of the seven days have a draft.
        best: the day with most conversation, the later one if two are equal; None if there was none.
    """

    last: date
    tally: Tally
    before: Tally
    active: int
    best: date | None


def week_of(days: Mapping[date, Tally], last: date) -> Week:
    """The seven local days that end with `last`, summed up.

    Args:
        days: tallies by local day; days without drafts may be missing.
        last: the last day.
    """
    shown = [last - timedelta(days=back) for back in range(WEEK)]
    talked = [day for day in shown if days.get(day, Tally()).conversation]
    return Week(
        last=last,
        tally=window_sum(days, last, WEEK),
        before=window_sum(days, last - timedelta(days=WEEK), WEEK),
        active=sum(days.get(day, Tally()).drafts > 0 for day in shown),
        best=max(talked, key=lambda day: (days[day].conversation, day), default=None),
    )
