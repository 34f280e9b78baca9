"""Replies: what the bot said about drafts, to be deleted when a draft goes or the matter is settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from coach.store.connection import Connection, Row
from coach.store.database import Database

Says = Literal["question", "nudge", "word", "comeback"]
"""A draft has one reply of the first three kinds at most, and one reminder to come back and answer beside it."""

MOST_AT_ONCE = 100
"""Replies that are taken down in one go, the newest drafts' first; the rest wait for the next."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply on record.

    Attributes:
        message_id: the draft that it is about.
        guild_id: the server.
        author_id: whom it speaks to.
        channel_id: the channel it is in; None if it was never sent.
        reply_id: the message that it is; None if it was never sent.
        says: what kind of reply it is.
    """

    message_id: int
    guild_id: int
    author_id: int
    channel_id: int | None
    reply_id: int | None
    says: Says


class ReplyStore:
    """Reads and writes `replies`.

    `comeback` asks for the reminder on a draft instead of what else was said on it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, message_id: int, guild_id: int, author_id: int, says: Says) -> bool:
        """Record a reply before it is sent.

        Args:
            message_id: the draft that it is about.
            guild_id: the server.
            author_id: whom it speaks to.
            says: what kind of reply it is.

        Returns:
            False if the draft no longer exists, or already has a reply; nothing is recorded then.
        """

        return await self._database.write(
            lambda raw: begin_reply(raw, message_id, guild_id, author_id, says), keeps_members=True
        )

    async def stands(self, message_id: int, *, comeback: bool = False) -> bool:
        """Whether a reply that was begun is still wanted."""
        return await self._database.read(lambda raw: _stands(raw, message_id, comeback))

    async def note_sent(self, message_id: int, channel_id: int, reply_id: int, *, comeback: bool = False) -> bool:
        """Record where a reply is; False if it has to be deleted, as the matter was settled while it was sent."""

        def unit(raw: Connection) -> bool:
            raw.execute(
                f"UPDATE replies SET channel_id = ?, reply_id = ? WHERE {_THIS}",  # noqa: S608
                (channel_id, reply_id, message_id, comeback),
            )
            return _stands(raw, message_id, comeback)

        return await self._database.write(unit, keeps_members=True)

    async def note_answered(self, message_id: int) -> None:
        """Record that a reply was answered by its own button: it stays, and shows the outcome."""

        def unit(raw: Connection) -> None:
            raw.execute(
                "UPDATE replies SET says = 'word' WHERE message_id = ? AND says <> 'comeback' AND over = 0",
                (message_id,),
            )

        await self._database.write(unit, keeps_members=True)

    async def settle(self, message_id: int) -> None:
        """Record that a reply is no longer needed: it is to be deleted."""

        def unit(raw: Connection) -> None:
            raw.execute(f"UPDATE replies SET over = 1 WHERE {_THIS}", (message_id, False))  # noqa: S608

        await self._database.write(unit, keeps_members=True)

    async def drop(self, message_id: int, *, comeback: bool = False) -> None:
        """Forget a reply that was deleted or never sent."""

        def unit(raw: Connection) -> None:
            raw.execute(f"DELETE FROM replies WHERE {_THIS}", (message_id, comeback))  # noqa: S608

        await self._database.write(unit, keeps_members=True)

    async def find(self, message_id: int) -> Reply | None:
        """The reply on a draft, whatever it says; None if there is none."""
        rows = await self._select("message_id = ?", message_id)
        return rows[0] if rows else None

    async def over(self, guild_id: int) -> list[Reply]:
        """The replies in a server that have to be deleted, at most `MOST_AT_ONCE`."""
        where = f"over = 1 AND guild_id = ? ORDER BY message_id DESC LIMIT {MOST_AT_ONCE}"
        return await self._select(where, guild_id)

    async def guilds_with_any_over(self) -> list[int]:
        """The servers with replies that have to be deleted."""
        rows = await self._database.read(
            lambda raw: raw.execute("SELECT DISTINCT guild_id FROM replies WHERE over = 1").fetchall()
        )
        return [row[0] for row in rows]

    async def _select(self, where: str, key: int) -> list[Reply]:
        rows = await self._database.read(
            lambda raw: raw.execute(
                f"SELECT message_id, guild_id, author_id, channel_id, reply_id, says FROM replies WHERE {where}",  # noqa: S608
                (key,),
            ).fetchall()
        )
        return [Reply(*row) for row in rows]


_THIS = "message_id = ? AND CASE WHEN says = 'comeback' THEN 1 ELSE 0 END = ?"


def _stands(raw: Connection, message_id: int, comeback: bool) -> bool:
    row = raw.execute(f"SELECT over FROM replies WHERE {_THIS}", (message_id, comeback)).fetchone()  # noqa: S608
    return row is not None and not row[0]


def begin_reply(raw: Connection, message_id: int, guild_id: int, author_id: int, says: Says) -> bool:
    """Record a reply before it is sent, within a write unit; see `ReplyStore.begin`."""
    insertion = raw.execute(
        "INSERT INTO replies (message_id, guild_id, author_id, says) SELECT ?1, ?2, ?3, ?4"
        " WHERE EXISTS (SELECT 1 FROM drafts WHERE message_id = ?1) AND NOT EXISTS"
        " (SELECT 1 FROM replies WHERE message_id = ?1 AND (says = 'comeback') = (?4 = 'comeback'))",
        (message_id, guild_id, author_id, says),
    )
    return insertion.rowcount == 1


def mark_over(raw: Connection, rows: Iterable[Row], says: Says | None = None) -> None:
    """Mark replies to stored drafts, of one kind or all, as due for deletion, within a write unit."""
    raw.executemany(
        "UPDATE replies SET over = 1 WHERE message_id = ? AND says = coalesce(?, says)",
        [(row["message_id"], says) for row in rows],
    )


def orphan_replies(raw: Connection, rows: Iterable[Row]) -> None:
    """Mark the replies to drafts that are erased as due for deletion; until then, they no longer say to whom."""
    raw.executemany(
        "UPDATE replies SET over = 1, author_id = 0 WHERE message_id = ?", [(row["message_id"],) for row in rows]
    )


def ask_again(raw: Connection, message_id: int) -> None:
    """Make the answer that stands on a draft a question again, within a write unit."""
    raw.execute("UPDATE replies SET says = 'question' WHERE message_id = ? AND says = 'word'", (message_id,))


def forget_replies(raw: Connection, rows: Iterable[Row]) -> None:
    """Forget the replies to stored drafts, but don't delete them in Discord, within a write unit."""
    raw.executemany("DELETE FROM replies WHERE message_id = ?", [(row["message_id"],) for row in rows])


def forget_replies_in(raw: Connection, channel_id: int) -> None:
    """Forget the replies in a channel that is gone, within a write unit."""
    raw.execute(
        "DELETE FROM replies WHERE message_id IN (SELECT message_id FROM drafts WHERE channel_id = ?1)"
        " AND channel_id = ?1",
        (channel_id,),
    )
