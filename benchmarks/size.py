"""How large the database becomes: filled through the store, checkpointed, and its parts by SQLite's own count."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.report import Figure
from coach.labels import CONVERSATION_KINDS, Label, Verdict
from coach.store import NewDraft, Store
from tests.support.verdicts import CONTENT_KINDS

MEMBERS, DAYS, A_DAY = 20, 200, 5
FIRST_ID = 1_400_000_000_000_000_000
NAMING = 0.2
"""The share of drafts that name a person, whose hash is stored."""


def drafts_of(start: datetime, rng: random.Random) -> list[NewDraft]:
    """Five drafts a day of each member, in the order in which they come."""
    drafts: list[NewDraft] = []
    for day in range(DAYS):
        for place in range(MEMBERS * A_DAY):
            at = start + timedelta(days=day, minutes=5 * place)
            label = rng.choice(list(Label))
            kinds = CONVERSATION_KINDS if label is Label.CONVERSATION else CONTENT_KINDS
            drafts.append(
                NewDraft(
                    # As Discord makes ids: milliseconds, then 22 other bits.
                    message_id=FIRST_ID + (int((at - start).total_seconds() * 1000) << 22) + rng.getrandbits(12),
                    guild_id=FIRST_ID + 1,
                    channel_id=FIRST_ID + 2,
                    parent_id=None,
                    author_id=FIRST_ID + 1000 + place % MEMBERS,
                    posted_at=at,
                    local_day=at.date(),
                    verdict=Verdict(label, rng.random(), rng.choice(sorted(kinds)), False, ()),
                    length=rng.randint(20, 600),
                    text_hash=rng.randbytes(8),
                    text=None,
                    addressed=frozenset([rng.randbytes(8)] if rng.random() < NAMING else []),
                )
            )
    return drafts


async def size_figures(folder: Path) -> list[Figure]:
    """Bytes per draft: of the whole file, and of its parts if this SQLite can tell."""
    path, start = folder / "size.db", datetime(2026, 1, 1, 8, tzinfo=UTC)
    store = await Store.open(path, start)
    drafts = drafts_of(start, random.Random(3))
    for begin in range(0, len(drafts), 500):
        some = drafts[begin : begin + 500]
        await asyncio.gather(*(store.drafts.record(one, one.message_id) for one in some))
    await store.database.checkpoint()
    await store.close()
    count = len(drafts)
    kept = f"{A_DAY} a day of each of {MEMBERS} members, every fifth names somebody"
    what = f"bytes a draft of {count:,}, the whole file ({kept})"
    found = [Figure(what, [path.stat().st_size / count], "{:.0f}", most=160)]
    query = "SELECT s.name, m.type, m.tbl_name, sum(s.pgsize) FROM dbstat s LEFT JOIN sqlite_schema m USING (name)"
    with closing(sqlite3.connect(path)) as raw:
        try:
            rows = raw.execute(f"{query} GROUP BY s.name ORDER BY 4 DESC").fetchall()
        except sqlite3.OperationalError:  # built without dbstat
            return found
    other = 0
    for name, kind, owner, size in rows:
        if size / count < 1:
            other += size
        else:
            part = f"… the index `{name}`" if kind == "index" else f"… the table `{owner or name}`"
            found.append(Figure(part, [size / count], "{:.0f}"))
    return [*found, Figure("… all else", [other / count], "{:.0f}")]
