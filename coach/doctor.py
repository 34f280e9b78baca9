"""The doctor: checks of the installation itself, and what to do about each problem."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from coach.balance.chart_process import ChartProcess
from coach.balance.standing import Goal
from coach.env_file import read_env_file
from coach.errors import DrawingError, ModelError, StoreError
from coach.labelling.labelling_queue import load_labeller
from coach.store.health import health_of, why_unusable, why_unwritable
from coach.wording_refusals import port_taken

LEAST_SPACE = 100 * 2**20
"""Bytes that should be free beside the database."""

MOST_UNVERIFIED = 100
"""A bot in so many servers joins no more until Discord has verified it."""

SERVERS_TO_APPLY = 75
"""From so many servers on a bot can be verified."""

USERS_TO_REVIEW = 10_000
"""From so many users on Discord reviews a bot's use of Message Content."""

USERS_TO_PREPARE = 7_500
"""From so many users on the doctor speaks of the review."""

SECONDS_FOR_HEALTH = 3.0

# The bot's id, a time and a signature, in URL-safe characters; loose, as Discord promises no lengths.
_TOKEN = re.compile(r"[\w-]{15,}\.[\w-]{4,}\.[\w-]{20,}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check.

    Attributes:
        good: False if something has to be done now.
        text: what was found, and what to do.
        soon: whether something will have to be done, though nothing is wrong now.
    """

    good: bool
    text: str
    soon: bool = False


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
        yield Finding(
            True,
            "No DISCORD_TOKEN is set: the rehearsal room opens. To connect to Discord, set it in the environment "
            "or in a file named .env.",
        )
    elif trouble := token_trouble(token):
        yield Finding(False, trouble)
    else:
        yield Finding(True, "DISCORD_TOKEN looks like a token.")


def look_at_env_file(path: Path, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Say which variables come from the .env file, by their names, and whether others may read it.

    Args:
        path: the file; if there is none, nothing is said.
        environ: the environment, whose variables come first.

    Raises:
        SettingsError: the file can't be read.
    """
    names = sorted(read_env_file(path))
    if not path.is_file():
        return
    if os.name == "posix" and path.stat().st_mode & 0o077:
        yield Finding(False, f"{path}: other users of this machine may read it; run `chmod 600` on it.")
    taken = [name for name in names if name not in environ]
    passed_over = [name for name in names if name in environ]
    said = f"{path}: sets {', '.join(taken) or 'nothing'}"
    if passed_over:
        said += f"; the environment has its own {', '.join(passed_over)}"
    yield Finding(True, f"{said}.")


def look_at_port(host: str, port: int) -> Finding | None:
    """Whether health and metrics can be served, or are being served by the bot that runs.

    Args:
        host: the address to serve them on.
        port: the port; with 0 nothing is served, and nothing is said.
    """
    if not port:
        return None
    try:
        socket.create_server((host, port), family=_family(host)).close()
    except OSError as error:
        why = error.strerror or str(error)
    else:
        return Finding(True, f"{host}, port {port}: free for /healthz and /metrics.")
    asked = http.client.HTTPConnection(_near(host), port, timeout=SECONDS_FOR_HEALTH)
    try:
        asked.request("GET", "/healthz")
        told = json.loads(asked.getresponse().read(10_000))
        version, reasons = told["squaredeal"], "; ".join(told["why"])
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return Finding(False, f"{port_taken(host, port, why)}.")
    finally:
        asked.close()
    if reasons:
        return Finding(False, f"The bot that runs, version {version}, is not doing its work: {reasons}.")
    return Finding(True, f"The bot that runs, version {version}, says that all is well.")


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _near(host: str) -> str:
    """The address at which something that is served on all of this machine's addresses can be asked."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared, not served on


def growth(servers: int, users: int, verified: bool, reviewed: bool) -> Iterator[Finding]:
    """How near the bot is to Discord's limits for small bots, and what to do before it gets there.

    From https://docs.discord.com/developers/gateway/getting-started-with-privileged-intent-review, as of June
    2026.

    Args:
        servers: how many it is in.
        users: how many these have together; who is in several may be counted several times.
        verified: whether Discord has verified the bot.
        reviewed: whether Discord has reviewed and granted its use of Message Content.
    """
    text = f"The bot is in {servers:,} server{'' if servers == 1 else 's'} with at most {users:,} users."
    if verified:
        yield Finding(True, text)
    elif servers >= MOST_UNVERIFIED:
        yield Finding(
            True, f"{text} It can't join more before Discord has verified it: docs/run.md says how.", soon=True
        )
    elif servers >= SERVERS_TO_APPLY:
        yield Finding(
            True, f"{text} From {MOST_UNVERIFIED} on it has to be verified: docs/run.md says how.", soon=True
        )
    else:
        yield Finding(True, text)
    if reviewed:
        yield Finding(
            True,
            "Discord has granted Message Content after a review, which it repeats each year; docs/review.md has "
            "the answers.",
        )
    elif users >= USERS_TO_PREPARE:
        yield Finding(
            True,
            f"From {USERS_TO_REVIEW:,} users on Discord reviews why the bot reads messages, and withholds their "
            "text if nobody applies within 90 days of its notice; docs/review.md has the answers.",
            soon=True,
        )


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
            "busy, and if that does not help, install anew: `uv run --reinstall bot.py doctor`.",
        )
    finally:
        await drawing.close()
    return Finding(True, "Charts can be drawn.")


def _database(path: Path) -> Iterator[Finding]:
    if trouble := why_unusable(path) or why_unwritable(path):
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
