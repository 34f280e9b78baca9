"""A database of each earlier schema version upgrades with its data intact."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach.store import Store
from coach.store.database import MIGRATIONS, backup, migration_files

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SCHEMAS = Path(__file__).resolve().parent / "schemas"


def rows_of(path: Path) -> dict[str, list[dict[str, object]]]:
    with closing(sqlite3.connect(path)) as raw:
        raw.row_factory = sqlite3.Row
        names = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: [dict(row) for row in raw.execute(f"SELECT * FROM {name}")] for name in names}  # noqa: S608


def test_each_version_is_kept() -> None:
    assert {int(path.stem) for path in SCHEMAS.glob("*.sql")} == migration_files(MIGRATIONS).keys()


@pytest.mark.parametrize("version", sorted(migration_files(MIGRATIONS)))
async def test_an_earlier_database_upgrades_with_its_data(path: Path, tmp_path: Path, version: int) -> None:
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as raw:
        raw.executescript((SCHEMAS / f"{version:04}.sql").read_text(encoding="utf-8"))
    before = rows_of(old)
    store = await Store.open(old, NOW)
    try:
        assert await store.tallies.recount() == []
        # The way back is the same for a backup: the new program reads it.
        backup(old, path)
    finally:
        await store.close()
    for after in (rows_of(old), rows_of(path)):
        for table, rows in before.items():
            if table == "schema_migrations":
                continue
            assert [{name: new[name] for name in row} for row, new in zip(rows, after[table], strict=True)] == rows
        assert {row["version"] for row in after["schema_migrations"]} == migration_files(MIGRATIONS).keys()
