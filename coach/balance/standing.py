"""Where an author stands: share, evidence for having left the band, credit in words' terms, and streak."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

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
        """Share of conversation, 0 to 1; None without drafts."""
        return self.conversation / self.drafts if self.drafts else None


Days = Mapping[date, Tally]

SLACK = 1e-9
"""Shares are ratios of small whole numbers: this keeps 7 of 20 inside a band from 0.35."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A target share of conversation, the band around it (both 0 to 1) and the window in local days."""

    target: float
    band: float
    window_days: int

    @property
    def low(self) -> float:
        """The band's lower edge."""
        return max(0.0, self.target - self.band)

    @property
    def high(self) -> float:
        """The band's upper edge."""
        return min(1.0, self.target + self.band)

    def misses(self, tally: Tally) -> Label | None:
        """The label that a tally is short of, by its bare share; None inside the band (edges included)."""
        share = tally.share
        if share is None or self.low - SLACK <= share <= self.high + SLACK:
            return None
        return Label.CONVERSATION if share < self.target else Label.CONTENT

    def holds(self, tally: Tally) -> bool:
        """Whether a tally's share lies inside the band (edges included)."""
        return tally.drafts > 0 and self.misses(tally) is None


@dataclass(frozen=True, slots=True)
class Preset:
    """A rule of thumb for a target, with where it comes from."""

    name: str
    says: str
    target: float
    band: float
    source: str


PRESETS: Mapping[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            "square-deal",
            "do both, half and half, with a wide band",
            0.50,
            0.15,
            "after the essay “It's called ‘social’ media for a reason”, which gives no number",
        ),
        Preset(
            "thirds",
            "a third promotes you, a third shares others' ideas, a third is personal interaction",
            0.33,
            0.10,
            "Sam Milbrath, Hootsuite blog, “Social media rule of thirds”",
        ),
        Preset(
            "five-five-five",
            "5 about you, 5 about others, 5 replies",
            0.33,
            0.10,
            "Shai Coggins, via Box of Rain, “The art of social media using ratios”",
        ),
        Preset(
            "seventy-twenty-ten",
            "70% useful information, 20% conversation, 10% yourself",
            0.20,
            0.08,
            "ADR Social Media, 16 September 2011",
        ),
        Preset(
            "listener",
            "80% in response to others",
            0.80,
            0.10,
            "Sam Flynn, “The 80/20 rule”, 15 November 2010",
        ),
    )
}


class Position(StrEnum):
    """Where the evidence puts an author."""

    TOO_FEW = "too few"
    INSIDE = "inside"
    UNCERTAIN = "outside, but not for certain"
    LACKS_CONVERSATION = "lacks conversation"
    LACKS_CONTENT = "lacks content"

    @property
    def lacking(self) -> Label | None:
        """The label that is lacking for certain; None if there is none."""
        if self is Position.LACKS_CONVERSATION:
            return Label.CONVERSATION
        return Label.CONTENT if self is Position.LACKS_CONTENT else None


@dataclass(frozen=True, slots=True)
class Standing:
    """An author's balance over the goal's window.

    Attributes:
        tally: drafts in the window.
        goal: what they aim for.
        position: what the evidence says.
        credit: content posts that the conversation has earned, less those published; may be negative.
        streak: active days in a row inside the band.
    """

    tally: Tally
    goal: Goal
    position: Position
    credit: float
    streak: int

    @property
    def wanted(self) -> Label | None:
        """The label that would bring the share back into the band, certain or not; None if nothing is known to."""
        return self.goal.misses(self.tally) if self.position is not Position.TOO_FEW else None

    @property
    def replies_due(self) -> int:
        """Conversation drafts still needed to pay for the content published; 0 where none is."""
        if self.credit >= 0:
            return 0
        return math.ceil(-self.credit * self.goal.target / (1 - self.goal.target) - 1e-9)

    @property
    def posts_earned(self) -> int:
        """Whole content posts that the conversation has earned; 0 where none is."""
        return max(0, math.floor(self.credit + 1e-9))


