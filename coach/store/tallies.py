"""Tallies: how many drafts of each label a member has on each local day, kept beside the drafts."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from coach.balance.kinds import KindCount
from coach.balance.standing import Tally
from coach.labels import Kind, Label
from coach.store.connection import Connection, Row
from coach.store.database import Database
from coach.store.recount import ALL, COUNTED_ALL, OUT, differences


class WentOut(NamedTuple):
    """How many thoughts were drafted, and how many of those were posted."""

    drafted: int
    posted: int


class TallyStore:
    """Reads `tallies`; they change in the same transaction as the drafts that they count.

    `posted` names the accounts of which only what was posted counts.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def account_days(
        self, guild_id: int, account_id: int, since: date, posted: Collection[int] = ()
    ) -> dict[date, Tally]:
        """The tallies of all members for an account together, by local day from `since` on."""
        return await self._database.read(lambda raw: account_days_of(raw, guild_id, account_id, since, posted))

    async def authors_since(
        self, guild_id: int, since: date, posted: Collection[int] = ()
    ) -> dict[tuple[int, int], dict[date, Tally]]:
        """Who drafted in a server on the local days from `since` on, and for which account, by local day."""
        content, conversation = _numbers(posted)
        rows = await self._database.read(
            lambda raw: raw.execute(
                # Left to itself, SQLite reads all days of the server, by the primary key.
                f"SELECT author_id, account_id, local_day, {content}, {conversation}"  # noqa: S608
                " FROM tallies INDEXED BY tallies_by_day WHERE guild_id = :guild_id AND local_day >= :since",
                {"guild_id": guild_id, "since": since.isoformat(), "posted": json.dumps(list(posted))},
            ).fetchall()
        )
        return _by_author(rows)

    async def authors_from(
        self, guild_id: int, first: date, posted: Collection[int] = ()
    ) -> dict[tuple[int, int], Tally]:
        """What each author drafted for each account of a server on the days from `first` on, all together.

        Of the accounts in `posted`, only what was posted.
        """
        content, conversation = _numbers(posted)
        rows = await self._database.read(
            lambda raw: raw.execute(
                f"SELECT author_id, account_id, sum({content}), sum({conversation})"  # noqa: S608
                " FROM tallies INDEXED BY tallies_by_day WHERE guild_id = :guild_id AND local_day >= :first"
                " GROUP BY author_id, account_id",
                {"guild_id": guild_id, "first": first.isoformat(), "posted": json.dumps(list(posted))},
            ).fetchall()
        )
        return {(row[0], row[1]): Tally(row[2], row[3]) for row in rows}

    async def by_account(
        self, guild_id: int, author_id: int, first: date, last: date, posted: Collection[int] = ()
    ) -> list[tuple[int, Tally]]:
        """What an author drafted for each account from one local day to another, most first."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT account_id, sum(content), sum(conversation), sum(content_out), sum(conversation_out)"
                " FROM tallies WHERE guild_id = ? AND author_id = ? AND local_day BETWEEN ? AND ?"
                " GROUP BY account_id",
                (guild_id, author_id, first.isoformat(), last.isoformat()),
            ).fetchall()
        )
        found = [(row[0], Tally(*(row[3:] if row[0] in posted else row[1:3]))) for row in rows]
        return sorted((one for one in found if any(one[1])), key=lambda one: (-one[1].drafts, one[0]))

    async def went_out(
        self, guild_id: int, author_id: int, first: date, last: date, account_id: int | None = None
    ) -> WentOut:
        """How many thoughts an author drafted from one local day to another, and how many of those were posted.

        With `account_id`, only those for this account.
        """
        row = await self._database.read(
            lambda raw: raw.execute(
                "SELECT coalesce(sum(content + conversation), 0), coalesce(sum(content_out + conversation_out), 0)"
                " FROM tallies WHERE guild_id = ?1 AND author_id = ?2"
                " AND local_day BETWEEN ?3 AND ?4 AND (CAST(?5 AS BIGINT) IS NULL OR account_id = ?5)",
                (guild_id, author_id, first.isoformat(), last.isoformat(), account_id),
            ).fetchone()
        )
        return WentOut(*row)

    async def in_channels(
        self, guild_id: int, channel_ids: Collection[int], since: date, posted: Collection[int] = ()
    ) -> dict[tuple[int, int], dict[date, Tally]]:
        """What was drafted in some channels and threads, by author and account, and local day from `since` on."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                f"SELECT author_id, account_id, local_day, {COUNTED_ALL} FROM drafts"  # noqa: S608
                # One parameter for all of them: a server may have more threads than SQLite takes parameters.
                " WHERE channel_id IN (SELECT value FROM json_each(?)) AND guild_id = ? AND local_day >= ?"
                " AND label IS NOT NULL AND counts = 1"
                " AND (counts_out = 1 OR account_id NOT IN (SELECT value FROM json_each(?)))"
                " GROUP BY author_id, account_id, local_day",
                (json.dumps(list(channel_ids)), guild_id, since.isoformat(), json.dumps(list(posted))),
            ).fetchall()
        )
        return _by_author(rows)

    async def days_people_and_kinds(
        self,
        guild_id: int,
        authors: Sequence[tuple[int, date, date, date]],
        account_id: int | None = None,
        posted: Collection[int] = (),
    ) -> list[tuple[dict[date, Tally], int, list[KindCount]]]:
        """Authors' tallies by local day, how many people they talked with, and the kinds of their drafts.

        All of them are read at one moment, so that they agree.

        Args:
            guild_id: the server.
            authors: each author, with the first local day for the tallies, for the people named in conversation
                drafts, and for the kinds.
            account_id: only for this account; None for all together.
            posted: the accounts of which only what was posted counts.
        """
        return await self._database.read(
            lambda raw: [
                (
                    days_of(raw, guild_id, author, since, account_id, posted),
                    people_of(raw, guild_id, author, people_since, account_id, posted),
                    kinds_of(raw, guild_id, author, kinds_since, account_id, posted),
                )
                for author, since, people_since, kinds_since in authors
            ]
        )

    async def recount(self) -> list[str]:
        """What differs between tallies and drafts, or counts where it shouldn't: a line for each difference."""
        return await self._database.read(differences)


