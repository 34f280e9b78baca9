"""Labels set by hand: who may, what it teaches the labeller, and how it is taken back."""

from __future__ import annotations

from coach.coach import Coach
from coach.errors import ONLY_AUTHOR, Refused
from coach.labels import Label
from coach.store import StoredDraft

GONE = "That draft has just been deleted."


class Corrections:
    """What authors, and those who manage the server, do to the labels of recorded drafts."""

    def __init__(self, coach: Coach) -> None:
        self._coach = coach

    async def find(self, guild_id: int, message_id: int, actor_id: int, *, manages: bool | None) -> StoredDraft:
        """A draft that somebody wants to see or change.

        Args:
            guild_id: the server in which they ask.
            message_id: the draft.
            actor_id: who asks.
            manages: whether they may manage the server; None where that does not help, and only the author may.

        Raises:
            Refused: it is no counted draft of this server, or not theirs.
        """
        stored = await self._coach.store.drafts.get(guild_id, message_id)
        if stored is None:
            raise Refused("That message is not counted as a draft, so it has no label.")
        if stored.author_id != actor_id and not manages:
            if manages is None:
                raise Refused(ONLY_AUTHOR)
            raise Refused("Only its author, or somebody who manages the server, may do that.")
        return stored

    async def correct(
        self,
        guild_id: int,
        message_id: int,
        label: Label | None,
        actor_id: int,
        text: str | None = None,
        *,
        manages: bool | None,
    ) -> StoredDraft:
        """Set a draft's label by hand; None says that it is not a draft.

        Args:
            guild_id: the server in which it is asked.
            message_id: the draft.
            label: what stands from now on.
            actor_id: who asks.
            text: the draft's text where the labeller may learn from it, see `learns`.
            manages: as for `find`.

        Returns:
            The draft as it stood before.

        Raises:
            Refused: as `find`.
        """
        stored = await self.find(guild_id, message_id, actor_id, manages=manages)
        await self._set(stored, label, actor_id, text)
        return stored

    async def flip(
        self, guild_id: int, message_id: int, actor_id: int, text: str | None, *, manages: bool | None
    ) -> tuple[StoredDraft, Label]:
        """Give a draft the other label by hand, or take back what was done by hand where that does the same.

        Args:
            guild_id: as for `correct`, like the others.
            message_id: the draft.
            actor_id: who asks.
            text: the draft's text where the labeller may learn from it.
            manages: as for `find`.

        Returns:
            The draft as it stood before, and the label that stands now.

        Raises:
            Refused: as `find`.
        """
        stored = await self.find(guild_id, message_id, actor_id, manages=manages)
        if stored.can_be_taken_back and actor_id == stored.author_id:
            return stored, await self._restore(stored)
        label = stored.label.other if stored.label else stored.likely
        await self._set(stored, label, actor_id, text)
        return stored, label

    async def choose(
        self,
        guild_id: int,
        message_id: int,
        label: Label,
        actor_id: int,
        text: str | None,
        *,
        manages: bool | None,
    ) -> None:
        """Give a draft a label by hand, or take back what was done by hand if that gives it the same.

        However often and however late it is chosen, this label stands afterwards.

        Args:
            guild_id: as for `correct`, like the others.
            message_id: the draft.
            label: the label.
            actor_id: who asks.
            text: the draft's text if the labeller may learn from it.
            manages: as for `find`.

        Raises:
            Refused: as `find`.
        """
        stored = await self.find(guild_id, message_id, actor_id, manages=manages)
        if stored.label is label and stored.labelled_by == "member":
            return
        if stored.label is label.other and stored.can_be_taken_back and actor_id == stored.author_id:
            await self._restore(stored)
        else:
            await self._set(stored, label, actor_id, text)

    async def count_again(self, guild_id: int, message_id: int, actor_id: int, *, manages: bool | None) -> None:
        """Count a draft again if it is set aside.

        Raises:
            Refused: as `find`.
        """
        stored = await self.find(guild_id, message_id, actor_id, manages=manages)
        if stored.label is None:
            await self._restore(stored)

    async def take_back(self, guild_id: int, message_id: int, actor_id: int, *, manages: bool | None) -> Label:
        """Count a draft again that was set aside, or give the model's label back; returns what stands now.

        Raises:
            Refused: as `find`.
        """
        return await self._restore(await self.find(guild_id, message_id, actor_id, manages=manages))

    async def may_look(self, draft: StoredDraft, actor_id: int) -> bool:
        """Whether somebody may have a draft's words looked at: others not while its author has paused the bot."""
        if actor_id == draft.author_id:
            return True
        return not (await self._coach.store.members.get(draft.guild_id, draft.author_id)).paused

    async def learns(self, draft: StoredDraft, actor_id: int) -> bool:
        """Whether a correction teaches: authors do, of their own drafts, unless they have paused the bot."""
        if actor_id != draft.author_id:
            return False
        return not (await self._coach.store.members.get(draft.guild_id, draft.author_id)).paused

    async def _set(self, draft: StoredDraft, label: Label | None, actor_id: int, text: str | None) -> None:
        lesson = None
        if label is not None and text and await self.learns(draft, actor_id):
            lesson = await self._coach.labelling.lesson(text, label)
        now = self._coach.clock()
        if not await self._coach.store.drafts.correct(draft.guild_id, draft.message_id, label, now, lesson):
            raise Refused(GONE)

    async def _restore(self, draft: StoredDraft) -> Label:
        label = await self._coach.store.drafts.take_back(draft.guild_id, draft.message_id)
        if label is None:
            raise Refused(GONE)
        return label
