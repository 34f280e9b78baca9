"""A time limit for requests: no waiting for missing or garbled answers, no asking while Discord forbids it."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Generator
from contextvars import ContextVar
from types import SimpleNamespace

import aiohttp

from coach.errors import Silenced
from coach.metrics import REFUSALS

SECONDS = 30.0


_begin_by = ContextVar("_begin_by", default=math.inf)
"""When the requests of this task have to begin at the latest, by the loop's clock."""

NO_CONTENT = 204

API = "/api/"
"""What the paths of Discord's REST interface begin with; attachments and the gateway are elsewhere."""


@contextlib.contextmanager
def begun_within(seconds: float) -> Generator[None]:
    """Let requests begin only for some seconds from now: later, each raises a TimeoutError instead, unsent.

    Before a request, and before each that discord.py makes in its place, it waits for Discord's rate limits, which
    may take any time, and the process may have been stopped.
    """
    before = _begin_by.set(asyncio.get_running_loop().time() + seconds)
    try:
        yield
    finally:
        _begin_by.reset(before)


def timeout_trace() -> aiohttp.TraceConfig:
    """A trace that gives up a request after `SECONDS` without an answer, with a TimeoutError.

    It also raises `Silenced` in place of any request for as long as Discord's edge has said to keep away:
    discord.py thinks that only the one request failed, and asking again makes the wait longer. And it raises an
    `aiohttp.ClientError` for a successful answer that is not JSON, such as a page from a proxy: discord.py would
    take it for Discord's own, and fail later, anywhere.

    discord.py has no setting for that, and aiohttp waits for 300 seconds, in which no other reaction reaches the
    channel. discord.py does take a trace, and that is the right place too: it sees each exchange by itself,
    without the waits for Discord's rate limits in between. Cancelling one of those could stop all requests for
    good, as discord.py lifts a global limit only after a sleep that nothing disturbs.
    """
    patience = _Patience()
    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(patience.begin)
    trace.on_request_end.append(patience.answered)
    trace.on_request_exception.append(patience.failed)
    return trace


class _Patience:
    """aiohttp calls these within the task that asks; one of the last two after each `begin` that did not raise.

    After `answered` raises, `failed` is called too.
    """

    def __init__(self) -> None:
        self._silent_until = 0.0

    async def begin(
        self, _: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestStartParams
    ) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._silent_until and params.url.path.startswith(API):
            raise Silenced(f"Discord wants no requests for another {self._silent_until - now:.0f} seconds")
        if now > _begin_by.get():
            raise TimeoutError("it is too late to send this")
        context.limit = asyncio.timeout(SECONDS)
        await context.limit.__aenter__()

    async def answered(
        self, _: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        response, of_api = params.response, params.url.path.startswith(API)
        if of_api and 200 <= response.status < 300 and response.status != NO_CONTENT:
            try:
                await response.json()
            except ValueError as error:
                raise aiohttp.ClientPayloadError("an answer that is no JSON") from error
        code = await _code_of(response) if of_api and response.status >= 400 else 0
        await context.limit.__aexit__(None, None, None)
        if of_api and response.status >= 400:
            REFUSALS.labels(response.status, code).inc()
        headers = response.headers
        # A rate limit of Discord's own comes through its proxy, and discord.py waits for it.
        if response.status == 429 and "Via" not in headers and of_api:
            with contextlib.suppress(ValueError):
                now = asyncio.get_running_loop().time()
                self._silent_until = now + float(headers.get("Retry-After", ""))

    async def failed(
        self, _: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams
    ) -> None:
        error = params.exception
        # Turns its own cancelling into a TimeoutError, instead of what aiohttp would raise.
        # Its own limit comes as cancelling too; whoever else cancels a request knows of no answer.
        given_up = isinstance(error, asyncio.CancelledError) and not context.limit.expired()
        if params.url.path.startswith(API) and not given_up:
            REFUSALS.labels("none", 0).inc()
        await context.limit.__aexit__(type(error), error, error.__traceback__)


async def _code_of(response: aiohttp.ClientResponse) -> int:
    """Discord's own code for a refusal; 0 if there is none, as in a page from a machine in between."""
    # What can't be read now can't be read by discord.py either, which deals with it.
    with contextlib.suppress(ValueError, aiohttp.ClientError):
        match await response.json(content_type=None):
            case {"code": int(code)}:
                return code
            case _:
                pass
    return 0
