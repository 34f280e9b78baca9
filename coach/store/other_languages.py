"""Other languages: whom the bot has asked about drafts that it can't read, and in which channels."""

from __future__ import annotations

from collections.abc import Collection

from coach.nudging.policy import Silence
from coach.shards import Shards
from coach.store.connection import Connection
from coach.store.database import Database
from coach.store.decisions import note_decision
from coach.store.replies import begin_reply


class OtherLanguageStore:
    """Reads and writes `other_languages`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(self, guild_id: int, message_id: int) -> bool:
        """Record that the author of a draft that can't be read is asked about it, and begin the question.

        For a draft in a thread, the channel is the one that the thread belongs to.

        Args:
            guild_id: the server.
            message_id: the draft.

        Returns:
            False if its author was asked in that channel before, or it is no longer on record; nothing is recorded
            then.
        """

        def unit(raw: Connection) -> bool:
            if not _note(raw, guild_id, message_id):
                return False
            [author_id] = raw.execute(
                "SELECT author_id FROM drafts WHERE message_id = ?", (message_id,)
            ).fetchone()
            note_decision(raw, guild_id, author_id, message_id, Silence.QUESTION)
            return begin_reply(raw, message_id, guild_id, author_id, "question")

        return await self._database.write(unit, keeps_members=True)

    async def leave(self, guild_id: int, message_id: int) -> None:
        """Record that the author of a draft has been asked in its channel, if that is not on record."""
        await self._database.write(lambda raw: _note(raw, guild_id, message_id), keeps_members=True)

    async def withdraw_unsent(self, ours: Shards) -> None:
        """Forget the questions that were begun and not sent when an earlier process ended.

        Args:
            ours: the shards whose servers' questions are meant; other processes may be sending those of the rest.
        """

        def unit(raw: Connection) -> None:
            rows = raw.execute(
                "SELECT guild_id, message_id FROM other_languages JOIN replies USING (guild_id, message_id)"
                " WHERE says = 'question' AND reply_id IS NULL"
            ).fetchall()
            for guild_id, message_id in rows:
                if ours.covers(guild_id):
                    key = (guild_id, message_id)
                    raw.execute("DELETE FROM other_languages WHERE guild_id = ? AND message_id = ?", key)
                    raw.execute(
                        "DELETE FROM replies WHERE guild_id = ? AND message_id = ? AND says <> 'comeback'", key
                    )

        await self._database.write(unit, keeps_members=True)

    async def withdraw(self, guild_id: int, author_id: int, message_id: int) -> None:
        """Record that the question about a draft did not get through."""
        await self._database.write(
            lambda raw: raw.execute(
                "DELETE FROM other_languages WHERE guild_id = ? AND author_id = ? AND message_id = ?",
                (guild_id, author_id, message_id),
            ),
            keeps_members=True,
        )

    async def ask_again(self, guild_id: int, author_id: int) -> None:
        """Forget where an author was asked, so that they are asked again."""
        await self._database.write(
            lambda raw: raw.execute(
                "DELETE FROM other_languages WHERE guild_id = ? AND author_id = ?", (guild_id, author_id)
            ),
            keeps_members=True,
        )

    async def channels(self, guild_id: int, author_id: int) -> list[int]:
        """The channels in which an author was asked."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT channel_id FROM other_languages WHERE guild_id = ? AND author_id = ? ORDER BY channel_id",
                (guild_id, author_id),
            ).fetchall()
        )
        return [row[0] for row in rows]


def forget_channels_asked_in(raw: Connection, guild_id: int, channel_ids: Collection[int]) -> None:
    """Forget who was asked in channels that are gone, within a write unit."""
    raw.executemany(
        "DELETE FROM other_languages WHERE guild_id = ? AND channel_id = ?",
        [(guild_id, channel_id) for channel_id in channel_ids],
    )


def _note(raw: Connection, guild_id: int, message_id: int) -> bool:
    insertion = raw.execute(
        "INSERT INTO other_languages (guild_id, author_id, channel_id, message_id)"
        " SELECT d.guild_id, d.author_id, coalesce(c.parent_id, d.channel_id), d.message_id"
        " FROM drafts d LEFT JOIN channels c USING (guild_id, channel_id)"
        " WHERE d.guild_id = ? AND d.message_id = ? ON CONFLICT DO NOTHING",
        (guild_id, message_id),
    )
    return insertion.rowcount == 1
