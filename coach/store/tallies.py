"""Tallies: how many drafts of each label a member has on each local day, kept beside the drafts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from coach.balance.kinds import KindCount
from coach.balance.standing import Tally
from coach.labels import Kind, Label
from coach.store.database import Database


class TallyStore:
    """Reads `tallies`; they change in the same transaction as the drafts that they count."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def account_days(self, guild_id: int, account_id: int, since: date) -> dict[date, Tally]:
        """The tallies of all members for an account together, by local day from `since` on."""
        return await self._database.read(lambda raw: account_days_of(raw, guild_id, account_id, since))

    async def authors_since(self, guild_id: int, since: date) -> dict[tuple[int, int], dict[date, Tally]]:
        """Who drafted in a server on the local days from `since` on, and for which account, by local day."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                # Left to itself, SQLite reads all days of the server, by the primary key.
                "SELECT author_id, account_id, local_day, content, conversation"
                " FROM tallies INDEXED BY tallies_by_day WHERE guild_id = ? AND local_day >= ?",
                (guild_id, since.isoformat()),
            ).fetchall()
        )
        return _by_author(rows)

    async def authors_from(self, guild_id: int, first: date) -> dict[tuple[int, int], Tally]:
        """What each author drafted for each account of a server on the days from `first` on, all together."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT author_id, account_id, sum(content), sum(conversation)"
                " FROM tallies INDEXED BY tallies_by_day WHERE guild_id = ? AND local_day >= ?"
                " GROUP BY author_id, account_id",
                (guild_id, first.isoformat()),
            ).fetchall()
        )
        return {(row[0], row[1]): Tally(row[2], row[3]) for row in rows}

    async def by_account(self, guild_id: int, author_id: int, first: date, last: date) -> list[tuple[int, Tally]]:
        """What an author drafted for each account from one local day to another, most first."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT account_id, sum(content), sum(conversation) FROM tallies"
                " WHERE guild_id = ? AND author_id = ? AND local_day BETWEEN ? AND ? GROUP BY account_id"
                " ORDER BY sum(content + conversation) DESC, account_id",
                (guild_id, author_id, first.isoformat(), last.isoformat()),
            ).fetchall()
        )
        return [(row[0], Tally(row[1], row[2])) for row in rows]

    async def in_channels(
        self, guild_id: int, channel_ids: Collection[int], since: date
    ) -> dict[tuple[int, int], dict[date, Tally]]:
        """What was drafted in some channels and threads, by author and account, and local day from `since` on."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT author_id, account_id, local_day, sum(label = 'content'), sum(label = 'conversation')"
                " FROM drafts"
                # One parameter for all of them: a server may have more threads than SQLite takes parameters.
                " WHERE channel_id IN (SELECT value FROM json_each(?)) AND guild_id = ? AND local_day >= ?"
                " AND label IS NOT NULL AND counts GROUP BY author_id, account_id, local_day",
                (json.dumps(list(channel_ids)), guild_id, since.isoformat()),
            ).fetchall()
        )
        return _by_author(rows)

    async def days_people_and_kinds(
        self, guild_id: int, authors: Sequence[tuple[int, date, date, date]], account_id: int | None = None
    ) -> list[tuple[dict[date, Tally], int, list[KindCount]]]:
        """Authors' tallies by local day, how many people they talked with, and the kinds of their drafts.

        All of them are read at one moment, so that they agree.

        Args:
            guild_id: the server.
            authors: each author, with the first local day for the tallies, for the people named in conversation
                drafts, and for the kinds.
            account_id: only for this account; None for all together.
        """
        return await self._database.read(
            lambda raw: [
                (
                    days_of(raw, guild_id, author, since, account_id),
                    people_of(raw, guild_id, author, people_since, account_id),
                    kinds_of(raw, guild_id, author, kinds_since, account_id),
                )
                for author, since, people_since, kinds_since in authors
            ]
        )

    async def recount(self) -> list[str]:
        """What differs between tallies and drafts, or counts where it shouldn't: a line for each difference."""
        return await self._database.read(differences)


def days_of(
    raw: sqlite3.Connection, guild_id: int, author_id: int, since: date, account_id: int | None = None
) -> dict[date, Tally]:
    """An author's tallies by local day from `since` on, for an account or, for None, for all together."""
    key = (guild_id, author_id, since.isoformat())
    if account_id is None:
        rows = raw.execute(
            "SELECT local_day, sum(content), sum(conversation) FROM tallies"
            " WHERE guild_id = ? AND author_id = ? AND local_day >= ? GROUP BY local_day ORDER BY local_day",
            key,
        )
    else:
        rows = raw.execute(
            "SELECT local_day, content, conversation FROM tallies"
            " WHERE guild_id = ? AND author_id = ? AND local_day >= ? AND account_id = ? ORDER BY local_day",
            (*key, account_id),
        )
    return _by_day(rows)


