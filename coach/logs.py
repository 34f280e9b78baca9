"""The log: to standard error, and never so detailed that it could contain a draft."""

from __future__ import annotations

import logging
import sys


def set_up_logging(level: str) -> None:
    """Log to standard error; libraries never below INFO, as their debug lines contain messages and SQL.

    Args:
        level: the least level that the bot logs: debug, info, warning or error.
    """
    logging.basicConfig(
        level=level.upper(),
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
        datefmt="%Y-%m-%d %H:%M:%S",
        stream=sys.stderr,
    )
    for library in ("discord", "aiosqlite", "asyncio"):
        logging.getLogger(library).setLevel(max(logging.INFO, logging.getLogger().level))
    logging.getLogger("matplotlib").setLevel(logging.WARNING)  # it logs every font it looks at
