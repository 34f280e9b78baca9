"""What an operator runs beside the bot, without Discord: label, tips, recount."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path

from coach import words
from coach.labeller import Labeller
from coach.store import Store, StoreError
from coach.streaming import label_lines
from coach.tips import Outcome


def label() -> int:
    """Label drafts from standard input, one JSON object a line out.

    Returns:
        1 if a line was malformed, else 0.
    """
    failed = False
    for result in label_lines(sys.stdin.buffer, Labeller.load()):
        failed = failed or "error" in result
        sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return int(failed)


def tips(database: Path, now: datetime) -> int:
    """Print how each tip that was shown fared, most shown first.

    Args:
        database: the database file.
        now: aware time.

    Raises:
        StoreError: there is no database.
    """
    outcomes = asyncio.run(_outcomes(database, now))
    print(words.TIP_RECORD_HEAD)  # noqa: T201
    for tip, past in sorted(outcomes.items(), key=lambda item: (-item[1].heeded - item[1].ignored, item[0])):
        print(words.tip_record(tip, past))  # noqa: T201
    return 0


def recount(database: Path, now: datetime) -> int:
    """Compare the tallies with the drafts and print where they differ.

    Args:
        database: the database file.
        now: aware time.

    Returns:
        1 if any differ, else 0.

    Raises:
        StoreError: there is no database.
    """
    differences = asyncio.run(_recount(database, now))
    print("\n".join(differences) or "The tallies agree with the drafts.")  # noqa: T201
    return int(bool(differences))


async def _outcomes(path: Path, now: datetime) -> dict[str, Outcome]:
    store = await Store.open(_existing(path), now)
    try:
        return await store.nudges.outcomes(None)
    finally:
        await store.close()


async def _recount(path: Path, now: datetime) -> list[str]:
    store = await Store.open(_existing(path), now)
    try:
        return await store.tallies.recount()
    finally:
        await store.close()


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise StoreError(f"{path}: there is no database yet; start the bot first")
    return path
