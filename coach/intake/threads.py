"""Threads: the parts of one are read again together when one has changed, as one label is for all of them."""

from __future__ import annotations

from collections.abc import Sequence

from coach.intake.drafts import Message
from coach.labelling.labelling_queue import LabellingQueue
from coach.members.cache import MemberCache
from coach.store import ChangedThread, Store

MOST_READ = 25
"""How many parts of a thread are read; of a longer one, its beginning and its end."""


class Threads:
    """Labels threads as a whole.

    Args:
        store: the open database.
        members: the cache of members.
        labelling: gives the labels.
    """

    def __init__(self, store: Store, members: MemberCache, labelling: LabellingQueue) -> None:
        self._store = store
        self._members = members
        self._labelling = labelling

    async def changed(self, guild_id: int) -> list[ChangedThread]:
        """The threads of a server that have to be read again."""
        found: list[ChangedThread] = []
        for thread in await self._store.thoughts.changed_threads(guild_id):
            member = (await self._members.get(guild_id, thread.author_id)).member
            if any(member.lets_read(message_id) for message_id in thread.parts):
                found.append(thread)
            else:
                await self._store.thoughts.leave_unread(thread)
        return found

    async def judge(self, guild_id: int, thread: ChangedThread, parts: Sequence[Message]) -> list[int]:
        """Label a thread by the words of its parts.

        If it has changed since it was found to be changed, it stays one that has to be read again.

        Args:
            guild_id: the server.
            thread: the thread.
            parts: those parts that could be read, oldest first.

        Returns:
            The ids of the drafts that have another label now.
        """
        author = await self._members.get(guild_id, thread.author_id)
        read = [part for part in parts if author.member.lets_read(part.message_id)]
        if not read:
            return []
        text = "\n\n".join(part.text for part in read)
        verdict = await self._labelling.label(text, author.personal, read[0].answering)
        return await self._store.thoughts.judge(guild_id, thread, verdict)


def to_read(thread: ChangedThread) -> list[int]:
    """The ids of the parts of a thread that are read, oldest first: all of them, or its opening and its close."""
    ids = list(thread.parts)
    opening = MOST_READ // 2 + 1
    return ids if len(ids) <= MOST_READ else ids[:opening] + ids[opening - MOST_READ :]
