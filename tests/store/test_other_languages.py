"""Questions about other languages: each member gets one in each channel, and none is used up by a crash."""

from __future__ import annotations

from collections.abc import Callable

from coach.shards import ALONE, Shards
from coach.store import NewDraft, Store

Build = Callable[..., NewDraft]
HERE, THERE = 1, 1 << 22


async def channels(store: Store, author_id: int = 100, guild_id: int = HERE) -> list[int]:
    return await store.other_languages.channels(guild_id, author_id)


async def test_one_question_is_begun_for_each_member_and_channel_if_the_draft_is_there(
    store: Store, draft: Build
) -> None:
    assert not await store.other_languages.ask(HERE, 1)
    assert await channels(store) == [] and not await store.replies.stands(1)
    await store.drafts.record(draft(1, channel_id=11, parent_id=10))
    await store.drafts.record(draft(2))
    await store.drafts.record(draft(3, author_id=200))
    assert [await store.other_languages.ask(HERE, one) for one in (1, 2, 3)] == [True, False, True]
    assert [await store.replies.stands(one) for one in (1, 2, 3)] == [True, False, True]
    assert await channels(store) == [10] and await channels(store, 200) == [10]


async def test_a_question_that_was_not_sent_before_a_crash_is_asked_again(store: Store, draft: Build) -> None:
    for message_id, guild_id, channel_id in ((1, HERE, 10), (2, HERE, 20), (3, THERE, 30)):
        await store.drafts.record(draft(message_id, guild_id=guild_id, channel_id=channel_id))
        assert await store.other_languages.ask(guild_id, message_id)
    await store.replies.note_sent(1, 10, 101)
    await store.other_languages.withdraw_unsent(Shards((0,), 2))
    assert await channels(store) == [10] and await channels(store, guild_id=THERE) == [30]
    assert not await store.replies.stands(2)
    await store.other_languages.withdraw_unsent(ALONE)
    assert await channels(store) == [10] and await channels(store, guild_id=THERE) == []
    assert await store.other_languages.ask(HERE, 2)


async def test_where_somebody_was_asked_goes_with_the_channel(store: Store, draft: Build) -> None:
    for message_id, channel_id, parent_id in ((1, 11, 10), (2, 20, None)):
        await store.drafts.record(draft(message_id, channel_id=channel_id, parent_id=parent_id))
        await store.other_languages.ask(HERE, message_id)
    await store.removals.sweep(HERE, (), (11,))
    assert await channels(store) == [10, 20]
    await store.removals.sweep(HERE, (), (10,))
    assert await channels(store) == [20]
