"""Everything that changes what counts, mixed at random: the tallies equal the drafts after each change."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from coach.labels import Label
from coach.store import Account, ByHand, NewDraft, Place, Placing, Store, Words
from tests.support.thoughts import BEGIN, VERDICTS, WINDOW, quick_store
from tests.support.thoughts_model import day_of, relate

SERVER, AUTHORS = 1, (100, 101, 102)
PARENTS = {10: None, 11: None, 12: 10, 13: 10}
PLACES = [Place(10), Place(11), Place(10, 1), Place(10, 2)]
IDS = 40


class Mixture:
    """A store to which anything happens."""

    def __init__(self, store: Store, rng: random.Random) -> None:
        self.store, self.rng, self.now = store, rng, BEGIN
        self.moves = 0

    async def anything(self) -> None:
        """Let one thing happen, some more often than others."""
        rng, store = self.rng, self.store
        self.now += timedelta(minutes=rng.choice([1, 10, 300]))
        key, label = rng.randint(1, IDS), rng.choice([*Label, *Label, None])
        by_hand = rng.choice([ByHand.SET_ASIDE, *Label])
        change = str(key % 2)
        acts: list[tuple[int, Callable[[], Awaitable[object]]]] = [
            (3, lambda: store.drafts.record(self._draft(key, label))),
            (1, lambda: self._edit(key, label)),
            (1, self._remove),
            (1, store.removals.put_back),
            (2, lambda: store.comebacks.mark(SERVER, key, lambda _: rng.random() < 0.7, self.now, WINDOW)),
            (1, lambda: self._repost(key)),
            (3, self._account),
            (1, lambda: store.accounts.note_tags(SERVER, {12: rng.sample([1, 2], rng.randint(0, 2)), 13: [1]})),
            (1, lambda: store.corrections.correct(SERVER, key, lambda _: by_hand, self.now, change=change)),
            (1, lambda: store.corrections.undo(SERVER, key, change)),
            (1, lambda: rng.choice([store.thoughts.put_on_its_own, store.thoughts.put_with])(SERVER, key)),
            (1, lambda: self._read_threads(label)),
        ]
        [act] = rng.choices([act for _, act in acts], [weight for weight, _ in acts])
        await act()

    def _placing(self) -> Placing:
        words = Words(
            bytes([self.rng.randint(1, 3)]), self.rng.choice([None, None, 1, 2]), None, self.rng.random() < 0.3
        )
        return Placing(self.rng.choice([None, words, words, words, words]), WINDOW, relate)

    def _draft(self, key: int, label: Label | None) -> NewDraft:
        channel = self.rng.choice([*PARENTS])
        return NewDraft(
            key,
            SERVER,
            channel,
            PARENTS[channel],
            AUTHORS[key % 3],
            BEGIN + timedelta(hours=key),
            day_of(key),
            VERDICTS[label],
            5,
            bytes([0, key]),
            None,
            continues=self.rng.choice([None, None, key - 1, key - 3]),
            placing=self._placing(),
            tags=tuple(self.rng.sample([1, 2], self.rng.randint(0, 2))) if PARENTS[channel] else None,
        )

    async def _edit(self, key: int, label: Label | None) -> None:
        words = bytes([1, self.rng.randint(0, 255)])
        await self.store.drafts.relabel(
            SERVER,
            key,
            VERDICTS[label],
            length=6,
            text_hash=words,
            text=None,
            addressed=frozenset(),
            placing=self._placing(),
        )

    async def _remove(self) -> None:
        keys = self.rng.sample(range(1, IDS + 1), self.rng.choice([1, 3, 10]))
        channels = self.rng.choice([(), (), (), (self.rng.choice([*PARENTS]),)])
        by_event = self.rng.random() < 0.2
        await self.store.removals.sweep(
            SERVER, keys, channels, self.rng.choice([None, self.now]), by_event=by_event
        )

    async def _repost(self, key: int) -> None:
        self.moves += 1
        await self.store.reposts.move(SERVER, key, IDS + self.moves)

    async def _account(self) -> None:
        known = [*(await self.store.accounts.book(SERVER)).accounts]
        number = self.rng.choice([0, *known] if len(known) < 3 else known)
        match self.rng.randrange(3):
            case 0:
                account = Account(SERVER, number, str(self.now), self.rng.random() < 0.5)
                await self.store.accounts.save(account, self.rng.sample(PLACES, self.rng.randint(0, 3)))
            case 1 if number:
                await self.store.accounts.remove(SERVER, number, self.rng.choice([0, *known]))
            case _:
                await self.store.accounts.bring_home(SERVER, number)

    async def _read_threads(self, label: Label | None) -> None:
        for thread in await self.store.thoughts.changed_threads(SERVER):
            await self.store.thoughts.judge(SERVER, thread, VERDICTS[label])


@pytest.mark.parametrize("seed", [18, 33, 71, 87])
async def test_tallies_equal_the_drafts_whatever_is_mixed(tmp_path: Path, seed: int) -> None:
    async with quick_store(tmp_path / "mixture.db") as store:
        mixture = Mixture(store, random.Random(seed))
        for _ in range(400):
            await mixture.anything()
            assert await store.tallies.recount() == []
