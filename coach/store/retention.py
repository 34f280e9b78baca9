"""Retention: erasing the data of servers that the bot has left, old drafts, and texts that are no longer kept."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from coach.shards import Shards
from coach.store.connection import Connection, Row
from coach.store.database import Database
from coach.store.past import erase_past
from coach.store.removals import remove_rows
from coach.store.removed_copies import change_copies
from coach.store.replies import forget_replies, orphan_replies

_WITH_TEXT = ('%"text": "%', '%"text":"%')
"""What the copy of a draft looks like if it has its text, as JSON with spaces and without: nearly none has."""

AT_ONCE = 500
"""Drafts that are erased in one unit; people who draft in the meantime hardly wait."""

TEXTS_AT_ONCE = 5_000
"""Texts that are erased in one unit; other processes on the same database wait for one unit only."""

_OF_GUILD = (
    "removed_drafts",
    "replies",
    "nudges",
    "occasions",
    "decisions",
    "comebacks",
    "summaries",
    "members",
    "tallies",
    "sketches",
    "changed_threads",
    "channels",
    "shown_tips",
    "other_languages",
    "questions_asked",
    "server_tips",
    "erased",
    "past_months",
    "imports",
    "account_goals",
    "account_numbers",
    "account_places",
    "accounts",
    "guilds",
)


class RetentionStore:
    """Erases what is too old, and records which servers the bot is in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note_present_guilds(self, guild_ids: Collection[int], now: datetime, ours: Shards) -> None:
        """Record which servers the bot is in; it has left the other servers of the same shards.

        Args:
            guild_ids: the servers that it is in.
            now: aware time.
            ours: the shards that these servers belong to; nothing is known about other shards.
        """
        present = set(guild_ids)

        def unit(raw: Connection) -> None:
            known = raw.execute("SELECT guild_id, left_at FROM guilds").fetchall()
            for guild_id, left_at in known:
                if guild_id in present and left_at is not None:
                    _return(raw, guild_id)
                elif guild_id not in present and left_at is None and ours.covers(guild_id):
                    _leave(raw, guild_id, now)

        await self._database.write(unit)

    async def note_return(self, guild_id: int) -> None:
        """Record that the bot is in a server again."""
        await self._database.write(lambda raw: _return(raw, guild_id))

    async def note_departure(self, guild_id: int, now: datetime) -> None:
        """Record that the bot is no longer in a server."""
        await self._database.write(lambda raw: _leave(raw, guild_id, now))

    async def left_before(self, moment: datetime) -> list[int]:
        """The servers that the bot left before an aware time, as far as is known."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT guild_id FROM guilds WHERE left_at < ?", (int(moment.timestamp()),)
            ).fetchall()
        )
        return [row[0] for row in rows]

    async def erase_server(self, guild_id: int) -> None:
        """Erase every row of a server."""
        # The bot is not there any more to delete what it said.
        await self._erase_drafts("guild_id = ?", guild_id, forget_replies)

        def unit(raw: Connection) -> None:
            for table in _OF_GUILD:
                raw.execute(f"DELETE FROM {table} WHERE guild_id = ?", (guild_id,))  # noqa: S608

        await self._database.write(unit)
        await self._database.checkpoint()

    async def erase_old(self, before: datetime) -> int:
        """Erase drafts with their counts, nudges and imports from before an aware time.

        Returns:
            How many drafts there were.
        """
        moment = int(before.timestamp())
        erased = await self._erase_drafts("posted_at < ?", moment, orphan_replies)

        def unit(raw: Connection) -> int:
            raw.execute("DELETE FROM nudges WHERE shown_at < ?", (moment,))
            raw.execute("DELETE FROM occasions WHERE due_at < ?", (moment,))
            raw.execute("DELETE FROM comebacks WHERE due_at < ?", (moment,))
            return erase_past(raw, before)

        imports = await self._database.write(unit)
        if erased or imports:
            await self._database.checkpoint()
        return erased

    async def erase_sketches(self, before: datetime) -> int:
        """Erase the sketches of drafts from before an aware time; return how many there were."""
        moment = int(before.timestamp())
        erased = await self._database.write(
            lambda raw: raw.execute("DELETE FROM sketches WHERE posted_at < ?", (moment,)).rowcount,
            keeps_members=True,
        )
        if erased:
            await self._database.checkpoint()
        return erased

    async def erase_texts(self) -> int:
        """Erase every stored text, and its traces in the files; return how many there were."""
        erased = 0
        while True:
            count = await self._database.write(
                lambda raw: (
                    raw.execute(
                        "UPDATE drafts SET text = NULL WHERE message_id IN"
                        " (SELECT message_id FROM drafts WHERE text IS NOT NULL LIMIT ?)",
                        (TEXTS_AT_ONCE,),
                    ).rowcount
                )
            )
            erased += count
            if count < TEXTS_AT_ONCE:
                break
        # The texts in the copies of removed drafts, too.
        erased += await self._database.write(
            lambda raw: sum(
                change_copies(raw, row[0], lambda draft: draft | {"text": None})
                for row in raw.execute(
                    "SELECT DISTINCT guild_id FROM removed_drafts WHERE record LIKE ? OR record LIKE ?", _WITH_TEXT
                ).fetchall()
            )
        )
        if erased:
            await self._database.checkpoint()
        return erased

    async def _erase_drafts(
        self, where: str, value: int, with_replies: Callable[[Connection, list[Row]], None]
    ) -> int:
        def unit(raw: Connection) -> int:
            rows = raw.execute(f"SELECT * FROM drafts WHERE {where} LIMIT {AT_ONCE}", (value,)).fetchall()  # noqa: S608
            with_replies(raw, rows)
            return remove_rows(raw, rows)

        erased = 0
        while True:
            count = await self._database.write(unit)
            erased += count
            if count < AT_ONCE:
                return erased


def _return(raw: Connection, guild_id: int) -> None:
    raw.execute("UPDATE guilds SET left_at = NULL WHERE guild_id = ?", (guild_id,))


def _leave(raw: Connection, guild_id: int, now: datetime) -> None:
    raw.execute(
        "UPDATE guilds SET left_at = ? WHERE guild_id = ? AND left_at IS NULL", (int(now.timestamp()), guild_id)
    )