def days_of(
    raw: Connection,
    guild_id: int,
    author_id: int,
    since: date,
    account_id: int | None = None,
    posted: Collection[int] = (),
) -> dict[date, Tally]:
    """An author's tallies by local day from `since` on, for an account or, for None, for all together.

    Of the accounts in `posted`, only what was posted counts.
    """
    content, conversation = _numbers(posted)
    values = {
        "guild_id": guild_id,
        "author_id": author_id,
        "since": since.isoformat(),
        "account_id": account_id,
        "posted": json.dumps(list(posted)),
    }
    which = "FROM tallies WHERE guild_id = :guild_id AND author_id = :author_id AND local_day >= :since"
    if account_id is None:
        rows = raw.execute(
            f"SELECT local_day, sum({content}), sum({conversation}) {which} GROUP BY local_day ORDER BY local_day",
            values,
        )
    else:
        rows = raw.execute(
            f"SELECT local_day, {content}, {conversation} {which} AND account_id = :account_id ORDER BY local_day",
            values,
        )
    return _by_day(rows)


def account_days_of(
    raw: Connection, guild_id: int, account_id: int, since: date, posted: Collection[int] = ()
) -> dict[date, Tally]:
    """The tallies of all members for an account together, by local day from `since` on; as `days_of`."""
    content, conversation = OUT if account_id in posted else ALL
    if account_id:
        rows = raw.execute(
            f"SELECT local_day, {content}, {conversation} FROM account_tallies"  # noqa: S608
            " WHERE guild_id = ? AND account_id = ? AND local_day >= ? ORDER BY local_day",
            (guild_id, account_id, since.isoformat()),
        )
    else:
        # The unnamed account has what is left of the server's.
        rows = raw.execute(
            "SELECT local_day, sum(content), sum(conversation) FROM ("  # noqa: S608
            f"SELECT local_day, {content} AS content, {conversation} AS conversation FROM server_tallies"
            " WHERE guild_id = ?1 AND local_day >= ?2"
            f" UNION ALL SELECT local_day, -{content}, -{conversation} FROM account_tallies"
            " WHERE guild_id = ?1 AND local_day >= ?2) AS days"
            " GROUP BY local_day HAVING sum(content) + sum(conversation) > 0 ORDER BY local_day",
            (guild_id, since.isoformat()),
        )
    return _by_day(rows)


def _numbers(posted: Collection[int]) -> tuple[str, str]:
    """What counts of a tally of each label; the parameter `:posted` has the accounts as a JSON list."""
    if not posted:
        return ALL
    only = "account_id IN (SELECT value FROM json_each(:posted))"
    content, conversation = (
        f"CASE WHEN {only} THEN {out} ELSE {all_} END" for all_, out in zip(ALL, OUT, strict=True)
    )
    return content, conversation


