"""Past nudges: why a member's last drafts brought none, and whether nudges do anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from coach.members.cache import MemberCache
from coach.nudging.policy import gap_after
from coach.nudging.trial import Progress, compare, latest_look
from coach.store import Decision, Store, StoredDraft

MOST_TOLD = 10
"""How many drafts /why speaks of."""

RESULT_KEPT = timedelta(hours=1)
"""How long the trial's result is kept before it is worked out again, for all servers at once."""


class PastNudges:
    """Explains nudges and silences.

    Args:
        store: the open database.
        members: the cache of members.
        clock: gives the present, an aware time.
    """

    def __init__(self, store: Store, members: MemberCache, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._members = members
        self._clock = clock
        self._result: tuple[datetime, Progress] | None = None

    async def decisions(self, guild_id: int, member_id: int) -> list[Decision]:
        """What was decided on a member's last drafts, newest first."""
        return await self._store.decisions.latest(guild_id, member_id, MOST_TOLD)

    async def longer_wait(self, guild_id: int, member_id: int) -> timedelta | None:
        """The wait between two nudges while it is longer than the member or the operator chose; None if not."""
        policy = (await self._members.preferences(guild_id, member_id)).nudge_policy
        wait = gap_after(await self._store.nudges.latest(guild_id, member_id), policy)
        return wait if wait > policy.gap else None

    async def on(self, draft: StoredDraft, actor_id: int) -> Decision | None:
        """What was decided on a draft; None for anybody but its author, and if it is not kept any more."""
        if draft.author_id != actor_id:
            return None
        return await self._store.decisions.on(draft.guild_id, draft.author_id, draft.message_id)

    async def trial(self) -> Progress:
        """How far the trial is, over all servers; worked out once in a while."""
        now = self._clock()
        if self._result is None or now - self._result[0] >= RESULT_KEPT:
            self._result = now, await trial_so_far(self._store)
        return self._result[1]


async def trial_so_far(store: Store) -> Progress:
    """How far the trial is, over all servers of a database.

    It is about the occasions at the newest share held back on record: a mixture of shares would compare earlier
    times with later ones.
    """
    chance = await store.occasions.chance()
    if chance is None:
        return Progress(0, 0)
    occasions = await store.occasions.count(chance)
    look = latest_look(occasions)
    return Progress(occasions, look, compare(await store.occasions.by_author(chance, look), chance))
