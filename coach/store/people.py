"""Servers and members: what each has chosen, and a member's export and erasure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from typing import Any, Literal, cast

from coach.local_days import parse_time
from coach.settings import Counts, NudgeWhere, QuestionWhere
from coach.store.connection import Connection, Row
from coach.store.database import Database
from coach.store.erasures import note_erased

SummaryWhere = Literal["server", "dm", "off"]


@dataclass(frozen=True, slots=True)
class Guild:
    """What a server has chosen; None means that the settings file decides.

    `proxies` are the applications whose webhooks post members' drafts again for them.
    """

    guild_id: int
    timezone: str | None = None
    target: float | None = None
    band: float | None = None
    window_days: int | None = None
    preset: str | None = None
    questions: bool | None = None
    summary_on: bool = True
    summary_channel_id: int | None = None
    summary_at: time | None = None
    summary_due: datetime | None = None
    summary_day: date | None = None
    left_at: datetime | None = None
    tell_of_figures: bool = False
    proxies: frozenset[int] = frozenset()
    counts: Counts | None = None
    greeted: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """What a member of a server has chosen; None means that the server decides, or else the settings file."""

    guild_id: int
    member_id: int
    timezone: str | None = None
    target: float | None = None
    band: float | None = None
    window_days: int | None = None
    preset: str | None = None
    nudge_where: NudgeWhere | None = None
    question_where: QuestionWhere | None = None
    snoozed_until: datetime | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None
    nudge_gap_hours: float | None = None
    trial: bool | None = None
    paused: bool = False
    read_after: int | None = None
    summary_where: SummaryWhere = "server"
    summary_at: time | None = None
    summary_due: datetime | None = None
    summary_day: date | None = None
    weekly_on: int | None = None
    dm: Literal["refused", "told"] | None = None
    shows_figures: bool = False
    comes_back: bool = False
    welcomed: bool = False

    def lets_read(self, message_id: int) -> bool:
        """Whether the bot may read a message of theirs: none written while the bot is paused, not even later."""
        return not self.paused and (self.read_after is None or message_id > self.read_after)


# Column names come from the dataclasses above, never from outside.
_TIMES = {"quiet_from", "quiet_until", "summary_at"}
_MOMENTS = {"snoozed_until", "summary_due", "left_at"}
_DATES = {"summary_day"}
_FLAGS = {
    "comes_back",
    "greeted",
    "paused",
    "questions",
    "shows_figures",
    "summary_on",
    "tell_of_figures",
    "trial",
    "welcomed",
}
_IDS = {"proxies"}


class GuildStore:
    """Reads and writes `guilds`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, guild_id: int) -> Guild | None:
        """A server's choices; None if it is not known yet."""

        def query(raw: Connection) -> Guild | None:
            row = _guild_row(raw, guild_id)
            return Guild(**_decoded(row)) if row else None

        return await self._database.read(query)

    async def add(self, guild_id: int, summary_day: date, summary_due: datetime) -> None:
        """Put a server on record with its first summary, unless it is there already.

        Args:
            guild_id: the server.
            summary_day: the local day that the first summary is about.
            summary_due: when it is due; aware time.
        """
        await self._database.write(
            lambda raw: raw.execute(
                "INSERT INTO guilds (guild_id, summary_day, summary_due) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (guild_id, _encoded(summary_day), _encoded(summary_due)),
            ),
            keeps_members=True,
        )

    async def change(
        self, guild_id: int, follows: Callable[[Guild, Guild], dict[str, Any]] | None = None, **changes: Any
    ) -> Guild:
        """Set some of a server's choices (names as in `Guild`) and return them all.

        Args:
            guild_id: the server.
            follows: further changes that follow from these, by the server before and after them. It runs on the
                database's thread, within the same write unit: both are stored, or neither.
            **changes: the choices.
        """

        def unit(raw: Connection) -> Guild:
            before = _guild(raw, guild_id)
            raw.execute("INSERT INTO guilds (guild_id) VALUES (?) ON CONFLICT DO NOTHING", (guild_id,))
            statement = "UPDATE guilds SET {column} = ? WHERE guild_id = ?"
            _update(raw, statement, (guild_id,), Guild, changes)
            if follows is not None:
                _update(raw, statement, (guild_id,), Guild, follows(before, _guild(raw, guild_id)))
            return _guild(raw, guild_id)

        return await self._database.write(unit)


