"""Other languages: whom the bot has asked about drafts that it can't read, and in which channels."""

from __future__ import annotations

import sqlite3

from coach.store.database import Database


class OtherLanguageStore:
    """Reads and writes `other_languages`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(self, guild_id: int, author_id: int, channel_id: int, message_id: int) -> bool:
        """Record that an author is asked about a draft that can't be read.

        Args:
            guild_id: the server.
            author_id: the author.
            channel_id: the channel; for a thread, the one that it belongs to.
            message_id: the draft.

        Returns:
            False if they were asked in that channel before; nothing is recorded then.
        """

        def unit(raw: sqlite3.Connection) -> bool:
            insertion = raw.execute(
                "INSERT INTO other_languages (guild_id, author_id, channel_id, message_id) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (guild_id, author_id, channel_id, message_id),
            )
            return insertion.rowcount == 1

        return await self._database.write(unit, keeps_members=True)

    async def withdraw(self, guild_id: int, author_id: int, message_id: int) -> None:
        """Record that the question about a draft did not get through."""
        await self._database.write(
            lambda raw: raw.execute(
                "DELETE FROM other_languages WHERE guild_id = ? AND author_id = ? AND message_id = ?",
                (guild_id, author_id, message_id),
            ),
            keeps_members=True,
        )

    async def ask_again(self, guild_id: int, author_id: int) -> None:
        """Forget where an author was asked, so that they are asked again."""
        await self._database.write(
            lambda raw: raw.execute(
                "DELETE FROM other_languages WHERE guild_id = ? AND author_id = ?", (guild_id, author_id)
            ),
            keeps_members=True,
        )

    async def channels(self, guild_id: int, author_id: int) -> list[int]:
        """The channels in which an author was asked."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT channel_id FROM other_languages WHERE guild_id = ? AND author_id = ? ORDER BY channel_id",
                (guild_id, author_id),
            ).fetchall()
        )
        return [row[0] for row in rows]
