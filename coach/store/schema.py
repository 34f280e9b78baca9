"""The schema: numbered migrations, and what brings a SQLite file up to date."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from coach.errors import StoreError

MIGRATIONS = Path(__file__).with_name("migrations")


def migration_files(folder: Path, engine: str = "sqlite") -> dict[int, Path]:
    """The migrations by number, in order: `NNNN_name.sql`, or where engines differ `NNNN_name.ENGINE.sql`.

    Raises:
        StoreError: a file's name has no number, or two share one.
    """
    files: dict[int, Path] = {}
    for path in sorted(folder.glob("*.sql")):
        match = re.match(r"(\d{4})_[^.]*(?:\.(\w+))?\.sql", path.name)
        if match is not None and match[2] not in (None, engine):
            continue
        if match is None or int(match[1]) in files:
            raise StoreError(f"{path}: a migration needs a number of its own, such as 0001_name.sql")
        files[int(match[1])] = path
    return files


def migrate(raw: sqlite3.Connection, now: datetime, folder: Path = MIGRATIONS) -> list[int]:
    """Apply the migrations that the database lacks, each in one transaction with its record.

    Args:
        raw: a connection in autocommit mode.
        now: aware time to record.
        folder: the numbered `.sql` files.

    Returns:
        The numbers of the migrations that were applied.

    Raises:
        StoreError: the database has a migration that this program does not know.
    """
    files = migration_files(folder)
    raw.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations"
        " (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT"
    )
    applied: list[int] = []
    for number, path in files.items():
        raw.execute("BEGIN IMMEDIATE")
        try:
            # Checked inside the transaction: another process may have migrated a moment ago.
            done = {row[0] for row in raw.execute("SELECT version FROM schema_migrations")}
            newer = done - files.keys()
            if newer:
                raise StoreError(
                    f"the database has schema version {max(newer)}, this program knows {max(files)}; "
                    "start the newer program or restore a backup"
                )
            if number not in done:
                for statement in _statements(path.read_text(encoding="utf-8")):
                    raw.execute(statement)
                raw.execute(
                    "INSERT INTO schema_migrations (version, name, applied_at) VALUES (?, ?, ?)",
                    (number, path.name.partition(".")[0], now.isoformat()),
                )
                applied.append(number)
            raw.execute("COMMIT")
        except BaseException:
            if raw.in_transaction:
                raw.execute("ROLLBACK")
            raise
    return applied


def _statements(script: str) -> Iterable[str]:
    # sqlite3's own executescript commits first, which would separate the migration from its record.
    buffer = ""
    for line in script.splitlines(keepends=True):
        buffer += line
        if sqlite3.complete_statement(buffer):
            yield buffer
            buffer = ""
    if buffer.strip() and not all(line.lstrip().startswith("--") for line in buffer.splitlines() if line.strip()):
        raise StoreError("a migration ends in the middle of a statement")
