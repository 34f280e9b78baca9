"""Whether nudges do anything: some that are due are held back by lot, and what follows is compared."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from statistics import NormalDist

FIRST_LOOK = 375
"""How many occasions it takes until the two groups are compared for the first time."""

LEAST_AUTHORS = 10
"""With fewer authors nothing is said: it would be about them, and not about nudges."""

_LEVELS = (0.0005, 0.0075, 0.036)
_LATER = 0.003


@dataclass(frozen=True, slots=True)
class Counts:
    """One author's occasions: how often a nudge that was due was shown and held back, and what followed.

    Attributes:
        shown: how often one was shown and a draft followed.
        shown_heeded: how often the lacking label followed then.
        silent: how often one was held back and a draft followed.
        silent_heeded: how often the lacking label followed then.
    """

    shown: int
    shown_heeded: int
    silent: int
    silent_heeded: int

    @property
    def occasions(self) -> int:
        """All occasions."""
        return self.shown + self.silent


@dataclass(frozen=True, slots=True)
class Finding:
    """What a comparison says.

    Attributes:
        occasions: how many were compared.
        after_nudge: how often the lacking label followed a nudge, 0 to 1.
        without: how often it followed without one, 0 to 1.
        low: lower edge of the difference's interval, -1 to 1.
        high: its upper edge.
        helps: whether the lacking label certainly follows more often.
        hinders: whether it certainly follows less often.
    """

    occasions: int
    after_nudge: float
    without: float
    low: float
    high: float
    helps: bool = field(init=False)
    hinders: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "helps", self.low > 0)
        object.__setattr__(self, "hinders", self.high < 0)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the trial is.

    Attributes:
        occasions: how many there have been with a draft after them.
        look: how many of them were compared; 0 before the first look.
        finding: what the comparison says; None before the first look, or with too few authors.
    """

    occasions: int
    look: int
    finding: Finding | None = None


def draw(message_id: int, secret: bytes) -> float:
    """A draft's lot, from 0 up to 1: whoever doesn't have the key can't tell it, and it is always the same.

    BLAKE2b in keyed mode (RFC 7693), of the message id.
    """
    hashed = blake2b(str(message_id).encode(), digest_size=8, key=secret[:64], person=b"trial").digest()
    # Of 64 bits, as many as a float has.
    return (int.from_bytes(hashed, "big") >> 11) / 2**53


def latest_look(occasions: int) -> int:
    """How many of some occasions are compared: 375, 750, 1,500 and so on, doubling; 0 before the first look."""
    look = 0
    while (following := next_look(look)) <= occasions:
        look = following
    return look


def next_look(look: int) -> int:
    """How many occasions the look after this one takes."""
    return 2 * look or FIRST_LOOK


def level(look: int) -> float:
    """The probability that a look takes chance for an effect in one direction, if there is none.

    Each look has its part of 5%, so that the sum over all looks, however many there will be, is no more than that
    (error spending: Lan and DeMets, Biometrika 70, 1983; here added up by Bonferroni's inequality). Little of it
    is spent early, as by O'Brien and Fleming (Biometrics 35, 1979), and most at 1,500 occasions.
    """
    place = (look // FIRST_LOOK).bit_length() - 1
    return _LEVELS[place] if place < len(_LEVELS) else _LATER / 2 ** (place - len(_LEVELS))


def compare(authors: Sequence[Counts], chance: float) -> Finding | None:
    """Compare what followed after nudges and after those held back, at a look.

    The interval holds all differences that a test doesn't refuse. It is a repeated one (Jennison and Turnbull,
    Journal of the Royal Statistical Society B 51, 1989): over all looks together it misses the true difference on
    either side with a probability of 5% at most, so it is one of 90%, however often it is looked at.

    The test is the score test of a difference in a randomised trial, for which the chance of being held back is
    known. Its variance is that which the lots give, or that between authors if it is larger, as occasions of one
    author are not independent (Liang and Zeger, Biometrika 73, 1986, with the null hypothesis imposed: Cameron,
    Gelbach and Miller, Review of Economics and Statistics 90, 2008). Neither is estimated from the few held back
    alone, which would take chance for an effect too often.

    Args:
        authors: the counts of each author, as many occasions together as a look takes.
        chance: the share held back, above 0 and below 1.

    Returns:
        None if there are too few authors, or none on one of the two sides.
    """
    total = Counts(
        sum(author.shown for author in authors),
        sum(author.shown_heeded for author in authors),
        sum(author.silent for author in authors),
        sum(author.silent_heeded for author in authors),
    )
    if len(authors) < LEAST_AUTHORS or not total.shown or not total.silent:
        return None
    after, without = total.shown_heeded / total.shown, total.silent_heeded / total.silent
    bound = NormalDist().inv_cdf(1 - level(total.occasions))

    def refused(difference: float) -> bool:
        return abs(_score(authors, total, chance, difference)) > bound

    return Finding(
        total.occasions,
        after,
        without,
        low=_edge(after - without, -1.0, refused),
        high=_edge(after - without, 1.0, refused),
    )


def _score(authors: Sequence[Counts], total: Counts, chance: float, difference: float) -> float:
    """How far the counts are from a difference, in standard deviations; 0 at the observed one."""
    shown = 1 - chance
    # Each heeded nudge counts as one less the difference, and the mean is taken over both sides.
    mean = (total.shown_heeded + total.silent_heeded - difference * total.shown) / total.occasions
    scores = [
        chance * (author.shown_heeded - (difference + mean) * author.shown)
        - shown * (author.silent_heeded - mean * author.silent)
        for author in authors
    ]
    squares = (
        total.shown_heeded * (1 - difference - mean) ** 2
        + (total.shown - total.shown_heeded) * (difference + mean) ** 2
        + total.silent_heeded * (1 - mean) ** 2
        + (total.silent - total.silent_heeded) * mean**2
    )
    by_lot = shown * chance * squares
    by_author = sum(score**2 for score in scores) * len(scores) / (len(scores) - 1)
    return sum(scores) / math.sqrt(max(by_lot, by_author) or 1.0)


def _edge(inside: float, outside: float, refused: Callable[[float], bool]) -> float:
    """Where the differences begin that are refused, to within 2⁻³⁰."""
    if not refused(outside):
        return outside
    for _ in range(31):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if refused(middle) else (middle, outside)
    return inside
