"""Members' requests and timed work, on databases of a thousand to a million drafts, each filled once."""

from __future__ import annotations

import gc
import itertools
import random
import statistics
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import cast

from benchmarks.growth.filling import AUTHORS, CHANNEL, MEMBER, NOW, SERVER, Size, filled
from benchmarks.report import Figure, growth_table, table
from coach.coach import Coach
from coach.intake.drafts import Message
from coach.labelling.labeller import Labeller
from coach.labels import Kind, Label, Verdict
from coach.nudging.tips import Tips
from coach.settings import load
from coach.store import Store
from coach.summaries import FURTHEST, MOST_MEMBERS, Summaries

SMALL, LARGE = 10_000, 1_000_000
EACH, DAYS = 1000, 700
DRAFTS = {drafts: Size(drafts // EACH, EACH, DAYS) for drafts in (1000, SMALL, 100_000, LARGE)}
MOST = 100_000
MEMBERS = {members: Size(members, 5, 14) for members in (10, 100, 1000, 10_000, MOST)}
TIMES, FEWER = 200, 100
"""How often each is asked in a round, and how many drafts are recorded."""

IDS = itertools.count(1 << 62)
"""Ids of the drafts that are recorded, above all existing ones."""


class _Known:
    """Labels without the model, as the model's time does not depend on what is stored."""

    def label(self, texts: list[str], *_: object) -> list[Verdict]:
        return [Verdict(Label.CONTENT, 0.1, Kind.INFORM, False, ()) for _ in texts]


@dataclass
class Asked:
    """One filled database, opened as the bot opens it."""

    size: Size
    coach: Coach
    summaries: Summaries

    def member(self, number: int) -> int:
        """One member after the other, each with a history of their own."""
        return MEMBER + number * 37 % self.size.members

    async def balance(self, number: int) -> None:
        """What `/balance` reads before it draws."""
        await self.coach.reports.report(SERVER, self.member(number))

    async def history(self, number: int) -> None:
        """What `/history` of a month reads."""
        assert await self.coach.reports.history(SERVER, self.member(number), 30, 20)  # noqa: S101

    async def digest(self, _: int) -> None:
        """What the server's daily summary reads: its first ten authors, and the whole server."""
        digest = await self.summaries.compose(SERVER, None)
        assert digest is not None and digest.more == AUTHORS - MOST_MEMBERS  # noqa: S101

    async def tick(self, _: int) -> None:
        """The look at the clock that comes every minute; nothing is due."""
        assert await self.summaries.due() == []  # noqa: S101

    async def due(self, _: int) -> None:
        """The summaries due in one minute, if each member has one, spread evenly over the day."""
        assert await self.coach.store.summaries.due(NOW + timedelta(minutes=2), NOW + FURTHEST)  # noqa: S101

    async def record(self, number: int) -> None:
        """One draft from its words to its commit and its nudge, without the model.

        The authors are the first ten of those who draft today, whom the summary lists; they have a long history.
        """
        author = MEMBER + number % MOST_MEMBERS
        message = Message(next(IDS), SERVER, CHANNEL, None, author, NOW, f"Number {number} of today.")
        assert await self.coach.intake.consider(message) is not None  # noqa: S101


ASKS: dict[str, tuple[Callable[[Asked, int], Awaitable[None]], int]] = {
    "record": (Asked.record, FEWER),
    "balance": (Asked.balance, TIMES),
    "history": (Asked.history, TIMES),
    "digest": (Asked.digest, TIMES),
    "tick": (Asked.tick, TIMES),
    "due": (Asked.due, TIMES),
}


@asynccontextmanager
async def opened(path: Path, size: Size) -> AsyncGenerator[Asked]:
    """The coach on a filled database."""
    store = await Store.open(path, NOW)

    async def labeller() -> Labeller:
        return cast(Labeller, _Known())

    coach = Coach(load(None, {}), store, labeller, Tips.load(), lambda: NOW, b"x" * 32, random.Random(1))
    gc.freeze()  # as the bot does when all is loaded
    try:
        coach.progress.start_catch_up(SERVER, ())
        yield Asked(size, coach, coach.summaries)
    finally:
        await store.close()


Times = dict[str, dict[int, list[list[float]]]]
"""For each question and size, the milliseconds of the calls of each round, in order of length."""


async def measured(folder: Path, sizes: dict[int, Size], asks: tuple[str, ...], rounds: int) -> Times:
    """Ask the databases in turn, call by call, so that all of them face the same disturbances."""
    found: Times = {name: {size: [] for size in sizes} for name in asks}
    paths = {at: await filled(folder / f"{len(sizes)}-{at}.db", size) for at, size in sizes.items()}
    async with AsyncExitStack() as stack:
        asked = {at: await stack.enter_async_context(opened(paths[at], size)) for at, size in sizes.items()}
        for _ in range(rounds):
            for name in asks:
                ask, times = ASKS[name]
                taken = {size: list[float]() for size in sizes}
                # A few to warm up, which are not counted.
                for number in range(-5, times):
                    for at, one in asked.items():
                        began = time.perf_counter()
                        await ask(one, number)
                        taken[at].append((time.perf_counter() - began) * 1000)
                for at, values in taken.items():
                    found[name][at].append(sorted(values[5:]))
    return found


NAMES = {
    "record": "recording a draft",
    "balance": "data of `/balance`",
    "history": "data of `/history`",
    "digest": "data of a server's summary",
    "tick": "a look at the summary times",
    "due": "… finding those of one minute",
}


def rows(found: Times) -> dict[str, dict[int, list[float]]]:
    """For the table of growth, the median of each round."""
    return {
        NAMES[name]: {at: [statistics.median(calls) for calls in each] for at, each in sizes.items()}
        for name, sizes in found.items()
    }


async def section(folder: Path, rounds: int) -> str:
    """Part of the report: what is asked of large databases, and how its time grows."""
    drafts = await measured(folder, DRAFTS, ("record", "balance", "history", "digest", "tick"), rounds)
    members = await measured(folder, MEMBERS, ("record", "digest", "tick", "due"), rounds)
    by_drafts, by_members = rows(drafts), rows(members)
    figures: list[Figure] = []
    for key in ("balance", "history", "digest"):
        p99 = [calls[int(len(calls) * 0.99)] for calls in drafts[key][LARGE]]
        medians = by_drafts[NAMES[key]]
        ratio = [large / small for large, small in zip(medians[LARGE], medians[SMALL], strict=True)]
        figures.append(Figure(f"{NAMES[key]} at {LARGE:,} drafts, p99, ms", p99, most=5))
        figures.append(Figure(f"… against {SMALL:,} drafts, median to median", ratio, "{:.2f} ×", most=1.2))
    ticks = {
        "tick": f"a look at the summary times of {MOST:,} members, none due, ms",
        "due": "… finding those of one minute, ms",
    }
    figures += [Figure(what, by_members[NAMES[key]][MOST], most=20) for key, what in ticks.items()]
    return "\n\n".join(
        [
            "### Large databases",
            f"One server, filled by SQL with the real schema. Each member has {EACH:,} drafts, two a day spread "
            f"over {DAYS} days. What grows is the number of members: 10 at {SMALL:,} drafts and 1,000 at "
            f"{LARGE:,}. On the day of the summary {AUTHORS} of them draft at any size; at the smaller sizes it "
            f"is the first time for some. Each round asks {TIMES} times ({FEWER} drafts are recorded) through the "
            "asynchronous store, one database after the other, call by call.",
            table(figures),
            "Against the drafts stored; a draft is recorded without the model:",
            growth_table("drafts, ms", by_drafts),
            "Against members, each with 5 drafts of the last 14 days and a summary time of their own:",
            growth_table("members, ms", by_members),
        ]
    )
