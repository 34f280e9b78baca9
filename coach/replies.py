"""Replies: what the bot says on drafts, recorded before it is sent, so that it can be taken down again."""

from __future__ import annotations

from datetime import date

from coach import wording_refusals
from coach.errors import Refused
from coach.nudging.policy import Silence
from coach.store import Store, StoredDraft
from coach.store.replies import Reply, Says

MOST_SIGNS = 2_000
"""From how many drafts the signs are taken off when somebody has everything erased."""


class Replies:
    """Keeps what the bot has said on drafts, and where.

    Args:
        store: the open database.
    """

    def __init__(self, store: Store) -> None:
        self._replies = store.replies
        self._nudges = store.nudges
        self._decisions = store.decisions
        self._other_languages = store.other_languages
        self._drafts = store.drafts
        self._questions = store.questions

    async def begin(self, guild_id: int, message_id: int, author_id: int, says: Says) -> None:
        """Record a reply before it is sent; nothing is recorded if the draft is gone or has a reply.

        Args:
            guild_id: the server.
            message_id: the draft.
            author_id: the author, to whom it speaks.
            says: whether it is a question or a nudge.
        """
        await self._replies.begin(message_id, guild_id, author_id, says)

    async def is_wanted(self, message_id: int) -> bool:
        """Whether a reply that was begun is still to be sent: the matter may have been settled since."""
        return await self._replies.stands(message_id)

    async def note_sent(self, message_id: int, channel_id: int, reply_id: int, *, comeback: bool = False) -> bool:
        """Record where a reply stands.

        Args:
            message_id: the draft.
            channel_id: the channel of the reply, which may be a direct message.
            reply_id: the message that holds it.
            comeback: whether it is the reminder to come back and answer.

        Returns:
            False if the matter was settled while it was being sent, so that it has to be taken down.
        """
        return await self._replies.note_sent(message_id, channel_id, reply_id, comeback=comeback)

    async def note_not_sent(self, guild_id: int, message_id: int, author_id: int, says: Says) -> None:
        """Forget a reply that was begun but is not sent, and with it the nudge or question that nobody saw.

        Args:
            guild_id: the server.
            message_id: the draft.
            author_id: the author, for whom it was meant.
            says: whether it is a question or a nudge.
        """
        await self._replies.drop(message_id)
        await self._decisions.note(guild_id, message_id, Silence.NOT_SENT)
        if says == "nudge":
            await self._nudges.withdraw(message_id)
        else:
            await self._other_languages.withdraw(guild_id, author_id, message_id)
            await self._questions.give_back(guild_id, author_id)

    async def settle(self, message_id: int) -> None:
        """Record that a reply is no longer needed, so that it is taken down."""
        await self._replies.settle(message_id)

    async def note_answered(self, message_id: int) -> None:
        """Record that a reply's own button was used: it stays, and says what came of it."""
        await self._replies.note_answered(message_id)

    async def guild_of(self, message_id: int) -> int:
        """The server of the draft that a reply is on.

        Raises:
            Refused: there is no such reply.
        """
        reply = await self._replies.find(message_id)
        if reply is None:
            raise Refused(wording_refusals.NO_LONGER_ON_RECORD)
        return reply.guild_id

    async def signed(self, guild_id: int, author_id: int) -> list[StoredDraft]:
        """The newest drafts of somebody that have a sign, to be taken off once they are erased."""
        drafts = await self._drafts.recent(guild_id, author_id, date.min, MOST_SIGNS)
        return [draft for draft in drafts if draft.label is not None]

    async def to_take_down(self, guild_id: int) -> list[Reply]:
        """A server's replies on drafts that are gone or matters that are settled."""
        return await self._replies.over(guild_id)

    async def servers_to_take_down_in(self) -> list[int]:
        """The servers that have replies to be taken down."""
        return await self._replies.guilds_with_any_over()

    async def note_taken_down(self, message_id: int, *, comeback: bool = False) -> None:
        """Forget a reply that is gone from its channel, or never got there; `comeback` as for `note_sent`."""
        await self._replies.drop(message_id, comeback=comeback)
