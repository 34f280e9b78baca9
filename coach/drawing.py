"""Charts drawn in a process of their own, as matplotlib keeps all other threads waiting for a tenth of a second.

The process begins with the first chart and ends with this program, whose end it notices by the end of its input.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from coach.balance import Goal, Tally

ROOT = Path(__file__).resolve().parent.parent
ENDED = (OSError, EOFError, pickle.UnpicklingError)


class DrawingError(Exception):
    """The drawing process has ended, or failed at a chart; the message has its way through the code."""


class Drawing:
    """The drawing process; any thread may ask it, one chart at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def draw(self, days: Mapping[date, Tally], today: date, goal: Goal) -> bytes:
        """What `coach.chart.draw` gives for the same arguments; waits for it, so call it in a worker thread.

        Raises:
            DrawingError: the chart cannot be drawn.
        """
        asked = pickle.dumps((dict(days), today, goal))
        with self._lock:
            try:
                answer = self._ask(asked)
            except ENDED:
                # Ended from outside, perhaps for want of memory: once more, with a new one.
                self._end()
                try:
                    answer = self._ask(asked)
                except ENDED as error:
                    self._end()
                    raise DrawingError("the drawing process has ended") from error
        if isinstance(answer, str):
            raise DrawingError(answer)
        return answer

    def close(self) -> None:
        """End the process, if there is one; the next chart begins another."""
        with self._lock:
            self._end()

    def _ask(self, asked: bytes) -> bytes | str:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "coach.drawing"],
                cwd=ROOT,
                # It has no business with the token.
                env={name: value for name, value in os.environ.items() if name != "DISCORD_TOKEN"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101  # both are pipes
        self._process.stdin.write(asked)
        self._process.stdin.flush()
        return pickle.load(self._process.stdout)  # noqa: S301  # what our own process wrote

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            # What it was told and did not read any more cannot be written.
            with contextlib.suppress(OSError):
                self._process.__exit__(None, None, None)
            self._process = None


DRAWING = Drawing()
"""The one of this program."""

atexit.register(DRAWING.close)


def main() -> None:
    """Draw what is asked for on standard input until that ends."""
    from coach import chart  # noqa: PLC0415  # for this process alone

    # Ctrl-C reaches each process of a terminal; the program ends this one when it is through itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            asked: Any = pickle.load(sys.stdin.buffer)  # noqa: S301  # what our own program wrote
        except EOFError:
            return
        try:
            answer: bytes | str = chart.draw(*asked)
        except Exception:
            answer = traceback.format_exc()
        pickle.dump(answer, sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
