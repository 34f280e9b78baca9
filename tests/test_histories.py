"""A few hundred random histories; `python -m benchmarks.histories` plays a hundred thousand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.histories.history import History, blank


@pytest.mark.parametrize("first", range(0, 300, 60))
async def test_the_record_is_what_the_rules_say_whatever_happens(tmp_path: Path, first: int) -> None:
    empty = await blank(tmp_path)
    for seed in range(first, first + 60):
        await History(seed, tmp_path, empty).run(40)