def account_days_of(raw: sqlite3.Connection, guild_id: int, account_id: int, since: date) -> dict[date, Tally]:
    """The tallies of all members for an account together, by local day from `since` on."""
    if account_id:
        rows = raw.execute(
            "SELECT local_day, content, conversation FROM account_tallies"
            " WHERE guild_id = ? AND account_id = ? AND local_day >= ? ORDER BY local_day",
            (guild_id, account_id, since.isoformat()),
        )
    else:
        # The unnamed account has what is left of the server's.
        rows = raw.execute(
            "SELECT local_day, sum(content), sum(conversation) FROM ("
            "SELECT local_day, content, conversation FROM server_tallies WHERE guild_id = ?1 AND local_day >= ?2"
            " UNION ALL SELECT local_day, -content, -conversation FROM account_tallies"
            " WHERE guild_id = ?1 AND local_day >= ?2)"
            " GROUP BY local_day HAVING sum(content) + sum(conversation) > 0 ORDER BY local_day",
            (guild_id, since.isoformat()),
        )
    return _by_day(rows)


def _by_author(rows: Iterable[tuple[int, int, str, int, int]]) -> dict[tuple[int, int], dict[date, Tally]]:
    found: dict[tuple[int, int], dict[date, Tally]] = {}
    for author, account, day, content, conversation in rows:
        found.setdefault((author, account), {})[date.fromisoformat(day)] = Tally(content, conversation)
    return found


def _by_day(rows: Iterable[tuple[str, int, int]]) -> dict[date, Tally]:
    return {date.fromisoformat(day): Tally(content, conversation) for day, content, conversation in rows}


def people_of(
    raw: sqlite3.Connection, guild_id: int, author_id: int, since: date, account_id: int | None = None
) -> int:
    """How many people the conversation drafts of an author name from the local day `since` on; as `days_of`."""
    row = raw.execute(
        "SELECT count(DISTINCT person) FROM drafts JOIN addressed USING (message_id)"
        " WHERE guild_id = ?1 AND author_id = ?2 AND local_day >= ?3 AND label = 'conversation'"
        " AND (?4 IS NULL OR account_id = ?4)",
        (guild_id, author_id, since.isoformat(), account_id),
    ).fetchone()
    return row[0]


def kinds_of(
    raw: sqlite3.Connection, guild_id: int, author_id: int, since: date, account_id: int | None = None
) -> list[KindCount]:
    """How many counted drafts of an author have which label and kind, by local day; arguments as for `days_of`."""
    rows = raw.execute(
        "SELECT local_day, label, kind, count(*) FROM drafts"
        " WHERE guild_id = ?1 AND author_id = ?2 AND local_day >= ?3 AND label IS NOT NULL"
        " AND counts AND (?4 IS NULL OR account_id = ?4) GROUP BY local_day, label, kind",
        (guild_id, author_id, since.isoformat(), account_id),
    )
    return [KindCount(date.fromisoformat(row[0]), Label(row[1]), Kind(row[2]), row[3]) for row in rows]


