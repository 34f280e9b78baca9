"""The drawing process: it draws the same pictures, is started again if it ends or hangs, and says what failed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from datetime import date

import pytest

from coach.balance import chart, chart_process
from coach.balance.chart_process import ChartProcess
from coach.balance.standing import Goal, Tally
from coach.errors import DrawingError
from tests.support.processes import PROCESSES, children_of

TODAY = date(2026, 11, 20)
DAYS = {TODAY: Tally(3, 2)}
GOAL = Goal(0.5, 0.15, 14)

on_linux = pytest.mark.skipif(not PROCESSES.exists(), reason="finds the process as Linux has it")


@pytest.fixture
async def begun() -> AsyncGenerator[ChartProcess]:
    one = ChartProcess()
    yield one
    await one.close()


def children() -> set[int]:
    """The processes that this one has started."""
    return children_of(os.getpid())


async def test_each_caller_gets_the_picture_that_this_process_would_draw(begun: ChartProcess) -> None:
    goals = [Goal(0.5, 0.15, window) for window in (7, 14, 30)]
    pictures = await asyncio.gather(*(begun.draw(DAYS, TODAY, goal) for goal in goals))
    assert pictures == [chart.draw(DAYS, TODAY, goal) for goal in goals]


@on_linux
@pytest.mark.slow
async def test_a_process_that_was_killed_is_started_again(begun: ChartProcess) -> None:
    before = children()
    await begun.draw(DAYS, TODAY, GOAL)
    [process] = children() - before
    os.kill(process, signal.SIGINT)  # Ctrl-C reaches it too; the program ends it when it ends itself
    assert (await begun.draw(DAYS, TODAY, GOAL))[:4] == b"\x89PNG"
    assert process in children()
    os.kill(process, signal.SIGKILL)
    assert (await begun.draw(DAYS, TODAY, GOAL))[:4] == b"\x89PNG"
    assert process not in children()


@on_linux
@pytest.mark.slow
async def test_a_process_that_hangs_is_ended_and_the_next_chart_gets_a_new_one(
    begun: ChartProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = children()
    await begun.draw(DAYS, TODAY, GOAL)
    [process] = children() - before
    os.kill(process, signal.SIGSTOP)
    monkeypatch.setattr(chart_process, "SECONDS", 0.3)
    # Charts that wait behind it are held up no longer than it is.
    failed = await asyncio.gather(*(begun.draw(DAYS, TODAY, GOAL) for _ in range(3)), return_exceptions=True)
    assert [type(error) for error in failed] == [DrawingError] * 3
    assert "longer than" in str(failed[0])
    assert process not in children()
    monkeypatch.undo()
    assert (await begun.draw(DAYS, TODAY, GOAL))[:4] == b"\x89PNG"


@on_linux
async def test_a_process_that_hangs_is_ended_with_the_program(begun: ChartProcess) -> None:
    before = children()
    await begun.draw(DAYS, TODAY, GOAL)
    [process] = children() - before
    os.kill(process, signal.SIGSTOP)
    waiting = asyncio.create_task(begun.draw(DAYS, TODAY, GOAL))
    await asyncio.sleep(0)
    await begun.close()
    with pytest.raises(DrawingError):
        await waiting
    assert process not in children()


async def test_what_fails_there_is_said_here_in_one_line(begun: ChartProcess) -> None:
    with pytest.raises(DrawingError, match="Error") as failed:
        await begun.draw(DAYS, TODAY, Goal(0.5, 0.15, 10**9))
    assert "\n" not in str(failed.value)
    assert (await begun.draw(DAYS, TODAY, GOAL))[:4] == b"\x89PNG"


async def test_a_process_that_cannot_start_is_reported_too(
    begun: ChartProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(DrawingError, match="can't start"):
        await begun.draw(DAYS, TODAY, GOAL)
