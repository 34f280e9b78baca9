"""Databases of any size for benchmarks: the real schema, filled by SQL so that tallies and drafts agree."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from discord.utils import DISCORD_EPOCH

from coach.nudging.tips import Tips
from coach.store import Store

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = NOW.date()
SERVER = 1 << 50
CHANNEL = 1 << 51
MEMBER = 1 << 52
AUTHORS = 30
"""Who drafts today, however large the server is."""

NUDGED = 20
"""One in this many drafts brings a nudge."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much a server's database holds.

    Attributes:
        members: who drafted in it.
        each: drafts of each of them before today, two on each day with drafts.
        days: the number of days, up to yesterday, over which these are spread evenly.
    """

    members: int
    each: int
    days: int

    @property
    def drafts(self) -> int:
        """Drafts before today; today's are a few dozen at any size."""
        return self.members * self.each


LOT = "((message_id & 4194303) * 2654435761 >> 8 & 1048575)"
"""A pseudo-random number, the same for the same draft."""

# Drafts stand in the order of their times, as they do where they were recorded one by one: those of one member lie
# far apart in the file. `n` counts them all and `s` those of the member `m`; `a` is the member's active day. `x`
# makes their labels: as good as drawn by lot, and the same for a member in a database of any size.
_DRAFTS = """
WITH RECURSIVE counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n + 1 < :members * :each),
placed(n, m, s, a) AS (SELECT n, n % :members, n / :members, n / :members / 2 FROM counted),
dated(n, m, x, at) AS (
    SELECT n, m, 7919 * s + 104729 * m,
    :first + 86400 * min(:days - 1, CAST((a + (m % 7) / 7.0) * 2 * :days / :each AS INTEGER))
    + 28800 + 3600 * (s % 2) + (m * 31) % 3600
    FROM placed
    UNION ALL SELECT :members * :each + value, value % :authors, value,
    :first + 86400 * :days + 28800 + value
    FROM (WITH RECURSIVE t(value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM t WHERE value < :authors + 9)
    SELECT value FROM t)
)
INSERT INTO drafts (message_id, guild_id, channel_id, author_id, posted_at, local_day, label, probability, kind,
    labelled_by, length, text_hash)
SELECT ((at * 1000 - :epoch) << 22) + n, :server, :channel, :member + m, at, date(at, 'unixepoch'),
    CASE x * x >> 9 & 1 WHEN 0 THEN 'content' ELSE 'conversation' END, 0.5, 'ask', 'model', 120,
    CAST(printf('%08d', n) AS BLOB)
FROM dated ORDER BY 1
"""

_REST = (
    f"INSERT INTO addressed (message_id, person) SELECT message_id, CAST(printf('%08d', {LOT} % 40) AS BLOB)"  # noqa: S608
    f" FROM drafts WHERE label = 'conversation' AND {LOT} % 3 = 0",
    "INSERT INTO tallies (guild_id, author_id, local_day, content, conversation) SELECT guild_id, author_id,"
    " local_day, sum(label = 'content'), sum(label = 'conversation') FROM drafts GROUP BY 1, 2, 3",
    "INSERT INTO nudges (message_id, guild_id, author_id, shown_at, tip, lacking, heeded, followed)"  # noqa: S608
    " SELECT message_id, guild_id, author_id, posted_at, (SELECT name FROM tip_names WHERE rowid ="
    f" 1 + {LOT} % (SELECT count(*) FROM tip_names)),"
    f" CASE label WHEN 'content' THEN 'conversation' ELSE 'content' END, {LOT} % 3 = 0,"
    f" 'content conversation content' FROM drafts WHERE {LOT} % 997 < 997 / {NUDGED}",
    # Each has a time of their own for the daily summary, always in the future.
    "INSERT INTO members (guild_id, member_id, timezone, summary_where, summary_due, summary_day)"
    " WITH RECURSIVE m(value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM m WHERE value + 1 < :members)"
    " SELECT :server, :member + value, 'UTC', 'server', :now + 60 + value * 86400 / :members, :today FROM m",
    "INSERT INTO guilds (guild_id, timezone, summary_due, summary_day)"
    " VALUES (:server, 'UTC', :now + 36000, :today)",
    "INSERT INTO channels (guild_id, channel_id, cursor) SELECT :server, :channel, max(message_id) FROM drafts",
)


async def filled(path: Path, size: Size) -> Path:
    """Fill a new database with one server.

    Returns:
        The file.

    Raises:
        ValueError: its tallies do not agree with its drafts.
    """
    await (await Store.open(path, NOW)).close()
    values = {
        "members": size.members,
        "each": size.each,
        "days": size.days,
        "authors": AUTHORS,
        "first": int((NOW.replace(hour=0) - timedelta(days=size.days)).timestamp()),
        "epoch": DISCORD_EPOCH,
        "server": SERVER,
        "channel": CHANNEL,
        "member": MEMBER,
        "now": int(NOW.timestamp()),
        "today": TODAY.isoformat(),
    }
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        for pragma in ("synchronous = OFF", "cache_size = -400000"):
            raw.execute(f"PRAGMA {pragma}")
        raw.execute("CREATE TEMP TABLE tip_names (name TEXT)")
        raw.executemany("INSERT INTO tip_names VALUES (?)", [(tip.id,) for tip in Tips.load().tips])
        raw.execute("BEGIN")
        for statement in (_DRAFTS, *_REST):
            raw.execute(statement, values)
        raw.execute("COMMIT")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store = await Store.open(path, NOW)
    try:
        if wrong := await store.tallies.recount():
            raise ValueError(wrong[0])
    finally:
        await store.close()
    return path
