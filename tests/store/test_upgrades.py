"""A database of each earlier schema version upgrades with its data intact."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import discord
import pytest

from coach.store import Store
from coach.store.backups import backup
from coach.store.schema import MIGRATIONS, migrate, migration_files

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SCHEMAS = Path(__file__).resolve().parent / "schemas"


RENAMED = {("members", "read_from"): "read_after", ("members", "questions"): "question_where"}
"""Moments became message ids, which are compared with Discord's clock; on and off became places."""


def upgraded(table: str, name: str, value: object) -> object:
    """What the upgrade makes of a value of an earlier schema."""
    if name == "read_from" and isinstance(value, int):
        return discord.utils.time_snowflake(datetime.fromtimestamp(value, UTC)) - 1
    if (table, name) == ("members", "questions"):
        return {0: "off"}[cast(int, value)]
    return value


def rows_of(path: Path) -> dict[str, list[dict[str, object]]]:
    with closing(sqlite3.connect(path)) as raw:
        raw.row_factory = sqlite3.Row
        names = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: [dict(row) for row in raw.execute(f"SELECT * FROM {name}")] for name in names}  # noqa: S608


def schema_of(raw: sqlite3.Connection) -> list[tuple[str, str, str]]:
    return raw.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()


def test_each_version_is_kept() -> None:
    assert {int(path.stem) for path in SCHEMAS.glob("*.sql")} == migration_files(MIGRATIONS).keys()


@pytest.mark.parametrize("version", sorted(migration_files(MIGRATIONS)))
def test_a_kept_schema_is_what_its_migrations_make_and_is_brought_up_to_date(tmp_path: Path, version: int) -> None:
    for number, file in migration_files(MIGRATIONS).items():
        if number <= version:
            shutil.copy(file, tmp_path)
    made, kept, new = (sqlite3.connect(":memory:", isolation_level=None) for _ in range(3))
    with closing(made), closing(kept), closing(new):
        migrate(made, NOW, tmp_path)
        kept.executescript((SCHEMAS / f"{version:04}.sql").read_text(encoding="utf-8"))
        assert schema_of(kept) == schema_of(made)
        migrate(kept, NOW)
        migrate(new, NOW)
        assert schema_of(kept) == schema_of(new)


@pytest.mark.parametrize("version", sorted(migration_files(MIGRATIONS)))
async def test_an_earlier_database_upgrades_with_its_data(path: Path, tmp_path: Path, version: int) -> None:
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as raw:
        raw.executescript((SCHEMAS / f"{version:04}.sql").read_text(encoding="utf-8"))
    before = rows_of(old)
    store = await Store.open(old, NOW)
    try:
        assert await store.tallies.recount() == []
        # An old backup is restored the same way: the new program reads it.
        backup(old, path)
    finally:
        await store.close()
    for after in (rows_of(old), rows_of(path)):
        for table, rows in before.items():
            if table == "schema_migrations":
                continue
            for row, new in zip(rows, after[table], strict=True):
                kept = {name: new[RENAMED.get((table, name), name)] for name in row}
                assert kept == {name: upgraded(table, name, value) for name, value in row.items()}
        assert {row["version"] for row in after["schema_migrations"]} == migration_files(MIGRATIONS).keys()


@pytest.mark.parametrize(
    ("nudge_where", "questions", "becomes"),
    [
        ("dm", 1, "dm"),
        ("reply", 1, "reply"),
        ("summary", 1, "reply"),
        (None, 1, None),
        (None, 0, "off"),
        ("dm", None, None),
    ],
)
def test_whoever_had_questions_switched_on_or_off_keeps_that(
    nudge_where: str | None, questions: int | None, becomes: str | None
) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as raw:
        raw.executescript((SCHEMAS / "0012.sql").read_text(encoding="utf-8"))
        raw.execute("UPDATE members SET nudge_where = ?, questions = ?", (nudge_where, questions))
        migrate(raw, NOW)
        assert raw.execute("SELECT question_where FROM members").fetchone()[0] == becomes


@pytest.mark.parametrize("by", ["the member", "their server"])
async def test_no_table_keeps_a_row_of_whoever_is_erased(path: Path, by: str) -> None:
    newest = max(SCHEMAS.glob("*.sql"))
    with closing(sqlite3.connect(path)) as raw:
        # It has a row in each table.
        raw.executescript(newest.read_text(encoding="utf-8"))
    assert all(rows_of(path).values())
    store = await Store.open(path, NOW)
    try:
        if by == "the member":
            await store.members.forget(11, 101, b"who", 0)
            kept = {
                "accounts",
                "account_numbers",
                "account_places",
                "channels",
                "erased",
                "guilds",
                "program",
                "replies",
                "schema_migrations",
                "server_tips",
            }
        else:
            await store.retention.erase_server(11)
            kept = {"program", "schema_migrations"}
    finally:
        await store.close()
    left = rows_of(path)
    assert {name for name, rows in left.items() if rows} == kept
    # What the bot said is still to be deleted; it no longer says to whom.
    assert all(row["author_id"] == 0 for row in left["replies"])
