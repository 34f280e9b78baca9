"""Simulated authors under the real rules for nudges, and what the trial of nudges says of them."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from coach.balance.standing import LACKING, Goal, Position, Tally, position_of
from coach.labels import Label
from coach.nudging.policy import NudgePolicy, Shown, Silence, silence
from coach.nudging.trial import FIRST_LOOK, Counts, compare, latest_look, next_look
from coach.settings import Balance, Nudges

OCCASIONS = 1500
START = datetime(2026, 1, 5, tzinfo=UTC)
HABITS = ((0.5, 0.3, 0.15, 0.05), (0.2, 0.3, 0.2, 0.15, 0.1, 0.05), (0.05, 0.1, 0.15, 0.3, 0.2, 0.2))
"""How likely 0, 1, 2 … drafts a day are, for those who draft seldom, sometimes and often."""

SETTINGS, _DAY, _GOAL, _EVIDENCE = Nudges(), date(2026, 1, 1), Goal(0.5, 0.15, 14), Balance()


@dataclass(slots=True)
class Occasion:
    """A nudge that was due: for whom, whether it was held back, and whether the lacking label followed."""

    author: int
    held_back: bool
    heeded: bool = False


@dataclass
class Author:
    """Somebody who drafts: how likely conversation is, how much they draft, and what they have drafted so far."""

    number: int
    talk: float
    habit: Sequence[float]
    window: deque[tuple[int, Label]] = field(default_factory=deque[tuple[int, Label]])
    history: list[Shown] = field(default_factory=list[Shown])
    pending: tuple[Occasion, Label] | None = None

    def draft(
        self, day: int, now: datetime, policy: NudgePolicy, effect: float, rng: random.Random
    ) -> Occasion | None:
        """Draft something; returns the occasion that it has judged, if it has."""
        talk, judged = self.talk, None
        if self.pending is not None and not self.pending[0].held_back:
            talk += effect if self.pending[1] is Label.CONVERSATION else -effect
        label = Label.CONVERSATION if rng.random() < talk else Label.CONTENT
        if self.pending is not None:
            judged, wanted = self.pending
            judged.heeded = label is wanted
            if not judged.held_back:
                self.history[0] = Shown(self.history[0].at, judged.heeded)
            self.pending = None
        while self.window and self.window[0][0] <= day - _GOAL.window_days:
            self.window.popleft()
        self.window.append((day, label))
        talked = sum(one is Label.CONVERSATION for _, one in self.window)
        position = _position(len(self.window) - talked, talked)
        why = silence(position, label, self.history, policy, now, rng.random())
        if why is None or why is Silence.HELD_BACK:
            self.history.insert(0, Shown(now, None))
            del self.history[50:]
            self.pending = Occasion(self.number, why is Silence.HELD_BACK), LACKING[position]
        return judged


@cache
def _position(content: int, conversation: int) -> Position:
    return position_of({_DAY: Tally(content, conversation)}, _DAY, _GOAL, _EVIDENCE)


def drafting(effect: float, held_back: float, rng: random.Random, authors: int = 60) -> list[Occasion]:
    """Occasions of authors who draft under the real rules, in the order in which they were judged."""
    policy = NudgePolicy(
        SETTINGS.daily_cap,
        timedelta(hours=SETTINGS.gap_hours),
        SETTINGS.patience,
        SETTINGS.quiet_from,
        SETTINGS.quiet_until,
        None,
        ZoneInfo("UTC"),
        time(0),
        held_back,
    )
    people = [Author(n, rng.betavariate(1.2, 1.2), rng.choice(HABITS)) for n in range(authors)]
    found: list[Occasion] = []
    day = 0
    while len(found) < OCCASIONS:
        for author in people:
            [count] = rng.choices(range(len(author.habit)), author.habit)
            for hour in sorted(rng.uniform(7, 23) for _ in range(count)):
                now = START + timedelta(days=day, hours=hour)
                judged = author.draft(day, now, policy, effect, rng)
                if judged is not None:
                    found.append(judged)
        day += 1
    return found[:OCCASIONS]


def alike(rate: float) -> Callable[[float, float, random.Random], list[Occasion]]:
    """Occasions of 30 authors who write what is lacking at about the same rate, whatever they wrote before."""

    def occasions(effect: float, held_back: float, rng: random.Random) -> list[Occasion]:
        rates = [min(0.9, max(0.0, rng.gauss(rate, 0.1))) for _ in range(30)]
        found: list[Occasion] = []
        for _ in range(OCCASIONS):
            author, held = rng.randrange(len(rates)), rng.random() < held_back
            found.append(Occasion(author, held, rng.random() < rates[author] + (0 if held else effect)))
        return found

    return occasions


def says_that_nudges_help(occasions: Sequence[Occasion], held_back: float) -> bool:
    """Whether the trial says so at any look."""
    return any(_helps(occasions[:look], held_back) for look in _looks(len(occasions)))


def _looks(occasions: int) -> Iterator[int]:
    look = FIRST_LOOK
    while look <= latest_look(occasions):
        yield look
        look = next_look(look)


def _helps(occasions: Sequence[Occasion], held_back: float) -> bool:
    counts: dict[int, list[int]] = {}
    for one in occasions:
        row = counts.setdefault(one.author, [0, 0, 0, 0])
        row[2 * one.held_back] += 1
        row[2 * one.held_back + 1] += one.heeded
    finding = compare([Counts(*row) for row in counts.values()], held_back)
    return finding is not None and finding.helps


def rate(
    occasions: Callable[[float, float, random.Random], list[Occasion]],
    effect: float,
    held_back: float,
    rounds: int,
) -> float:
    """How often the trial says that nudges help, 0 to 1."""
    claims = sum(
        says_that_nudges_help(occasions(effect, held_back, random.Random(seed)), held_back)
        for seed in range(rounds)
    )
    return claims / rounds
