"""Shards: each server is served by one process, however they are shared out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.errors import SettingsError, StoreError
from coach.shards import Shards
from coach.store.locks import locked


@given(st.integers(1, 2**63 - 1), st.integers(2, 64), st.data())
def test_each_server_is_served_once(guild_id: int, count: int, data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, count - 1))
    parts = [Shards.parse(f"0-{cut - 1}/{count}"), Shards.parse(f"{cut}-{count - 1}/{count}")]
    assert sum(part.covers(guild_id) for part in parts) == 1


@pytest.mark.parametrize("text", ["", "3", "4/4", "5-2/8", "0-3", "a/b", "-1/4", "0-9/8", "0/100000"])
def test_other_forms_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingsError, match="0-3/16"):
        Shards.parse(text)


def refused(database: Path, shards: str | None, says: str = "another process") -> None:
    with pytest.raises(StoreError, match=says), locked(database, Shards.parse(shards) if shards else None):
        pass


def test_two_processes_cannot_serve_the_same_servers(tmp_path: Path) -> None:
    database = tmp_path / "bot.db"
    with locked(database, Shards.parse("0-1/4")):
        with locked(database, Shards.parse("2-3/4")):
            refused(database, "3/4")
        refused(database, "1-2/4")
        # Another number of shards, or all of them, would share out the servers a second time.
        refused(database, "0/2")
        refused(database, "3/14")
        refused(database, None)
    with locked(database, None):
        refused(database, None)
        refused(database, "0/1")
    with locked(database, Shards.parse("0/2")), locked(tmp_path / "other.db", None):
        pass


def test_a_database_is_the_same_by_whatever_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database, elsewhere = tmp_path / "bot.db", tmp_path / "elsewhere"
    database.touch()
    elsewhere.mkdir()
    (elsewhere / "link.db").symlink_to(database)
    monkeypatch.chdir(elsewhere)
    with locked(database, None):
        for name in (elsewhere / "link.db", Path("../bot.db"), Path("link.db")):
            refused(name, None)
        (elsewhere / "hard.db").hardlink_to(database)
        refused(elsewhere / "hard.db", None, "hard link")


def test_a_path_that_cannot_be_a_database_is_refused_and_nothing_is_created(tmp_path: Path) -> None:
    (tmp_path / "circle.db").symlink_to(tmp_path / "circle.db")
    for path, says in (
        (tmp_path / "~" / "x.db", "no such folder; create it"),
        (tmp_path, "is a folder"),
        (Path(os.devnull), "not an ordinary file"),
        (tmp_path / "circle.db", "can't be looked at"),
    ):
        refused(path, None, says)
    assert [path.name for path in tmp_path.iterdir()] == ["circle.db"]
