"""Labels on request: explained, and changed by hand; who may do that, and what it teaches the labeller."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from coach import wording_refusals
from coach.errors import NotCounted, Refused
from coach.labelling.labelling_queue import LabellingQueue
from coach.labels import Label, Verdict
from coach.members.cache import MemberCache
from coach.store import ByHand, Corrected, Store, StoredDraft


class Change(StrEnum):
    """What somebody wants done to a draft, if it is not simply a label."""

    OTHER_LABEL = "other label"
    """Give it the other label."""
    NOT_A_DRAFT = "not a draft"
    """Set it aside: it is no draft."""
    COUNT_AGAIN = "count again"
    """Count it again if it is set aside."""
    NOT_A_DRAFT_OR_BACK = "not a draft, or back"
    """Set it aside, or if it is set aside, count it again."""


class Corrections:
    """Explains labels, and changes them by hand, for authors and for those who manage the server.

    The path of a correction: `find` the draft; if the change `teaches`, get the draft's text; `change` the draft.

    Args:
        store: the open database.
        members: the cache of members.
        labelling: explains labels, and makes lessons of corrections.
        clock: gives the present, an aware time.
    """

    def __init__(
        self, store: Store, members: MemberCache, labelling: LabellingQueue, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._members = members
        self._labelling = labelling
        self._clock = clock

    async def check(
        self, guild_id: int | None, author_id: int | None, text: str, answering: bool = False
    ) -> Verdict:
        """The label of a text with its reasons; the text is not counted.

        Args:
            guild_id: the server; None outside of those that the bot is in.
            author_id: whose personal model to use, if in a server; None for the shared model alone.
            text: the text.
            answering: whether it is in a place for answers.

        Raises:
            Refused: it would take too long.
        """
        personal = None
        if guild_id is not None and author_id is not None:
            personal = (await self._members.get(guild_id, author_id)).personal
        try:
            return await self._labelling.explain(text, personal, answering)
        except TimeoutError:
            raise Refused(wording_refusals.TOO_BUSY) from None

    def changes(self) -> int:
        """A number that grows whenever a label on record, or what members and servers chose, may have changed."""
        return self._store.database.changes

    async def label_of(self, guild_id: int, message_id: int) -> Label | None:
        """The label on record of a message; None if it is not counted as a draft."""
        stored = await self._store.drafts.get(guild_id, message_id)
        return stored.label if stored is not None else None

    async def find(
        self, guild_id: int, message_id: int, actor_id: int, *, manages: bool = False, author_only: bool = False
    ) -> StoredDraft:
        """A draft that somebody wants to see or change.

        Args:
            guild_id: the server in which they ask.
            message_id: the draft.
            actor_id: who asks.
            manages: whether they may manage the server.
            author_only: whether even then only the author may.

        Raises:
            NotCounted: it is no counted draft of this server.
            Refused: it is not theirs.
        """
        stored = await self._store.drafts.get(guild_id, message_id)
        if stored is None:
            raise NotCounted(wording_refusals.NOT_COUNTED)
        if stored.author_id != actor_id:
            if author_only:
                raise Refused(wording_refusals.ONLY_AUTHOR)
            if not manages:
                raise Refused(wording_refusals.ONLY_AUTHOR_OR_MANAGERS)
        return stored

    async def may_look(self, draft: StoredDraft, actor_id: int) -> bool:
        """Whether somebody may have a draft's words looked at: others not while its author has paused the bot."""
        return actor_id == draft.author_id or not await self._paused(draft)

    async def teaches(self, draft: StoredDraft, wanted: Label | Change, actor_id: int) -> bool:
        """Whether a change teaches the labeller something, for which it needs the draft's text.

        Authors teach by the labels they set on their own drafts, unless they have paused the bot.
        """
        sets_label = isinstance(_decide(draft, wanted, actor_id), Label)
        return sets_label and actor_id == draft.author_id and not await self._paused(draft)

    async def change(
        self,
        draft: StoredDraft,
        wanted: Label | Change,
        actor_id: int,
        text: str | None = None,
        *,
        change: str = "",
        by_reply: bool = False,
    ) -> Corrected:
        """Change a draft's label by hand, or take back what was done by hand if that does the same.

        What that means is decided by the draft as it stands when it is written: however often and however late a
        label is chosen, that label stands afterwards.

        Args:
            draft: as `find` gave it.
            wanted: a label, or what else to do.
            actor_id: who wants it.
            text: the draft's text if the labeller may learn from it, see `teaches`.
            change: what to call this change, to undo it by.
            by_reply: whether a button on what the bot said on the draft does it: that then stays.

        Returns:
            The draft as it was right before, and the label that it has now.

        Raises:
            Refused: the draft has been deleted meanwhile.
        """
        lesson, label = None, _decide(draft, wanted, actor_id)
        # The author may have paused the bot while the text was being fetched.
        if text and isinstance(label, Label) and not await self._paused(draft):
            lesson = await self._labelling.lesson(text, label)
        corrected = await self._store.corrections.correct(
            draft.guild_id,
            draft.message_id,
            lambda current: _decide(current, wanted, actor_id),
            self._clock(),
            lesson,
            change=change,
            by_reply=by_reply,
        )
        if corrected is None:
            raise Refused(wording_refusals.JUST_DELETED)
        return corrected

    async def undo(self, draft: StoredDraft, change: str, *, by_reply: bool = False) -> Corrected:
        """Undo the last thing that was done to a draft by hand: its label, its count, and what it taught.

        Args:
            draft: as `find` gave it.
            change: what that was called.
            by_reply: whether a button on what the bot said on the draft does it.

        Raises:
            Refused: it was undone before, or something else was done since.
        """
        undone = await self._store.corrections.undo(draft.guild_id, draft.message_id, change, by_reply=by_reply)
        if undone is None:
            raise Refused(wording_refusals.NOTHING_TO_UNDO)
        return undone

    async def signed(self, guild_id: int, message_id: int, actor_id: int, label: Label) -> StoredDraft | None:
        """The draft whose label somebody sets by adding the sign of a label to it; None if that sets none.

        Only its author does, unless they have paused the bot. The sign that the draft has already only says
        something where the labeller was unsure.
        """
        draft = await self._own(guild_id, message_id, actor_id)
        return draft if draft is not None and (draft.label is not label or draft.guessed) else None

    async def unsigned(self, guild_id: int, message_id: int, actor_id: int, change: str) -> Corrected | None:
        """Undo what an author did by adding a sign that they have removed; None if it can no longer be undone."""
        if await self._own(guild_id, message_id, actor_id) is None:
            return None
        return await self._store.corrections.undo(guild_id, message_id, change)

    async def _own(self, guild_id: int, message_id: int, actor_id: int) -> StoredDraft | None:
        """A draft to its author, unless they have paused the bot; None to anybody else."""
        draft = await self._store.drafts.get(guild_id, message_id)
        return None if draft is None or draft.author_id != actor_id or await self._paused(draft) else draft

    async def _paused(self, draft: StoredDraft) -> bool:
        return (await self._members.preferences(draft.guild_id, draft.author_id)).paused


def _decide(draft: StoredDraft, wanted: Label | Change, actor_id: int) -> Label | ByHand:
    """What a change comes to for a draft as it stands. Only authors take back what was done by hand."""
    can_take_back = draft.can_be_taken_back and actor_id == draft.author_id
    match wanted:
        case Label():
            if draft.label is wanted and draft.labelled_by == "member":
                return ByHand.KEEP
            return ByHand.TAKE_BACK if draft.label is wanted.other and can_take_back else wanted
        case Change.OTHER_LABEL:
            if can_take_back:
                return ByHand.TAKE_BACK
            return draft.label.other if draft.label else draft.likely
        case Change.NOT_A_DRAFT_OR_BACK if draft.label is not None or draft.unlabelled:
            return ByHand.SET_ASIDE
        case Change.NOT_A_DRAFT:
            return ByHand.SET_ASIDE if draft.label is not None or draft.unlabelled else ByHand.KEEP
        case Change.COUNT_AGAIN | Change.NOT_A_DRAFT_OR_BACK:
            return ByHand.TAKE_BACK if draft.label is None and not draft.unlabelled else ByHand.KEEP
