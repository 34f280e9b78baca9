"""Which channels were set up by hand, and how far each watched one has been read."""

from __future__ import annotations

import sqlite3

from coach.store.database import Database


class Channels:
    """Reads and writes `channels`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def set_watched(self, guild_id: int, channel_id: int, watched: bool) -> None:
        """Watch a channel or leave it alone, whatever its name."""

        def unit(raw: sqlite3.Connection) -> None:
            raw.execute(
                "INSERT INTO channels (guild_id, channel_id, watched) VALUES (?, ?, ?)"
                " ON CONFLICT (guild_id, channel_id) DO UPDATE SET watched = excluded.watched",
                (guild_id, channel_id, int(watched)),
            )

        await self._database.write(unit)

    async def decided(self) -> dict[int, bool]:
        """The channels that were set up by hand, of all servers: channel id to watched."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT channel_id, watched FROM channels WHERE watched IS NOT NULL"
            ).fetchall()
        )
        return {row[0]: bool(row[1]) for row in rows}

    async def cursors(self, guild_id: int) -> dict[int, int]:
        """How far each channel and thread of a server has been recorded: channel id to message id."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT channel_id, cursor FROM channels WHERE guild_id = ? AND cursor IS NOT NULL",
                (guild_id,),
            ).fetchall()
        )
        return {row[0]: row[1] for row in rows}
