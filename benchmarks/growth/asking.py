"""What members ask and what the clock asks, on databases of a thousand to a million drafts, each filled once."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from benchmarks.growth.filling import AUTHORS, CHANNEL, MEMBER, NOW, SERVER, Size, filled
from benchmarks.report import Figure, exponent, table
from coach.coach import Coach
from coach.drafts import Message
from coach.labeller import Labeller
from coach.labels import Kind, Label, Verdict
from coach.settings import load
from coach.store import Store
from coach.summary import Summaries
from coach.tips import Tips

SMALL, LARGE = 10_000, 1_000_000
DRAFTS = {drafts: Size(drafts // 1000, 1000, 700) for drafts in (1000, SMALL, 100_000, LARGE)}
MEMBERS = {members: Size(members, 5, 14) for members in (10, 100, 1000, 10_000, 100_000)}
TIMES = 200
"""How often each is asked in a round."""


class _Known:
    """Labels without the model, whose time does not depend on what is stored."""

    def label(self, texts: list[str], _: object) -> list[Verdict]:
        return [Verdict(Label.CONTENT, 0.1, Kind.INFORM, False, ()) for _ in texts]


@dataclass
class Asked:
    """One filled database, opened as the bot opens it."""

    size: Size
    coach: Coach
    summaries: Summaries
    recorded: int = 0

    def member(self, number: int) -> int:
        """One member after the other, each with a history of their own."""
        return MEMBER + number * 37 % self.size.members

    async def balance(self, number: int) -> None:
        """What `/balance` reads before it draws."""
        await self.coach.report(SERVER, self.member(number))

    async def history(self, number: int) -> None:
        """What `/history` of a month reads."""
        assert await self.coach.history(SERVER, self.member(number), 30, 20)  # noqa: S101

    async def digest(self, _: int) -> None:
        """What the day's summary of the server reads: its ten first, and all together."""
        digest = await self.summaries.compose(SERVER, None)
        assert digest is not None and digest.more == AUTHORS - 10  # noqa: S101

    async def tick(self, _: int) -> None:
        """The look at the clock, of which there is one a minute; nothing is due."""
        assert await self.summaries.take_due() == []  # noqa: S101

    async def record(self, _: int) -> None:
        """One draft from its words to its commit and its nudge, without the model.

        By those who draft today anyhow, so that the summary has as many authors as before.
        """
        self.recorded += 1
        author = MEMBER + self.recorded % AUTHORS
        message = Message(
            (1 << 62) + self.recorded, SERVER, CHANNEL, None, author, NOW, f"Number {self.recorded} of today."
        )
        assert await self.coach.consider(message) is not None  # noqa: S101


ASKS: dict[str, tuple[Callable[[Asked, int], Awaitable[None]], int]] = {
    "record": (Asked.record, 100),
    "balance": (Asked.balance, TIMES),
    "history": (Asked.history, TIMES),
    "digest": (Asked.digest, 100),
    "tick": (Asked.tick, TIMES),
}


@asynccontextmanager
async def opened(path: Path, size: Size) -> Any:
    """The coach on a filled database."""
    store = await Store.open(path, NOW)

    async def labeller() -> Labeller:
        return cast(Labeller, _Known())

    coach = Coach(load(None, {}), store, labeller, Tips.load(), lambda: NOW, b"x" * 32, random.Random(1))
    try:
        coach.cursors.plan(SERVER, ())
        yield Asked(size, coach, Summaries(coach))
    finally:
        await store.close()


async def timed(call: Callable[[int], Awaitable[None]], times: int) -> list[float]:
    """Milliseconds of each of some calls, in order of length; a few before them are not counted."""
    taken: list[float] = []
    for number in range(times + 5):
        began = time.perf_counter()
        await call(number)
        taken.append((time.perf_counter() - began) * 1000)
    return sorted(taken[5:])


Times = dict[str, dict[int, list[list[float]]]]
"""For each question and size, the milliseconds of the calls of each round."""


async def measured(folder: Path, sizes: dict[int, Size], asks: tuple[str, ...], rounds: int) -> Times:
    """Ask each database in turn, in each round anew."""
    found: Times = {name: {size: [] for size in sizes} for name in asks}
    paths = {at: await filled(folder / f"{len(sizes)}-{at}.db", size) for at, size in sizes.items()}
    for _ in range(rounds):
        for at, size in sizes.items():
            async with opened(paths[at], size) as asked:
                for name in asks:
                    ask, times = ASKS[name]
                    found[name][at].append(await timed(lambda number, ask=ask, asked=asked: ask(asked, number), times))
    return found


def growth(found: Times, names: dict[str, str], least: int = 0) -> str:
    """Medians by size with the exponent of growth, as a table."""
    sizes = [size for size in next(iter(found.values())) if size >= least]
    lines = [f"| what, ms | {' | '.join(f'{size:,}' for size in sizes)} | exponent |", "|---" * (len(sizes) + 2) + "|"]
    for key, name in names.items():
        medians = [statistics.median(statistics.median(calls) for calls in found[key][size]) for size in sizes]
        cells = " | ".join(f"{value:.2f}" for value in medians)
        lines.append(f"| {name} | {cells} | {exponent(sizes, medians):+.2f} |")
    return "\n".join(lines)


NAMES = {"balance": "data of `/balance`", "history": "data of `/history`", "digest": "data of a server's summary"}


async def section(folder: Path, rounds: int) -> str:
    """Part of the report: what is asked of large databases, and how its time grows."""
    drafts = await measured(folder, DRAFTS, tuple(ASKS), rounds)
    members = await measured(folder, MEMBERS, ("record", "digest", "tick"), rounds)
    figures: list[Figure] = []
    for key, name in NAMES.items():
        at = drafts[key]
        p99 = [calls[int(len(calls) * 0.99)] for calls in at[LARGE]]
        pairs = zip(at[LARGE], at[SMALL], strict=True)
        ratio = [statistics.median(large) / statistics.median(small) for large, small in pairs]
        figures.append(Figure(f"{name} at {LARGE:,} drafts, p99, ms", p99, most=5))
        figures.append(Figure(f"… against {SMALL:,} drafts, median to median", ratio, "{:.2f} ×", most=1.2))
    ticks = [statistics.median(calls) for calls in members["tick"][100_000]]
    figures.append(Figure("summary times of 100,000 members, none due, ms a minute", ticks, most=20))
    days = timedelta(days=700).days
    return "\n\n".join(
        [
            "### Large databases",
            f"One server, filled by SQL on the real schema. Each member has 1,000 drafts, two a day spread over {days} "
            f"days: what grows is their number, 10 members at {SMALL:,} drafts and 1,000 at {LARGE:,}. On the day of "
            f"the summary {AUTHORS} draft at any size, at the smaller ones some of them for the first time. Asked "
            f"{TIMES} times a round (the summary 100 times) through the asynchronous store, the databases in turn.",
            table(figures),
            "Medians against the drafts stored; a draft is recorded without the model, on the day that 30 draft:",
            growth(drafts, {"record": "recording a draft", **NAMES, "tick": "a look at the summary times"}),
            "Medians against members, each with 5 drafts of the last 14 days and a summary time of their own:",
            growth(
                members,
                {
                    "record": "recording a draft",
                    "digest": NAMES["digest"],
                    "tick": "a look at the summary times",
                },
            ),
        ]
    )
