"""Opening the rehearsal room: the simulated Discord, its page, and a browser if there is one."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from coach.settings import Settings
from cogs.rehearsal.page import serve
from cogs.rehearsal.world import let_time_run, open_world
from cogs.support.bot import SquareDeal


async def rehearse(
    create_bot: Callable[..., SquareDeal],
    settings: Settings,
    stopped: Callable[[], Awaitable[None]],
    real_time: Callable[[], datetime],
    *,
    browse: bool,
) -> None:
    """Open the room, print its address, and keep it open until Ctrl-C.

    Args:
        create_bot: builds the bot from settings and clock.
        settings: the configuration; its database is replaced by one that lasts as long as the room.
        stopped: waits until the process is asked to end.
        real_time: gives the present, aware; the room's clock is kept with it.
        browse: whether to open the page in a browser, if there is one.

    Raises:
        SettingsError: SimCord is not installed, or no port is free.
    """
    with tempfile.TemporaryDirectory(prefix="squaredeal-") as folder:
        # Whoever tries the bot is to see its nudges, all of them, at night too.
        nudges = settings.nudges.model_copy(update={"held_back": 0.0, "quiet_until": settings.nudges.quiet_from})
        own = settings.model_copy(update={"database": str(Path(folder) / "rehearsal.db"), "nudges": nudges})
        async with (
            open_world(create_bot, own, real_time()) as world,
            serve(world, settings.rehearsal.port) as address,
        ):
            print(  # noqa: T201
                f"The rehearsal room is open: {address}\n"
                "Type a draft, or / for the commands. Ctrl-C closes the room and forgets what was said in it.",
                flush=True,
            )
            if browse and _has_browser():
                # Some browsers return only when they are closed, and nothing here is to wait for that.
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
            clock = asyncio.create_task(let_time_run(world, real_time))
            await stopped()
            clock.cancel()


def _has_browser() -> bool:
    """Whether a page would open in a window: without a screen, Python would take a browser for the terminal."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
