"""Choosing tips on evidence, by simulation: `python -m benchmarks.tips`.

Simulated authors heed some tips more than others. It prints how often they heed tips drawn by Thompson sampling
and by an even choice, both under the rule that no tip returns before the others have had their turn; and, with
tips that are all alike, how seldom the rarest is shown.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from statistics import fmean, stdev

from coach.labels import Kind
from coach.nudging.tips import Outcome, Tips
from tests.support.verdicts import CONTENT_KINDS

NUDGES = 500
AUTHORS = 150
ROUNDS = 40
KINDS = sorted(CONTENT_KINDS)


DRAWS: Mapping[str, Callable[[random.Random], float]] = {
    "a fifth of the tips good (60%), the rest weak (10%)": lambda rng: 0.6 if rng.random() < 0.2 else 0.1,
    "rates spread evenly from 5 to 65%": lambda rng: rng.uniform(0.05, 0.65),
}


def heeded_rate(tips: Tips, rates: Mapping[str, float], seed: int, *, learns: bool) -> tuple[float, Counter[str]]:
    """Share of nudges heeded, and how often each tip was shown, over `NUDGES` nudges in one server."""
    rng = random.Random(seed)
    outcomes: dict[str, Outcome] = {}
    shown: dict[int, Counter[str]] = {author: Counter() for author in range(AUTHORS)}
    heeded = 0
    for _ in range(NUDGES):
        author = rng.randrange(AUTHORS)
        kind, known = Kind(rng.choice(KINDS)), outcomes if learns else {}
        tip = tips.choose("conversation", kind, shown[author], known, rng, with_draft=True).id
        shown[author][tip] += 1
        past, took = outcomes.get(tip, Outcome()), rng.random() < rates[tip]
        heeded += took
        outcomes[tip] = Outcome(past.heeded + took, past.ignored + (not took))
    return heeded / NUDGES, sum(shown.values(), Counter[str]())


def main() -> None:
    """Run all rounds and print the comparison."""
    tips = Tips.load()
    ids = [tip.id for tip in tips.tips if tip.lacking == "conversation"]
    print(f"{NUDGES} nudges to {AUTHORS} authors, {len(ids)} tips, {ROUNDS} rounds")
    for name, draw in DRAWS.items():
        learned: list[float] = []
        even: list[float] = []
        gains: list[float] = []
        for seed in range(ROUNDS):
            chance = random.Random(1000 + seed)
            rates = {tip: draw(chance) for tip in ids}
            learned.append(heeded_rate(tips, rates, seed, learns=True)[0])
            even.append(heeded_rate(tips, rates, seed, learns=False)[0])
            gains.append(learned[-1] / even[-1] - 1)
        print(
            f"{name}: heeded {fmean(learned):.1%} by Thompson sampling, {fmean(even):.1%} by an even choice; "
            f"gain {fmean(gains):.0%} (spread {stdev(gains):.0%})"
        )
    least: list[int] = []
    most: list[int] = []
    for seed in range(ROUNDS):
        _, shown = heeded_rate(tips, dict.fromkeys(ids, 0.3), seed, learns=True)
        least.append(min(shown[tip] for tip in ids))
        most.append(max(shown.values()))
    print(
        f"equal tips (30%): the rarest is shown {min(least)} to {max(least)} times, the commonest {min(most)} to "
        f"{max(most)}; evenly it would be {NUDGES / len(ids):.0f} times each"
    )


if __name__ == "__main__":
    main()
