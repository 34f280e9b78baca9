"""Drafts and thoughts tried at random: the same things happen to a store and to a model of it."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import aiosqlite

from coach.labels import Kind, Label, Verdict
from coach.store import ByHand, NewDraft, Placing, Store, Words, database
from tests.support.databases import put_new
from tests.support.thoughts_model import Drafted, Model, day_of, relate

T = TypeVar("T")

BEGIN = datetime(2026, 11, 20, tzinfo=UTC)
WINDOW = timedelta(hours=6)
SERVER = 1
AUTHORS = (100, 101)
IDS = 40
"""Message ids go from 1 to this, one for each hour."""

VERDICTS = {
    Label.CONTENT: Verdict(Label.CONTENT, 0.1, Kind.INFORM, False, ()),
    Label.CONVERSATION: Verdict(Label.CONVERSATION, 0.9, Kind.ASK, False, ()),
    None: Verdict(Label.CONTENT, 0.3, Kind.NONE, False, ()),
}


async def _at_once(connection: aiosqlite.Connection, function: Callable[[sqlite3.Connection], T]) -> T:
    """Ask the database without its thread."""
    return function(connection._conn)  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType]


@asynccontextmanager
async def quick_store(path: Path) -> AsyncGenerator[Store]:
    """A new store whose questions don't go through a thread, which would take most of the time."""
    store = await Store.open(put_new(path), BEGIN)
    through_a_thread = database._run  # pyright: ignore[reportPrivateUsage]
    database._run = _at_once  # pyright: ignore[reportPrivateUsage]
    try:
        yield store
    finally:
        database._run = through_a_thread  # pyright: ignore[reportPrivateUsage]
        await store.close()


class Difference(AssertionError):
    """The store is not what the model says."""


