"""Daily summaries: which are due, and the claims that keep each from being sent twice."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime

from coach.store.database import Database

WHOLE_SERVER = 0


@dataclass(frozen=True, slots=True)
class Due:
    """A summary whose time has come; `member_id` is None for the server's own.

    `day` is the local day that it speaks of; None where it is the one that `due` falls on.
    """

    guild_id: int
    member_id: int | None
    due: datetime
    day: date | None = None


class Summaries:
    """Reads the stored due times, reads and writes `summaries`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, now: datetime) -> list[Due]:
        """Everything due by `now`, longest overdue first."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT guild_id, NULL, summary_due, summary_day FROM guilds WHERE summary_due <= ?1"
                " UNION ALL SELECT guild_id, member_id, summary_due, summary_day FROM members"
                " WHERE summary_due <= ?1"
                " ORDER BY 3",
                (int(now.timestamp()),),
            ).fetchall()
        )
        return [
            Due(
                guild_id,
                member_id,
                datetime.fromtimestamp(due, UTC),
                date.fromisoformat(day) if day is not None else None,
            )
            for guild_id, member_id, due, day in rows
        ]

    async def claim(self, due: Due, day: date, now: datetime, following: tuple[date, datetime]) -> bool:
        """Take on a due summary and move its due time on, in one transaction.

        Args:
            due: what is due.
            day: the local date that it speaks of.
            now: aware time.
            following: the local day of the next one, and when it is due.

        Returns:
            False where this date's summary was claimed before, or is no longer due.
        """

        def unit(raw: sqlite3.Connection) -> bool:
            if not _move_due(raw, due, following):
                return False
            cursor = raw.execute(
                "INSERT INTO summaries (guild_id, member_id, local_date, claimed_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (*_key(due, day), int(now.timestamp())),
            )
            return cursor.rowcount == 1

        return await self._database.write(unit)

    async def skip(self, due: Due, following: tuple[date, datetime]) -> None:
        """Move a due time on without a summary: nothing was drafted, or its time is long past."""
        await self._database.write(lambda raw: _move_due(raw, due, following))

    async def sent(self, due: Due, day: date, now: datetime) -> None:
        """Note that a claimed summary has been sent."""

        def unit(raw: sqlite3.Connection) -> None:
            raw.execute(
                "UPDATE summaries SET sent_at = ? WHERE guild_id = ? AND member_id = ? AND local_date = ?",
                (int(now.timestamp()), *_key(due, day)),
            )

        await self._database.write(unit)

    async def release(self, due: Due, day: date, following: tuple[date, datetime]) -> None:
        """Give a claim back after Discord refused the message, so that the next tick tries again."""

        def unit(raw: sqlite3.Connection) -> None:
            raw.execute(
                "DELETE FROM summaries WHERE guild_id = ? AND member_id = ? AND local_date = ?"
                " AND sent_at IS NULL",
                _key(due, day),
            )
            _move_due(raw, Due(due.guild_id, due.member_id, following[1]), (day, due.due))

        await self._database.write(unit)


def _key(due: Due, day: date) -> tuple[int, int, str]:
    return due.guild_id, due.member_id or WHOLE_SERVER, day.isoformat()


def _move_due(raw: sqlite3.Connection, due: Due, following: tuple[date, datetime]) -> bool:
    # The old due time is part of the condition: a member who changed it meanwhile keeps the new one.
    day, moment = following
    values = (int(moment.timestamp()), day.isoformat(), int(due.due.timestamp()), due.guild_id)
    if due.member_id is None:
        statement = "UPDATE guilds SET summary_due = ?, summary_day = ? WHERE summary_due = ? AND guild_id = ?"
        return raw.execute(statement, values).rowcount == 1
    statement = (
        "UPDATE members SET summary_due = ?, summary_day = ? WHERE summary_due = ? AND guild_id = ?"
        " AND member_id = ?"
    )
    return raw.execute(statement, (*values, due.member_id)).rowcount == 1
