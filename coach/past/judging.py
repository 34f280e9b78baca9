"""Labels for a past: those that its export shows stay, and of the rest the labeller judges the words."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from coach.labels import Label, Verdict
from coach.past.posts import How, PastPost

AT_ONCE = 64
"""Posts that are labelled together."""

CALIBRATION_ERROR = 0.066
"""How far the mean probability of many posts may be from the truth, on top of chance.

It is the upper end of the 95% interval of the model's ECE on public posts, which training/README.md gives.
"""

_Z = 1.96
# The two-sided 95% point of the normal distribution.

Labelling = Callable[[Sequence[str]], Sequence[Verdict]]


@dataclass(frozen=True, slots=True)
class Judged:
    """A post of the past with what it counts as.

    Attributes:
        post: the post.
        verdict: what the labeller makes of its words; None if the export shows its label, or if it goes on from
            another post, with which it counts.
    """

    post: PastPost
    verdict: Verdict | None

    @property
    def label(self) -> Label | None:
        """What it counts as; None if it doesn't count: a thread counts once, and some words can't be read."""
        if self.post.known is not None:
            return self.post.known
        return self.verdict.counted if self.verdict is not None else None


def judge(posts: Iterable[PastPost], label: Labelling) -> Generator[Judged]:
    """Judge posts, in their order.

    Args:
        posts: the posts of an export.
        label: the labeller's `label`.

    Yields:
        Each post with its verdict.
    """
    waiting: list[PastPost] = []
    for post in posts:
        waiting.append(post)
        if len(waiting) == AT_ONCE:
            yield from _judged(waiting, label)
            waiting.clear()
    yield from _judged(waiting, label)


def _judged(posts: Sequence[PastPost], label: Labelling) -> Generator[Judged]:
    open_ones = [post for post in posts if post.how is How.POST]
    verdicts = iter(label([post.text for post in open_ones]) if open_ones else ())
    for post in posts:
        yield Judged(post, next(verdicts) if post.how is How.POST else None)


@dataclass
class Balance:
    """What posts count as, those whose label is known apart from those that were judged.

    Attributes:
        replies: answers to others: known to be conversation.
        reposts: posts of others passed on: known to be content.
        judged: posts that the labeller judged by their words.
        expected: how many of these are conversation: the sum of their probabilities.
        variance: the variance of that number: the sum of p (1 − p), as each is one draw (Poisson binomial).
        threads: posts that go on from another one, with which they count.
        unread: posts without words, or in a language that the labeller doesn't know.
    """

    replies: int = 0
    reposts: int = 0
    judged: int = 0
    expected: float = 0.0
    variance: float = 0.0
    threads: int = 0
    unread: int = 0

    def add(self, one: Judged) -> None:
        """Count one more post."""
        match one.post.how:
            case How.REPLY:
                self.replies += 1
            case How.REPOST:
                self.reposts += 1
            case How.THREAD:
                self.threads += 1
            case How.POST if one.verdict is not None and one.verdict.counted is not None:
                self.judged += 1
                self.expected += one.verdict.probability
                self.variance += one.verdict.probability * (1 - one.verdict.probability)
            case How.POST:
                self.unread += 1

    def __add__(self, other: Balance) -> Balance:
        return Balance(
            self.replies + other.replies,
            self.reposts + other.reposts,
            self.judged + other.judged,
            self.expected + other.expected,
            self.variance + other.variance,
            self.threads + other.threads,
            self.unread + other.unread,
        )

    @property
    def counted(self) -> int:
        """How many posts count."""
        return self.replies + self.reposts + self.judged

    @property
    def interval(self) -> tuple[float, float]:
        """Between which numbers of the judged posts are conversation, with 95% probability.

        Chance (a normal approximation of the Poisson binomial) and the calibration's error are independent, so
        their squares add up.
        """
        half = math.hypot(_Z * math.sqrt(self.variance), CALIBRATION_ERROR * self.judged)
        return max(0.0, self.expected - half), min(float(self.judged), self.expected + half)

    @property
    def share(self) -> tuple[float, float, float] | None:
        """The share of conversation among all that counts, and its 95% interval; None if nothing counts."""
        if not self.counted:
            return None
        low, high = self.interval
        return (
            (self.replies + self.expected) / self.counted,
            (self.replies + low) / self.counted,
            (self.replies + high) / self.counted,
        )


def add_to_month(months: dict[date, Balance], one: Judged, zone: ZoneInfo) -> None:
    """Count a post in its month.

    Args:
        months: the balance of each month, by its first day.
        one: the post.
        zone: where its author's months begin and end.
    """
    first = one.post.written_at.astimezone(zone).date().replace(day=1)
    months.setdefault(first, Balance()).add(one)
