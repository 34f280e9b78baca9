"""Retention: what is erased is gone from the files, what is kept is untouched."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coach.labels import Kind, Label, Verdict
from coach.nudging.tips import Outcome
from coach.shards import ALONE, Shards
from coach.store import NewDraft, Store, StoredNudge
from coach.store.tallies import days_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORDS = "a text that is not to be found again"
KINDS = [kind for kind in Kind if kind is not Kind.NONE]
ANN, BEN = 887766554433221101, 887766554433221102
HERE, THERE = 998877665544332211, 998877665544332212


async def fill(
    store: Store, guild_id: int, author_id: int, count: int, seed: int, begin: datetime = NOW
) -> list[int]:
    rng = random.Random(seed)
    ids: list[int] = []
    await store.guilds.change(guild_id, summary_on=True)
    await store.members.change(guild_id, author_id, timezone="Europe/Berlin")
    for number in range(count):
        posted = begin + timedelta(hours=number)
        message_id = (int(posted.timestamp() * 1000) << 22) + rng.randrange(2**22)
        verdict = Verdict(rng.choice(list(Label)), rng.random(), rng.choice(KINDS), False, ())
        await store.drafts.record(
            NewDraft(
                *(message_id, guild_id, guild_id + 7, None, author_id, posted, posted.date(), verdict, 40),
                rng.randbytes(8),
                f"{WORDS} {author_id}",
                frozenset({rng.randbytes(8)}),
            ),
            message_id,
        )
        ids.append(message_id)
        if number % 5 == 0:
            await store.corrections.correct(guild_id, message_id, lambda _: Label.CONTENT, posted)
            nudge = StoredNudge(message_id, guild_id, author_id, "a-tip", Label.CONTENT)
            await store.nudges.add(nudge, posted, None)
            await store.other_languages.leave(guild_id, message_id)
    return ids


def in_files(path: Path, *traces: bytes) -> list[bytes]:
    content = b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))
    return [trace for trace in traces if trace in content]


def as_stored(number: int) -> bytes:
    return number.to_bytes(8, "big")


@pytest.mark.sqlite
async def test_nothing_about_a_forgotten_member_is_left_in_the_files(store: Store, path: Path) -> None:
    ids = await fill(store, HERE, ANN, 300, 1)
    await fill(store, HERE, BEN, 300, 2)
    traces = [as_stored(ANN), f"{WORDS} {ANN}".encode(), *map(as_stored, ids)]
    assert in_files(path, *traces) == traces
    await store.members.forget(HERE, ANN, b"who", 0)
    # A channel's cursor is a message id, perhaps one of theirs, but it says nothing about them.
    assert in_files(path, *traces) in ([], [as_stored(ids[-1])])
    assert in_files(path, as_stored(BEN))
    assert await store.tallies.recount() == []


@pytest.mark.sqlite
async def test_a_server_that_was_left_is_erased_in_time(store: Store, path: Path) -> None:
    await fill(store, HERE, ANN, 40, 1)
    await fill(store, THERE, BEN, 40, 2)
    await store.retention.note_present_guilds([HERE], NOW, ALONE)
    assert await store.retention.left_before(NOW) == []
    assert await store.retention.left_before(NOW + timedelta(seconds=1)) == [THERE]
    await store.retention.erase_server(THERE)
    assert in_files(path, as_stored(THERE), as_stored(BEN)) == []
    assert in_files(path, as_stored(HERE))
    assert await store.tallies.recount() == []


async def test_what_is_left_of_an_erasure_goes_with_its_server(store: Store) -> None:
    for guild_id in (HERE, THERE):
        await store.guilds.change(guild_id)
        await store.members.forget(guild_id, ANN, b"who", 10)
    await store.retention.note_present_guilds([HERE], NOW, ALONE)
    await store.retention.erase_server(THERE)
    assert [await store.erasures.upto(guild_id, b"who") for guild_id in (HERE, THERE)] == [10, None]


async def test_a_server_that_comes_back_keeps_its_data(store: Store) -> None:
    await fill(store, HERE, ANN, 5, 1)
    await store.retention.note_departure(HERE, NOW)
    await store.retention.note_return(HERE)
    assert await store.retention.left_before(NOW + timedelta(days=99)) == []
    elsewhere = Shards(((HERE >> 22) % 2 ^ 1,), 2)
    await store.retention.note_present_guilds([], NOW, elsewhere)
    assert await store.retention.left_before(NOW + timedelta(days=99)) == []


async def test_old_drafts_go_with_their_counts(store: Store) -> None:
    await fill(store, HERE, ANN, 1200, 1, NOW - timedelta(days=50))
    assert await store.retention.erase_old(NOW - timedelta(days=25)) == 600
    assert await store.tallies.recount() == []
    days = await store.database.read(lambda raw: days_of(raw, HERE, ANN, NOW.date().min))
    assert sum(tally.drafts for tally in days.values()) == 600
    outcomes = await store.nudges.outcomes(HERE)
    assert outcomes.get("a-tip", Outcome(0, 0)).heeded <= 120


async def test_texts_go_from_the_copies_of_removed_drafts_however_these_are_written(
    store: Store, draft: Callable[..., NewDraft]
) -> None:
    for number in (1, 2):
        await store.drafts.record(draft(number, text="quokkafish"))
    await store.drafts.record(draft(3, text=None))
    await store.removals.sweep(1, [1, 2, 3], (), keep=NOW)
    compact = "UPDATE removed_drafts SET record = json(record) WHERE message_id = 1"
    await store.database.write(lambda raw: raw.execute(compact).rowcount)
    assert await store.retention.erase_texts() == 2
    rows = await store.database.read(lambda raw: raw.execute("SELECT record FROM removed_drafts").fetchall())
    assert len(rows) == 3 and not [row for row in rows if "quokkafish" in row[0]]
    assert await store.retention.erase_texts() == 0
