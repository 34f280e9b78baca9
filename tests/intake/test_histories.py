"""A few hundred random histories; `python -m benchmarks.histories` plays a hundred thousand."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.support.databases import IN_MEMORY
from tests.support.histories.history import History


@pytest.mark.parametrize("first", range(0, 300, 60))
async def test_the_record_is_what_the_rules_say_whatever_happens(first: int) -> None:
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        for seed in range(first, first + 60):
            await History(seed, Path(folder)).run(40)
