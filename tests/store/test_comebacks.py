"""Posted drafts in the store: what counts of a thought and of an account, and reminders that are sent once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from coach.balance.standing import Tally
from coach.labels import Kind, Label
from coach.nudging.policy import Shown, Silence
from coach.store import ByHand, Deciding, NewDraft, Placing, Store, StoredDraft, Words
from coach.store.nudges import nudges_of
from coach.store.tallies import days_of
from tests.support.thoughts_model import relate
from tests.support.verdicts import NOW

Build = Callable[..., NewDraft]
SERVER, ANN, DAY = 1, 100, date(2026, 11, 20)
OFFER = Placing(Words(b"offer"), timedelta(days=1), relate)
HOUR = timedelta(hours=1)


async def mark(store: Store, key: int, posted: bool = True) -> StoredDraft | None:
    return await store.comebacks.mark(SERVER, key, lambda _: posted, NOW, HOUR)


async def tallied(store: Store, posted: Sequence[int] = (0,)) -> Tally:
    assert await store.tallies.recount() == []
    days = await store.database.read(lambda raw: days_of(raw, SERVER, ANN, DAY, None, posted))
    [(_, people, kinds)] = await store.tallies.days_people_and_kinds(SERVER, [(ANN, DAY, DAY, DAY)], None, posted)
    assert sum(one[3] for one in kinds) == days.get(DAY, Tally()).drafts and people == 0
    return days.get(DAY, Tally())


def always(_: Sequence[Shown]) -> bool:
    return True


async def claimable(store: Store, draft: Build) -> StoredDraft:
    """A draft whose reminder is due."""
    await store.members.change(SERVER, ANN, comes_back=True)
    await store.drafts.record(draft(1))
    await mark(store, 1)
    [comeback] = await store.comebacks.due(NOW + HOUR)
    assert comeback.due == NOW.replace(microsecond=0) + HOUR
    return comeback.draft


async def test_a_thought_is_posted_if_one_of_its_variants_is(store: Store, draft: Build) -> None:
    for number, label in ((1, Label.CONTENT), (2, Label.CONTENT), (3, Label.CONVERSATION)):
        await store.drafts.record(draft(number, label, placing=OFFER))
    assert await tallied(store) == Tally(0, 0)
    await mark(store, 1)
    # What counts is the newest label, whichever of them went out.
    assert await tallied(store) == Tally(0, 1) == await tallied(store, ())
    await store.removals.sweep(SERVER, [3], ())
    assert await tallied(store) == Tally(1, 0)
    await store.thoughts.put_on_its_own(SERVER, 1)
    assert (await tallied(store), await tallied(store, ())) == (Tally(1, 0), Tally(2, 0))
    await mark(store, 2)
    await store.corrections.correct(SERVER, 1, lambda _: ByHand.SET_ASIDE, NOW, change="it")
    assert await tallied(store) == Tally(1, 0)
    await store.corrections.undo(SERVER, 1, "it")
    assert await tallied(store) == Tally(2, 0)
    await mark(store, 1, posted=False)
    assert await tallied(store) == Tally(1, 0)
    assert await store.tallies.went_out(SERVER, ANN, DAY, DAY) == (2, 1)


async def test_a_mark_survives_an_edit_and_comes_back_with_its_draft(store: Store, draft: Build) -> None:
    for number in (1, 2):
        await store.drafts.record(draft(number, placing=OFFER))
        await mark(store, number)
    await store.drafts.relabel(
        SERVER,
        1,
        draft(1, Label.CONVERSATION).verdict,
        length=9,
        text_hash=b"new",
        text=None,
        addressed=frozenset(),
        placing=Placing(Words(b"else"), OFFER.window, relate),
    )
    assert await tallied(store) == Tally(1, 1)
    await store.removals.sweep(SERVER, [1, 2], (), keep=NOW)
    assert await tallied(store, ()) == Tally()
    assert await store.removals.put_back() == 2
    assert await tallied(store) == Tally(1, 1)


async def test_a_nudge_is_decided_on_what_the_account_counts(store: Store, draft: Build) -> None:
    seen: list[dict[date, Tally]] = []

    def silence(_: int, days: dict[date, Tally], __: object) -> Silence:
        seen.append(days)
        return Silence.INSIDE

    await store.drafts.record(draft(1, Label.CONVERSATION))
    await mark(store, 1)
    for number, posted in ((2, frozenset[int]()), (3, frozenset({0}))):
        await store.drafts.record(draft(number), None, Deciding(DAY, silence, NOW, 0.0, posted))
    assert seen == [{DAY: Tally(1, 1)}, {DAY: Tally(0, 1)}]


async def test_recount_names_a_mark_that_counts_wrongly(store: Store, draft: Build) -> None:
    await store.drafts.record(draft(1))
    await store.database.write(lambda raw: raw.execute("UPDATE drafts SET out_at = 1").rowcount)
    assert any("thought 1" in line and "posted" in line for line in await store.tallies.recount())
    await store.database.write(lambda raw: raw.execute("UPDATE drafts SET counts_out = 1").rowcount)
    assert any("posted: 0 and 0, drafts say 1 and 0" in line for line in await store.tallies.recount())


async def test_a_reminder_is_claimed_once_and_counts_as_a_nudge(store: Store, draft: Build) -> None:
    one = await claimable(store, draft)
    assert await store.comebacks.due(NOW) == []
    assert not await store.comebacks.claim(one, 10, NOW, lambda _: False)
    assert await store.comebacks.claim(one, 10, NOW + HOUR, always)
    assert not await store.comebacks.claim(one, 10, NOW + HOUR, always)
    assert await store.comebacks.due(NOW + HOUR) == []
    shown = await store.database.read(lambda raw: nudges_of(raw, SERVER, ANN))
    assert [(one.at, one.heeded) for one in shown] == [(NOW.replace(microsecond=0) + HOUR, None)]
    # Marked anew, or once its draft is gone, it still has been.
    await mark(store, 1, posted=False)
    await mark(store, 1)
    assert await store.comebacks.due(NOW + 2 * HOUR) == []
    await store.removals.sweep(SERVER, [1], ())
    assert await store.database.read(lambda raw: nudges_of(raw, SERVER, ANN)) == shown


async def test_a_reminder_stands_beside_another_reply_and_goes_by_itself(store: Store, draft: Build) -> None:
    one = await claimable(store, draft)
    assert await store.replies.begin(1, SERVER, ANN, "nudge")
    assert await store.comebacks.claim(one, 10, NOW + HOUR, always)
    assert not await store.replies.begin(1, SERVER, ANN, "question")
    assert await store.replies.note_sent(1, 10, 11)
    assert await store.replies.note_sent(1, 10, 12, comeback=True)
    await store.replies.note_answered(1)
    await mark(store, 1, posted=False)
    [over] = await store.replies.over(SERVER)
    assert (over.reply_id, over.says) == (12, "comeback") and await store.replies.stands(1)
    await store.replies.drop(1, comeback=True)
    await store.removals.sweep(SERVER, [1], ())
    assert [reply.reply_id for reply in await store.replies.over(SERVER)] == [11]


async def test_what_is_no_posted_content_any_more_is_not_claimed(store: Store, draft: Build) -> None:
    one = await claimable(store, draft)
    await store.corrections.correct(SERVER, 1, lambda _: Label.CONVERSATION, NOW)
    assert not await store.comebacks.claim(one, 10, NOW + HOUR, always)
    await store.corrections.correct(SERVER, 1, lambda _: Label.CONTENT, NOW)
    await store.members.change(SERVER, ANN, paused=True)
    assert not await store.comebacks.claim(one, 10, NOW + HOUR, always)
    await store.members.change(SERVER, ANN, paused=False)
    assert await store.comebacks.claim(one, 10, NOW + HOUR, always)


async def test_old_reminders_are_erased_with_old_drafts(store: Store, draft: Build) -> None:
    one = await claimable(store, draft)
    assert await store.comebacks.claim(one, 10, NOW + HOUR, always)
    await store.retention.erase_old(NOW + 2 * HOUR)
    assert await store.database.read(lambda raw: raw.execute("SELECT * FROM comebacks").fetchall()) == []


@pytest.mark.parametrize("by_hand", ["copy", "record", "neither"])
@pytest.mark.parametrize("marked", ["before", "after"])
async def test_a_draft_that_is_put_back_is_posted_if_it_or_its_new_record_is(
    store: Store, draft: Build, by_hand: str, marked: str
) -> None:
    async def correct() -> None:
        await store.corrections.correct(SERVER, 1, lambda _: Label.CONVERSATION, NOW, change="it")

    await store.drafts.record(draft(1))
    if by_hand == "copy":
        await correct()
    if marked == "before":
        await mark(store, 1)
    await store.removals.sweep(SERVER, [1], (), keep=NOW)
    await store.drafts.record(draft(1))
    if by_hand == "record":
        await correct()
    if marked == "after":
        await mark(store, 1)
    await store.removals.put_back()
    assert (await tallied(store)).drafts == 1


@pytest.mark.parametrize("posted", [1, 2])
async def test_a_posted_thread_keeps_its_count_while_its_parts_lose_their_label_and_get_it_back(
    store: Store, draft: Build, posted: int
) -> None:
    await store.drafts.record(draft(1))
    await store.drafts.record(draft(2, continues=1))
    await mark(store, posted)
    [thread] = await store.thoughts.changed_threads(SERVER)
    nothing = replace(draft(1).verdict, kind=Kind.NONE)
    for verdict, counted in ((nothing, Tally()), (draft(1).verdict, Tally(1, 0))):
        await store.thoughts.judge(SERVER, thread, verdict)
        assert await tallied(store) == counted == await tallied(store, ())
