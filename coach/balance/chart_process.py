"""Charts drawn in a process of their own, as matplotlib keeps all other threads waiting for a tenth of a second.

The process starts with the first chart. It ends when the bot closes it, or when its input ends with the program.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import signal
import sys
import traceback
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from coach.balance.standing import Goal, Tally
from coach.errors import DrawingError
from coach.past.judging import Balance

ROOT = Path(__file__).resolve().parents[2]

SECONDS = 10.0
"""How long a chart may take, and how long it may wait for those before it."""

FIRST_SECONDS = 30.0
"""How long a process's first chart may take: matplotlib is loaded and, once on each machine, lists the fonts."""

DAYS, PAST = "days", "past"
"""What is to be drawn, the first thing in each message to the process."""

SIZE_BYTES = 8
"""Each message, in both directions, begins with its size: a big-endian number of this many bytes."""


class ChartProcess:
    """The drawing process of one bot, which draws one chart at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._closed = False

    async def draw(self, days: Mapping[date, Tally], today: date, goal: Goal) -> bytes:
        """Draw a chart; arguments and result as for `coach.balance.chart.draw`.

        Raises:
            DrawingError: the chart can't be drawn, or not in time: see `SECONDS` and `FIRST_SECONDS`.
        """
        return await self._drawn(pickle.dumps((DAYS, dict(days), today, goal)))

    async def draw_past(self, months: Mapping[date, Balance], goal: Goal) -> bytes:
        """Draw the chart of a past; arguments and result as for `past_chart.draw`, errors as for `draw`."""
        return await self._drawn(pickle.dumps((PAST, dict(months), goal)))

    async def _drawn(self, asked: bytes) -> bytes:
        try:
            async with asyncio.timeout(SECONDS):
                await self._turn.acquire()
        except TimeoutError:
            raise DrawingError(f"other charts took longer than {SECONDS:.0f} s") from None
        try:
            answer = await self._draw(asked)
        finally:
            self._turn.release()
        if isinstance(answer, str):
            raise DrawingError(answer)
        return answer

    async def close(self) -> None:
        """End the process, even in the middle of a chart; no more are drawn."""
        self._closed = True
        await self._end()

    async def _draw(self, asked: bytes) -> bytes | str:
        seconds = FIRST_SECONDS if self._process is None else SECONDS
        try:
            async with asyncio.timeout(seconds):
                try:
                    return await self._ask(asked)
                except (OSError, EOFError):
                    # Something ended it, perhaps because memory ran out: try once more, with a new one.
                    await self._end()
                    return await self._ask(asked)
        except BaseException as error:
            # The picture of an unfinished chart may still come: the next chart gets a new process.
            await self._end()
            match error:
                case TimeoutError():
                    raise DrawingError(f"it took longer than {seconds:.0f} s") from None
                case OSError() | EOFError() | pickle.UnpicklingError():
                    raise DrawingError(f"the drawing process ended or can't start: {error}") from error
                case _:
                    raise

    async def _ask(self, asked: bytes) -> bytes | str:
        if self._closed:
            raise DrawingError("the bot is shutting down")
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "coach.balance.chart_process"),
                cwd=ROOT,
                # The token is none of its business.
                env={name: value for name, value in os.environ.items() if name != "DISCORD_TOKEN"},
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
            )
        to, back = self._process.stdin, self._process.stdout
        assert to is not None and back is not None  # noqa: S101  # both are pipes
        to.write(len(asked).to_bytes(SIZE_BYTES) + asked)
        await to.drain()
        size = int.from_bytes(await back.readexactly(SIZE_BYTES))
        return pickle.loads(await back.readexactly(size))  # noqa: S301  # what our own process wrote

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        # Not waiting for one that even a kill doesn't end, because its disk doesn't answer.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await process.wait()


def main() -> None:
    """Draw what standard input asks for until that ends."""
    from coach.balance import chart, past_chart  # noqa: PLC0415  # for this process alone

    draw: dict[str, Callable[..., bytes]] = {DAYS: chart.draw, PAST: past_chart.draw}
    # Ctrl-C reaches every process of a terminal; the program ends this one when it has finished itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while size := sys.stdin.buffer.read(SIZE_BYTES):
        kind, *asked = pickle.loads(sys.stdin.buffer.read(int.from_bytes(size)))  # noqa: S301  # from our own program
        try:
            answer: bytes | str = draw[kind](*asked)
        except Exception as error:
            # It was given only numbers and dates, so the message can't contain a draft's words.
            answer = traceback.format_exception_only(error)[-1].strip()
        message = pickle.dumps(answer)
        sys.stdout.buffer.write(len(message).to_bytes(SIZE_BYTES) + message)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
