"""Requests that are never answered, or answered with nonsense, on a real socket."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator

import aiohttp
import pytest
from aiohttp import web

from coach.errors import Silenced
from cogs.support import http_timeout


@pytest.fixture
async def address(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[str]:
    """A server that answers at once, long after the bot has given up or, at /nonsense, with no JSON."""
    monkeypatch.setattr(http_timeout, "SECONDS", 0.5)
    over = asyncio.Event()

    async def serve(request: web.BaseRequest) -> web.Response:
        if request.path == "/api/banned":
            return web.Response(status=429, headers={"Retry-After": "1"})
        if request.path.endswith("/never"):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), 60)
        if request.path.startswith("/api/nonsense"):
            kind = "text/html" if "html" in request.path else "application/json"
            return web.Response(text='{"id": "1', content_type=kind)
        return web.json_response("here")

    server = web.Server(serve)
    listening = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    over.set()
    listening.close()
    await server.shutdown(1)


async def ask(session: aiohttp.ClientSession, method: str, url: str) -> str:
    async with session.request(method, url) as response:
        return await response.json() if response.status == 200 else ""


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST", "PATCH"])
async def test_a_request_that_is_never_answered_is_given_up_and_the_next_goes_through(
    address: str, method: str
) -> None:
    async with aiohttp.ClientSession(trace_configs=[http_timeout.timeout_trace()]) as session:
        with pytest.raises(TimeoutError):
            await ask(session, method, f"{address}/never")
        assert await ask(session, method, f"{address}/at-once") == "here"
        # No timer is left to go off later.
        await asyncio.sleep(0.7)
        assert await ask(session, method, f"{address}/at-once") == "here"


async def test_nothing_is_requested_while_discord_turns_the_machine_away(address: str) -> None:
    async with aiohttp.ClientSession(trace_configs=[http_timeout.timeout_trace()]) as session:
        await ask(session, "GET", f"{address}/api/banned")
        with pytest.raises(Silenced):
            await ask(session, "GET", f"{address}/api/at-once")
        assert await ask(session, "GET", f"{address}/at-once") == "here"
        await asyncio.sleep(1.1)
        assert await ask(session, "GET", f"{address}/api/at-once") == "here"


async def test_what_cannot_begin_in_time_is_not_requested(address: str) -> None:
    async with aiohttp.ClientSession(trace_configs=[http_timeout.timeout_trace()]) as session:
        with http_timeout.begun_within(0.3):
            assert await ask(session, "GET", f"{address}/at-once") == "here"
            # As while a process is stopped.
            time.sleep(0.4)  # noqa: ASYNC251
            with pytest.raises(TimeoutError, match="too late"):
                await ask(session, "GET", f"{address}/at-once")
            # Others have their own time.
            with http_timeout.begun_within(1):
                assert await ask(session, "GET", f"{address}/at-once") == "here"
        assert await ask(session, "GET", f"{address}/at-once") == "here"


async def test_an_ok_answer_that_is_not_json_counts_as_no_answer(address: str) -> None:
    async with aiohttp.ClientSession(trace_configs=[http_timeout.timeout_trace()]) as session:
        for kind in ("html", "half"):
            with pytest.raises(aiohttp.ClientError):
                await ask(session, "PUT", f"{address}/api/nonsense/{kind}")
        assert await ask(session, "GET", f"{address}/api/at-once") == "here"


async def test_errors_and_cancellation_pass_through_unchanged(address: str) -> None:
    async with aiohttp.ClientSession(trace_configs=[http_timeout.timeout_trace()]) as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await ask(session, "GET", "http://127.0.0.1:1/")
        asking = asyncio.create_task(ask(session, "GET", f"{address}/never"))
        await asyncio.sleep(0.1)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
