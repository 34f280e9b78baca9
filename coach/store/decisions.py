"""Decisions: why each of a member's last drafts brought a nudge or none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from coach.nudging.policy import Silence
from coach.store.connection import Connection, Row
from coach.store.database import Database

KEPT = 20
"""How many decisions are kept for each member of a server."""


_SELECT = (
    "SELECT n.message_id, d.channel_id, d.posted_at, n.silence FROM decisions n JOIN drafts d USING (message_id)"
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on a draft.

    Attributes:
        message_id: the draft.
        channel_id: where it is.
        posted_at: when it was posted, aware time.
        silence: why it brought no nudge; None if it brought one.
    """

    message_id: int
    channel_id: int
    posted_at: datetime
    silence: Silence | None


class DecisionStore:
    """Reads and writes `decisions`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def latest(self, guild_id: int, author_id: int, limit: int) -> list[Decision]:
        """The decisions on a member's newest drafts that are on record, newest first, `limit` at most."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                f"{_SELECT} WHERE n.guild_id = ? AND n.author_id = ? ORDER BY n.message_id DESC LIMIT ?",
                (guild_id, author_id, limit),
            ).fetchall()
        )
        return [_decision(row) for row in rows]

    async def on(self, guild_id: int, author_id: int, message_id: int) -> Decision | None:
        """The decision on a draft; None if it is not kept any more."""
        row = await self._database.read(
            lambda raw: raw.execute(
                f"{_SELECT} WHERE n.guild_id = ? AND n.author_id = ? AND n.message_id = ?",
                (guild_id, author_id, message_id),
            ).fetchone()
        )
        return _decision(row) if row is not None else None

    async def note(self, guild_id: int, message_id: int, silence: Silence) -> None:
        """Record why a draft brings nothing after all."""

        def unit(raw: Connection) -> None:
            draft = raw.execute(
                "SELECT author_id FROM drafts WHERE guild_id = ? AND message_id = ?", (guild_id, message_id)
            ).fetchone()
            if draft is not None:
                note_decision(raw, guild_id, draft["author_id"], message_id, silence)

        await self._database.write(unit, keeps_members=True)


def note_decision(
    raw: Connection, guild_id: int, author_id: int, message_id: int, silence: Silence | None
) -> None:
    """Record why a draft brought no nudge, or that it brought one, and drop the oldest, within a write unit."""
    raw.execute(
        "INSERT INTO decisions (guild_id, author_id, message_id, silence) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (guild_id, author_id, message_id) DO UPDATE SET silence = excluded.silence",
        (guild_id, author_id, message_id, silence),
    )
    raw.execute(
        "DELETE FROM decisions WHERE guild_id = ?1 AND author_id = ?2 AND message_id <= (SELECT message_id"
        " FROM decisions WHERE guild_id = ?1 AND author_id = ?2 ORDER BY message_id DESC LIMIT 1 OFFSET ?3)",
        (guild_id, author_id, KEPT),
    )


def _decision(row: Row) -> Decision:
    posted_at = datetime.fromtimestamp(row["posted_at"], UTC)
    silence = Silence(row["silence"]) if row["silence"] is not None else None
    return Decision(row["message_id"], row["channel_id"], posted_at, silence)
