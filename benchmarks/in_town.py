"""A trial of the real bot in a small Discord: carried out, timed, and with the bot's log if it fails."""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from tests.support.loopback.town import Town, open_town

T = TypeVar("T")


async def in_town(trial: Callable[[Town], Awaitable[T]]) -> tuple[T, float]:
    """What a trial gives, and how many seconds it took; if it fails, the bot's log is printed."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        async with open_town(Path(folder)) as town:
            try:
                result = await trial(town)
            except BaseException:
                if town.bot.alive:
                    await town.bot.end(signal.SIGKILL)
                print(town.bot.log.decode())
                raise
    return result, time.monotonic() - began
