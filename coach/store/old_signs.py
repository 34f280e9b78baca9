"""Old signs: those of drafts that were erased while their messages stay, to be taken off in Discord."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from coach.labels import Label
from coach.store.database import Database


@dataclass(frozen=True, slots=True)
class OldSign:
    """The sign of a label on a message that is no longer on record; nothing says whose it is."""

    message_id: int
    guild_id: int
    channel_id: int
    label: Label


class OldSignStore:
    """Reads and writes `old_signs`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self, guild_ids: Sequence[int], most: int) -> list[OldSign]:
        """Up to `most` signs in some servers, the newest messages' first."""
        marks = ", ".join("?" * len(guild_ids))
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT message_id, guild_id, channel_id, label FROM old_signs"  # noqa: S608
                f" WHERE guild_id IN ({marks}) ORDER BY message_id DESC LIMIT ?",
                (*guild_ids, most),
            ).fetchall()
        )
        return [OldSign(row[0], row[1], row[2], Label(row[3])) for row in rows]

    async def guilds(self) -> list[int]:
        """The servers that have any."""
        rows = await self._database.read(
            lambda raw: raw.execute("SELECT DISTINCT guild_id FROM old_signs").fetchall()
        )
        return [row[0] for row in rows]

    async def drop(self, message_id: int) -> None:
        """Forget one that was taken off."""
        await self._database.write(
            lambda raw: raw.execute("DELETE FROM old_signs WHERE message_id = ?", (message_id,)),
            keeps_members=True,
        )


def note_old_signs(raw: sqlite3.Connection, where: str, key: Sequence[int]) -> None:
    """Note the signs of drafts that are about to be erased, within the write unit that erases them.

    Args:
        raw: the connection.
        where: which drafts, as a condition with a mark for each part of the key; never from outside.
        key: its values.
    """
    raw.execute(
        "INSERT OR REPLACE INTO old_signs (message_id, guild_id, channel_id, label)"  # noqa: S608
        f" SELECT message_id, guild_id, channel_id, label FROM drafts WHERE label IS NOT NULL AND {where}",
        key,
    )
