"""Expiry: data is erased when the bot has left its server for long enough, or when it has grown old."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from coach.intake.read_progress import LOOK_BACK
from coach.settings import Retention
from coach.shards import Shards
from coach.store import Store
from coach.store.removals import COPIES_KEPT


class Expiry:
    """Erases what has been kept for as long as it may be.

    Args:
        store: the open database.
        keep: how long data is kept.
        sketches: how long sketches of drafts are kept.
        clock: gives the present, an aware time.
    """

    def __init__(self, store: Store, keep: Retention, sketches: timedelta, clock: Callable[[], datetime]) -> None:
        self._retention = store.retention
        self._removals = store.removals
        self._keep = keep
        self._sketches = sketches
        self._clock = clock

    async def note_left(self, guild_id: int) -> None:
        """Record that the bot was removed from a server."""
        await self._retention.note_departure(guild_id, self._clock())

    async def note_returned(self, guild_id: int) -> None:
        """Record that the bot is in a server, perhaps again."""
        await self._retention.note_return(guild_id)

    async def note_present(self, guild_ids: Collection[int], ours: Shards) -> None:
        """Record which servers the bot is in; it has left the others that it knows.

        Args:
            guild_ids: the servers.
            ours: the shards that these servers belong to; nothing is said of the servers of other shards.
        """
        await self._retention.note_present_guilds(guild_ids, self._clock(), ours)

    async def expired_servers(self) -> list[int]:
        """The servers that the bot left long enough ago, as far as is known."""
        return await self._retention.left_before(self._clock() - timedelta(days=self._keep.left_server_days))

    async def erase_server(self, guild_id: int) -> None:
        """Erase everything about a server."""
        await self._retention.erase_server(guild_id)

    async def erase_sketches(self, *, just_started: bool) -> None:
        """Erase the sketches that are older than the window in which drafts are compared.

        Right after a start they are kept for a day longer, as what was missed is compared with them.
        """
        spared = LOOK_BACK if just_started else timedelta()
        await self._retention.erase_sketches(self._clock() - self._sketches - spared)

    async def erase_old(self) -> int:
        """Erase old copies of removed drafts, and old drafts if their age has a limit; returns how many drafts."""
        now = self._clock()
        await self._removals.erase_copies(now - COPIES_KEPT)
        if not self._keep.draft_days:
            return 0
        return await self._retention.erase_old(now - timedelta(days=self._keep.draft_days))
