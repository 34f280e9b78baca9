"""Occasions: when a nudge was due, whether it was held back on purpose, and what followed."""

from __future__ import annotations

from datetime import datetime

from coach.labels import Label
from coach.nudging.trial import Counts
from coach.store.connection import Connection
from coach.store.database import Database


class OccasionStore:
    """Reads `occasions`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def chance(self) -> float | None:
        """The share held back at the newest occasion in any server; None if there is none."""
        row = await self._database.read(
            lambda raw: raw.execute("SELECT chance FROM occasions ORDER BY message_id DESC LIMIT 1").fetchone()
        )
        return row[0] if row is not None else None

    async def count(self, chance: float) -> int:
        """How many occasions there were in all servers at a share held back and with a draft after them."""
        row = await self._database.read(
            lambda raw: raw.execute(
                "SELECT count(*) FROM occasions WHERE chance = ? AND heeded IS NOT NULL", (chance,)
            ).fetchone()
        )
        return row[0]

    async def by_author(self, chance: float, limit: int) -> list[Counts]:
        """The counts of each author, over all servers, in the first `limit` occasions that `count` counts."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT count(*) FILTER (WHERE held_back = 0),"
                " count(*) FILTER (WHERE held_back = 0 AND heeded = 1), count(*) FILTER (WHERE held_back = 1),"
                " count(*) FILTER (WHERE held_back = 1 AND heeded = 1)"
                " FROM (SELECT author_id, held_back, heeded FROM occasions"
                " WHERE chance = ? AND heeded IS NOT NULL ORDER BY message_id LIMIT ?) AS o GROUP BY author_id",
                (chance, limit),
            ).fetchall()
        )
        return [Counts(*row) for row in rows]


def add_occasion(
    raw: Connection,
    message_id: int,
    guild_id: int,
    author_id: int,
    now: datetime,
    lacking: Label,
    chance: float,
    *,
    held_back: bool,
) -> None:
    """Record that a nudge is due, within a write unit.

    Args:
        raw: the connection.
        message_id: the draft.
        guild_id: the server.
        author_id: whom the nudge is for.
        now: aware time.
        lacking: the label it asks for.
        chance: the share of nudges that are held back; nothing is recorded if it is 0.
        held_back: whether this one is.
    """
    if chance > 0:
        raw.execute(
            "INSERT INTO occasions (message_id, guild_id, author_id, due_at, lacking, chance, held_back)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (message_id) DO NOTHING",
            (message_id, guild_id, author_id, int(now.timestamp()), lacking, chance, held_back),
        )
