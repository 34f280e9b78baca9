"""How late the event loop is while a chart is drawn and 64 drafts are labelled: prints figures of one process."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable
from datetime import date, timedelta

import discord
import uvloop

from benchmarks.report import Figure, table
from benchmarks.wire import draft_text
from coach.balance.chart_process import ChartProcess
from coach.balance.standing import Goal, Tally, standing
from coach.labelling.labeller import Labeller
from coach.labelling.labelling_queue import MOST_AT_ONCE, LabellingQueue
from coach.reports import Report
from coach.settings import load
from cogs.support.charts import chart_file

TICK = 0.001
TODAY = date(2026, 11, 20)
DRAWN = 5


async def lag_during(work: Awaitable[object]) -> float:
    """The longest time, in milliseconds, that a coroutine which sleeps a millisecond woke up late."""
    worst = 0.0
    task = asyncio.ensure_future(work)
    while not task.done():
        began = time.perf_counter()
        await asyncio.sleep(TICK)
        worst = max(worst, time.perf_counter() - began - TICK)
    await task
    return worst * 1000


async def lags() -> dict[str, float]:
    """What a process that has just started measures."""
    goal = Goal(0.5, 0.15, 90)
    days = {TODAY - timedelta(days=back): Tally(back % 4, back % 3) for back in range(200)}
    report = Report(1, TODAY, days, standing(days, TODAY, goal, load(None, {}).balance))
    labeller = await asyncio.to_thread(Labeller.load)

    async def loaded() -> Labeller:
        return labeller

    labelling, drawing = LabellingQueue(loaded), ChartProcess()

    async def label() -> None:
        await asyncio.gather(*(labelling.label(draft_text(number), None) for number in range(MOST_AT_ONCE)))

    async def both() -> None:
        await asyncio.gather(chart_file(drawing, report, discord.Embed()), label())

    async def idle() -> None:
        await asyncio.sleep(0.5)

    found = {"idle": await lag_during(idle()), "first": await lag_during(both())}
    found["both"] = max([await lag_during(both()) for _ in range(DRAWN)])
    found["chart"] = max([await lag_during(chart_file(drawing, report, discord.Embed())) for _ in range(DRAWN)])
    found["label"] = max([await lag_during(label()) for _ in range(DRAWN)])
    await drawing.close()
    return found


async def section(rounds: int) -> str:
    """Part of the report: how late the loop is, each round in a process of its own."""
    # Not with `-m`, as the package has already imported this module then.
    command = [sys.executable, "-c", f"from {__name__} import main; main()"]
    found: list[dict[str, float]] = []
    for _ in range(rounds):
        ran = await asyncio.to_thread(subprocess.run, command, check=True, stdout=subprocess.PIPE)
        found.append(json.loads(ran.stdout))
    names = {
        "first": "the first chart, which starts a process, and 64 labels",
        "both": "a later chart and 64 labels",
        "chart": "a later chart alone",
        "label": "64 labels alone",
        "idle": "nothing at all, for half a second",
    }
    goals = {"first": 50.0, "both": 50.0}
    figures = [
        Figure(f"{what}, largest lag, ms", [one[key] for one in found], "{:.1f}", most=goals.get(key))
        for key, what in names.items()
    ]
    return "\n\n".join(
        [
            "### Lag of the event loop",
            "A coroutine on the bot's own kind of loop sleeps for a millisecond over and over; heartbeats are "
            "late by as much as it wakes late. Meanwhile a chart of 90 days is drawn and 64 drafts are labelled "
            "at once, the way the bot does both. Each round is a new process, and gives the largest lag of its "
            f"first time, or of {DRAWN} later times.",
            table(figures),
        ]
    )


def main() -> None:
    """Print the figures of this process."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(lags())))
