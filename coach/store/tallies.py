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

    async def server_days(self, guild_id: int, since: date) -> dict[date, Tally]:
        """The tallies of all members of a server together, by local day from `since` on."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT local_day, content, conversation FROM server_tallies"
                " WHERE guild_id = ? AND local_day >= ? ORDER BY local_day",
                (guild_id, since.isoformat()),
            ).fetchall()
        )
        return _by_day(rows)

    async def authors_since(self, guild_id: int, since: date) -> dict[int, dict[date, Tally]]:
        """Who drafted in a server on the local days from `since` on, with the tallies of each day."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                # Left to itself, SQLite reads all days of the server, by the primary key.
                "SELECT author_id, local_day, content, conversation FROM tallies INDEXED BY tallies_by_day"
                " WHERE guild_id = ? AND local_day >= ?",
                (guild_id, since.isoformat()),
            ).fetchall()
        )
        found: dict[int, dict[date, Tally]] = {}
        for author, day, content, conversation in rows:
            found.setdefault(author, {})[date.fromisoformat(day)] = Tally(content, conversation)
        return found

    async def in_channels(
        self, guild_id: int, channel_ids: Collection[int], since: date
    ) -> dict[int, dict[date, Tally]]:
        """What was drafted in some channels and threads of a server, by author and local day from `since` on."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT author_id, local_day, sum(label = 'content'), sum(label = 'conversation') FROM drafts"
                # One parameter for all of them: a server may have more threads than SQLite takes parameters.
                " WHERE channel_id IN (SELECT value FROM json_each(?)) AND guild_id = ? AND local_day >= ?"
                " AND label IS NOT NULL AND counts GROUP BY author_id, local_day",
                (json.dumps(list(channel_ids)), guild_id, since.isoformat()),
            ).fetchall()
        )
        found: dict[int, dict[date, Tally]] = {}
        for author, day, content, conversation in rows:
            found.setdefault(author, {})[date.fromisoformat(day)] = Tally(content, conversation)
        return found

    async def days_people_and_kinds(
        self, guild_id: int, authors: Sequence[tuple[int, date, date, date]]
    ) -> list[tuple[dict[date, Tally], int, list[KindCount]]]:
        """Authors' tallies by local day, how many people they talked with, and the kinds of their drafts.

        All of them are read at one moment, so that they agree.

        Args:
            guild_id: the server.
            authors: each author, with the first local day for the tallies, for the people named in conversation
                drafts, and for the kinds.
        """
        return await self._database.read(
            lambda raw: [
                (
                    days_of(raw, guild_id, author, since),
                    people_of(raw, guild_id, author, people_since),
                    kinds_of(raw, guild_id, author, kinds_since),
                )
                for author, since, people_since, kinds_since in authors
            ]
        )

    async def recount(self) -> list[str]:
        """What differs between tallies and drafts, or counts where it shouldn't: a line for each difference."""
        return await self._database.read(differences)


def days_of(raw: sqlite3.Connection, guild_id: int, author_id: int, since: date) -> dict[date, Tally]:
    """An author's tallies by local day from `since` on."""
    rows = raw.execute(
        "SELECT local_day, content, conversation FROM tallies"
        " WHERE guild_id = ? AND author_id = ? AND local_day >= ? ORDER BY local_day",
        (guild_id, author_id, since.isoformat()),
    )
    return _by_day(rows)


def _by_day(rows: Iterable[tuple[str, int, int]]) -> dict[date, Tally]:
    return {date.fromisoformat(day): Tally(content, conversation) for day, content, conversation in rows}


def people_of(raw: sqlite3.Connection, guild_id: int, author_id: int, since: date) -> int:
    """How many people the conversation drafts of an author name from the local day `since` on."""
    row = raw.execute(
        "SELECT count(DISTINCT person) FROM drafts JOIN addressed USING (message_id)"
        " WHERE guild_id = ? AND author_id = ? AND local_day >= ? AND label = 'conversation'",
        (guild_id, author_id, since.isoformat()),
    ).fetchone()
    return row[0]