def _by_author(rows: Iterable[tuple[int, int, str, int, int]]) -> dict[tuple[int, int], dict[date, Tally]]:
    found: dict[tuple[int, int], dict[date, Tally]] = {}
    for author, account, day, content, conversation in rows:
        if content or conversation:
            found.setdefault((author, account), {})[date.fromisoformat(day)] = Tally(content, conversation)
    return found


def _by_day(rows: Iterable[tuple[str, int, int]]) -> dict[date, Tally]:
    return {
        date.fromisoformat(day): Tally(content, conversation)
        for day, content, conversation in rows
        # Perhaps nothing of it was posted.
        if content or conversation
    }


def people_of(
    raw: Connection,
    guild_id: int,
    author_id: int,
    since: date,
    account_id: int | None = None,
    posted: Collection[int] = (),
) -> int:
    """How many people the conversation drafts of an author name from the local day `since` on; as `days_of`."""
    row = raw.execute(
        "SELECT count(DISTINCT person) FROM drafts JOIN addressed USING (message_id)"
        " WHERE guild_id = ?1 AND author_id = ?2 AND local_day >= ?3 AND label = 'conversation'"
        " AND (CAST(?4 AS BIGINT) IS NULL OR account_id = ?4)"
        " AND (out_at IS NOT NULL OR account_id NOT IN (SELECT value FROM json_each(?5)))",
        (guild_id, author_id, since.isoformat(), account_id, json.dumps(list(posted))),
    ).fetchone()
    return row[0]


def kinds_of(
    raw: Connection,
    guild_id: int,
    author_id: int,
    since: date,
    account_id: int | None = None,
    posted: Collection[int] = (),
) -> list[KindCount]:
    """How many counted drafts of an author have which label and kind, by local day; arguments as for `days_of`."""
    rows = raw.execute(
        "SELECT local_day, label, kind, count(*) FROM drafts"
        " WHERE guild_id = ?1 AND author_id = ?2 AND local_day >= ?3 AND label IS NOT NULL"
        " AND counts = 1 AND (CAST(?4 AS BIGINT) IS NULL OR account_id = ?4)"
        " AND (counts_out = 1 OR account_id NOT IN (SELECT value FROM json_each(?5)))"
        " GROUP BY local_day, label, kind",
        (guild_id, author_id, since.isoformat(), account_id, json.dumps(list(posted))),
    )
    return [KindCount(date.fromisoformat(row[0]), Label(row[1]), Kind(row[2]), row[3]) for row in rows]


Key = tuple[int, int, str, int]
"""Whose tally of which local day: server, author, day, account."""


def count(raw: Connection, key: Key, label: str, *, out: bool = False) -> None:
    """Add one draft to its author's day, within a write unit; `out` says whether it counts as posted."""
    _add(raw, key, label, 1, out)


def uncount(raw: Connection, row: Row) -> None:
    """Take a stored draft out of its author's day, within a write unit."""
    _add(raw, key_of(row), row["label"], -1, bool(row["counts_out"]))


def _add(raw: Connection, key: Key, label: str, number: int, out: bool) -> None:
    content, conversation = number * (label == Label.CONTENT), number * (label == Label.CONVERSATION)
    shift(raw, key, content, conversation, content * out, conversation * out)


def key_of(row: Row) -> Key:
    """Whose tally of which day a stored draft is in."""
    return row["guild_id"], row["author_id"], row["local_day"], row["account_id"]


def shift(
    raw: Connection,
    key: Key,
    content: int,
    conversation: int,
    content_out: int = 0,
    conversation_out: int = 0,
) -> None:
    """Add to a tally, or subtract from it, within a write unit; `…_out` is how many of them were posted."""
    where = "WHERE guild_id = ? AND author_id = ? AND local_day = ? AND account_id = ?"
    numbers = (content, conversation, content_out, conversation_out)
    if content > 0 or conversation > 0:
        raw.execute(
            "INSERT INTO tallies"
            " (guild_id, author_id, local_day, account_id, content, conversation, content_out, conversation_out)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (guild_id, author_id, local_day, account_id) DO UPDATE"
            " SET content = tallies.content + excluded.content,"
            " conversation = tallies.conversation + excluded.conversation,"
            " content_out = tallies.content_out + excluded.content_out,"
            " conversation_out = tallies.conversation_out + excluded.conversation_out",
            (*key, *numbers),
        )
        return
    raw.execute(
        "UPDATE tallies SET content = content + ?, conversation = conversation + ?,"  # noqa: S608
        f" content_out = content_out + ?, conversation_out = conversation_out + ? {where}",
        (*numbers, *key),
    )
    raw.execute(f"DELETE FROM tallies {where} AND content = 0 AND conversation = 0", key)  # noqa: S608
