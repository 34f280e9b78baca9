"""New databases of today's schema: made once and copied, as each migration waits for the disk."""

from __future__ import annotations

import functools
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from coach.store import Store
from coach.store.connection import Connection
from coach.store.schema import migrate
from tests.support import postgresql_server as server

_SHARED = Path("/dev/shm")  # noqa: S108  # whoever uses it makes a folder of their own there
IN_MEMORY = _SHARED if _SHARED.is_dir() else None
"""A folder in memory, which doesn't wait for the disk; None for the usual place."""


def put_new(path: Path) -> Path | str:
    """Put an empty database into a new file, or onto the PostgreSQL server; return where it is."""
    if server.address:
        return server.new_database()
    return put_file(path)


def put_file(path: Path) -> Path:
    """Put an empty database into a file, whatever the engine of the tests; return its path."""
    path.write_bytes(_made())
    return path


@functools.cache
def _made() -> bytes:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as raw:
        migrate(raw, datetime(2026, 11, 20, 12, tzinfo=UTC))
        return raw.serialize()


def tables_of(raw: Connection) -> list[str]:
    """The names of a database's tables."""
    query = (
        "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
        if server.address
        else "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return [row[0] for row in raw.execute(query)]


async def rows_of(database: str) -> dict[str, list[tuple[object, ...]]]:
    """All that a database holds, by table; no program has it open."""
    store = await Store.open(database, datetime(2026, 11, 20, 12, tzinfo=UTC))
    try:
        return await store.database.read(
            lambda raw: {
                name: [tuple(row) for row in raw.execute(f"SELECT * FROM {name}")]  # noqa: S608
                for name in tables_of(raw)
            }
        )
    finally:
        await store.close()


def columns_of(raw: Connection, table: str) -> list[str]:
    """The names of a table's columns."""
    return [column[0] for column in raw.execute(f"SELECT * FROM {table} LIMIT 0").description]  # noqa: S608
