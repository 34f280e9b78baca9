"""Claims: of several runs of the bot, one sends a summary or a reminder, and takes over what another left."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.store import Claim, Due, Store
from coach.store.claims import LEFT_ALONE, nonce_of
from coach.store.summaries import SummaryStore
from tests.support.verdicts import NOW

DAY = date(2026, 11, 20)
DUE = Due(1, None, NOW, DAY)


@pytest.fixture
async def runs(store: Store) -> tuple[SummaryStore, SummaryStore]:
    """Two runs of the bot that see the same summary due."""
    await store.guilds.change(1, summary_due=NOW, summary_day=DAY)
    return SummaryStore(store.database, "first"), SummaryStore(store.database, "second")


async def test_one_run_alone_holds_the_claim(runs: tuple[SummaryStore, SummaryStore]) -> None:
    first, second = runs
    held = await first.claim(DUE, DAY, 10, NOW)
    assert held is not None and await second.claimed(DUE, DAY) == held
    assert await second.claim(DUE, DAY, 10, NOW + LEFT_ALONE) is None
    # Whoever looked for it longest finds that another run has taken over.
    assert await second.give_back(DUE, DAY, held)
    taken = await second.claim(DUE, DAY, 10, NOW + LEFT_ALONE)
    assert taken is not None and not await first.give_back(DUE, DAY, held)
    # Nor can an earlier claim of its own be given back for the present one.
    earlier = Claim(taken.at - LEFT_ALONE, taken.by, 10)
    assert not await second.give_back(DUE, DAY, earlier)
    await first.note_sent(DUE, DAY, NOW, (DAY + timedelta(days=1), NOW + timedelta(days=1)))
    assert not await second.give_back(DUE, DAY, taken)
    known = await second.claimed(DUE, DAY)
    assert known is not None and known.sent
    assert await second.claim(DUE, DAY, 10, NOW) is None


async def test_a_claim_of_an_earlier_version_can_be_given_back(
    store: Store, runs: tuple[SummaryStore, SummaryStore]
) -> None:
    first, second = runs
    await first.claim(DUE, DAY, 10, NOW)
    await store.database.write(lambda raw: raw.execute("UPDATE summaries SET claimed_by = NULL").rowcount)
    known = await second.claimed(DUE, DAY)
    assert known is not None and known.by == "" and known.is_left_alone("second", NOW)
    assert await second.give_back(DUE, DAY, known) and await second.claimed(DUE, DAY) is None


@given(st.floats(-90_000, 90_000))
def test_a_claim_is_left_alone_for_a_minute_by_others_whatever_the_clocks_say(seconds: float) -> None:
    claim, now = Claim(NOW, "first", 10), NOW + timedelta(seconds=seconds)
    assert claim.is_left_alone("second", now) == (abs(seconds) < 60)
    assert not claim.is_left_alone("first", now)
    assert not Claim(NOW, "first", 10, sent=True).is_left_alone("second", now)


@given(st.lists(st.integers(), min_size=1, max_size=3), st.lists(st.integers(), min_size=1, max_size=3))
def test_a_nonce_is_as_long_as_discord_takes_and_that_of_one_message(one: list[int], other: list[int]) -> None:
    assert len(nonce_of(*one)) == 24
    assert (nonce_of(*one) == nonce_of(*other)) == (one == other)
