"""Nudges that were shown, and whether the next draft heeded them."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

from coach.labels import Label
from coach.nudge import Shown
from coach.store.database import Database


class Nudges:
    """Reads and writes `nudges`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        message_id: int,
        guild_id: int,
        author_id: int,
        tip: str,
        lacking: Label,
        now: datetime,
        last: datetime | None,
    ) -> bool:
        """Record a nudge before it is shown.

        Args:
            message_id: the draft that it answers.
            guild_id: the server.
            author_id: whom it speaks to.
            tip: id of the tip in it.
            lacking: the label it asks for.
            now: aware time.
            last: when the author's last nudge was shown, as the decision knew it.

        Returns:
            False where another nudge came in between; nothing is recorded then.
        """

        def unit(raw: sqlite3.Connection) -> bool:
            newest = raw.execute(
                "SELECT max(shown_at) FROM nudges WHERE guild_id = ? AND author_id = ?", (guild_id, author_id)
            ).fetchone()[0]
            if newest != (int(last.timestamp()) if last is not None else None):
                return False
            raw.execute(
                "INSERT INTO nudges (message_id, guild_id, author_id, shown_at, tip, lacking)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (message_id, guild_id, author_id, int(now.timestamp()), tip, lacking),
            )
            return True

        return await self._database.write(unit)

    async def withdraw(self, message_id: int) -> None:
        """Take back a nudge that could not be shown."""

        def unit(raw: sqlite3.Connection) -> None:
            raw.execute("DELETE FROM nudges WHERE message_id = ?", (message_id,))

        await self._database.write(unit)

    async def recent(self, guild_id: int, author_id: int, limit: int = 50) -> list[Shown]:
        """An author's nudges, newest first."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT shown_at, heeded FROM nudges WHERE guild_id = ? AND author_id = ?"
                " ORDER BY shown_at DESC, message_id DESC LIMIT ?",
                (guild_id, author_id, limit),
            ).fetchall()
        )
        return [
            Shown(datetime.fromtimestamp(row[0], UTC), None if row[1] is None else bool(row[1])) for row in rows
        ]

    async def times_shown(self, guild_id: int, author_id: int) -> dict[str, int]:
        """How often each tip was shown to an author in a nudge."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT tip, count(*) FROM nudges WHERE guild_id = ? AND author_id = ? GROUP BY tip",
                (guild_id, author_id),
            ).fetchall()
        )
        return {row[0]: row[1] for row in rows}
