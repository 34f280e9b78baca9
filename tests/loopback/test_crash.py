"""The real program is killed again and again: nothing is lost, counted twice, or left without its summary."""

from __future__ import annotations

import random

import pytest

from tests.support.loopback import trial
from tests.support.loopback.once import SERVERS, OnceTrial
from tests.support.loopback.town import Town
from tests.support.loopback.trial import Trial


@pytest.mark.slow
async def test_ten_kills_lose_nothing(town: Town) -> None:
    counts = await Trial(town, random.Random(7)).run(10)
    assert counts.kills == 10
    assert counts.drafts > 50
    # One in each of the two servers.
    assert (counts.days, counts.summaries) == (1, 2)


@pytest.mark.slow
async def test_what_is_sent_once_comes_once_whatever_ends_the_bot(town: Town) -> None:
    tally = await OnceTrial(town, random.Random(7)).run(5)
    assert (tally.kills, tally.days) == (5, 1)
    assert tally.summaries == tally.personal == tally.reminders == SERVERS


async def test_a_bot_that_gets_on_is_waited_for_however_slow_it_is(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = Trial(town, random.Random(7))
    left = [{"lost": 2}, {"lost": 1}, {"lost": 1, "signs": 1}, {}]
    monkeypatch.setattr(trial, "PATIENCE", 0)
    monkeypatch.setattr(ahead, "differences", lambda: left.pop(0))
    await ahead.agreed()
    assert left == []
    monkeypatch.setattr(ahead, "differences", lambda: {"lost": 2})
    with pytest.raises(AssertionError, match="'lost': 2"):
        await ahead.agreed()
