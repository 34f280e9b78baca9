"""Nudges in the store: what followed them, tips passed over, and how often tips were heeded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from coach.labels import Label
from coach.nudging.tips import Outcome
from coach.store import NewDraft, Store, StoredNudge
from coach.store.nudges import nudges_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
Build = Callable[..., NewDraft]
TALK, TELL = Label.CONVERSATION, Label.CONTENT


async def nudged(store: Store, message_id: int, tip: str, lacking: Label = TALK) -> None:
    last = await store.database.read(lambda raw: nudges_of(raw, 1, 100))
    at = NOW + timedelta(seconds=message_id)
    nudge = StoredNudge(message_id, 1, 100, tip, lacking)
    assert await store.nudges.add(nudge, at, last[0].at if last else None)


async def followed(store: Store, message_id: int) -> tuple[str, int | None]:
    row = await store.database.read(
        lambda raw: raw.execute(
            "SELECT followed, heeded FROM nudges WHERE message_id = ?", (message_id,)
        ).fetchone()
    )
    return row[0], row[1]


async def test_a_nudge_is_not_recorded_if_its_draft_is_gone_or_its_author_has_paused(
    store: Store, draft: Build
) -> None:
    await store.drafts.record(draft(1))
    await store.drafts.record(draft(2))
    await store.members.forget(1, 100, b"who", 0)
    assert not await store.nudges.add(StoredNudge(1, 1, 100, "ask", TALK), NOW, None)
    assert {table: rows for table, rows in (await store.members.export(1, 100)).items() if rows} == {}
    await store.drafts.record(draft(3))
    await store.members.change(1, 100, paused=True)
    assert not await store.nudges.add(StoredNudge(3, 1, 100, "ask", TALK), NOW, None)
    assert await store.database.read(lambda raw: nudges_of(raw, 1, 100)) == []


async def test_the_next_three_drafts_are_recorded_with_a_nudge(store: Store, draft: Build) -> None:
    await store.drafts.record(draft(1))
    await nudged(store, 1, "ask")
    assert await followed(store, 1) == ("", None)
    for number, label in enumerate((TELL, TALK, TELL, TALK), 2):
        await store.drafts.record(draft(number, label))
    assert await followed(store, 1) == ("content conversation content", 0)


async def test_a_corrected_label_corrects_the_outcome(store: Store, draft: Build) -> None:
    await store.drafts.record(draft(1))
    await nudged(store, 1, "ask")
    await store.drafts.record(draft(2, TELL))
    assert await store.nudges.outcomes(1) == {"ask": Outcome(0, 1)}
    await store.corrections.correct(1, 2, lambda _: TALK, NOW)
    assert await followed(store, 1) == ("conversation", 1)
    assert await store.nudges.outcomes(1) == {"ask": Outcome(1, 0)}


async def test_drafts_of_others_or_in_other_servers_say_nothing_about_a_nudge(store: Store, draft: Build) -> None:
    await store.drafts.record(draft(1))
    await nudged(store, 1, "ask")
    await store.drafts.record(draft(2, TALK, author_id=101))
    await store.drafts.record(draft(3, TALK, guild_id=2))
    assert await followed(store, 1) == ("", None)
    assert await store.nudges.outcomes(1) == {}


async def test_a_tip_passed_over_was_shown_and_not_heeded(store: Store, draft: Build) -> None:
    await store.drafts.record(draft(1))
    await nudged(store, 1, "ask")
    shown = await store.nudges.find(1)
    assert shown is not None
    assert await store.nudges.pass_over(shown, "thank")
    assert not await store.nudges.pass_over(shown, "greet")  # a second click on the same nudge
    await store.drafts.record(draft(2, TALK))
    assert await store.nudges.times_shown(1, 100) == {"ask": 1, "thank": 1}
    assert await store.nudges.outcomes(1) == {"ask": Outcome(0, 1), "thank": Outcome(1, 0)}
    assert await store.nudges.outcomes(2) == {}
    assert await store.nudges.outcomes(None) == await store.nudges.outcomes(1)


@pytest.mark.parametrize("erased", ["withdrawn", "forgotten"])
async def test_nothing_is_left_of_a_nudge_that_is_erased(store: Store, draft: Build, erased: str) -> None:
    await store.drafts.record(draft(1))
    await nudged(store, 1, "ask")
    shown = await store.nudges.find(1)
    assert shown is not None
    await store.nudges.pass_over(shown, "thank")
    if erased == "withdrawn":
        await store.nudges.withdraw(1)
    else:
        await store.members.forget(1, 100, b"who", 0)
    assert await store.nudges.times_shown(1, 100) == {}
    assert await store.nudges.find(1) is None


async def test_people_are_counted_once_and_only_in_conversation(store: Store, draft: Build) -> None:
    ann, ben = b"ann-hash", b"ben-hash"
    await store.drafts.record(draft(1, TALK, addressed=frozenset({ann})))
    await store.drafts.record(draft(2, TALK, addressed=frozenset({ann, ben})))
    await store.drafts.record(draft(3, TELL, addressed=frozenset({b"somebody"})))
    day = NOW.date()
    assert (await store.tallies.days_people_and_kinds(1, [(100, day, day, day)]))[0][1] == 2
    await store.removals.sweep(1, [2], ())
    assert (await store.tallies.days_people_and_kinds(1, [(100, day, day, day)]))[0][1] == 1
    assert (await store.members.export(1, 100))["addressed"] == [
        {"message_id": 1, "person": ann.hex()},
        {"message_id": 3, "person": b"somebody".hex()},
    ]
    await store.members.forget(1, 100, b"who", 0)
    assert all(rows == [] for rows in (await store.members.export(1, 100)).values())
