"""Erasures: who had everything about them erased, and up to which message nothing by them is recorded again."""

from __future__ import annotations

from coach.store.connection import Connection
from coach.store.database import Database

EVERYBODY = b""
"""Stands for all members of a server, once the key that told them apart is lost."""

_KEY = "key"


class ErasureStore:
    """Reads and writes `erased`. A row stays as long as its server's data: old messages may be read again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def is_erased(self, guild_id: int, who: bytes, message_id: int) -> bool:
        """Whether a message was written before its author had everything erased; see the function `is_erased`."""
        return await self._database.read(lambda raw: is_erased(raw, guild_id, who, message_id))

    async def upto(self, guild_id: int, who: bytes) -> int | None:
        """The message id up to which nothing by a member is recorded; None if they had nothing erased."""
        row = await self._database.read(
            lambda raw: raw.execute(
                "SELECT upto FROM erased WHERE guild_id = ? AND who = ?", (guild_id, who)
            ).fetchone()
        )
        return row[0] if row is not None else None

    async def use_key(self, fingerprint: str) -> bool:
        """Record which key the hashes are made with; called at the start, before anything else is recorded.

        With another key than last time, nobody can be recognised by the old hashes. What was erased stays erased
        all the same: in each server with erasures, nothing by anybody is recorded that is older than the newest
        erasure.

        Args:
            fingerprint: the fingerprint of the key.

        Returns:
            False if it was another key until now.
        """

        def unit(raw: Connection) -> bool:
            before = raw.execute("SELECT value FROM program WHERE name = ?", (_KEY,)).fetchone()
            if before is not None and before[0] == fingerprint:
                return True
            raw.execute(
                "INSERT INTO program (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (_KEY, fingerprint),
            )
            for guild_id, upto in raw.execute(
                "SELECT guild_id, max(upto) FROM erased GROUP BY guild_id"
            ).fetchall():
                note_erased(raw, guild_id, EVERYBODY, upto)
            raw.execute("DELETE FROM erased WHERE who <> ?", (EVERYBODY,))
            return before is None

        return await self._database.write(unit)


def note_erased(raw: Connection, guild_id: int, who: bytes, upto: int) -> None:
    """Record that nothing by a member up to a message id is recorded again, within the write unit that erases."""
    raw.execute(
        "INSERT INTO erased (guild_id, who, upto) VALUES (?, ?, ?)"
        " ON CONFLICT (guild_id, who) DO UPDATE SET upto = excluded.upto WHERE erased.upto < excluded.upto",
        (guild_id, who, upto),
    )


def was_erased(raw: Connection, guild_id: int, who: bytes) -> bool:
    """Whether a member had everything erased at any time, as far as that can be told, within a write unit."""
    return (
        raw.execute(
            "SELECT 1 FROM erased WHERE guild_id = ? AND who IN (?, ?)", (guild_id, who, EVERYBODY)
        ).fetchone()
        is not None
    )


def is_erased(raw: Connection, guild_id: int, who: bytes, message_id: int) -> bool:
    """Whether a message was written before its author had everything erased; checked when a draft is recorded."""
    return (
        raw.execute(
            "SELECT 1 FROM erased WHERE guild_id = ? AND who IN (?, ?) AND upto >= ?",
            (guild_id, who, EVERYBODY, message_id),
        ).fetchone()
        is not None
    )
