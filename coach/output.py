"""What the program's commands print: UTF-8 wherever it goes, and plain words if it cannot be written."""

from __future__ import annotations

import contextlib
import io
import os
import sys

from coach.errors import OutputError


def use_utf8() -> None:
    """Print as UTF-8 whatever the terminal's own encoding is; half characters as escapes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def say(line: str) -> None:
    """Print a line at once.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        print(line, flush=True)  # noqa: T201
    except OSError as error:
        # What is left in the buffer would fail once more when Python ends.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OutputError(error) from None