def standing(days: Days, today: date, goal: Goal, evidence: Balance) -> Standing:
    """Judge an author's balance.

    Args:
        days: tallies by local day; days without drafts may be missing. Days before the window serve the
            streak only, days after `today` count as part of it (see `up_to`).
        today: the author's local day.
        goal: target, band and window.
        evidence: how much evidence a verdict needs.

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
    """The tallies with those of days after `today` added to it.

    A draft keeps the local day on which it was posted. Whoever moves to a zone further west has drafts of a day
    that has not come there yet.
    """
    if all(day <= today for day in days):
        return days
    ahead = [tally for day, tally in days.items() if day >= today]
    passed = {day: tally for day, tally in days.items() if day < today}
    return passed | {today: Tally(sum(of.content for of in ahead), sum(of.conversation for of in ahead))}


def window_sum(days: Days, last: date, window_days: int) -> Tally:
    """The tally of the `window_days` local days that end with `last`."""
    if len(days) <= window_days:
        first = last - timedelta(days=window_days - 1)
        inside = [tally for day, tally in days.items() if first <= day <= last]
    else:
        inside = [days[day] for back in range(window_days) if (day := last - timedelta(days=back)) in days]
    return Tally(sum(tally.content for tally in inside), sum(tally.conversation for tally in inside))


def position_of(days: Days, today: date, goal: Goal, evidence: Balance) -> Position:
    """Where the evidence of the window puts an author; arguments as for `standing`.

    The band counts as left only if the share itself lies outside, and the posterior says with `evidence.certainty`
    that the true share lies beyond that edge.
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
    # Written for speed, as it may go through hundreds of days: plain numbers, and `goal.holds` in place.
    low, high = goal.low - SLACK, goal.high + SLACK
    active = sorted(((day.toordinal(), *tally) for day, tally in days.items() if any(tally)), reverse=True)
    ahead = iter(active)
    reached = next(ahead, None)
    content = conversation = streak = 0
    for day, of_content, of_conversation in active:
        # The window moves back with the day: what it reaches is added, and what it leaves is taken away.
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


def beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b): P(share < x) under a Beta(a, b) posterior.

    Continued fraction of NIST DLMF 8.17.22, evaluated by Lentz's method, with the symmetry
    I_x(a, b) = 1 - I_{1-x}(b, a) (DLMF 8.17.4) where the fraction converges slowly.

    Args:
        x: a share; values outside 0 to 1 give 0 or 1.
        a: above 0, conversation and prior.
        b: above 0, content and prior.

    Returns:
        A probability.
    """
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - beta_cdf(1 - x, b, a)
    c, d, fraction = 1.0, 0.0, 1.0
    for step in range(1, 1000):
        m = step // 2
        if step % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / ((1 + term * d) or 1e-300)
        c = (1 + term / c) or 1e-300
        fraction *= c * d
        if abs(c * d - 1) < 1e-13:
            break
    log_front = a * math.log(x) + b * math.log1p(-x) - math.log(a)
    log_front -= math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    return min(1.0, math.exp(log_front) / fraction)


def credible(heeded: int, ignored: int, mass: float = 0.95) -> tuple[float, float]:
    """The central interval of a rate's Beta posterior under a uniform prior.

    Args:
        heeded: how often it happened, 0 or more.
        ignored: how often it did not.
        mass: probability that the interval holds, 0 to 1.

    Returns:
        Lower and upper edge, 0 to 1, by bisection to within 2⁻³⁰.
    """

    def quantile(wanted: float) -> float:
        low, high = 0.0, 1.0
        for _ in range(30):
            middle = (low + high) / 2
            if beta_cdf(middle, 1 + heeded, 1 + ignored) < wanted:
                low = middle
            else:
                high = middle
        return (low + high) / 2

    return quantile((1 - mass) / 2), quantile((1 + mass) / 2)
