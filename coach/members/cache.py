"""Authors at hand: what must be known of a draft's author before it is labelled, kept while nothing changes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.labels import MOST_LESSONS
from coach.members.preferences import Terms, terms_of
from coach.settings import Settings
from coach.store import Guild, Member, Store

if TYPE_CHECKING:
    from coach.labelling.labeller import Labeller
    from coach.labelling.personal import PersonalModel

MOST = 2_000
"""Authors kept at a time: those who draft just now, of many servers. One with the most lessons takes 20 kB."""


@dataclass(frozen=True, slots=True)
class Author:
    """A member of a server as their drafts are read: their choices, their terms, what they have taught."""

    member: Member
    terms: Terms
    personal: PersonalModel | None


class Authors:
    """Reads authors from the store, and again only after something was written that may concern them.

    A server is served by one process, so what this one writes is all that changes its members.

    Args:
        store: the open database.
        settings: the configuration.
        guild: gives what a server chose.
        labeller: gives the labeller, once it is loaded.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        guild: Callable[[int], Awaitable[Guild]],
        labeller: Callable[[], Awaitable[Labeller]],
    ) -> None:
        self._store = store
        self._settings = settings
        self._guild = guild
        self._labeller = labeller
        self._known: dict[tuple[int, int], Author] = {}
        self._as_of = store.database.changes

    async def get(self, guild_id: int, member_id: int) -> Author:
        """A member of a server, whether or not they are known yet."""
        changes = self._store.database.changes
        if changes != self._as_of:
            self._known.clear()
            self._as_of = changes
        author = self._known.get((guild_id, member_id))
        if author is None:
            author = await self._read(guild_id, member_id)
            # What was written while this was read may not be in it.
            if self._store.database.changes == changes:
                while len(self._known) >= MOST:
                    del self._known[next(iter(self._known))]
                self._known[guild_id, member_id] = author
        return author

    async def _read(self, guild_id: int, member_id: int) -> Author:
        guild = await self._guild(guild_id)
        member = await self._store.members.get(guild_id, member_id)
        lessons = await self._store.drafts.lessons(guild_id, member_id, MOST_LESSONS)
        personal = (await self._labeller()).personal_model(lessons) if lessons else None
        return Author(member, terms_of(self._settings, guild, member), personal)
