"""The way out: SIGTERM and SIGINT end the program within some seconds, whatever it is waiting for."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import threading
from collections.abc import Callable, Collection, Generator
from typing import Any

from discord.ext.tasks import Loop

log = logging.getLogger(__name__)

SECONDS = 4.5
"""After that, nothing is waited for: what is committed is on disk, and the next start makes up for the rest."""


SECONDS_TO_ANSWER = 2.0
"""How long the end waits for commands and buttons in use, so that whoever used them is answered."""

# What discord.py calls the tasks in which commands and buttons are carried out.
_IN_USE = ("CommandTree-invoker", "discord-ui-")


class Ending:
    """Whether the program has been asked to end."""

    def __init__(self) -> None:
        self.asked = False
        self._wake: Callable[[], object] | None = None

    def ask(self) -> None:
        """Ask the program to end; asking again changes nothing."""
        self.asked = True
        if self._wake is not None:
            # A closed loop has ended already.
            with contextlib.suppress(RuntimeError):
                self._wake()

    async def wait(self) -> None:
        """Wait until the program is asked to end."""
        loop, event = asyncio.get_running_loop(), asyncio.Event()
        self._wake = lambda: loop.call_soon_threadsafe(event.set)
        if not self.asked:
            await event.wait()


@contextlib.contextmanager
def ending(within: float | None = SECONDS) -> Generator[Ending]:
    """Take SIGTERM and SIGINT as requests to end; discord.py alone does not end cleanly on them.

    Args:
        within: after so many seconds the process leaves with status 0, even if a thread or a lock holds it up;
            None if it may take its time.
    """
    asked = Ending()

    def ask(*_: object) -> None:
        if not asked.asked and within is not None:
            # This needs no task and no thread pool, as those may be what does not end.
            last = threading.Timer(within, _leave)
            last.daemon = True
            last.start()
        asked.ask()

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield asked
    finally:
        # Once asked, the process is on its way out: a second signal must not change how it ends.
        if not asked.asked:
            for number, handler in before.items():
                signal.signal(number, handler)


def _leave() -> None:
    log.warning("not everything ended in time; the next start makes up for it")
    os._exit(0)


class InProgress:
    """Work that a shutdown lets finish."""

    def __init__(self) -> None:
        self._pieces = 0
        self._none = asyncio.Event()
        self._none.set()

    @contextlib.contextmanager
    def hold(self) -> Generator[None]:
        """Count what is done within as work in progress."""
        self._pieces += 1
        self._none.clear()
        try:
            yield
        finally:
            self._pieces -= 1
            if not self._pieces:
                self._none.set()

    async def finish(self, within: float) -> None:
        """Wait until nothing is in progress, but no longer than `within` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._none.wait()


async def cancel(tasks: Collection[asyncio.Task[Any]], within: float) -> None:
    """Cancel tasks and wait until they have ended, but no longer than `within` seconds."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=within)


async def stop_ticking(loop: Loop[Any], in_progress: InProgress, within: float) -> None:
    """Stop a loop; what it has in progress is finished first, unless that takes longer than `within` seconds."""
    await in_progress.finish(within)
    ticking = loop.get_task()
    if ticking is not None:
        await cancel({ticking}, within)


async def answered() -> None:
    """Wait for a while until the commands and buttons that are in use are answered."""
    in_use = {task for task in asyncio.all_tasks() if task.get_name().startswith(_IN_USE)}
    if in_use:
        await asyncio.wait(in_use, timeout=SECONDS_TO_ANSWER)
