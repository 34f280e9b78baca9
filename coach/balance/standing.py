"""Where an author stands: share, evidence for having left the band, credit, and streak."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from coach.balance.beta import beta_cdf
from coach.labels import Label
from coach.settings import Balance


class Tally(NamedTuple):
    """Numbers of drafts of each label."""

    content: int = 0
    conversation: int = 0

    @property
    def drafts(self) -> int:
        """All drafts counted."""
        return self.content + self.conversation

    @property
    def share(self) -> float | None:
        """Share of conversation, 0 to 1; None if there are no drafts."""
        return self.conversation / self.drafts if self.drafts else None


Days = Mapping[date, Tally]


def add(one: Tally, other: Tally) -> Tally:
    """Two tallies together."""
    return Tally(one.content + other.content, one.conversation + other.conversation)


SLACK = 1e-9
"""Tolerance for rounding: it keeps 7 of 20 inside a band that starts at 0.35."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What an author aims for.

    Attributes:
        target: share of conversation, 0 to 1.
        band: how far the share may be from the target, 0 to 1.
        window_days: how many local days count.
        preset: the name of the preset that it was chosen by; None if by none.
        low: the band's lower edge, in whole tenths of a per cent, so that it can be told exactly.
        high: the band's upper edge, likewise.
    """

    target: float
    band: float
    window_days: int
    preset: str | None = None
    low: float = field(init=False)
    high: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", round(max(0.0, self.target - self.band), 3))
        object.__setattr__(self, "high", round(min(1.0, self.target + self.band), 3))

    def misses(self, tally: Tally) -> Label | None:
        """The label that a tally is short of, by its share alone; None inside the band (edges included)."""
        share = tally.share
        if share is None or self.low - SLACK <= share <= self.high + SLACK:
            return None
        return Label.CONVERSATION if share < self.target else Label.CONTENT


class Position(StrEnum):
    """Where the evidence says an author is."""

    TOO_FEW = "too few"
    INSIDE = "inside"
    UNCERTAIN = "outside, but not for certain"
    LACKS_CONVERSATION = "lacks conversation"
    LACKS_CONTENT = "lacks content"


LACKING = {Position.LACKS_CONVERSATION: Label.CONVERSATION, Position.LACKS_CONTENT: Label.CONTENT}
"""The label that is certainly lacking, for those positions in which one is."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An author's balance over the goal's window.

    Attributes:
        tally: drafts in the window.
        goal: what the author aims for.
        position: what the evidence says.
        credit: content posts that the conversation has earned, minus those drafted; may be negative.
        streak: active days in a row inside the band.
        share: share of conversation, 0 to 1; None if there are no drafts.
        wanted: the label that would bring the share back into the band, certain or not; None if neither is
            known to.
        replies_due: conversation drafts still needed to balance the content drafted; 0 if none are.
        posts_earned: whole content posts that the conversation has earned; 0 if none.
    """

    tally: Tally
    goal: Goal
    position: Position
    credit: float
    streak: int
    share: float | None = field(init=False)
    wanted: Label | None = field(init=False)
    replies_due: int = field(init=False)
    posts_earned: int = field(init=False)

    def __post_init__(self) -> None:
        goal, credit = self.goal, self.credit
        due = math.ceil(-credit * goal.target / (1 - goal.target) - SLACK) if credit < 0 else 0
        object.__setattr__(self, "share", self.tally.share)
        wanted = goal.misses(self.tally) if self.position is not Position.TOO_FEW else None
        object.__setattr__(self, "wanted", wanted)
        object.__setattr__(self, "replies_due", due)
        object.__setattr__(self, "posts_earned", max(0, math.floor(credit + SLACK)))


def standing(days: Days, today: date, goal: Goal, evidence: Balance) -> Standing:
    """Judge an author's balance.

    Args:
        days: tallies by local day; days without drafts may be missing. Days before the window matter for the
            streak only; days after `today` count as part of it (see `up_to`).
        today: the author's local day.
        goal: target, band and window.
        evidence: how much evidence a verdict needs, from the settings.

    Returns:
        The standing over the last `goal.window_days` days, today included.
    """
    days = up_to(days, today)
    tally = window_sum(days, today, goal.window_days)
    return Standing(
        tally=tally,
        goal=goal,
        position=position_of(days, today, goal, evidence),
        credit=tally.conversation * (1 - goal.target) / goal.target - tally.content,
        streak=_streak(days, goal),
    )


def up_to(days: Days, today: date) -> Days:
    """The tallies, with those of later days added to `today`.

    A draft keeps the local day on which it was posted. An author who moves to a zone further west has drafts of a
    day that hasn't started there yet.
    """
    if all(day <= today for day in days):
        return days
    ahead = [tally for day, tally in days.items() if day >= today]
    passed = {day: tally for day, tally in days.items() if day < today}
    return passed | {
        today: Tally(sum(tally.content for tally in ahead), sum(tally.conversation for tally in ahead))
    }


def window_sum(days: Days, last: date, window_days: int) -> Tally:
    """The tally of the `window_days` local days that end with `last`."""
    if len(days) <= window_days:
        first = last - timedelta(days=window_days - 1)
        inside = [tally for day, tally in days.items() if first <= day <= last]
    else:
        inside = [days[day] for back in range(window_days) if (day := last - timedelta(days=back)) in days]
    return Tally(sum(tally.content for tally in inside), sum(tally.conversation for tally in inside))


def position_of(days: Days, today: date, goal: Goal, evidence: Balance) -> Position:
    """Where the evidence in the window says an author is; arguments as for `standing`.

    An author has left the band only if the share itself is outside, and the posterior gives at least
    `evidence.certainty` to the true share being beyond that edge.
    """
    tally = window_sum(up_to(days, today), today, goal.window_days)
    if tally.drafts < evidence.min_drafts:
        return Position.TOO_FEW
    missed = goal.misses(tally)
    if missed is None:
        return Position.INSIDE
    a = goal.target * evidence.prior_drafts + tally.conversation
    b = (1 - goal.target) * evidence.prior_drafts + tally.content
    if missed is Label.CONVERSATION:
        certain = beta_cdf(goal.low, a, b) >= evidence.certainty
        return Position.LACKS_CONVERSATION if certain else Position.UNCERTAIN
    certain = 1 - beta_cdf(goal.high, a, b) >= evidence.certainty
    return Position.LACKS_CONTENT if certain else Position.UNCERTAIN


def _streak(days: Days, goal: Goal) -> int:
    # Written for speed, as it may go through hundreds of days: plain numbers, and `goal.misses` inlined.
    low, high = goal.low - SLACK, goal.high + SLACK
    active = sorted(((day.toordinal(), *tally) for day, tally in days.items() if any(tally)), reverse=True)
    ahead = iter(active)
    reached = next(ahead, None)
    content = conversation = streak = 0
    for day, of_content, of_conversation in active:
        # The window moves back with the day: days that it reaches are added, and days that it leaves subtracted.
        while reached is not None and reached[0] > day - goal.window_days:
            content += reached[1]
            conversation += reached[2]
            reached = next(ahead, None)
        if not low <= conversation / (content + conversation) <= high:
            break
        content -= of_content
        conversation -= of_conversation
        streak += 1
    return streak
