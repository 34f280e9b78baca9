"""Questions in the store: never more in a day than there may be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from coach.store import Store

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize("most", [0, 1, 3])
async def test_a_day_has_room_for_so_many_questions_to_each_member(store: Store, most: int) -> None:
    for author_id in (100, 101):
        asked = [await store.questions.claim(1, author_id, TODAY, most) for _ in range(5)]
        assert asked == [True] * most + [False] * (5 - most)
    assert await store.questions.claim(2, 100, TODAY, 1)
    assert await store.questions.claim(1, 100, TODAY + timedelta(days=1), 1)


async def test_a_question_that_nobody_saw_does_not_count(store: Store) -> None:
    assert await store.questions.claim(1, 100, TODAY, 1)
    await store.questions.give_back(1, 100)
    assert await store.questions.claim(1, 100, TODAY, 1)
    assert not await store.questions.claim(1, 100, TODAY, 1)


async def test_the_count_goes_with_the_member_and_with_the_server(store: Store) -> None:
    for guild_id in (1, 2):
        await store.questions.claim(guild_id, 100, TODAY, 1)
    await store.members.forget(1, 100, b"who", 0)
    assert (await store.members.export(1, 100))["questions_asked"] == []
    await store.retention.erase_server(2)
    assert (await store.members.export(2, 100))["questions_asked"] == []
