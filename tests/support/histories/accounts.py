"""Accounts in a history: set up, changed and removed while other things happen, and what holds in the end."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from coach.accounts import Form
from coach.store import Place
from coach.store.account_book import UNNAMED
from tests.support.histories.process import Process
from tests.support.histories.rules import Difference
from tests.support.histories.world import World
from tests.support.memory import SERVER, Room

TAGS = (1, 2)
MOST_ACCOUNTS = 3


class Accounts:
    """The accounts of a history.

    Args:
        world: the server.
        rng: the source of chance.
        forum: the channel whose threads have tags.
        other: another channel.
        alive: gives the bot; None while it isn't running.
    """

    def __init__(
        self, world: World, rng: random.Random, forum: Room, other: Room, alive: Callable[[], Process | None]
    ) -> None:
        self.world, self.rng = world, rng
        self.forum, self.other = forum, other
        self._alive = alive

    async def account(self) -> None:
        """Add, change, fill or remove an account, while other things happen."""
        process, rng = self._alive(), self.rng
        if process is None or not process.connected or not process.available:
            return
        accounts = process.coach.accounts
        known = [*(await accounts.book(SERVER)).accounts]
        number = rng.choice([None, *known] if len(known) < MOST_ACCOUNTS else known)
        forum = self.forum.place.channel_id
        places = [Place(forum), *(Place(forum, tag) for tag in TAGS), Place(self.other.place.channel_id)]
        form = Form(f"{rng.random()}", "", rng.random() < 0.5, frozenset(rng.sample(places, rng.randint(0, 3))))
        if number is None or rng.random() < 0.5:
            process.do(accounts.save(SERVER, number, form))
        elif rng.random() < 0.5:
            process.do(accounts.bring_home(SERVER, number))
        else:
            process.do(accounts.remove(SERVER, number, rng.choice([UNNAMED, *known])))

    async def tag(self) -> None:
        """Give a post of the forum other tags."""
        posts = [room for room in self.world.rooms.values() if room.place.parent_id and room.archived_at is None]
        if not posts:
            return
        room, process = self.rng.choice(posts), self._alive()
        if process is not None:
            # The first draft of a post, while it is being recorded, has the tags before.
            await process.quiet()
        room.place = replace(room.place, tags=tuple(self.rng.sample(TAGS, self.rng.randint(0, 2))))
        if process is not None:
            process.hear(lambda: process.tagged(room), room)

    async def compare(self, process: Process) -> None:
        """Check that each draft is of an account that there is, and once all are moved, of the one of its place.

        Raises:
            Difference: one is not, or the tallies don't agree with the drafts.
        """
        store, query = process.store, "SELECT message_id, channel_id, account_id FROM drafts"
        book = await store.accounts.book(SERVER)
        rows = await store.database.read(lambda raw: raw.execute(query).fetchall())
        if gone := [key for key, _, account in rows if account != UNNAMED and account not in book.accounts]:
            raise Difference(f"of an account that is gone: {gone}")
        for account in book.accounts:
            await store.accounts.bring_home(SERVER, account)
        for key, channel_id, account in await store.database.read(lambda raw: raw.execute(query).fetchall()):
            place = self.world.rooms[channel_id].place
            if account != book.of(channel_id, place.parent_id, place.tags).account_id:
                raise Difference(f"draft {key} in {place} is of account {account}: {book.places}")
        if wrong := await store.tallies.recount():
            raise Difference(f"tallies, once all drafts are moved: {wrong}")
