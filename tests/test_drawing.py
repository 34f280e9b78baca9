"""The drawing process: it gives the same pictures, is begun again when it was ended, and says what failed."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Generator
from datetime import date
from pathlib import Path

import pytest

from coach import chart
from coach.balance import Goal, Tally
from coach.drawing import Drawing, DrawingError

TODAY = date(2026, 11, 20)
DAYS = {TODAY: Tally(3, 2)}
GOAL = Goal(0.5, 0.15, 14)


@pytest.fixture
def drawing() -> Generator[Drawing]:
    begun = Drawing()
    yield begun
    begun.close()


def children() -> set[int]:
    """The processes that this one has begun."""
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        found |= {int(child) for child in (task / "children").read_text().split()}
    return found


def test_the_picture_is_the_one_that_is_drawn_here(drawing: Drawing) -> None:
    assert drawing.draw(DAYS, TODAY, GOAL) == chart.draw(DAYS, TODAY, GOAL)


def test_several_threads_get_each_their_own(drawing: Drawing) -> None:
    goals = [Goal(0.5, 0.15, window) for window in (7, 14, 30)]
    pictures: dict[Goal, bytes] = {}

    def ask(goal: Goal) -> None:
        pictures[goal] = drawing.draw(DAYS, TODAY, goal)

    threads = [threading.Thread(target=ask, args=(goal,)) for goal in goals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pictures == {goal: chart.draw(DAYS, TODAY, goal) for goal in goals}


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the process as Linux has it")
def test_one_that_was_killed_is_begun_again(drawing: Drawing) -> None:
    before = children()
    drawing.draw(DAYS, TODAY, GOAL)
    [process] = children() - before
    os.kill(process, signal.SIGKILL)
    assert drawing.draw(DAYS, TODAY, GOAL)[:4] == b"\x89PNG"


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the process as Linux has it")
def test_ctrl_c_does_not_end_it_and_the_end_of_the_program_does(drawing: Drawing) -> None:
    before = children()
    drawing.draw(DAYS, TODAY, GOAL)
    [process] = children() - before
    os.kill(process, signal.SIGINT)
    time.sleep(0.1)
    assert process in children()
    drawing.close()
    assert process not in children()


def test_what_fails_there_is_said_here(drawing: Drawing) -> None:
    with pytest.raises(DrawingError, match="Traceback"):
        drawing.draw(DAYS, TODAY, Goal(0.5, 0.15, 10**9))
    assert drawing.draw(DAYS, TODAY, GOAL)[:4] == b"\x89PNG"
