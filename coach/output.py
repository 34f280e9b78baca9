"""What the program's commands print: always in UTF-8, with a plain message if it can't be written."""

from __future__ import annotations

import contextlib
import io
import os
import sys

from coach.errors import OutputError


def use_utf8() -> None:
    """Print in UTF-8 whatever the terminal's own encoding is, with half characters as escapes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def say(line: str) -> None:
    """Print a line at once.

    Raises:
        OutputError: it can't be written.
    """
    try:
        print(line, flush=True)  # noqa: T201
    except OSError as error:
        # Otherwise what is left in the buffer fails again when Python exits.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OutputError(error) from None
