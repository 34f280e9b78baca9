"""A look at a database file that changes nothing: is it whole, of which version, and do its tallies agree."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from coach.errors import StoreError
from coach.store.channels import decided
from coach.store.database import BUSY_SECONDS, MIGRATIONS, migration_files
from coach.store.tallies import differences


@dataclass(frozen=True, slots=True)
class Health:
    """What was found.

    Attributes:
        damage: what SQLite finds wrong with the file; empty where nothing is.
        version: of its schema.
        known: the newest schema version that this program knows.
        wrong: tallies that differ from the drafts; not looked at where the versions differ.
    """

    damage: str
    version: int
    known: int
    wrong: int


def unusable(path: Path) -> str:
    """Why there can be no database of that name, and what to do; empty if there can be, or is."""
    try:
        path = path.resolve()
        facts = path.stat() if path.exists() else None
        is_folder, has_folder = path.is_dir(), path.parent.is_dir()
    except (OSError, RuntimeError) as error:  # a circle of links is a RuntimeError before Python 3.13
        return (
            f"cannot be looked at ({getattr(error, 'strerror', None) or 'a circle of links'}); name another file"
        )
    if not has_folder:
        return "there is no such folder; create it or name another database"
    if is_folder:
        return "is a folder; name a file in it"
    if facts is not None and not stat.S_ISREG(facts.st_mode):
        return "is not an ordinary file; name another"
    if facts is not None and facts.st_nlink > 1:
        # SQLite keeps the journal beside the name: with two names there are two, and the file is damaged.
        # https://www.sqlite.org/howtocorrupt.html, 2.5
        return "has a second name (a hard link), which SQLite cannot work with; remove one, or copy the file"
    return ""


def look(path: Path) -> Health:
    """Look at a database, also at one in use.

    Raises:
        StoreError: it cannot be read.
    """
    known = max(migration_files(MIGRATIONS))
    with _read_only(path) as raw:
        if not raw.execute("SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations'").fetchall():
            raise StoreError(f"{path}: is a database of another program; name another file")
        [(verdict,)] = raw.execute("PRAGMA quick_check(1)").fetchall()
        [(version,)] = raw.execute("SELECT max(version) FROM schema_migrations").fetchall()
        wrong = len(differences(raw)) if verdict == "ok" and version == known else 0
    return Health("" if verdict == "ok" else str(verdict), version, known, wrong)


def is_current(path: Path) -> bool:
    """Whether there is a database whose schema is the one that this program has.

    Raises:
        StoreError: it cannot be read.
    """
    if not path.is_file():
        return False
    with _read_only(path) as raw:
        [(version,)] = raw.execute("SELECT max(version) FROM schema_migrations").fetchall()
    return version == max(migration_files(MIGRATIONS))


def set_up_by_hand(path: Path) -> dict[int, bool]:
    """The channels that were set up by hand: channel id to watched; none where there is no database.

    Raises:
        StoreError: it cannot be read.
    """
    if not path.is_file() or path.stat().st_size == 0:
        return {}
    with _read_only(path) as raw:
        return decided(raw)


@contextmanager
def _read_only(path: Path) -> Generator[sqlite3.Connection, None, None]:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)) as raw:
            yield raw
    except sqlite3.Error as error:
        what = "cannot be read" if isinstance(error, sqlite3.OperationalError) else "is damaged, or no database"
        raise StoreError(f"{path}: {what} ({error}); restore a backup") from error
