"""A draft that moves to another message takes all its rows along."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach.store import Store
from coach.store.connection import Connection
from coach.store.reposts import REFERRED_TO, REFERRING
from tests.support.databases import columns_of, tables_of

SCHEMAS = Path(__file__).resolve().parent / "schemas"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
GUILD, MOVED = 11, 9_000_000_000_000


def ids(raw: Connection) -> dict[str, list[int]]:
    """The message ids in each table that has any."""
    names = tables_of(raw)
    return {
        name: [row[0] for row in raw.execute(f"SELECT message_id FROM {name} ORDER BY message_id")]  # noqa: S608
        for name in names
        if "message_id" in set(columns_of(raw, name))
    }


@pytest.mark.sqlite
async def test_every_table_with_a_drafts_id_follows_it(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        # It has a row in each table.
        raw.executescript(max(SCHEMAS.glob("*.sql")).read_text(encoding="utf-8"))
        raw.execute("UPDATE members SET paused = 0, read_after = NULL")
        raw.commit()
    store = await Store.open(path, NOW)
    try:
        before = await store.database.read(ids)
        assert before.keys() == {*REFERRED_TO, *REFERRING, "removed_drafts"}
        for message_id in before["drafts"]:
            moved = await store.reposts.move(GUILD, message_id, message_id + MOVED)
            assert moved is not None and moved.message_id == message_id + MOVED
        after = await store.database.read(ids)
        drafts = set(before["drafts"])
        for table, found in before.items():
            if table != "removed_drafts":
                assert after[table] == sorted(key + MOVED if key in drafts else key for key in found), table
        assert await store.tallies.recount() == []
        broken = await store.database.read(lambda raw: raw.execute("PRAGMA foreign_key_check").fetchall())
        assert broken == []
        assert await store.reposts.move(GUILD, before["drafts"][0], 1) is None
        assert await store.reposts.move(GUILD + 1, before["drafts"][0] + MOVED, 1) is None
    finally:
        await store.close()
