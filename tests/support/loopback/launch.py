"""The real program on the loopback Discord: `python -m tests.support.loopback.launch ADDRESS [ARGUMENTS]`.

LOOPBACK_PATIENCE sets how many seconds it waits for an answer, LOOPBACK_AHEAD how many its clock is ahead. With
LOOPBACK_PAUSE it waits for up to so many seconds before each POST, as Discord's rate limits make it wait. With
LOOPBACK_UNLOCKED it serves a database that another process serves too, as if that one had lost its lock.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import aiohttp
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.utils import utcnow

import bot
from cogs.support import bot as support
from cogs.support import http_timeout


def not_locked(*_: object) -> AbstractContextManager[None]:
    """A lock that keeps nobody out."""
    return nullcontext()


def pausing(trace: aiohttp.TraceConfig, seconds: float) -> aiohttp.TraceConfig:
    """A trace that first waits before each POST."""

    async def wait(_: aiohttp.ClientSession, __: SimpleNamespace, params: aiohttp.TraceRequestStartParams) -> None:
        if params.method == "POST":
            await asyncio.sleep(random.uniform(0, seconds))

    trace.on_request_start.insert(0, wait)
    return trace


if __name__ == "__main__":
    address = sys.argv[1]
    Route.BASE = f"{address}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address.replace("http", "ws", 1) + "/gateway")
    http_timeout.SECONDS = float(os.environ.get("LOOPBACK_PATIENCE", http_timeout.SECONDS))
    ahead = timedelta(seconds=float(os.environ.get("LOOPBACK_AHEAD", "0")))
    if "LOOPBACK_UNLOCKED" in os.environ:
        bot.locked = not_locked
    if pause := float(os.environ.get("LOOPBACK_PAUSE", "0")):
        support.timeout_trace = partial(pausing, http_timeout.timeout_trace(), pause)
    bot.create_bot = partial(bot.create_bot, clock=lambda: utcnow() + ahead)
    sys.exit(bot.main(sys.argv[2:]))
