"""Servers and members: what each of them chose, their export and their erasure."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from typing import Any, Literal

from coach.local_days import parse_time
from coach.nudging.policy import NudgeWhere
from coach.store.database import Database
from coach.store.erasures import note_erased

SummaryWhere = Literal["server", "dm", "off"]


@dataclass(frozen=True, slots=True)
class Guild:
    """What a server chose; None means: as the configuration file has it."""

    guild_id: int
    timezone: str | None = None
    target: float | None = None
    band: float | None = None
    window_days: int | None = None
    questions: bool | None = None
    summary_on: bool = True
    summary_channel_id: int | None = None
    summary_at: time | None = None
    summary_due: datetime | None = None
    summary_day: date | None = None
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """What a member of a server chose; None means: as the server, else as the configuration file has it."""

    guild_id: int
    member_id: int
    timezone: str | None = None
    target: float | None = None
    band: float | None = None
    window_days: int | None = None
    nudge_where: NudgeWhere | None = None
    questions: bool | None = None
    snoozed_until: datetime | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None
    nudge_gap_hours: float | None = None
    paused: bool = False
    read_after: int | None = None
    summary_where: SummaryWhere = "server"
    summary_at: time | None = None
    summary_due: datetime | None = None
    summary_day: date | None = None
    weekly_on: int | None = None
    dm: Literal["refused", "told"] | None = None

    def lets_read(self, message_id: int) -> bool:
        """Whether the bot may read a message of theirs: none while they pause it, and none of then even later."""
        return not self.paused and (self.read_after is None or message_id > self.read_after)


# Column names come from the dataclasses above, never from outside.
_TIMES = {"quiet_from", "quiet_until", "summary_at"}
_MOMENTS = {"snoozed_until", "summary_due", "left_at"}
_DATES = {"summary_day"}
_FLAGS = {"paused", "questions", "summary_on"}


class GuildStore:
    """Reads and writes `guilds`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, guild_id: int) -> Guild | None:
        """A server's choices; None where it is not known yet."""

        def query(raw: sqlite3.Connection) -> Guild | None:
            row = raw.execute("SELECT * FROM guilds WHERE guild_id = ?", (guild_id,)).fetchone()
            return Guild(**_decoded(row)) if row else None

        return await self._database.read(query)

    async def change(self, guild_id: int, **changes: Any) -> Guild:
        """Set some of a server's choices (names as in `Guild`) and return them all."""

        def unit(raw: sqlite3.Connection) -> Guild:
            raw.execute("INSERT INTO guilds (guild_id) VALUES (?) ON CONFLICT DO NOTHING", (guild_id,))
            _update(raw, "UPDATE guilds SET {column} = ? WHERE guild_id = ?", (guild_id,), Guild, changes)
            row = raw.execute("SELECT * FROM guilds WHERE guild_id = ?", (guild_id,)).fetchone()
            return Guild(**_decoded(row))

        return await self._database.write(unit)


