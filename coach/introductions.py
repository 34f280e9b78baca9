"""Introductions: the bot says once to a server, and once to each member, what it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from coach.members.cache import MemberCache
from coach.settings import Settings
from coach.store import Store
from coach.store.keys import member_hash

GREET_WITHIN = timedelta(days=1)
"""How long ago the bot may have joined a server to be greeted, so that outages don't cost the greeting.

Servers that it joined earlier know it, even if the database does not know them.
"""


class Introductions:
    """Decides who is told what the bot does. Each is put on record before it is said, so that none comes twice.

    Args:
        settings: the configuration.
        store: the open database.
        members: the cache of members.
        clock: gives the present, an aware time.
        secret: the key of the hashes, 1 to 64 bytes.
    """

    def __init__(
        self, settings: Settings, store: Store, members: MemberCache, clock: Callable[[], datetime], secret: bytes
    ) -> None:
        self._settings = settings
        self._store = store
        self._members = members
        self._clock = clock
        self._secret = secret

    async def greeting_due(self, guild_id: int, joined_at: datetime | None) -> bool:
        """Whether to greet a server; if so, that is on record from now on.

        Args:
            guild_id: the server.
            joined_at: when the bot joined it, aware; None if Discord doesn't say.
        """
        if not self._settings.introductions or joined_at is None:
            return False
        if self._clock() - joined_at > GREET_WITHIN or (await self._members.guild(guild_id)).greeted:
            return False
        await self._members.note_guild(guild_id)
        return await self._store.introductions.greet(guild_id)

    async def greeting_not_said(self, guild_id: int) -> None:
        """Record that a greeting was said nowhere: it is due again the next time."""
        await self._store.introductions.withdraw_greeting(guild_id)

    async def welcome_due(self, guild_id: int, member_id: int, message_id: int) -> bool:
        """Whether to tell the author of a draft that has just been recorded what its sign means.

        If so, that is on record from now on, and counts as one of the questions of their day.

        Args:
            guild_id: the server.
            member_id: the author.
            message_id: the draft.
        """
        if not self._settings.introductions:
            return False
        known = await self._members.get(guild_id, member_id)
        if known.member.welcomed:
            return False
        who = member_hash(guild_id, member_id, self._secret)
        day = known.preferences.day_of(self._clock())
        return await self._store.introductions.welcome(guild_id, member_id, who, message_id, day)
