"""Introductions: which servers and members the bot has introduced itself to, put on record before it does."""

from __future__ import annotations

from datetime import date

from coach.store.connection import Connection
from coach.store.database import Database
from coach.store.erasures import was_erased
from coach.store.questions import ONE_MORE


class IntroductionStore:
    """Reads and writes `greeted` in `guilds` and `welcomed` in `members`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def greet(self, guild_id: int) -> bool:
        """Record that a server on record is greeted; False if it was before."""
        return await self._database.write(
            lambda raw: (
                raw.execute(
                    "UPDATE guilds SET greeted = 1 WHERE guild_id = ? AND greeted = 0", (guild_id,)
                ).rowcount
                == 1
            )
        )

    async def withdraw_greeting(self, guild_id: int) -> None:
        """Record that a greeting was said nowhere, as there is no channel for it."""
        await self._database.write(
            lambda raw: raw.execute("UPDATE guilds SET greeted = 0 WHERE guild_id = ?", (guild_id,))
        )

    async def welcome(self, guild_id: int, member_id: int, who: bytes, message_id: int, day: date) -> bool:
        """Record that a member needs no introduction from now on, and count it as one of the day's questions.

        Args:
            guild_id: the server.
            member_id: the author of a draft on record.
            who: a keyed hash of the member, to recognise their erasure by.
            message_id: that draft.
            day: their local day.

        Returns:
            Whether it is due now. False for those who know the bot: they had it, have other labelled drafts on
            record, had everything erased, or chose to get no nudges.
        """

        def unit(raw: Connection) -> bool:
            key = (guild_id, member_id)
            raw.execute("INSERT INTO members (guild_id, member_id) VALUES (?, ?) ON CONFLICT DO NOTHING", key)
            noted = raw.execute(
                "UPDATE members SET welcomed = 1 WHERE guild_id = ? AND member_id = ? AND welcomed = 0", key
            )
            if noted.rowcount == 0 or was_erased(raw, guild_id, who) or _knows_the_bot(raw, *key, message_id):
                return False
            raw.execute(
                "INSERT INTO questions_asked (guild_id, author_id, local_day, times)"  # noqa: S608
                f" VALUES (?, ?, ?, 1) {ONE_MORE}",
                (*key, day.isoformat()),
            )
            return True

        return await self._database.write(unit)


def _knows_the_bot(raw: Connection, guild_id: int, member_id: int, message_id: int) -> bool:
    """Whether a member has other labelled drafts on record than this one, or has turned nudges off."""
    return (
        raw.execute(
            "SELECT 1 FROM members WHERE guild_id = ?1 AND member_id = ?2 AND nudge_where = 'off'"
            " UNION ALL SELECT 1 FROM drafts WHERE guild_id = ?1 AND author_id = ?2 AND message_id <> ?3"
            " AND label IS NOT NULL LIMIT 1",
            (guild_id, member_id, message_id),
        ).fetchone()
        is not None
    )
