"""The doctor: checks of the installation itself, and what to do about each problem."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from coach.balance.chart_process import ChartProcess
from coach.balance.standing import Goal
from coach.errors import DrawingError, ModelError, StoreError
from coach.labelling.labelling_queue import load_labeller
from coach.store.health import health_of, why_unusable

LEAST_SPACE = 100 * 2**20
"""Bytes that should be free beside the database."""

# The bot's id, a time and a signature, in URL-safe characters; loose, as Discord promises no lengths.
_TOKEN = re.compile(r"[\w-]{15,}\.[\w-]{4,}\.[\w-]{20,}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check.

    Attributes:
        good: False if something has to be done.
        text: what was found, and what to do.
    """

    good: bool
    text: str


def token_trouble(token: str) -> str:
    """What to do about a text that can't be a token; empty if it can be one."""
    if _TOKEN.fullmatch(token):
        return ""
    return (
        "DISCORD_TOKEN does not look like a token; choose Reset Token in Discord's developer portal, under Bot, "
        "and copy the whole of it."
    )


def examine(database: Path, token: str) -> Iterator[Finding]:
    """Check the model, the database and the form of the token; nothing is changed, and the token is never shown.

    Args:
        database: the database file.
        token: the token that is set; empty if none is.
    """
    try:
        yield Finding(True, f"The labeller's model is intact, version {load_labeller().version}.")
    except ModelError as error:
        yield Finding(False, f"{error}.")
    yield from _database(database)
    if not token:
        yield Finding(True, "No DISCORD_TOKEN is set: the rehearsal room opens.")
    elif trouble := token_trouble(token):
        yield Finding(False, trouble)
    else:
        yield Finding(True, "DISCORD_TOKEN looks like a token.")


async def look_at_drawing(today: date) -> Finding:
    """Draw one chart, as the bot does.

    Args:
        today: the last day of the chart.
    """
    drawing = ChartProcess()
    try:
        await drawing.draw({}, today, Goal(0.5, 0.15, 14))
    except DrawingError as error:
        return Finding(
            False,
            f"Charts can't be drawn, and answers come without them: {error}; try again when the machine is less "
            "busy, and if that does not help, run `uv sync`.",
        )
    finally:
        await drawing.close()
    return Finding(True, "Charts can be drawn.")


def _database(path: Path) -> Iterator[Finding]:
    if trouble := why_unusable(path):
        yield Finding(False, f"{path}: {trouble}.")
        return
    free = shutil.disk_usage(path.resolve().parent).free
    if free < LEAST_SPACE:
        yield Finding(False, f"{path}: only {free / 2**20:.0f} MB are free beside it; make room.")
    if not path.is_file() or path.stat().st_size == 0:
        yield Finding(True, f"{path}: no database yet; the first start makes one.")
        return
    if os.name == "posix" and path.stat().st_mode & 0o077:
        yield Finding(False, f"{path}: other users of this machine may read it; run `chmod 600` on it.")
    try:
        health = health_of(path)
    except StoreError as error:
        yield Finding(False, f"{error}.")
        return
    if health.damage:
        yield Finding(False, f"{path}: is damaged ({health.damage}); restore a backup.")
    elif health.version > health.known:
        yield Finding(False, f"{path}: is from a newer version; start the newer program or restore a backup.")
    elif health.wrong:
        yield Finding(
            False, f"{path}: tallies that differ from the drafts: {health.wrong}; `bot.py recount` names them."
        )
    else:
        note = "" if health.version == health.known else f" (the next start upgrades it to {health.known})"
        yield Finding(True, f"{path}: intact, schema version {health.version}{note}, {free / 2**30:.1f} GB free.")
