"""The weekly look-back: how a member's balance went, the best day for replies, and one thing to try."""

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
        before: what was drafted in the seven before.
        active: days with a draft among the seven.
        best: the day with most conversation, the later of two; None if there was none.
    """

    last: date
    tally: Tally
    before: Tally
    active: int
    best: date | None


def week_of(days: Mapping[date, Tally], last: date) -> Week:
    """Sum up the seven local days that end with `last`.

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
