"""MemberCache: what was chosen or taught applies from the next draft on, even if its caller didn't wait."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach.labelling.labeller import Labeller
from coach.labelling.personal import FEATURES
from coach.labels import Kind, Label, Lesson, Verdict
from coach.members.cache import MOST, MemberCache
from coach.settings import Settings
from coach.store import ByHand, NewDraft, Store
from coach.store.connection import Connection
from tests.support.databases import put_new

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LABELLER = Labeller.load()
DRAFT = NewDraft(
    1, 1, 10, None, 100, NOW, NOW.date(), Verdict(Label.CONTENT, 0.1, Kind.INFORM, False, ()), 5, bytes(8), None
)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[Store]:
    opened = await Store.open(put_new(tmp_path / "test.db"), NOW)
    yield opened
    await opened.close()


@pytest.fixture
def members(store: Store) -> MemberCache:
    async def labeller() -> Labeller:
        return LABELLER

    return MemberCache(store, Settings(), lambda: NOW, labeller)


async def test_recording_drafts_does_not_make_an_author_be_read_again(store: Store, members: MemberCache) -> None:
    before = await members.get(1, 100)
    assert await store.drafts.record(DRAFT)
    assert await members.get(1, 100) is before


async def test_choices_apply_at_once(store: Store, members: MemberCache) -> None:
    assert (await members.get(1, 100)).preferences.goal.target == Settings().balance.target
    await store.guilds.change(1, target=0.3)
    assert (await members.get(1, 100)).preferences.goal.target == 0.3
    await store.members.change(1, 100, target=0.7, paused=True)
    member = await members.get(1, 100)
    assert member.member.paused and member.preferences.goal.target == 0.7
    await store.members.forget(1, 100, b"who", 0)
    member = await members.get(1, 100)
    # Of their choices, only the pause is left.
    assert member.member.paused and member.preferences.goal.target == 0.3


async def test_lessons_and_their_removal_apply_at_once(store: Store, members: MemberCache) -> None:
    assert await store.drafts.record(DRAFT)
    assert (await members.get(1, 100)).personal is None
    lesson = Lesson(bytes(FEATURES), -2.0, Label.CONVERSATION)
    assert await store.corrections.correct(1, DRAFT.message_id, lambda _: Label.CONVERSATION, NOW, lesson)
    assert (await members.get(1, 100)).personal is not None
    await store.corrections.correct(1, DRAFT.message_id, lambda _: ByHand.TAKE_BACK, NOW)
    assert (await members.get(1, 100)).personal is None


async def test_a_change_whose_caller_has_given_up_is_seen_too(store: Store, members: MemberCache) -> None:
    held = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(raw: Connection) -> None:
        asyncio.run_coroutine_threadsafe(held.wait(), loop).result(10)
        raw.execute("INSERT INTO members (guild_id, member_id, paused) VALUES (1, 100, 1)")

    writing = asyncio.create_task(store.database.write(slow))
    await asyncio.sleep(0.05)
    writing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await writing
    assert not (await members.get(1, 100)).member.paused
    held.set()
    await store.members.change(2, 1, paused=True)  # written after it
    assert (await members.get(1, 100)).member.paused


async def test_only_a_limited_number_is_kept(members: MemberCache) -> None:
    first = await members.get(1, 0)
    for member in range(1, MOST + 1):
        await members.get(1, member)
    assert await members.get(1, 0) is not first
