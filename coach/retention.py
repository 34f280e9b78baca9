"""Retention: the data of servers that the bot has left, and old drafts, are erased in time."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta

from coach.settings import Retention
from coach.shards import Shards
from coach.store import Store
from coach.store.removals import COPIES_KEPT

log = logging.getLogger(__name__)


class DataRetention:
    """Keeps nothing longer than the settings say.

    Args:
        settings: how long data is kept.
        store: the open database.
        clock: gives the present, an aware time.
    """

    def __init__(self, settings: Retention, store: Store, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock

    async def left(self, guild_id: int) -> None:
        """Note that the bot is no longer in a server."""
        await self._store.retention.left(guild_id, self._clock())

    async def returned(self, guild_id: int) -> None:
        """Note that the bot is in a server, perhaps again."""
        await self._store.retention.returned(guild_id)

    async def note_present_guilds(self, guild_ids: Collection[int], ours: Shards) -> None:
        """Note the servers that the bot is in; it has left the others that it knows.

        Args:
            guild_ids: the servers.
            ours: the shards whose servers these are; of the others it is not known.
        """
        await self._store.retention.here(guild_ids, self._clock(), ours)

    async def tidy(self, has_left: Callable[[int], Awaitable[bool]]) -> None:
        """Erase what has been kept for long enough.

        Args:
            has_left: whether Discord says of a server that the bot is not in it.
        """
        now, keep = self._clock(), self._settings
        for guild_id in await self._store.retention.left_before(now - timedelta(days=keep.left_server_days)):
            if await has_left(guild_id):
                await self._store.retention.erase_server(guild_id)
                log.info("server %s: left long ago, its data is erased", guild_id)
        await self._store.removals.erase_copies(now - COPIES_KEPT)
        if keep.draft_days:
            erased = await self._store.retention.erase_old(now - timedelta(days=keep.draft_days))
            if erased:
                log.info("%s old drafts are erased", erased)
