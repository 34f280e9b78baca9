"""Reposts: a draft that an application has posted again for its author moves to that message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection

from coach.intake.drafts import Message
from coach.intake.proxies import Original, Proxies, as_author
from coach.intake.read_progress import ReadProgress
from coach.members.cache import MemberCache
from coach.nudging.advice import Advice
from coach.store import Store, StoredDraft
from coach.store.keys import member_hash
from coach.turns import Turns


class Reposts:
    """Sees what members and applications write and what is deleted, and moves drafts.

    Args:
        store: the open database.
        members: the cache of members.
        progress: which messages are deleted.
        proxies: which messages repeat which drafts.
        turns: who is doing something with which message.
        secret: the key of the hashes, 1 to 64 bytes.
        record: puts a message on record if it is a draft, without question or nudge; the caller has its turn.
        follow: labels a draft anew if its words have changed; the caller has its turn.
    """

    def __init__(
        self,
        store: Store,
        members: MemberCache,
        progress: ReadProgress,
        proxies: Proxies,
        turns: Turns,
        secret: bytes,
        record: Callable[[Message], Awaitable[object]],
        follow: Callable[[Message, StoredDraft], Awaitable[Advice | None]],
    ) -> None:
        self._store = store
        self._members = members
        self._progress = progress
        self._proxies = proxies
        self._turns = turns
        self._secret = secret
        self._record = record
        self._follow = follow
        self._moved: list[StoredDraft] = []

    async def known(self, message: Message) -> Message:
        """A message; if it is an application's and on record, as if the draft's author had sent it."""
        if message.application_id is None:
            return message
        stored = await self._store.drafts.get(message.guild_id, message.message_id)
        return message if stored is None else as_author(message, stored.author_id)

    async def may_repeat(self, message: Message) -> bool:
        """Whether a message may repeat somebody's draft, by where and when an application sent it."""
        return await self._proxies.sent(message) and await self._proxies.may_repeat(message)

    async def takes(self, message: Message) -> bool:
        """Whether an application sent a message. Then a draft moves to it, now or once the original is deleted."""
        if not await self._proxies.sent(message):
            return False
        self._proxies.note_repost(message)
        await self._proxies.note_late(message)
        await self._settle(message.guild_id)
        return True

    async def note(self, message: Message) -> None:
        """Remember what a member wrote or edited, if an application may post it again and the bot may read it."""
        if message.by_person and await self._proxies.named(message.guild_id):
            author = await self._members.get(message.guild_id, message.author_id)
            if author.member.lets_read(message.message_id):
                self._proxies.note_original(message)
                await self._settle(message.guild_id)
        elif message.application_id is not None:
            self._proxies.note_edit(message)

    async def gone(self, guild_id: int, message_ids: Collection[int], *, for_good: bool = False) -> set[int]:
        """Move what it can of messages that are deleted; return those that may still be posted again.

        Those are forgotten if they are gone `for_good`, and none is returned.
        """
        remembered = self._proxies.note_deleted(guild_id, message_ids)
        await self._settle(guild_id)
        for message_id in sorted(set(message_ids) - remembered):
            if (found := self._proxies.match_late(guild_id, message_id)) is not None:
                await self._move(*found)
        if for_good:
            self._proxies.forget(guild_id, message_ids)
        return self._proxies.note_deleted(guild_id, message_ids)

    def take_moved(self, guild_id: int) -> list[StoredDraft]:
        """The drafts of a server that have moved since this was last asked: each needs its sign."""
        moved = [draft for draft in self._moved if draft.guild_id == guild_id]
        self._moved = [draft for draft in self._moved if draft.guild_id != guild_id]
        return moved

    async def _settle(self, guild_id: int) -> None:
        """Move the drafts for which everything has come: the original, its deletion, and what repeats it."""
        while (found := self._proxies.match(guild_id)) is not None:
            await self._move(*found)

    async def _move(self, original: Original, repost: Message) -> None:
        """Move a deleted draft to the message that repeats it; if it was not recorded in time, record that one.

        There is no question and no nudge: those were decided on with the original.
        """
        guild_id, author_id = repost.guild_id, original.author_id
        message = as_author(repost, author_id, original.message)
        # The original comes first, as its own recording may wait for nothing else.
        async with self._turns.of(original.message_id), self._turns.of(repost.message_id):
            member = (await self._members.get(guild_id, author_id)).member
            if not (member.lets_read(original.message_id) and member.lets_read(repost.message_id)):
                return
            stored = await self._put(original, message)
            if stored is not None:
                await self._follow(message, stored)
            elif original.message is not None:
                who = member_hash(guild_id, author_id, self._secret)
                if not await self._store.erasures.is_erased(guild_id, who, original.message_id):
                    await self._record(message)
            stored = await self._store.drafts.get(guild_id, message.message_id)
        if stored is not None and stored.author_id == author_id:
            self._proxies.note_moved(original, message)
            self._moved.append(stored)
        elif self._progress.is_deleted(message):
            # It may have been posted anew.
            self._proxies.put_back(guild_id, original)

    async def _put(self, original: Original, message: Message) -> StoredDraft | None:
        """Move a draft in the store, unless the message is known to be deleted, as that is over and done with."""
        # Nothing is awaited between the check and the place in the queue of writes.
        if self._progress.is_deleted(message):
            return None
        return await self._store.reposts.move(message.guild_id, original.message_id, message.message_id)
