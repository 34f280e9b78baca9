"""Replies: what the bot said to the authors of drafts, so that it goes when a draft goes or a case is settled."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from coach.store.database import Database

Says = Literal["question", "nudge", "word"]


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply on record: the draft that it is about, and where it stands; ids are None if it was never sent."""

    message_id: int
    guild_id: int
    author_id: int
    channel_id: int | None
    reply_id: int | None


class ReplyStore:
    """Reads and writes `replies`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, message_id: int, guild_id: int, author_id: int, says: Says) -> bool:
        """Record a reply before it is sent.

        Args:
            message_id: the draft that it is about.
            guild_id: the server.
            author_id: whom it speaks to.
            says: what it is.

        Returns:
            False if there is no such draft any more, or it had a reply; nothing is recorded then.
        """

        def unit(raw: sqlite3.Connection) -> bool:
            insertion = raw.execute(
                "INSERT INTO replies (message_id, guild_id, author_id, says) SELECT ?1, ?2, ?3, ?4"
                " WHERE EXISTS (SELECT 1 FROM drafts WHERE message_id = ?1)"
                " ON CONFLICT (message_id) DO NOTHING",
                (message_id, guild_id, author_id, says),
            )
            return insertion.rowcount == 1

        return await self._database.write(unit, keeps_members=True)

    async def stands(self, message_id: int) -> bool:
        """Whether a reply that was begun is still to be said."""
        row = await self._database.read(
            lambda raw: raw.execute("SELECT over FROM replies WHERE message_id = ?", (message_id,)).fetchone()
        )
        return row is not None and not row[0]

    async def note_sent(self, message_id: int, channel_id: int, reply_id: int) -> bool:
        """Note where a reply stands; False if it is to go again, as its case was settled while it was sent."""

        def unit(raw: sqlite3.Connection) -> bool:
            raw.execute(
                "UPDATE replies SET channel_id = ?, reply_id = ? WHERE message_id = ?",
                (channel_id, reply_id, message_id),
            )
            row = raw.execute("SELECT over FROM replies WHERE message_id = ?", (message_id,)).fetchone()
            return row is not None and not row[0]

        return await self._database.write(unit, keeps_members=True)

    async def note_answered(self, message_id: int) -> None:
        """A reply is answered by its own button: it stays, with what came of it."""

        def unit(raw: sqlite3.Connection) -> None:
            raw.execute("UPDATE replies SET says = 'word' WHERE message_id = ? AND over = 0", (message_id,))

        await self._database.write(unit, keeps_members=True)

    async def drop(self, message_id: int) -> None:
        """Forget a reply that is down or was never sent."""

        def unit(raw: sqlite3.Connection) -> None:
            raw.execute("DELETE FROM replies WHERE message_id = ?", (message_id,))

        await self._database.write(unit, keeps_members=True)

    async def find(self, message_id: int) -> Reply | None:
        """The reply on a draft, or None."""
        rows = await self._select("message_id = ?", message_id)
        return rows[0] if rows else None

    async def over(self, guild_id: int) -> list[Reply]:
        """A server's replies that are to be taken down."""
        return await self._select("over = 1 AND guild_id = ?", guild_id)

    async def guilds_with_any_over(self) -> list[int]:
        """The servers that have replies to be taken down."""
        rows = await self._database.read(
            lambda raw: raw.execute("SELECT DISTINCT guild_id FROM replies WHERE over = 1").fetchall()
        )
        return [row[0] for row in rows]

    async def _select(self, where: str, key: int) -> list[Reply]:
        rows = await self._database.read(
            lambda raw: raw.execute(
                f"SELECT message_id, guild_id, author_id, channel_id, reply_id FROM replies WHERE {where}",  # noqa: S608
                (key,),
            ).fetchall()
        )
        return [Reply(*row) for row in rows]


def mark_over(raw: sqlite3.Connection, rows: Iterable[sqlite3.Row], says: Says | None = None) -> None:
    """What was said on stored drafts, of one kind or all of it, is to be taken down; within a write unit."""
    raw.executemany(
        "UPDATE replies SET over = 1 WHERE message_id = ?1 AND (?2 IS NULL OR says = ?2)",
        [(row["message_id"], says) for row in rows],
    )


def forget_replies(raw: sqlite3.Connection, rows: Iterable[sqlite3.Row]) -> None:
    """Forget what was said on stored drafts, but leave it standing, within a write unit."""
    raw.executemany("DELETE FROM replies WHERE message_id = ?", [(row["message_id"],) for row in rows])


def forget_replies_in(raw: sqlite3.Connection, channel_id: int) -> None:
    """Forget what was said in a channel that is gone, within a write unit."""
    raw.execute(
        "DELETE FROM replies WHERE message_id IN (SELECT message_id FROM drafts WHERE channel_id = ?1)"
        " AND channel_id = ?1",
        (channel_id,),
    )
