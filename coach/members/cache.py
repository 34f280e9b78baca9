"""The cache of members: what each draft needs to know of its author, kept until something changes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeVar

from coach.balance.standing import Goal
from coach.labels import MOST_LESSONS
from coach.members.preferences import Preferences, goal_for, preferences_of
from coach.settings import Counts, Settings
from coach.store import Account, AccountBook, Guild, Member, OwnGoal, Store
from coach.store.account_book import UNNAMED

if TYPE_CHECKING:
    from coach.labelling.labeller import Labeller
    from coach.labelling.personal import PersonalModel

K = TypeVar("K")
V = TypeVar("V")

MOST = 2_000
"""Members, and servers, kept at a time. A member with the most lessons takes 20 kB."""


@dataclass(frozen=True, slots=True)
class CachedMember:
    """A member of a server: their choices, their preferences, what they have taught, if anything, and own goals.

    `goals` has those that they chose for single accounts, by account.
    """

    member: Member
    preferences: Preferences
    personal: PersonalModel | None
    goals: Mapping[int, OwnGoal]


class MemberCache:
    """Reads servers and members from the store, and again only after a write that may concern them.

    One process serves a server, so only its own writes change that server and its members.

    Args:
        store: the open database.
        settings: the configuration.
        clock: gives the present, an aware time.
        labeller: gives the labeller, once it is loaded.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        clock: Callable[[], datetime],
        labeller: Callable[[], Awaitable[Labeller]],
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._labeller = labeller
        self._known: dict[tuple[int, int], CachedMember] = {}
        self._guilds: dict[int, Guild] = {}
        self._of_servers: dict[int, Preferences] = {}
        self._books: dict[int, AccountBook] = {}
        self._as_of = store.database.changes

    async def get(self, guild_id: int, member_id: int) -> CachedMember:
        """A member of a server, whether or not anything is stored about them."""
        return await self._cached(self._known, (guild_id, member_id), lambda: self._read(guild_id, member_id))

    async def preferences(self, guild_id: int, member_id: int | None) -> Preferences:
        """The preferences of a member, or of the server if `member_id` is None."""
        if member_id is None:
            return await self._cached(self._of_servers, guild_id, lambda: self._read_server(guild_id))
        return (await self.get(guild_id, member_id)).preferences

    async def guild(self, guild_id: int) -> Guild:
        """A server's choices; the defaults if it made none."""
        return await self._cached(self._guilds, guild_id, lambda: self._read_guild(guild_id))

    async def accounts(self, guild_id: int) -> AccountBook:
        """The accounts of a server and their places."""
        return await self._cached(self._books, guild_id, lambda: self._store.accounts.book(guild_id))

    async def posted_only(self, guild_id: int) -> frozenset[int]:
        """The accounts of a server, the unnamed one among them, of which only what was posted counts."""
        unnamed = (await self.guild(guild_id)).counts or self._settings.balance.counts
        named = (await self.accounts(guild_id)).accounts.values()
        posted = {one.account_id for one in named if one.counts == "posted"}
        return frozenset(posted | {UNNAMED} if unnamed == "posted" else posted)

    async def counts(self, guild_id: int, account: Account | None) -> Counts | Literal["mixed"]:
        """What an account counts or, for None, all together: "mixed" if only some count posted drafts alone."""
        posted = await self.posted_only(guild_id)
        if account is not None:
            return "posted" if account.account_id in posted else "drafted"
        if not posted:
            return "drafted"
        return "posted" if posted.issuperset({UNNAMED, *(await self.accounts(guild_id)).accounts}) else "mixed"

    async def goal(self, guild_id: int, member_id: int | None, account: Account) -> Goal:
        """The goal that holds for an account.

        Args:
            guild_id: the server.
            member_id: for whom, if each author has their own balance; None for whoever chose none.
            account: the account.
        """
        if account.shared or member_id is None:
            return goal_for(account, (await self.preferences(guild_id, None)).goal)
        known = await self.get(guild_id, member_id)
        return goal_for(account, known.preferences.goal, known.goals.get(account.account_id))

    async def _cached(self, cache: dict[K, V], key: K, read: Callable[[], Awaitable[V]]) -> V:
        """What is cached, or else read and cached; a write that may concern it empties all caches first."""
        changes = self._store.database.changes
        if changes != self._as_of:
            self._known.clear()
            self._guilds.clear()
            self._of_servers.clear()
            self._books.clear()
            self._as_of = changes
        value = cache.get(key)
        if value is None:
            value = await read()
            # A write during the read may be missing from it.
            if self._store.database.changes == changes:
                while len(cache) >= MOST:
                    del cache[next(iter(cache))]
                cache[key] = value
        return value

    async def _read_guild(self, guild_id: int) -> Guild:
        return await self._store.guilds.get(guild_id) or Guild(guild_id)

    async def _read_server(self, guild_id: int) -> Preferences:
        return preferences_of(self._settings, await self.guild(guild_id))

    async def note_guild(self, guild_id: int) -> None:
        """Put a server on record with its first summary time, unless it is there already."""
        if await self._store.guilds.get(guild_id) is None:
            day, due = preferences_of(self._settings, Guild(guild_id)).next_summary(self._clock())
            await self._store.guilds.add(guild_id, day, due)

    async def _read(self, guild_id: int, member_id: int) -> CachedMember:
        guild = await self.guild(guild_id)
        member = await self._store.members.get(guild_id, member_id)
        lessons = await self._store.corrections.lessons(guild_id, member_id, MOST_LESSONS)
        personal = (await self._labeller()).personal_model(lessons) if lessons else None
        has_accounts = (await self.accounts(guild_id)).accounts
        goals = await self._store.accounts.goals(guild_id, member_id) if has_accounts else {}
        return CachedMember(member, preferences_of(self._settings, guild, member), personal, goals)
