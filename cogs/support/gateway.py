"""Odd events of Discord's gateway: what discord.py can't read is dropped, and the bot goes on."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from cogs.support.errors import log_error

Parser = Callable[[Any], None]

NEEDED = ("READY", "RESUMED")
"""Without these there is no session, so an error in them has to be seen."""


def drop_unreadable(parsers: dict[str, Parser]) -> None:
    """Drop the events that one of discord.py's parsers fails at; each kind is logged once, without its content.

    The parsers run where the socket is read, so an error in one ends the whole client, for all servers. discord.py
    has no setting for that; its table of parsers is the narrowest place.

    Args:
        parsers: discord.py's parsers by event, `ConnectionState.parsers`; changed in place.
    """
    told: set[tuple[str, str]] = set()

    def parse(event: str, parser: Parser, data: Any) -> None:
        try:
            parser(data)
        except Exception as error:
            kind = event, type(error).__name__
            if kind not in told:
                told.add(kind)
                log_error(f"the gateway's event {event}, which is dropped, as are others like it", error)

    for event, parser in parsers.items():
        if event not in NEEDED:
            parsers[event] = functools.partial(parse, event, parser)
