"""Thoughts by hand: which drafts count together, as members see it and change it."""

from __future__ import annotations

from collections.abc import Sequence

from coach import wording_refusals
from coach.errors import Refused
from coach.store import InThought, Moved, Store, StoredDraft


class Thoughts:
    """Says which drafts are one thought, and puts a draft on its own or with another one.

    Whose drafts somebody may change, `Corrections.find` says.

    Args:
        store: the open database.
    """

    def __init__(self, store: Store) -> None:
        self._thoughts = store.thoughts

    async def places(self, guild_id: int, drafts: Sequence[StoredDraft]) -> dict[int, InThought]:
        """The places of drafts in thoughts, by message id; without those that are thoughts of their own."""
        return await self._thoughts.places(guild_id, [draft.message_id for draft in drafts])

    async def put_on_its_own(self, draft: StoredDraft) -> Moved:
        """Count a draft on its own from now on, whatever its words are.

        Raises:
            Refused: the draft has been deleted meanwhile.
        """
        return _still_there(await self._thoughts.put_on_its_own(draft.guild_id, draft.message_id))

    async def put_with(self, draft: StoredDraft, other_id: int | None = None, *, part: bool = False) -> Moved:
        """Count a draft together with another one from now on, whatever its words are.

        Args:
            draft: the draft.
            other_id: the other one; None for the draft of the same author before it.
            part: whether both are parts of one thread.

        Raises:
            Refused: the draft has been deleted meanwhile, counts with others already, or there is no other one.
        """
        moved = _still_there(await self._thoughts.put_with(draft.guild_id, draft.message_id, other_id, part=part))
        if moved.other is not None:
            return moved
        if await self.places(draft.guild_id, [draft]):
            raise Refused(wording_refusals.WITH_OTHERS_ALREADY)
        raise Refused(wording_refusals.NOTHING_BEFORE if other_id is None else wording_refusals.OTHER_GONE)


def _still_there(moved: Moved | None) -> Moved:
    if moved is None:
        raise Refused(wording_refusals.JUST_DELETED)
    return moved