def differences(raw: sqlite3.Connection) -> list[str]:
    """What differs between tallies and drafts, or counts where it shouldn't: a line for each difference."""
    # Not a join: SQLite compares every row of a full join with every other, which takes hours for a million
    # drafts.
    rows = raw.execute(
        "SELECT guild_id, author_id, local_day, account_id, sum(t_content), sum(t_conversation), sum(d_content),"
        " sum(d_conversation) FROM ("
        "SELECT guild_id, author_id, local_day, account_id, content AS t_content, conversation AS t_conversation,"
        " 0 AS d_content, 0 AS d_conversation, 1 AS tallied, 0 AS drafted FROM tallies"
        " UNION ALL SELECT guild_id, author_id, local_day, account_id, 0, 0, sum(label = 'content'),"
        " sum(label = 'conversation'), 0, 1 FROM drafts WHERE label IS NOT NULL AND counts"
        " GROUP BY guild_id, author_id, local_day, account_id)"
        " GROUP BY guild_id, author_id, local_day, account_id"
        " HAVING sum(t_content) <> sum(d_content) OR sum(t_conversation) <> sum(d_conversation)"
        " OR sum(tallied) <> sum(drafted)"
    ).fetchall()
    return (
        [
            f"server {r[0]}, author {r[1]}, {r[2]}{f', account {r[3]}' if r[3] else ''}: tallies say {r[4]}"
            f" content and {r[5]} conversation, drafts say {r[6]} and {r[7]}"
            for r in rows
        ]
        + [
            f"server {r[0]}, {r[1]}: the server's tally is not the sum of its members'"
            for r in raw.execute(
                "SELECT guild_id, local_day FROM ("
                "SELECT guild_id, local_day, content, conversation FROM server_tallies"
                " UNION ALL SELECT guild_id, local_day, -content, -conversation FROM tallies)"
                " GROUP BY guild_id, local_day HAVING sum(content) <> 0 OR sum(conversation) <> 0"
            )
        ]
        + [
            f"server {r[0]}, account {r[1]}, {r[2]}: the account's tally is not the sum of its members'"
            for r in raw.execute(
                "SELECT guild_id, account_id, local_day FROM ("
                "SELECT guild_id, account_id, local_day, content, conversation FROM account_tallies"
                " UNION ALL SELECT guild_id, account_id, local_day, -content, -conversation FROM tallies"
                " WHERE account_id <> 0)"
                " GROUP BY guild_id, account_id, local_day HAVING sum(content) <> 0 OR sum(conversation) <> 0"
            )
        ]
        + _disagreements(raw)
    )


def _disagreements(raw: sqlite3.Connection) -> list[str]:
    """Where what counts disagrees with the thoughts: a line for each thought or draft."""
    newest = "max(message_id) FILTER (WHERE label IS NOT NULL)"
    return (
        [
            f"server {r[0]}, thought {r[1]}: what counts is not its newest draft alone, or it is not one author's"
            " for one account"
            for r in raw.execute(
                "SELECT guild_id, thought FROM drafts WHERE thought IS NOT NULL GROUP BY guild_id, thought"  # noqa: S608
                f" HAVING max(message_id) FILTER (WHERE counts) IS NOT {newest}"
                f" OR sum(counts) <> ({newest} IS NOT NULL) OR count(DISTINCT author_id) > 1"
                " OR count(DISTINCT account_id) > 1"
            )
        ]
        + [
            f"server {r[0]}, draft {r[1]}: does not count, but is a thought of its own"
            for r in raw.execute("SELECT guild_id, message_id FROM drafts WHERE thought IS NULL AND NOT counts")
        ]
        + [
            f"server {r[0]}, thread {r[1]}: not all of it is one thought"
            for r in raw.execute(
                "SELECT guild_id, thread FROM drafts WHERE thread IS NOT NULL GROUP BY guild_id, thread"
                " HAVING count(DISTINCT thought) <> 1 OR count(thought) < count(*)"
            )
        ]
    )


Key = tuple[int, int, str, int]
"""Whose tally of which local day: server, author, day, account."""


def count(raw: sqlite3.Connection, key: Key, label: str) -> None:
    """Add one draft to its author's day, within a write unit."""
    shift(raw, key, int(label == Label.CONTENT), int(label == Label.CONVERSATION))


def uncount(raw: sqlite3.Connection, row: sqlite3.Row) -> None:
    """Take a stored draft out of its author's day, within a write unit."""
    shift(raw, key_of(row), -int(row["label"] == Label.CONTENT), -int(row["label"] == Label.CONVERSATION))


def key_of(row: sqlite3.Row) -> Key:
    """Whose tally of which day a stored draft is in."""
    return row["guild_id"], row["author_id"], row["local_day"], row["account_id"]


def shift(raw: sqlite3.Connection, key: Key, content: int, conversation: int) -> None:
    """Add to a tally, or subtract from it, within a write unit."""
    where = "WHERE guild_id = ? AND author_id = ? AND local_day = ? AND account_id = ?"
    if content > 0 or conversation > 0:
        raw.execute(
            "INSERT INTO tallies (guild_id, author_id, local_day, account_id, content, conversation)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (guild_id, author_id, local_day, account_id) DO UPDATE"
            " SET content = content + excluded.content, conversation = conversation + excluded.conversation",
            (*key, content, conversation),
        )
        return
    raw.execute(
        f"UPDATE tallies SET content = content + ?, conversation = conversation + ? {where}",  # noqa: S608
        (content, conversation, *key),
    )
    raw.execute(f"DELETE FROM tallies {where} AND content = 0 AND conversation = 0", key)  # noqa: S608
