"""A server's own tips, kept as the text of the file that it sent."""

from __future__ import annotations

from coach.store.connection import Connection
from coach.store.database import Database


class ServerTipStore:
    """Reads and writes `server_tips`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, guild_id: int) -> str | None:
        """The text of a server's own file; None if it has none."""
        row = await self._database.read(
            lambda raw: raw.execute("SELECT source FROM server_tips WHERE guild_id = ?", (guild_id,)).fetchone()
        )
        return row[0] if row is not None else None

    async def put(self, guild_id: int, source: str | None) -> None:
        """Store a server's own file in place of the previous one; None deletes it."""

        def unit(raw: Connection) -> None:
            raw.execute("DELETE FROM server_tips WHERE guild_id = ?", (guild_id,))
            if source is not None:
                raw.execute("INSERT INTO server_tips (guild_id, source) VALUES (?, ?)", (guild_id, source))

        await self._database.write(unit)