class Trial:
    """A store and its model, to which the same things happen."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.model = Model()
        self.undo: tuple[int, int, bool] | None = None

    async def arrive(
        self, key: int, who: int, channel: int, label: Label | None, words: Words | None, continues: int | None
    ) -> None:
        """A draft arrives, perhaps again, in whatever order; one that was deleted doesn't come back."""
        if key in self.model.deleted:
            return
        known = self.model.drafts.get(key)
        author = AUTHORS[key % len(AUTHORS)] if who else AUTHORS[0]
        draft = NewDraft(
            key,
            SERVER,
            channel,
            None,
            known.author if known else author,
            BEGIN + timedelta(hours=key),
            day_of(key),
            VERDICTS[label],
            5,
            bytes([0, key]),
            None,
            continues=continues,
            placing=Placing(words, WINDOW, relate),
        )
        recorded = await self.store.drafts.record(draft)
        if (recorded is None) != (known is not None):
            raise Difference(f"draft {key} was recorded: {recorded}")
        if known is not None or recorded is None:
            return
        me = self.model.drafts[key] = Drafted(key, author, channel, continues, label, words, label)
        self.model.place(me)
        self.model.judged(me, label)
        if (recorded.label, recorded.joined, recorded.in_thread) != (
            me.label,
            me.thought is not None,
            me.thread is not None,
        ):
            raise Difference(f"{recorded} is not {me}")

    async def edit(self, key: int, label: Label | None, words: Words | None, mark: int) -> None:
        """A draft gets other words."""
        await self.store.drafts.relabel(
            SERVER,
            key,
            VERDICTS[label],
            length=6,
            text_hash=bytes([1, mark]),
            text=None,
            addressed=frozenset(),
            placing=Placing(words, WINDOW, relate),
        )
        me = self.model.drafts.get(key)
        if me is None:
            return
        fixed = me.placed or (
            me.thought is not None and any(one.placed or one.words is None for one in self.model.thought(me))
        )
        me.words = words
        if fixed:
            if me.thread is not None:
                self.model.read_again.add(me.thread)
        else:
            self.model.leave(me)
            self.model.read_again.discard(key)
            self.model.place(me)
        self.model.judged(me, label)

    async def remove(self, keys: Sequence[int]) -> None:
        """Messages are deleted."""
        await self.store.removals.sweep(SERVER, keys, ())
        self.model.deleted |= set(keys) & self.model.drafts.keys()
        gone = [self.model.drafts.pop(key) for key in set(keys) & self.model.drafts.keys()]
        for one in gone:
            self.model.read_again.discard(one.key)
            if one.thread is None:
                continue
            if any(two.thread is one.thread for two in self.model.drafts.values()):
                self.model.read_again.add(one.thread)
            else:
                self.model.read_again.discard(one.thread)

    async def correct(self, key: int, label: Label) -> None:
        """Somebody sets a label."""
        await self.store.corrections.correct(SERVER, key, lambda _: label, BEGIN, change="it")
        if (me := self.model.drafts.get(key)) is not None:
            self._by_hand(me, label)

    async def post(self, key: int, posted: bool) -> None:
        """Somebody marks a draft as posted, or takes that back."""
        marked = await self.store.comebacks.mark(SERVER, key, lambda _: posted, BEGIN, timedelta())
        me = self.model.drafts.get(key)
        if (marked is None) != (me is None) or (marked is not None and (marked.out_at is not None) != posted):
            raise Difference(f"{marked} is not {me}")
        if me is not None:
            me.out = posted

    async def set_aside(self, key: int) -> None:
        """Somebody says that it is not a draft."""
        await self.store.corrections.correct(SERVER, key, lambda _: ByHand.SET_ASIDE, BEGIN, change="it")
        if (me := self.model.drafts.get(key)) is not None:
            self._by_hand(me, None)

    def _by_hand(self, me: Drafted, label: Label | None) -> None:
        me.before = me.label, me.by_hand
        me.label, me.by_hand = label, True
        if me.thread is not None:
            self.model.read_again.add(me.thread)

    async def undo_label(self, key: int) -> None:
        """Somebody undoes what was last done to a draft by hand."""
        undone = await self.store.corrections.undo(SERVER, key, "it")
        me = self.model.drafts.get(key)
        if (undone is None) != (me is None or me.before is None):
            raise Difference(f"{undone} is not {me}")
        if me is None or me.before is None:
            return
        (label, me.by_hand), me.before = me.before, None
        me.label = label if me.by_hand else me.by_model or label
        if me.thread is not None:
            self.model.read_again.add(me.thread)

    async def put_on_its_own(self, key: int) -> None:
        """Somebody takes a draft out of its thought."""
        moved = await self.store.thoughts.put_on_its_own(SERVER, key)
        me = self.model.drafts.get(key)
        if me is None:
            return
        fellows = [one for one in self.model.thought(me) if one is not me]
        parts = [one for one in self.model.parts(me) if one is not me]
        self.model.leave(me)
        me.placed = True
        if moved is None or (moved.other is None) != (not fellows) or moved.part != bool(parts):
            raise Difference(f"{moved} is not {me}")
        if moved.other is not None:
            self.undo = key, moved.other.message_id, moved.part

    async def put_with(self, key: int, other: int | None = None, part: bool = False) -> None:
        """Somebody says that a draft is the same thought as the one before it, or as another one."""
        moved = await self.store.thoughts.put_with(SERVER, key, other, part=part)
        me = self.model.drafts.get(key)
        if me is None:
            return
        theirs = [one for one in self.model.drafts.values() if one.author == me.author]
        if other is None:
            before = [one for one in theirs if one.key < key and not (one.label is None and one.by_hand)]
            target = max(before, key=lambda one: one.key, default=None)
        else:
            target = next((one for one in theirs if one.key == other), None)
        done = target is not None and target is not me and self.model.alone(me)
        if moved is None or (moved.other is not None) != done:
            raise Difference(f"{moved} is not {me}")
        if not done or target is None:
            return
        self.model.leave(me)
        me.placed = True
        self.model.unite([me, *self.model.thought(target)], [me, target] if part else [])

    async def take_back(self) -> None:
        """What was last put on its own goes back to where it was."""
        if self.undo is not None:
            key, other, part = self.undo
            await self.put_with(key, other, part)

    async def erase_sketches(self, before: int) -> None:
        """Old sketches are erased."""
        await self.store.retention.erase_sketches(BEGIN + timedelta(hours=before))
        for one in self.model.drafts.values():
            if one.key < before:
                one.words = None

    async def read_threads(self, label: Label | None) -> None:
        """Every changed thread is read again, and all of them get one label."""
        for changed in await self.store.thoughts.changed_threads(SERVER):
            if changed.parts:
                await self.store.thoughts.judge(SERVER, changed, VERDICTS[label])
                # One that was set aside is no part of what was read.
                read = [self.model.drafts[key] for key in changed.parts]
                said = [one.label for one in read if one.by_hand]
                for one in read:
                    one.by_model = label
                    if not one.by_hand:
                        one.label = said[-1] if said else label
            else:
                await self.store.thoughts.leave_unread(changed)
        self.model.read_again.clear()

    async def check(self) -> None:
        """Compare the store with the model.

        Raises:
            Difference: they differ.
        """
        if wrong := await self.store.tallies.recount():
            raise Difference(f"recount: {wrong}")
        tallies, labels = await self.store.database.read(
            lambda raw: (
                raw.execute(
                    "SELECT author_id, local_day, content, conversation, content_out, conversation_out"
                    " FROM tallies"
                ).fetchall(),
                dict(map(tuple, raw.execute("SELECT message_id, label FROM drafts").fetchall())),
            )
        )
        counted: Counter[tuple[int, date, Label, bool]] = Counter()
        for author, day, *numbers in tallies:
            for number, out, label in zip(numbers, (False, False, True, True), [*Label] * 2, strict=True):
                counted[author, date.fromisoformat(day), label, out] += number
        if labels.keys() != self.model.drafts.keys():
            raise Difference(f"on record: {labels.keys()}, not {self.model.drafts.keys()}")
        if +counted != +self.model.tallies():
            raise Difference(f"tallies are {+counted}, not {+self.model.tallies()}")
        places = await self.store.thoughts.places(SERVER, range(IDS + 1))
        for key, one in self.model.drafts.items():
            if labels[key] != one.label:
                raise Difference(f"{labels[key]} is not {one}")
            parts = self.model.parts(one)
            thought = self.model.thought(one)
            place = (
                len({id(two.thread or two) for two in thought}),
                parts.index(one) + 1 if len(parts) > 1 else 0,
                len(parts) if len(parts) > 1 else 0,
            )
            at = places.get(key)
            if (at and (at.variants, at.part, at.parts)) != (place if len(thought) > 1 else None):
                raise Difference(f"{at} is not {place} of {one}")
        threads = {thread for thread in self.model.read_again if self._is_there(thread)}
        changed = [one for one in await self.store.thoughts.changed_threads(SERVER) if one.parts]
        if len(changed) != len(threads):
            raise Difference(f"threads to read again: {changed}, not {len(threads)}")

    def _is_there(self, thread: object) -> bool:
        return any(
            (one.thread is thread if one.thread is not None else one.key == thread)
            and not (one.label is None and one.by_hand)
            for one in self.model.drafts.values()
        )

    async def anything(self, rng: random.Random) -> None:
        """Let anything happen."""
        key, label = rng.randint(1, IDS), rng.choice([*Label, *Label, None])
        near = rng.choice([None, None, key - 1, key - 2, key + 1])
        words = rng.choice(
            [
                None,
                *(Words(bytes([rng.randint(1, 4)]), rng.choice([None, None, 1, 2, 3]), None, rng.random() < 0.3),)
                * 3,
            ]
        )
        match rng.randrange(19):
            case 0 | 1 | 2 | 3 | 4:
                await self.arrive(key, rng.randint(0, 1), rng.choice([10, 10, 11]), label, words, near)
            case 5 | 6:
                await self.edit(key, label, words, rng.randint(0, 255))
            case 7 | 8:
                await self.remove(rng.sample(range(1, IDS + 1), rng.choice([1, 1, 3])))
            case 9:
                await self.correct(key, rng.choice([*Label]))
            case 10:
                await self.set_aside(key)
            case 11:
                await self.put_on_its_own(key)
            case 12:
                await self.put_with(key)
            case 13:
                await self.take_back()
            case 14:
                await self.read_threads(label)
            case 15:
                await self.undo_label(key)
            case 16 | 17:
                await self.post(key, rng.random() < 0.7)
            case _:
                await self.erase_sketches(rng.randint(0, IDS))
