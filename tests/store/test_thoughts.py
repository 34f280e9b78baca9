"""Thoughts count once: whatever arrives, changes and goes in whatever order, what counts is what a model says."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from coach.balance.standing import Tally
from coach.labels import Label
from coach.store import NewDraft, Placing, Store, Words
from coach.store.tallies import days_of
from tests.support.databases import IN_MEMORY
from tests.support.examples import examples
from tests.support.thoughts import BEGIN, IDS, SERVER, WINDOW, Trial, quick_store
from tests.support.thoughts_model import relate

DAY = date(2026, 11, 20)
Build = Callable[..., NewDraft]

keys = st.integers(1, IDS)
labels = st.sampled_from([*Label, None])
words = st.none() | st.builds(
    Words, st.sampled_from([b"a", b"b", b"c"]), st.sampled_from([None, None, 1, 2, 3]), st.none(), st.booleans()
)


class Thoughts(RuleBasedStateMachine):
    """Anything may happen to drafts at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=IN_MEMORY)
        self.runner = asyncio.Runner()
        self.store = quick_store(Path(self.folder.name) / "thoughts.db")
        self.trial = Trial(self.runner.run(self.store.__aenter__()))

    @rule(
        key=keys,
        who=st.integers(0, 1),
        channel=st.sampled_from([10, 11]),
        label=labels,
        words=words,
        to=st.sampled_from([None, -1, -2, 1]),
    )
    def arrive(
        self, key: int, who: int, channel: int, label: Label | None, words: Words | None, to: int | None
    ) -> None:
        self.runner.run(self.trial.arrive(key, who, channel, label, words, None if to is None else key + to))

    @rule(key=keys, label=labels, words=words, mark=st.integers(0, 255))
    def edit(self, key: int, label: Label | None, words: Words | None, mark: int) -> None:
        self.runner.run(self.trial.edit(key, label, words, mark))

    @rule(gone=st.lists(keys, min_size=1, max_size=4))
    def remove(self, gone: list[int]) -> None:
        self.runner.run(self.trial.remove(gone))

    @rule(key=keys, label=st.sampled_from(Label))
    def correct(self, key: int, label: Label) -> None:
        self.runner.run(self.trial.correct(key, label))

    @rule(key=keys, posted=st.booleans())
    def post(self, key: int, posted: bool) -> None:
        self.runner.run(self.trial.post(key, posted))

    @rule(key=keys)
    def set_aside(self, key: int) -> None:
        self.runner.run(self.trial.set_aside(key))

    @rule(key=keys)
    def undo_label(self, key: int) -> None:
        self.runner.run(self.trial.undo_label(key))

    @rule(key=keys)
    def put_on_its_own(self, key: int) -> None:
        self.runner.run(self.trial.put_on_its_own(key))

    @rule(key=keys)
    def put_with_the_one_before(self, key: int) -> None:
        self.runner.run(self.trial.put_with(key))

    @rule()
    def take_back(self) -> None:
        self.runner.run(self.trial.take_back())

    @rule(label=labels)
    def read_threads(self, label: Label | None) -> None:
        self.runner.run(self.trial.read_threads(label))

    @rule(before=st.integers(0, IDS))
    def erase_sketches(self, before: int) -> None:
        self.runner.run(self.trial.erase_sketches(before))

    @invariant()
    def what_counts_is_what_the_model_says(self) -> None:
        self.runner.run(self.trial.check())

    def teardown(self) -> None:
        self.runner.run(self.store.__aexit__(None, None, None))
        self.runner.close()
        self.folder.cleanup()


Thoughts.TestCase.settings = settings(examples(0.4), stateful_step_count=30)
TestThoughts = Thoughts.TestCase


def placing(sketch: bytes, **words: object) -> Placing:
    return Placing(Words(sketch, **words), WINDOW, relate)  # type: ignore[arg-type]


async def tallied(store: Store) -> dict[date, Tally]:
    return await store.database.read(lambda raw: days_of(raw, SERVER, 100, DAY))


async def test_of_three_variants_the_newest_counts_on_its_day_whatever_comes_first(
    store: Store, draft: Build
) -> None:
    later = DAY + timedelta(days=1)
    await store.drafts.record(draft(3, Label.CONVERSATION, local_day=later, placing=placing(b"offer")))
    await store.drafts.record(draft(1, placing=placing(b"offer")))
    await store.drafts.record(draft(2, placing=placing(b"offer")))
    assert await tallied(store) == {later: Tally(0, 1)}
    places = await store.thoughts.places(SERVER, [1, 2, 3])
    assert [(one.variants, one.counts) for one in places.values()] == [(3, False), (3, False), (3, True)]
    await store.removals.sweep(SERVER, [3], ())
    assert await tallied(store) == {DAY: Tally(1, 0)}
    await store.removals.sweep(SERVER, [1, 2], ())
    assert await tallied(store) == {}
    assert await store.tallies.recount() == []


