"""Shards: each server is served by one process, whatever way they are shared out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.settings import SettingsError
from coach.shards import Shards, locked
from coach.store import StoreError


@given(st.integers(1, 2**63 - 1), st.integers(2, 64), st.data())
def test_each_server_is_served_once(guild_id: int, count: int, data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, count - 1))
    parts = [Shards.parse(f"0-{cut - 1}/{count}"), Shards.parse(f"{cut}-{count - 1}/{count}")]
    assert sum(part.covers(guild_id) for part in parts) == 1


@pytest.mark.parametrize("text", ["", "3", "4/4", "5-2/8", "0-3", "a/b", "-1/4", "0-9/8", "0/100000"])
def test_other_forms_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingsError, match="0-3/16"):
        Shards.parse(text)


def test_two_processes_cannot_serve_the_same_servers(tmp_path: Path) -> None:
    database = tmp_path / "bot.db"
    with locked(database, Shards.parse("0-1/4")):
        with locked(database, Shards.parse("2-3/4")):
            pass
        with pytest.raises(StoreError, match="another process"), locked(database, Shards.parse("1-2/4")):
            pass
    with locked(database, Shards.parse("1-2/4")), locked(database, None):
        pass
