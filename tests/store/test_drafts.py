"""Drafts and tallies: whatever happens to drafts, the tallies agree with them."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from coach.balance.standing import Tally
from coach.labels import Kind, Label, Verdict
from coach.store import ByHand, NewDraft, Store
from coach.store.tallies import days_of
from tests.support.databases import put_new
from tests.support.examples import examples

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = date(2026, 11, 20)
Build = Callable[..., NewDraft]


async def test_drafts_posted_before_the_end_of_a_pause_are_not_recorded(store: Store, draft: Build) -> None:
    await store.members.change(1, 100, paused=True)
    assert not await store.drafts.record(draft(1), 1)
    await store.members.change(1, 100, paused=False, read_after=1)
    assert [bool(await store.drafts.record(draft(number), number)) for number in (1, 2)] == [False, True]
    assert await store.drafts.record(draft(3, author_id=200, posted_at=NOW))
    assert (await store.channels.marks(1))[10].cursor == 2
    assert await store.tallies.recount() == []


async def test_a_draft_is_counted_once_however_often_it_arrives(store: Store, draft: Build) -> None:
    assert await store.drafts.record(draft(1))
    assert not await store.drafts.record(draft(1, Label.CONVERSATION))
    assert await store.database.read(lambda raw: days_of(raw, 1, 100, DAY)) == {DAY: Tally(1, 0)}


async def test_an_edit_moves_the_count_unless_the_label_was_set_by_hand(store: Store, draft: Build) -> None:
    talk = Verdict(Label.CONVERSATION, 0.8, Kind.REPLY, False, ())
    for n in (1, 2):
        await store.drafts.record(draft(n))
    await store.corrections.correct(1, 2, lambda _: Label.CONTENT, NOW)
    assert (
        await store.drafts.relabel(1, 1, talk, length=9, text_hash=b"new hash", text=None, addressed=frozenset())
        is Label.CONVERSATION
    )
    assert (
        await store.drafts.relabel(1, 2, talk, length=9, text_hash=b"new hash", text=None, addressed=frozenset())
        is Label.CONTENT
    )
    assert await store.database.read(lambda raw: days_of(raw, 1, 100, DAY)) == {DAY: Tally(1, 1)}


async def test_a_draft_set_aside_leaves_the_count_and_can_come_back(store: Store, draft: Build) -> None:
    await store.drafts.record(draft(1))
    await store.corrections.correct(1, 1, lambda _: ByHand.SET_ASIDE, NOW)
    assert await store.database.read(lambda raw: days_of(raw, 1, 100, DAY)) == {}
    assert not await store.drafts.record(draft(1))
    await store.corrections.correct(1, 1, lambda _: Label.CONTENT, NOW)
    assert await store.database.read(lambda raw: days_of(raw, 1, 100, DAY)) == {DAY: Tally(1, 0)}


async def test_servers_do_not_see_each_other(store: Store, draft: Build) -> None:
    await store.drafts.record(draft(1))
    assert await store.drafts.get(2, 1) is None
    assert not await store.corrections.correct(2, 1, lambda _: Label.CONVERSATION, NOW)
    assert await store.removals.sweep(2, [1], ()) == 0
    assert await store.database.read(lambda raw: days_of(raw, 2, 100, DAY)) == {}


async def test_a_removed_channel_takes_its_drafts_and_threads_with_it(store: Store, draft: Build) -> None:
    await store.drafts.record(draft(1))
    await store.drafts.record(draft(2, channel_id=11, parent_id=10))
    await store.drafts.record(draft(3, channel_id=12))
    assert await store.removals.sweep(1, (), (10,)) == 2
    assert await store.database.read(lambda raw: days_of(raw, 1, 100, DAY)) == {DAY: Tally(1, 0)}
    assert await store.tallies.recount() == []


async def test_recount_names_what_differs(store: Store, draft: Build) -> None:
    await store.drafts.record(draft(1))
    await store.database.write(lambda raw: raw.execute("UPDATE tallies SET content = 5").rowcount)
    differences = await store.tallies.recount()
    assert len(differences) == 1
    assert "author 100" in differences[0] and "5 content" in differences[0]


async def test_recount_names_a_server_whose_sum_differs(store: Store, draft: Build) -> None:
    await store.drafts.record(draft(1))
    await store.drafts.record(draft(2, author_id=200))
    assert await store.tallies.account_days(1, 0, DAY) == {DAY: Tally(2, 0)}
    await store.database.write(lambda raw: raw.execute("UPDATE server_tallies SET content = 5").rowcount)
    assert await store.tallies.recount() == [f"server 1, {DAY}: the server's tally is not the sum of its members'"]


async def test_the_newest_drafts_are_the_newest_by_time_even_if_the_time_zone_changed(
    store: Store, draft: Build
) -> None:
    # After a flight west, it is the previous local day.
    await store.drafts.record(draft(1, local_day=DAY))
    await store.drafts.record(draft(2, local_day=DAY - timedelta(days=1)))
    await store.drafts.record(draft(3, local_day=DAY - timedelta(days=30)))
    recent = store.drafts.recent
    assert [one.message_id for one in await recent(1, 100, DAY - timedelta(days=40), 1)] == [2]
    assert [one.message_id for one in await recent(1, 100, DAY - timedelta(days=40), 2)] == [2, 1]
    assert [one.message_id for one in await recent(1, 100, DAY, 9)] == [1]


async def test_forgetting_erases_one_member_in_one_server(store: Store, draft: Build) -> None:
    await store.drafts.record(draft(1))
    await store.drafts.record(draft(2, author_id=200))
    await store.drafts.record(draft(3, guild_id=2))
    await store.corrections.correct(1, 1, lambda _: Label.CONVERSATION, NOW)
    await store.members.change(1, 100, timezone="Europe/Berlin")
    await store.members.forget(1, 100, b"who", 0)
    assert all(rows == [] for rows in (await store.members.export(1, 100)).values())
    assert await store.drafts.get(1, 2) is not None
    assert await store.drafts.get(2, 3) is not None
    assert await store.tallies.recount() == []


actions = st.lists(
    st.tuples(
        st.sampled_from(["record", "edit", "correct", "aside", "back", "remove", "channel"]),
        st.integers(1, 6),
        st.sampled_from(Label),
        st.integers(100, 101),
    ),
    max_size=30,
)


@examples(0.6)
@given(actions)
def test_whatever_happens_the_tallies_agree(steps: list[tuple[str, int, Label, int]]) -> None:
    verdicts = {label: Verdict(label, 0.5, Kind.SHARE, False, ()) for label in Label}

    async def play(path: Path) -> list[str]:
        store = await Store.open(put_new(path), NOW)
        try:
            work = store.drafts
            for action, number, label, author in steps:
                channel = 10 + number % 2
                match action:
                    case "record":
                        await work.record(
                            NewDraft(number, 1, channel, None, author, NOW, DAY, verdicts[label], 5, b"h", None)
                        )
                    case "edit":
                        await work.relabel(
                            1, number, verdicts[label], length=6, text_hash=b"i", text=None, addressed=frozenset()
                        )
                    case "correct" | "aside" | "back":
                        by_hand = {"correct": label, "aside": ByHand.SET_ASIDE, "back": ByHand.TAKE_BACK}[action]
                        await store.corrections.correct(1, number, lambda _, done=by_hand: done, NOW)
                    case "remove":
                        await store.removals.sweep(1, [number], ())
                    case _:
                        await store.removals.sweep(1, (), (channel,))
            return await store.tallies.recount()
        finally:
            await store.close()

    with tempfile.TemporaryDirectory() as folder:
        assert asyncio.run(play(Path(folder) / "play.db")) == []


async def test_concurrent_writers_agree_in_the_end(store: Store, draft: Build) -> None:
    labels = list(Label)
    await asyncio.gather(
        *(store.drafts.record(draft(n, labels[n % 2], author_id=100 + n % 3)) for n in range(1, 151)),
        *(store.drafts.record(draft(n, labels[n % 2], author_id=100 + n % 3)) for n in range(100, 200)),
        *(store.corrections.correct(1, n, lambda _, label=labels[n % 2].other: label, NOW) for n in range(1, 40)),
        *(store.removals.sweep(1, [n], ()) for n in range(30, 60)),
    )
    assert await store.tallies.recount() == []
