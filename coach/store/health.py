"""A look at a database file that changes nothing: is it whole, of which version, and do its tallies agree."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from coach.store.database import BUSY_SECONDS, MIGRATIONS, StoreError, migration_files
from coach.store.tallies import differences


@dataclass(frozen=True, slots=True)
class Health:
    """What was found.

    Attributes:
        damage: what SQLite finds wrong with the file; empty where nothing is.
        version: of its schema.
        known: the newest schema version that this program knows.
        wrong: tallies that differ from the drafts; not looked at where the versions differ.
        decided: channels that were set up by hand, id to watched.
    """

    damage: str
    version: int
    known: int
    wrong: int
    decided: dict[int, bool]


def look(path: Path) -> Health:
    """Look at a database, also at one in use.

    Raises:
        StoreError: it cannot be read.
    """
    known = max(migration_files(MIGRATIONS))
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)) as raw:
            [(verdict,)] = raw.execute("PRAGMA quick_check(1)").fetchall()
            [(version,)] = raw.execute("SELECT max(version) FROM schema_migrations").fetchall()
            decided = raw.execute("SELECT channel_id, watched FROM channels WHERE watched IS NOT NULL").fetchall()
            wrong = len(differences(raw)) if version == known else 0
    except sqlite3.Error as error:
        raise StoreError(f"{path}: cannot be read ({error}); restore a backup") from error
    damage = "" if verdict == "ok" else str(verdict)
    return Health(damage, version, known, wrong, {row[0]: bool(row[1]) for row in decided})
