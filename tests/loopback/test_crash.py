"""The real program is killed again and again: nothing is lost, counted twice, or left without its summary."""

from __future__ import annotations

import random

import pytest

from tests.support.loopback.town import Town
from tests.support.loopback.trial import Trial


@pytest.mark.slow
async def test_ten_kills_lose_nothing(town: Town) -> None:
    counts = await Trial(town, random.Random(7)).run(10)
    assert counts.kills == 10
    assert counts.drafts > 50
    # One in each of the two servers.
    assert (counts.days, counts.summaries) == (1, 2)
