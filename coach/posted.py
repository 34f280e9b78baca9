"""Posted drafts: marked by their authors, and the reminder to come back and answer those who replied."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from coach import wording_refusals
from coach.errors import Refused
from coach.labels import Label
from coach.members.cache import MemberCache
from coach.nudging.policy import Shown, hushed
from coach.settings import Nudges, NudgeWhere
from coach.shards import Shards
from coach.store import Comeback, Store, StoredDraft, Unanswered

log = logging.getLogger(__name__)

LATEST = timedelta(days=1)
"""How late a reminder may still come, after quiet hours, a snooze, a day with its cap of nudges, or an outage."""


class Posted:
    """Marks drafts as posted, and says which reminders are due; the sending is the caller's.

    The path of a reminder: `due`, `claim` right before it is sent, and once Discord has it, its message goes on
    record (`coach.replies.Replies.note_sent`). One that got no answer comes from `unanswered`, to be looked for:
    if it isn't in its channel, `give_back` makes it due again. `coach.summaries.Summaries` says how this goes with
    several runs of the bot.

    Args:
        settings: how long after a draft was posted the reminder comes.
        store: the open database.
        members: the cache of members.
        clock: gives the present, an aware time.
        shards: the servers that this process serves; None for all.
    """

    def __init__(
        self,
        settings: Nudges,
        store: Store,
        members: MemberCache,
        clock: Callable[[], datetime],
        shards: Shards | None = None,
    ) -> None:
        self._store = store
        self._members = members
        self._clock = clock
        self._shards = shards
        self._wait = timedelta(hours=settings.come_back_hours)

    async def mark(self, draft: StoredDraft, *, posted: bool | None) -> StoredDraft:
        """Mark a draft as posted or not; for None, as what it was not.

        Args:
            draft: one that somebody may change, see `coach.corrections.Corrections.find`.
            posted: what it is.

        Returns:
            The draft as it is now.

        Raises:
            Refused: it has been deleted meanwhile.
        """

        def wanted(current: StoredDraft) -> bool:
            return current.out_at is None if posted is None else posted

        marked = await self._store.comebacks.mark(
            draft.guild_id, draft.message_id, wanted, self._clock(), self._wait
        )
        if marked is None:
            raise Refused(wording_refusals.JUST_DELETED)
        return marked

    async def signed(self, guild_id: int, message_id: int, actor_id: int, *, posted: bool) -> bool:
        """Mark a draft by the sign that somebody adds to it, or as not posted when they remove it.

        Only its author does, unless they have paused the bot.

        Returns:
            Whether it is their draft, and is marked so now.
        """
        draft = await self._store.drafts.get(guild_id, message_id)
        if draft is None or draft.author_id != actor_id:
            return False
        if (await self._members.preferences(guild_id, actor_id)).paused:
            return False
        try:
            await self.mark(draft, posted=posted)
        except Refused:
            return False
        return True

    async def due(self) -> list[tuple[Comeback, NudgeWhere]]:
        """The reminders that may come now, and where each goes; those that can't come any more are dropped."""
        now = self._clock()
        found: list[tuple[Comeback, NudgeWhere]] = []
        for comeback in await self._store.comebacks.due(now):
            draft = comeback.draft
            if self._shards is not None and not self._shards.covers(draft.guild_id):
                continue  # Another process sends it.
            known = await self._members.get(draft.guild_id, draft.author_id)
            where = known.preferences.nudge_where
            wanted = known.member.comes_back and not known.member.paused and where in ("reply", "dm")
            too_late = comeback.had or now - comeback.due > LATEST
            if not wanted or draft.label is not Label.CONTENT or too_late:
                await self._store.comebacks.drop(draft.message_id)
                continue
            history = await self._store.nudges.latest(draft.guild_id, draft.author_id)
            if hushed(history, known.preferences.nudge_policy, now) is None:
                found.append((comeback, where))
        return found

    async def drop(self, draft: StoredDraft) -> None:
        """Forget a reminder that can't come, unless it was claimed."""
        await self._store.comebacks.drop(draft.message_id)

    async def choose_comebacks(self, guild_id: int, member_id: int, on: bool) -> None:
        """Choose whether a member is reminded to answer those who replied to what they posted."""
        await self._store.members.change(guild_id, member_id, comes_back=on, **({"dm": None} if on else {}))

    async def unanswered(self) -> list[Unanswered]:
        """The reminders that were about to be sent, of which it isn't known whether Discord took them.

        Without those that another run of the bot may still be sending.
        """
        now, run = self._clock(), self._store.run
        return [
            one
            for one in await self._store.comebacks.unanswered()
            if not one.claim.is_left_alone(run, now)
            and (self._shards is None or self._shards.covers(one.draft.guild_id))
        ]

    async def give_back(self, one: Unanswered) -> None:
        """Make a reminder that Discord doesn't have due again, unless another run of the bot sees to it."""
        await self._store.comebacks.give_back(one)

    async def claim(self, draft: StoredDraft, channel_id: int) -> bool:
        """Put on record, right before it is sent, that a reminder goes out.

        Args:
            draft: its draft.
            channel_id: where it goes.

        Returns:
            False if it must not be sent now.
        """
        now = self._clock()
        policy = (await self._members.preferences(draft.guild_id, draft.author_id)).nudge_policy

        def may(history: Sequence[Shown]) -> bool:
            return hushed(history, policy, now) is None

        return await self._store.comebacks.claim(draft, channel_id, now, may)