def kinds_of(raw: sqlite3.Connection, guild_id: int, author_id: int, since: date) -> list[KindCount]:
    """How many counted drafts of an author have which label and kind, by local day from `since` on."""
    rows = raw.execute(
        "SELECT local_day, label, kind, count(*) FROM drafts"
        " WHERE guild_id = ? AND author_id = ? AND local_day >= ? AND label IS NOT NULL"
        " AND counts GROUP BY local_day, label, kind",
        (guild_id, author_id, since.isoformat()),
    )
    return [KindCount(date.fromisoformat(row[0]), Label(row[1]), Kind(row[2]), row[3]) for row in rows]


def differences(raw: sqlite3.Connection) -> list[str]:
    """What differs between tallies and drafts, or counts where it shouldn't: a line for each difference."""
    # Not a join: SQLite compares every row of a full join with every other, which takes hours for a million
    # drafts.
    rows = raw.execute(
        "SELECT guild_id, author_id, local_day, sum(t_content), sum(t_conversation), sum(d_content),"
        " sum(d_conversation) FROM ("
        "SELECT guild_id, author_id, local_day, content AS t_content, conversation AS t_conversation,"
        " 0 AS d_content, 0 AS d_conversation, 1 AS tallied, 0 AS drafted FROM tallies"
        " UNION ALL SELECT guild_id, author_id, local_day, 0, 0, sum(label = 'content'),"
        " sum(label = 'conversation'), 0, 1 FROM drafts WHERE label IS NOT NULL AND counts"
        " GROUP BY guild_id, author_id, local_day)"
        " GROUP BY guild_id, author_id, local_day"
        " HAVING sum(t_content) <> sum(d_content) OR sum(t_conversation) <> sum(d_conversation)"
        " OR sum(tallied) <> sum(drafted)"
    ).fetchall()
    return (
        [
            f"server {r[0]}, author {r[1]}, {r[2]}: tallies say {r[3]} content and {r[4]} conversation, "
            f"drafts say {r[5]} and {r[6]}"
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
        + _disagreements(raw)
    )


def _disagreements(raw: sqlite3.Connection) -> list[str]:
    """Where what counts disagrees with the thoughts: a line for each thought or draft."""
    newest = "max(message_id) FILTER (WHERE label IS NOT NULL)"
    return (
        [
            f"server {r[0]}, thought {r[1]}: what counts is not its newest draft alone, or it is not one author's"
            for r in raw.execute(
                "SELECT guild_id, thought FROM drafts WHERE thought IS NOT NULL GROUP BY guild_id, thought"  # noqa: S608
                f" HAVING max(message_id) FILTER (WHERE counts) IS NOT {newest}"
                f" OR sum(counts) <> ({newest} IS NOT NULL) OR count(DISTINCT author_id) > 1"
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


def count(raw: sqlite3.Connection, guild_id: int, author_id: int, local_day: str, label: str) -> None:
    """Add one draft to its author's day, within a write unit."""
    raw.execute(
        "INSERT INTO tallies (guild_id, author_id, local_day, content, conversation) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (guild_id, author_id, local_day) DO UPDATE"
        " SET content = content + excluded.content, conversation = conversation + excluded.conversation",
        (guild_id, author_id, local_day, int(label == Label.CONTENT), int(label == Label.CONVERSATION)),
    )


def uncount(raw: sqlite3.Connection, row: sqlite3.Row) -> None:
    """Take a stored draft out of its author's day, within a write unit."""
    key = (row["guild_id"], row["author_id"], row["local_day"])
    raw.execute(
        "UPDATE tallies SET content = content - ?, conversation = conversation - ?"
        " WHERE guild_id = ? AND author_id = ? AND local_day = ?",
        (int(row["label"] == Label.CONTENT), int(row["label"] == Label.CONVERSATION), *key),
    )
    raw.execute(
        "DELETE FROM tallies WHERE guild_id = ? AND author_id = ? AND local_day = ?"
        " AND content = 0 AND conversation = 0",
        key,
    )
