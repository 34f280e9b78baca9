"""Nudges held back and reasons for silence in the store: what followed, how long they are kept, who is erased."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from coach.balance.standing import Tally
from coach.labels import Label
from coach.nudging.policy import Shown, Silence
from coach.nudging.trial import Counts
from coach.store import Deciding, NewDraft, Recorded, Store, StoredNudge
from coach.store.decisions import KEPT

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
Build = Callable[..., NewDraft]
TALK, TELL = Label.CONVERSATION, Label.CONTENT


def deciding(silence: Silence | None, number: int = 0, seen: list[Sequence[Shown]] | None = None) -> Deciding:
    def decide(_account: int, _: dict[date, Tally], history: Sequence[Shown]) -> Silence | None:
        if seen is not None:
            seen.append(history)
        return silence

    return Deciding(NOW.date(), decide, NOW + timedelta(seconds=number), 0.1)


async def held_back(store: Store, draft: NewDraft) -> None:
    decided = await store.drafts.record(draft, None, deciding(Silence.HELD_BACK, draft.message_id))
    assert decided is not None and decided.silence is Silence.HELD_BACK


async def shown(store: Store, draft: NewDraft) -> None:
    decided = await store.drafts.record(draft, None, deciding(None, draft.message_id))
    assert decided is not None and decided.silence is None
    nudge = StoredNudge(draft.message_id, draft.guild_id, draft.author_id, "ask", TALK)
    at = NOW + timedelta(seconds=draft.message_id)
    assert await store.nudges.add(nudge, at, decided.last, 0.1)


async def silences(store: Store) -> list[Silence | None]:
    return [one.silence for one in await store.decisions.latest(1, 100, 100)]


async def test_what_follows_a_nudge_held_back_is_recorded_as_after_one_that_is_shown(
    store: Store, draft: Build
) -> None:
    await held_back(store, draft(1))
    assert await store.occasions.by_author(0.1, 100) == []
    await store.drafts.record(draft(2, TALK))
    assert await store.occasions.by_author(0.1, 100) == [Counts(0, 0, 1, 1)]
    await store.corrections.correct(1, 2, lambda _: TELL, NOW)
    assert await store.occasions.by_author(0.1, 100) == [Counts(0, 0, 1, 0)]
    await shown(store, draft(3))
    await store.drafts.record(draft(4, TALK))
    assert await store.occasions.by_author(0.1, 100) == [Counts(1, 1, 1, 0)]
    assert (await store.occasions.chance(), await store.occasions.count(0.1)) == (0.1, 2)
    assert await store.occasions.by_author(0.1, 1) == [Counts(0, 0, 1, 0)]
    assert await store.occasions.count(0.2) == 0
    # No tip was in the one that nobody saw.
    assert list(await store.nudges.outcomes(1)) == ["ask"]
    assert await store.nudges.times_shown(1, 100) == {"ask": 1}


async def test_one_held_back_is_in_the_history_that_the_next_is_decided_on(store: Store, draft: Build) -> None:
    await shown(store, draft(1))
    await store.drafts.record(draft(2, TELL))
    await held_back(store, draft(3))
    await store.drafts.record(draft(4, TALK))
    seen: list[Sequence[Shown]] = []
    last = NOW + timedelta(seconds=3)
    decided = await store.drafts.record(draft(5), None, deciding(None, 5, seen))
    assert decided == Recorded(TELL, None, last)
    assert seen == [[Shown(last, None), Shown(NOW + timedelta(seconds=1), False)]]


async def test_two_drafts_at_once_bring_one_nudge_even_if_the_other_is_held_back(
    store: Store, draft: Build
) -> None:
    decided = await store.drafts.record(draft(1), None, deciding(None, 1))
    assert decided is not None
    await held_back(store, draft(2))
    assert not await store.nudges.add(StoredNudge(1, 1, 100, "ask", TALK), NOW, decided.last, 0.1)
    assert await silences(store) == [Silence.HELD_BACK, Silence.OVERTAKEN]


async def test_a_nudge_taken_back_stays_in_the_trial(store: Store, draft: Build) -> None:
    await shown(store, draft(1))
    await store.nudges.withdraw(1)
    await store.drafts.record(draft(2, TALK))
    assert await store.occasions.by_author(0.1, 100) == [Counts(1, 1, 0, 0)]


async def test_nothing_is_recorded_of_nudges_outside_of_the_trial(store: Store, draft: Build) -> None:
    await store.drafts.record(draft(1), None, deciding(None))
    assert await store.nudges.add(StoredNudge(1, 1, 100, "ask", TALK), NOW, None)
    assert await store.occasions.chance() is None
    assert (await store.members.export(1, 100))["occasions"] == []


async def test_only_the_newest_decisions_are_kept(store: Store, draft: Build) -> None:
    for number in range(1, KEPT + 6):
        await store.drafts.record(draft(number), None, Silence.INSIDE)
    await store.drafts.record(draft(1000, author_id=101), None, Silence.OFF)
    kept = await store.decisions.latest(1, 100, 100)
    assert [one.message_id for one in kept] == list(range(KEPT + 5, 5, -1))
    assert await store.decisions.on(1, 100, 5) is None
    # One that is read late is older, and drives out nothing newer.
    await store.drafts.record(draft(0))
    assert [one.message_id for one in await store.decisions.latest(1, 100, 100)] == list(range(KEPT + 5, 5, -1))
    rows = (await store.members.export(1, 100))["decisions"]
    assert len(rows) == KEPT and {row["silence"] for row in rows} == {"inside"}


async def test_a_decision_goes_with_its_draft(store: Store, draft: Build) -> None:
    for number in (1, 2):
        await store.drafts.record(draft(number), None, Silence.INSIDE)
    await store.removals.sweep(1, [1], ())
    assert [row["message_id"] for row in (await store.members.export(1, 100))["decisions"]] == [2]


async def test_what_discord_did_not_accept_is_told_as_such(store: Store, draft: Build) -> None:
    await shown(store, draft(1))
    assert await silences(store) == [None]
    await store.decisions.note(1, 1, Silence.NOT_SENT)
    await store.decisions.note(1, 2, Silence.NOT_SENT)
    assert await silences(store) == [Silence.NOT_SENT]


@pytest.mark.parametrize("erased", ["forgotten", "left", "old"])
async def test_nothing_of_it_is_left_when_it_is_erased(store: Store, draft: Build, erased: str) -> None:
    await held_back(store, draft(1))
    await shown(store, draft(2))
    if erased == "forgotten":
        await store.members.forget(1, 100, b"who", 0)
    elif erased == "left":
        await store.retention.erase_server(1)
    else:
        await store.retention.erase_old(NOW + timedelta(days=1))
    exported = await store.members.export(1, 100)
    assert exported["occasions"] == exported["decisions"] == []


async def test_what_goes_on_with_a_draft_answers_no_nudge_on_it(store: Store, draft: Build) -> None:
    await held_back(store, draft(1))
    part = await store.drafts.record(draft(2, TALK, continues=1), None, deciding(None, 2))
    assert part is not None and part.silence is Silence.JOINED
    assert await store.occasions.by_author(0.1, 100) == []
    await store.drafts.record(draft(3, TALK))
    assert await store.occasions.by_author(0.1, 100) == [Counts(0, 0, 1, 1)]
    # Somebody says that it is the same thought, too, and takes that back.
    await store.thoughts.put_with(1, 3)
    assert await store.occasions.by_author(0.1, 100) == []
    await store.thoughts.put_on_its_own(1, 3)
    assert await store.occasions.by_author(0.1, 100) == [Counts(0, 0, 1, 1)]
    # One that was read late is said to be that.
    late = await store.drafts.record(draft(4, continues=2))
    assert late is not None and late.joined and late.silence is Silence.READ_LATE
