"""The health of a database file, checked without changing it: its damage, its version, and its tallies."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from coach.errors import StoreError
from coach.store.channels import watched_by_hand
from coach.store.database import BUSY_SECONDS
from coach.store.schema import MIGRATIONS, migration_files
from coach.store.tallies import differences


@dataclass(frozen=True, slots=True)
class Health:
    """The state of a database file.

    Attributes:
        damage: what SQLite finds wrong with the file; empty if nothing is.
        version: the version of its schema.
        known: the newest schema version that this program knows.
        wrong: how many tallies differ from the drafts; not checked if the versions differ.
    """

    damage: str
    version: int
    known: int
    wrong: int


def why_unusable(path: Path) -> str:
    """Why a database can't have that path, and what to do about it; empty if it can."""
    try:
        path = path.resolve()
        facts = path.stat() if path.exists() else None
        is_folder, has_folder = path.is_dir(), path.parent.is_dir()
    except (OSError, RuntimeError) as error:  # a circle of links is a RuntimeError before Python 3.13
        return f"can't be looked at ({getattr(error, 'strerror', None) or 'a circle of links'}); name another file"
    if not has_folder:
        return "there is no such folder; create it or name another database"
    if is_folder:
        return "is a folder; name a file in it"
    if facts is not None and not stat.S_ISREG(facts.st_mode):
        return "is not an ordinary file; name another"
    if facts is not None and facts.st_nlink > 1:
        # SQLite names the journal after the file: with two names there are two journals, and the file gets
        # damaged. https://www.sqlite.org/howtocorrupt.html, 2.5
        return "has a second name (a hard link), which SQLite can't work with; remove one, or copy the file"
    return ""


def why_unwritable(path: Path) -> str:
    """Why this user can't write a database there, and what to do about it; empty if they can.

    Args:
        path: a path for which `why_unusable` has nothing to say.
    """
    path = path.resolve()
    if hasattr(os, "statvfs") and os.statvfs(path.parent).f_flag & os.ST_RDONLY:
        return "is on a disk that can only be read; mount it so that it can be written to, or name another file"
    if not os.access(path.parent, os.W_OK):
        # SQLite keeps other files beside the database.
        return f"the folder {path.parent} can't be written to; let the user who runs the bot own it"
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return "can't be written to; let the user who runs the bot own it"
    return ""


def health_of(path: Path) -> Health:
    """The health of a database, even of one in use.

    Raises:
        StoreError: it can't be read.
    """
    known = max(migration_files(MIGRATIONS))
    with _read_only(path) as raw:
        if not raw.execute("SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations'").fetchall():
            raise StoreError(f"{path}: is the database of another program; name another file")
        [(verdict,)] = raw.execute("PRAGMA quick_check(1)").fetchall()
        [(version,)] = raw.execute("SELECT max(version) FROM schema_migrations").fetchall()
        wrong = len(differences(raw)) if verdict == "ok" and version == known else 0
    return Health("" if verdict == "ok" else str(verdict), version, known, wrong)


def is_current(path: Path) -> bool:
    """Whether there is a database with this program's schema version.

    Raises:
        StoreError: it can't be read.
    """
    if not path.is_file():
        return False
    with _read_only(path) as raw:
        [(version,)] = raw.execute("SELECT max(version) FROM schema_migrations").fetchall()
    return version == max(migration_files(MIGRATIONS))


def set_up_by_hand(path: Path) -> dict[int, bool]:
    """Whether each channel that was set up by hand is watched, by its id; empty if there is no database.

    Raises:
        StoreError: it can't be read.
    """
    if not path.is_file() or path.stat().st_size == 0:
        return {}
    with _read_only(path) as raw:
        return watched_by_hand(raw)


@contextmanager
def _read_only(path: Path) -> Generator[sqlite3.Connection, None, None]:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)) as raw:
            yield raw
    except sqlite3.Error as error:
        what = "can't be read" if isinstance(error, sqlite3.OperationalError) else "is damaged or not a database"
        raise StoreError(f"{path}: {what} ({error}); restore a backup") from error