class MemberStore:
    """Reads and writes `members`; exports and erases everything about one of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, guild_id: int, member_id: int) -> Member:
        """A member's choices; all of them None where they made none."""
        return await self._database.read(lambda raw: _member(raw, guild_id, member_id))

    async def change(self, guild_id: int, member_id: int, **changes: Any) -> Member:
        """Set some of a member's choices (names as in `Member`) and return them all."""

        def unit(raw: sqlite3.Connection) -> Member:
            key = (guild_id, member_id)
            raw.execute("INSERT INTO members (guild_id, member_id) VALUES (?, ?) ON CONFLICT DO NOTHING", key)
            _update(
                raw,
                "UPDATE members SET {column} = ? WHERE guild_id = ? AND member_id = ?",
                key,
                Member,
                changes,
            )
            row = _member_row(raw, guild_id, member_id)
            assert row is not None  # noqa: S101  # inserted above
            return Member(**_decoded(row))

        return await self._database.write(unit)

    async def outside_server_summary(self, guild_id: int) -> set[int]:
        """The members of a server who are not to be listed in its summary."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT member_id FROM members WHERE guild_id = ? AND summary_where <> 'server'", (guild_id,)
            ).fetchall()
        )
        return {row[0] for row in rows}

    async def export(self, guild_id: int, member_id: int) -> dict[str, list[dict[str, Any]]]:
        """Every row about a member in a server, by table, as plain JSON values."""

        def query(raw: sqlite3.Connection) -> dict[str, list[dict[str, Any]]]:
            return {
                table: [
                    {name: value.hex() if isinstance(value, bytes) else value for name, value in dict(row).items()}
                    for row in raw.execute(f"SELECT * FROM {where}", (guild_id, member_id))  # noqa: S608
                ]
                for table, where in ABOUT_MEMBER.items()
            }

        return await self._database.read(query)

    async def forget(self, guild_id: int, member_id: int, who: bytes, upto: int) -> bool:
        """Erase every row about a member in a server, and what is left of it in the files.

        That they have paused the bot stays: who wants to be erased does not want to be read again by it.

        Args:
            guild_id: the server.
            member_id: the member.
            who: the keyed hash by which their erasure is known.
            upto: the message id up to which nothing of theirs is recorded, however often it is read again.

        Returns:
            As `Database.checkpoint`.
        """

        def unit(raw: sqlite3.Connection) -> None:
            paused = _member(raw, guild_id, member_id).paused
            # What the bot said to them goes as well; until it is down, its row says no longer to whom.
            raw.execute(
                "UPDATE replies SET over = 1, author_id = 0 WHERE guild_id = ? AND author_id = ?",
                (guild_id, member_id),
            )
            for where in reversed(ABOUT_MEMBER.values()):
                raw.execute(f"DELETE FROM {where}", (guild_id, member_id))  # noqa: S608
            if paused:
                raw.execute(
                    "INSERT INTO members (guild_id, member_id, paused) VALUES (?, ?, 1)", (guild_id, member_id)
                )
            note_erased(raw, guild_id, who, upto)

        await self._database.write(unit)
        return await self._database.checkpoint()


# Each table with rows about a member, with its key; tables stand after the ones that they refer to.
ABOUT_MEMBER = {
    "members": "members WHERE guild_id = ? AND member_id = ?",
    "drafts": "drafts WHERE guild_id = ? AND author_id = ?",
    "addressed": "addressed WHERE message_id IN"
    " (SELECT message_id FROM drafts WHERE guild_id = ? AND author_id = ?)",
    "corrections": "corrections WHERE guild_id = ? AND author_id = ?",
    "removed_drafts": "removed_drafts WHERE guild_id = ? AND author_id = ?",
    "tallies": "tallies WHERE guild_id = ? AND author_id = ?",
    "nudges": "nudges WHERE guild_id = ? AND author_id = ?",
    "passed_tips": "passed_tips WHERE guild_id = ? AND author_id = ?",
    "shown_tips": "shown_tips WHERE guild_id = ? AND member_id = ?",
    "replies": "replies WHERE guild_id = ? AND author_id = ?",
    "summaries": "summaries WHERE guild_id = ? AND member_id = ?",
}


def may_read(raw: sqlite3.Connection, guild_id: int, member_id: int, message_id: int) -> bool:
    """Whether a member lets the bot read a message of theirs, within a write unit.

    Asked where a draft is written: its author may have paused the bot while it was being labelled.
    """
    return _member(raw, guild_id, member_id).lets_read(message_id)


def _member(raw: sqlite3.Connection, guild_id: int, member_id: int) -> Member:
    row = _member_row(raw, guild_id, member_id)
    return Member(**_decoded(row)) if row else Member(guild_id, member_id)


def _member_row(raw: sqlite3.Connection, guild_id: int, member_id: int) -> sqlite3.Row | None:
    return raw.execute(
        "SELECT * FROM members WHERE guild_id = ? AND member_id = ?", (guild_id, member_id)
    ).fetchone()


def _update(
    raw: sqlite3.Connection, statement: str, key: tuple[int, ...], model: type, changes: dict[str, Any]
) -> None:
    known = {field.name for field in fields(model)}
    for column, value in changes.items():
        if column not in known:
            raise KeyError(column)
        raw.execute(statement.format(column=column), (_encoded(value), *key))


def _encoded(value: object) -> object:
    if isinstance(value, datetime):
        return int(value.timestamp())
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


def _decoded(row: sqlite3.Row) -> dict[str, Any]:
    values: dict[str, Any] = dict(row)
    for name, value in values.items():
        if value is None:
            continue
        if name in _TIMES:
            values[name] = parse_time(value)
        elif name in _MOMENTS:
            values[name] = datetime.fromtimestamp(value, UTC)
        elif name in _DATES:
            values[name] = date.fromisoformat(value)
        elif name in _FLAGS:
            values[name] = bool(value)
    return values
