"""Patience with Discord: a request that is never answered is given up and holds up no others."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import aiohttp

SECONDS = 30.0


def impatient() -> aiohttp.TraceConfig:
    """A trace that gives up requests after `SECONDS` without an answer, by a TimeoutError.

    discord.py has no setting for that, and aiohttp waits for 300 seconds, in which no other reaction reaches the
    channel. A trace is what discord.py does take, and the right place besides: it sees single exchanges, between
    which lies the waiting for Discord's rate limits. To be cancelled there could stop all requests for good, as
    discord.py lifts a global limit only after a sleep that nothing disturbs.
    """
    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(_begin)
    trace.on_request_end.append(_answered)
    trace.on_request_exception.append(_failed)
    return trace


async def _begin(_: aiohttp.ClientSession, context: SimpleNamespace, __: aiohttp.TraceRequestStartParams) -> None:
    # aiohttp calls all three within the task that asks, one of the other two after each first.
    context.limit = asyncio.timeout(SECONDS)
    await context.limit.__aenter__()


async def _answered(_: aiohttp.ClientSession, context: SimpleNamespace, __: aiohttp.TraceRequestEndParams) -> None:
    await context.limit.__aexit__(None, None, None)


async def _failed(
    _: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams
) -> None:
    error = params.exception
    # Turns the cancelling that is its own into a TimeoutError, which takes the place of what aiohttp would raise.
    await context.limit.__aexit__(type(error), error, error.__traceback__)
