"""Reposts: a draft moves to the message in which an application posted it again, with all that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from coach.store.connection import Connection
from coach.store.database import Database
from coach.store.people import may_read
from coach.store.stored_drafts import StoredDraft, certain_row, draft_of, row_of
from coach.store.thoughts import settle

REFERRED_TO = ("drafts", "nudges")
"""The tables to whose `message_id` others refer."""

REFERRING = (
    "addressed",
    "comebacks",
    "corrections",
    "decisions",
    "occasions",
    "other_languages",
    "passed_tips",
    "replies",
    "sketches",
    "undos",
)
"""The other tables with the `message_id` of a draft that is on record."""

_LINKS = (
    ("drafts", "thought"),
    ("drafts", "thread"),
    ("drafts", "continues"),
    ("changed_threads", "thread"),
)
"""Where else a draft's id may stand."""


@dataclass(frozen=True, slots=True)
class Sketched:
    """A draft on record with what shows whether another message says the same.

    Attributes:
        sketch: its sketch; None if none is kept.
    """

    message_id: int
    author_id: int
    text_hash: bytes
    sketch: bytes | None


class RepostStore:
    """Finds what a message may repeat, and moves drafts from one message to another."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def written_before(
        self, guild_id: int, channel_id: int, message_id: int, since: datetime
    ) -> list[Sketched]:
        """The drafts of a channel from an aware time on that come before a message, oldest first."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT d.message_id, d.author_id, d.text_hash, s.sketch FROM drafts d"
                " LEFT JOIN sketches s USING (message_id)"
                " WHERE d.channel_id = ? AND d.message_id < ? AND d.posted_at >= ? AND d.guild_id = ?"
                " ORDER BY d.message_id",
                (channel_id, message_id, int(since.timestamp()), guild_id),
            ).fetchall()
        )
        return [Sketched(*row) for row in rows]

    async def move(self, guild_id: int, from_id: int, to_id: int) -> StoredDraft | None:
        """Move a draft to another message; its label, its count, its thought and its nudge stay what they are.

        What the bot has said below the old message is due for deletion.

        Returns:
            The draft as it is now; None if there is none, the other message is a draft already, or the author has
            paused the bot.
        """

        def unit(raw: Connection) -> StoredDraft | None:
            row = row_of(raw, guild_id, from_id)
            if row is None or row_of(raw, guild_id, to_id) is not None:
                return None
            if not may_read(raw, guild_id, row["author_id"], to_id):
                return None
            for table in REFERRED_TO:
                _copy(raw, table, from_id, to_id)
            for table, column in (*((table, "message_id") for table in REFERRING), *_LINKS):
                raw.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (to_id, from_id))  # noqa: S608
            for table in REFERRED_TO:
                raw.execute(f"DELETE FROM {table} WHERE message_id = ?", (from_id,))  # noqa: S608
            raw.execute("UPDATE replies SET over = 1 WHERE message_id = ? AND reply_id IS NOT NULL", (to_id,))
            raw.execute("DELETE FROM removed_drafts WHERE message_id = ? AND guild_id = ?", (from_id, guild_id))
            if row["thought"] is not None:
                # The newest of a thought counts, and this one is newer now.
                settle(raw, guild_id, certain_row(raw, guild_id, to_id)["thought"])
            return draft_of(certain_row(raw, guild_id, to_id))

        return await self._database.write(unit)


def _copy(raw: Connection, table: str, from_id: int, to_id: int) -> None:
    """Give a row's values to a new row with another id, so that the rows that refer to it can follow."""
    columns = [column[0] for column in raw.execute(f"SELECT * FROM {table} LIMIT 0").description]  # noqa: S608
    names = ", ".join(columns)
    values = ", ".join("?" if name == "message_id" else name for name in columns)
    raw.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE message_id = ?",  # noqa: S608
        (to_id, from_id),
    )