class MemberStore:
    """Reads and writes `members`; exports and erases everything about one of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, guild_id: int, member_id: int) -> Member:
        """A member's choices; the defaults if they made none."""
        return await self._database.read(lambda raw: _member(raw, guild_id, member_id))

    async def change(
        self,
        guild_id: int,
        member_id: int,
        follows: Callable[[Guild, Member, Member], dict[str, Any]] | None = None,
        **changes: Any,
    ) -> Member:
        """Set some of a member's choices (names as in `Member`) and return them all.

        Args:
            guild_id: the server.
            member_id: the member.
            follows: further changes that follow from these, by the server, and by the member before and after
                them. It runs on the database's thread, within the same write unit: both are stored, or neither.
            **changes: the choices.
        """

        def unit(raw: Connection) -> Member:
            key = (guild_id, member_id)
            before = _member(raw, *key)
            raw.execute("INSERT INTO members (guild_id, member_id) VALUES (?, ?) ON CONFLICT DO NOTHING", key)
            statement = "UPDATE members SET {column} = ? WHERE guild_id = ? AND member_id = ?"
            _update(raw, statement, key, Member, changes)
            if follows is not None:
                further = follows(_guild(raw, guild_id), before, _member(raw, *key))
                _update(raw, statement, key, Member, further)
            return _member(raw, *key)

        return await self._database.write(unit)

    async def note_told_of_refused_dm(self, guild_id: int, member_id: int) -> bool:
        """Record that a member is told that they get no direct messages; False if they don't have to be told."""

        def unit(raw: Connection) -> bool:
            told = raw.execute(
                "UPDATE members SET dm = 'told' WHERE guild_id = ? AND member_id = ? AND dm = 'refused'",
                (guild_id, member_id),
            )
            return told.rowcount == 1

        return await self._database.write(unit)

    async def outside_server_summary(self, guild_id: int) -> set[int]:
        """The members of a server who don't want to be listed in its summary."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT member_id FROM members WHERE guild_id = ? AND summary_where <> 'server'", (guild_id,)
            ).fetchall()
        )
        return {row[0] for row in rows}

    async def showing_figures(self, guild_id: int) -> set[int]:
        """The members of a server whose figures may be shown to others."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT member_id FROM members WHERE guild_id = ? AND shows_figures = 1", (guild_id,)
            ).fetchall()
        )
        return {row[0] for row in rows}

    async def export(self, guild_id: int, member_id: int) -> dict[str, list[dict[str, Any]]]:
        """Every row about a member in a server, by table, as JSON values."""

        def query(raw: Connection) -> dict[str, list[dict[str, Any]]]:
            return {
                table: [
                    {name: value.hex() if isinstance(value, bytes) else value for name, value in dict(row).items()}
                    for row in raw.execute(f"SELECT * FROM {where}", (guild_id, member_id))  # noqa: S608
                ]
                for table, where in ABOUT_MEMBER.items()
            }

        return await self._database.read(query)

    async def forget(self, guild_id: int, member_id: int, who: bytes, upto: int) -> bool:
        """Erase every row about a member in a server, and its traces in the files.

        If they have paused the bot, it stays paused: somebody who wants to be erased doesn't want to be read
        again.

        Args:
            guild_id: the server.
            member_id: the member.
            who: a keyed hash of the member, to recognise their erasure by.
            upto: the message id up to which nothing by them is recorded again.

        Returns:
            False if another program keeps traces in the files for now; see `Database.checkpoint`.
        """

        def unit(raw: Connection) -> None:
            paused = _member(raw, guild_id, member_id).paused
            # The bot's replies to them go as well; until they are deleted, their rows no longer say to whom.
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


# The tables with rows about a member, each with its key; tables come after the ones that they refer to.
ABOUT_MEMBER = {
    "members": "members WHERE guild_id = ? AND member_id = ?",
    "drafts": "drafts WHERE guild_id = ? AND author_id = ?",
    "addressed": "addressed WHERE message_id IN"
    " (SELECT message_id FROM drafts WHERE guild_id = ? AND author_id = ?)",
    "corrections": "corrections WHERE guild_id = ? AND author_id = ?",
    "undos": "undos WHERE guild_id = ? AND author_id = ?",
    "sketches": "sketches WHERE guild_id = ? AND author_id = ?",
    "changed_threads": "changed_threads WHERE guild_id = ? AND author_id = ?",
    "removed_drafts": "removed_drafts WHERE guild_id = ? AND author_id = ?",
    "tallies": "tallies WHERE guild_id = ? AND author_id = ?",
    "nudges": "nudges WHERE guild_id = ? AND author_id = ?",
    "occasions": "occasions WHERE guild_id = ? AND author_id = ?",
    "decisions": "decisions WHERE guild_id = ? AND author_id = ?",
    "comebacks": "comebacks WHERE guild_id = ? AND author_id = ?",
    "passed_tips": "passed_tips WHERE guild_id = ? AND author_id = ?",
    "account_goals": "account_goals WHERE guild_id = ? AND member_id = ?",
    "imports": "imports WHERE guild_id = ? AND member_id = ?",
    "past_months": "past_months WHERE guild_id = ? AND member_id = ?",
    "shown_tips": "shown_tips WHERE guild_id = ? AND member_id = ?",
    "other_languages": "other_languages WHERE guild_id = ? AND author_id = ?",
    "questions_asked": "questions_asked WHERE guild_id = ? AND author_id = ?",
    "replies": "replies WHERE guild_id = ? AND author_id = ?",
    "summaries": "summaries WHERE guild_id = ? AND member_id = ?",
}


def may_read(raw: Connection, guild_id: int, member_id: int, message_id: int) -> bool:
    """Whether a member lets the bot read a message of theirs, within a write unit.

    Checked when a draft is recorded: its author may have paused the bot while it was being labelled.
    """
    return _member(raw, guild_id, member_id).lets_read(message_id)


def _guild(raw: Connection, guild_id: int) -> Guild:
    row = _guild_row(raw, guild_id)
    return Guild(**_decoded(row)) if row else Guild(guild_id)


def _guild_row(raw: Connection, guild_id: int) -> Row | None:
    return raw.execute("SELECT * FROM guilds WHERE guild_id = ?", (guild_id,)).fetchone()


def _member(raw: Connection, guild_id: int, member_id: int) -> Member:
    row = _member_row(raw, guild_id, member_id)
    return Member(**_decoded(row)) if row else Member(guild_id, member_id)


def _member_row(raw: Connection, guild_id: int, member_id: int) -> Row | None:
    return raw.execute(
        "SELECT * FROM members WHERE guild_id = ? AND member_id = ?", (guild_id, member_id)
    ).fetchone()


def _update(raw: Connection, statement: str, key: tuple[int, ...], model: type, changes: dict[str, Any]) -> None:
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
    if isinstance(value, frozenset):
        return " ".join(map(str, sorted(cast("frozenset[int]", value))))
    return int(value) if isinstance(value, bool) else value


def _decoded(row: Row) -> dict[str, Any]:
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
        elif name in _IDS:
            values[name] = frozenset(map(int, value.split()))
    return values
