"""The log: to standard error, as text or JSON, and never so detailed that it could contain a draft."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

log = logging.getLogger("squaredeal")


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, and the traceback if there is an error."""

    def format(self, record: logging.LogRecord) -> str:
        """The line for a record."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told = {
            "time": time.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told)


def set_up_logging(form: str) -> None:
    """Log to standard error.

    Args:
        form: text or json.
    """
    handler = logging.StreamHandler(sys.stderr)
    text = logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S")
    handler.setFormatter(JsonLines() if form == "json" else text)
    logging.basicConfig(handlers=[handler])
    # Otherwise Python prints them, in a form of its own.
    logging.captureWarnings(True)
    set_level("info")


def set_level(level: str) -> None:
    """Log from a level on; libraries never below INFO, as their debug lines contain messages and SQL.

    Args:
        level: the least level that the bot logs: debug, info, warning or error.
    """
    logging.getLogger().setLevel(level.upper())
    for library in ("discord", "aiosqlite", "asyncio"):
        logging.getLogger(library).setLevel(max(logging.INFO, logging.getLogger().level))
    logging.getLogger("matplotlib").setLevel(logging.WARNING)  # it logs every font it looks at


def complain(words: object, form: str) -> None:
    """Say on standard error why the program ends or can't do something: plainly, or as a line of a JSON log."""
    if form == "json":
        log.error("%s", words)
    else:
        print(words, file=sys.stderr)  # noqa: T201
