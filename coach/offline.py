"""Commands that need no Discord: label, tips, recount, undelete."""

from __future__ import annotations

import asyncio
import io
import json
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar, cast

from coach import wording, wording_nudges, wording_refusals
from coach.database_url import is_postgresql, shown
from coach.errors import StoreError
from coach.labelling.labelling_queue import load_labeller
from coach.labelling.stream import as_utf8, label_lines
from coach.nudging.tips import Outcome
from coach.nudging.trial import Progress
from coach.output import say
from coach.past_nudges import trial_so_far
from coach.store import Store

T = TypeVar("T")


def label() -> int:
    """Label drafts from standard input, one JSON object a line out.

    Returns:
        1 if a line was malformed, else 0.

    Raises:
        OutputError: the output can't be written.
    """
    failed = False
    for result in label_lines(as_utf8(cast(io.BufferedReader, sys.stdin.buffer)), load_labeller()):
        failed = failed or "error" in result
        say(json.dumps(result, ensure_ascii=False))
    return int(failed)


def tips(database: str, now: datetime) -> int:
    """Print how often each tip was shown and heeded, most shown first, and whether nudges do anything.

    Args:
        database: where the database is.
        now: aware time.

    Raises:
        StoreError: there is no database, or it is damaged.
        OutputError: the output can't be written.
    """

    async def question(store: Store) -> tuple[dict[str, Outcome], Progress]:
        return await store.nudges.outcomes(None), await trial_so_far(store)

    outcomes, progress = _ask(database, now, question)
    say(wording.TIP_RECORD_HEAD)
    for tip, past in sorted(outcomes.items(), key=lambda item: (-item[1].heeded - item[1].ignored, item[0])):
        say(wording.tip_record(tip, past))
    say(f"\n{wording_nudges.trial_result(progress)}")
    return 0


def recount(database: str, now: datetime) -> int:
    """Compare the tallies with the drafts and print where they differ.

    Args:
        database: where the database is.
        now: aware time.

    Returns:
        1 if any differ, else 0.

    Raises:
        StoreError: there is no database, or it is damaged.
        OutputError: the output can't be written.
    """
    differences = _ask(database, now, lambda store: store.tallies.recount())
    say("\n".join(differences) or "The tallies agree with the drafts.")
    return int(bool(differences))


def undelete(database: str, now: datetime) -> int:
    """Put back the drafts that catching up removed in bulk, from the copies that it keeps for a day.

    Args:
        database: where the database is; the bot may be running.
        now: aware time.

    Raises:
        StoreError: there is no database, or it is damaged.
        OutputError: the output can't be written.
    """
    count = _ask(database, now, lambda store: store.removals.put_back())
    say(f"Drafts put back: {count}.")
    return 0


def _ask(database: str, now: datetime, question: Callable[[Store], Awaitable[T]]) -> T:
    """The answer of a store that is opened and closed for one question."""
    if not is_postgresql(database) and not Path(database).is_file():
        raise StoreError(wording_refusals.no_database_yet(Path(database)))

    async def answer() -> T:
        store = await Store.open(database, now)
        try:
            return await question(store)
        except sqlite3.Error as error:
            raise StoreError(wording_refusals.unreadable_database(shown(database), error)) from error
        finally:
            await store.close()

    return asyncio.run(answer())
