"""Catching up on many missed messages, by the real program on the loopback Discord, beside the labeller alone."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from benchmarks.report import Figure, table
from benchmarks.wire import OURS, Peer, draft_text
from coach.labelling.labeller import Labeller
from coach.labelling.labelling_queue import MOST_AT_ONCE

MISSED = 10_000
ALONE = 40 * MOST_AT_ONCE
MOST_ROUNDS = 2


async def alone(labeller: Labeller) -> float:
    """Drafts a second of the labeller in full batches, one thread at a time, as the bot has it work."""
    drafts = [draft_text(number) for number in range(ALONE)]
    began = time.perf_counter()
    for at in range(0, ALONE, MOST_AT_ONCE):
        await asyncio.to_thread(labeller.label, drafts[at : at + MOST_AT_ONCE])
    return ALONE / (time.perf_counter() - began)


def rows(database: Path, table: str) -> int:
    """How many rows of a table are committed."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as raw:
        return raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608  # a name from this file


async def caught_up(folder: Path) -> dict[str, float]:
    """Drafts a second from when it asks for the first page to the last commit, and what came before that."""
    peer = Peer(OURS, folder)
    async with peer:
        # Messages from before the bot first saw a channel are not read.
        await peer.discord.until(lambda: rows(peer.database, "channels") > 0, "first look")
    peer.discord.requests.clear()
    peer.discord.gateway.identified = 0
    for number in range(MISSED):
        await peer.post(peer.drafts, draft_text(number))
    asked = f"/channels/{peer.drafts.id}/messages"
    async with peer:
        started = time.perf_counter()
        await peer.discord.until(lambda: any(one.path == asked for one in peer.discord.requests), "page")
        began, used = time.perf_counter(), peer.cpu()
        while (recorded := rows(peer.database, "drafts")) < MISSED:
            await asyncio.sleep(0.1)
            if time.perf_counter() - began > 180:
                raise TimeoutError(f"{recorded} of {MISSED} drafts within 180 s")
        rate = MISSED / (time.perf_counter() - began)
        return {"before": began - started, "rate": rate, "cpu": peer.cpu() - used}


async def section(folder: Path, rounds: int) -> str:
    """Part of the report: catching up, and the labeller alone before and after it."""
    found: dict[str, list[float]] = {"before": [], "rate": [], "alone": [], "ratio": [], "cpu": []}
    labeller = await asyncio.to_thread(Labeller.load)
    await alone(labeller)
    for _ in range(min(rounds, MOST_ROUNDS)):
        before = await alone(labeller)
        ours = await caught_up(folder)
        beside = (before + await alone(labeller)) / 2
        for key, value in {**ours, "alone": beside, "ratio": ours["rate"] / beside}.items():
            found[key].append(value)
    return "\n\n".join(
        [
            "### Catching up",
            f"The program starts on a channel that it knows, in which it has missed {MISSED:,} drafts. It "
            "shares the cores with the Discord it reads them from, which answers at once. Its rate is "
            "measured from its request for the first page, which it makes as soon as the server has arrived, "
            f"to the last commit; signs are added after that. The labeller alone reads the first {ALONE:,} of "
            f"these drafts in batches of {MOST_AT_ONCE} in one thread, as it does in the bot, right before "
            "and right after.",
            table(
                [
                    Figure("catching up, against the labeller alone", found["ratio"], "{:.2f} ×", least=0.8),
                    Figure("… drafts a second: catching up", found["rate"], "{:.0f}"),
                    Figure("… drafts a second: the labeller alone", found["alone"], "{:.0f}"),
                    Figure("… seconds of CPU of the bot", found["cpu"], "{:.1f}"),
                    Figure("… seconds from the session to the first page", found["before"], "{:.1f}"),
                ]
            ),
        ]
    )
