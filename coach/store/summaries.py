"""Daily summaries: which are due, and the claims that keep each from being sent twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from coach.store.claims import Claim
from coach.store.connection import Connection
from coach.store.database import Database

WHOLE_SERVER = 0
"""The member id under which a server's own summary is stored."""


@dataclass(frozen=True, slots=True)
class Due:
    """A summary that is due.

    Attributes:
        guild_id: the server.
        member_id: whose summary it is; None for the server's own.
        due: when it is due, aware time.
        day: the local day that it is about; None if that is the day that `due` falls on.
    """

    guild_id: int
    member_id: int | None
    due: datetime
    day: date | None = None


class SummaryStore:
    """Reads and writes the stored due times and `summaries`.

    A due time moves on only after the summary has been sent or skipped: if the program ends in between, the
    summary is still due, and its claim says where to look for it.

    Args:
        database: the open database.
        run: the name of this run of the bot, in the claims that it makes.
    """

    def __init__(self, database: Database, run: str) -> None:
        self._database = database
        self._run = run

    async def due(self, now: datetime, furthest: datetime) -> list[Due]:
        """What is due by `now`, longest overdue first, then what is due after `furthest`; both aware times."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT guild_id, NULL, summary_due, summary_day FROM guilds"
                " WHERE summary_due <= ?1 OR summary_due > ?2"
                " UNION ALL SELECT guild_id, member_id, summary_due, summary_day FROM members"
                " WHERE summary_due <= ?1 OR summary_due > ?2"
                " ORDER BY 3",
                (int(now.timestamp()), int(furthest.timestamp())),
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

    async def claimed(self, due: Due, day: date) -> Claim | None:
        """The claim of a local day's summary; None if nobody is about to send it, or has."""

        def query(raw: Connection) -> Claim | None:
            row = raw.execute(
                "SELECT claimed_at, coalesce(claimed_by, ''), channel_id, sent_at IS NOT NULL FROM summaries"
                " WHERE guild_id = ? AND member_id = ? AND local_date = ?",
                _key(due, day),
            ).fetchone()
            return Claim(datetime.fromtimestamp(row[0], UTC), row[1], row[2], bool(row[3])) if row else None

        return await self._database.read(query)

    async def last_day(self, due: Due, upto: date) -> date | None:
        """The newest local day up to `upto` whose summary was claimed; None if there is none."""

        def query(raw: Connection) -> date | None:
            row = raw.execute(
                "SELECT max(local_date) FROM summaries WHERE guild_id = ? AND member_id = ? AND local_date <= ?",
                _key(due, upto),
            ).fetchone()
            return date.fromisoformat(row[0]) if row[0] is not None else None

        return await self._database.read(query)

    async def claim(self, due: Due, day: date, channel_id: int, now: datetime) -> Claim | None:
        """Record that a summary is about to be sent.

        Args:
            due: what is due.
            day: the local date that it is about.
            channel_id: where it goes.
            now: aware time.

        Returns:
            None if it is no longer due, or has a claim already.
        """
        claim = Claim(now.replace(microsecond=0), self._run, channel_id)

        def unit(raw: Connection) -> bool:
            if not _still_due(raw, due):
                return False
            cursor = raw.execute(
                "INSERT INTO summaries (guild_id, member_id, local_date, claimed_at, claimed_by, channel_id)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (*_key(due, day), int(claim.at.timestamp()), claim.by, channel_id),
            )
            return cursor.rowcount == 1

        return claim if await self._database.write(unit) else None

    async def give_back(self, due: Due, day: date, claim: Claim) -> bool:
        """Delete the claim of a summary that Discord doesn't have, so that it can be claimed anew.

        Returns:
            False if that isn't its claim any more: somebody else has sent it, or sees to it.
        """

        def unit(raw: Connection) -> bool:
            cursor = raw.execute(
                "DELETE FROM summaries WHERE guild_id = ? AND member_id = ? AND local_date = ?"
                " AND sent_at IS NULL AND claimed_at = ? AND coalesce(claimed_by, '') = ?",
                (*_key(due, day), int(claim.at.timestamp()), claim.by),
            )
            return cursor.rowcount == 1

        return await self._database.write(unit)

    async def note_sent(self, due: Due, day: date, now: datetime, following: tuple[date, datetime]) -> None:
        """Record that a claimed summary has been sent, and move its due time on, in one transaction.

        Args:
            due: what was due.
            day: the local date that it is about.
            now: aware time.
            following: the local day of the next one, and when it is due.
        """

        def unit(raw: Connection) -> None:
            # Only updated, never inserted: a member who had everything erased in the meantime stays erased.
            raw.execute(
                "UPDATE summaries SET sent_at = ? WHERE guild_id = ? AND member_id = ? AND local_date = ?",
                (int(now.timestamp()), *_key(due, day)),
            )
            if due.member_id is None:
                raw.execute("UPDATE guilds SET tell_of_figures = 0 WHERE guild_id = ?", (due.guild_id,))
            _move_due(raw, due, following)

        await self._database.write(unit)

    async def skip(self, due: Due, following: tuple[date, datetime]) -> None:
        """Move a due time on without a summary."""
        await self._database.write(lambda raw: _move_due(raw, due, following))


def _key(due: Due, day: date) -> tuple[int, int, str]:
    return due.guild_id, due.member_id or WHOLE_SERVER, day.isoformat()


def _still_due(raw: Connection, due: Due) -> bool:
    # A member may have changed the time in the meantime, or turned the summary off: their choice holds.
    moment = int(due.due.timestamp())
    if due.member_id is None:
        query = "SELECT 1 FROM guilds WHERE guild_id = ? AND summary_due = ?"
        return raw.execute(query, (due.guild_id, moment)).fetchone() is not None
    query = "SELECT 1 FROM members WHERE guild_id = ? AND member_id = ? AND summary_due = ?"
    return raw.execute(query, (due.guild_id, due.member_id, moment)).fetchone() is not None


def _move_due(raw: Connection, due: Due, following: tuple[date, datetime]) -> None:
    # The old due time is part of the condition: a member who has changed it in the meantime keeps the new one.
    day, moment = following
    values = (int(moment.timestamp()), day.isoformat(), int(due.due.timestamp()), due.guild_id)
    if due.member_id is None:
        statement = "UPDATE guilds SET summary_due = ?, summary_day = ? WHERE summary_due = ? AND guild_id = ?"
        raw.execute(statement, values)
        return
    statement = (
        "UPDATE members SET summary_due = ?, summary_day = ? WHERE summary_due = ? AND guild_id = ?"
        " AND member_id = ?"
    )
    raw.execute(statement, (*values, due.member_id))