async def test_a_reply_to_ones_own_draft_is_a_part_with_the_label_of_the_thread(
    store: Store, draft: Build
) -> None:
    await store.drafts.record(draft(1))
    recorded = await store.drafts.record(draft(2, Label.CONVERSATION, continues=1))
    assert recorded is not None
    assert recorded.label is Label.CONTENT
    assert recorded.joined
    assert recorded.in_thread
    assert await tallied(store) == {DAY: Tally(1, 0)}
    [changed] = await store.thoughts.changed_threads(SERVER)
    assert list(changed.parts) == [1, 2]


async def test_a_reply_that_begins_like_a_version_is_a_variant(store: Store, draft: Build) -> None:
    await store.drafts.record(draft(1, placing=placing(b"long")))
    await store.drafts.record(draft(2, Label.CONVERSATION, continues=1, placing=placing(b"short", named=True)))
    assert await tallied(store) == {DAY: Tally(0, 1)}
    assert await store.thoughts.changed_threads(SERVER) == []


async def test_drafts_that_were_removed_and_put_back_are_one_thought_again(store: Store, draft: Build) -> None:
    for number in (1, 2, 3):
        await store.drafts.record(draft(number, placing=placing(b"offer")))
    await store.removals.sweep(SERVER, [1, 3], (), keep=BEGIN)
    assert await tallied(store) == {DAY: Tally(1, 0)}
    assert await store.removals.put_back() == 2
    assert await tallied(store) == {DAY: Tally(1, 0)}
    assert {one.variants for one in (await store.thoughts.places(SERVER, [1, 2, 3])).values()} == {3}
    assert await store.tallies.recount() == []


async def test_a_draft_that_is_shown_again_goes_back_to_the_thought_that_it_began(
    store: Store, draft: Build
) -> None:
    for number in (1, 2, 3):
        await store.drafts.record(draft(number, placing=placing(b"offer")))
    await store.removals.sweep(SERVER, [1], ())
    await store.drafts.record(draft(1))
    assert await tallied(store) == {DAY: Tally(1, 0)}


async def test_a_thought_does_not_go_on_for_ever(store: Store, draft: Build) -> None:
    # Each is near enough to the one before it, but not to the first.
    for number in range(4):
        posted = BEGIN + timedelta(hours=4 * number)
        await store.drafts.record(draft(number + 1, posted_at=posted, placing=placing(b"Good morning")))
    assert await tallied(store) == {DAY: Tally(2, 0)}


async def test_two_that_were_parted_by_hand_are_not_joined_by_a_third(store: Store, draft: Build) -> None:
    for number in (1, 2):
        await store.drafts.record(draft(number, placing=placing(b"offer")))
    await store.thoughts.put_on_its_own(SERVER, 2)
    await store.drafts.record(draft(3, placing=placing(b"offer")))
    assert await tallied(store) == {DAY: Tally(2, 0)}
    assert set(await store.thoughts.places(SERVER, [1, 2, 3])) == {1, 3}


async def sketched(store: Store) -> set[int]:
    rows = await store.database.read(lambda raw: raw.execute("SELECT message_id FROM sketches").fetchall())
    return {row[0] for row in rows}


@pytest.mark.sqlite
async def test_sketches_go_with_their_time_their_draft_their_author_and_their_server(
    store: Store, draft: Build, path: Path
) -> None:
    for number, changes in enumerate(({}, {}, {}, {"author_id": 200}, {"guild_id": 2}), 1):
        posted = BEGIN + timedelta(hours=number)
        placed = placing(b"a sketch %d" % number)
        await store.drafts.record(draft(number, posted_at=posted, placing=placed, **changes))
    assert await sketched(store) == {1, 2, 3, 4, 5}
    await store.retention.erase_sketches(BEGIN + timedelta(hours=2))
    assert await sketched(store) == {2, 3, 4, 5}
    await store.removals.sweep(SERVER, [2], (), keep=BEGIN)
    assert await sketched(store) == {3, 4, 5}
    await store.members.forget(SERVER, 200, b"who", 0)
    assert await sketched(store) == {3, 5}
    await store.retention.erase_server(2)
    assert await sketched(store) == {3}
    # Nothing of those that are gone is left in the files, or in the copy of a draft that was removed.
    files = b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))
    assert [number for number in range(1, 6) if b"a sketch %d" % number in files] == [3]


async def test_recount_names_a_thought_that_counts_twice(store: Store, draft: Build) -> None:
    for number in (1, 2):
        await store.drafts.record(draft(number, placing=placing(b"offer")))
    await store.database.write(lambda raw: raw.execute("UPDATE drafts SET counts = 1").rowcount)
    assert any("thought 1" in line for line in await store.tallies.recount())
