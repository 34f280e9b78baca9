"""Backups: a copy of the database and its key, checked before it counts as one."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from coach.errors import StoreError
from coach.store.keys import key_file, write_key


def backup(source: Path, target: Path) -> None:
    """Copy a database, even one in use, into a new file by SQLite's online backup, and its key beside it.

    Args:
        source: the database file.
        target: the new file.

    Raises:
        StoreError: the source is missing or damaged, the target or its key exists, or the copy failed.
    """
    if not source.is_file():
        raise StoreError(f"{source}: there is no database to back up")
    for new in (target, key_file(target)):
        if new.exists():
            raise StoreError(f"{new}: already exists; name a new file")
    try:
        # Created before SQLite opens it, so that nobody else can read it at any time.
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise StoreError(f"{target}: can't be created ({error.strerror}); check the folder") from error
    damage = ""
    try:
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as live,
            closing(sqlite3.connect(target)) as copy,
        ):
            live.backup(copy)
            # Pages are copied as they are, including damaged ones.
            [(verdict,)] = copy.execute("PRAGMA quick_check(1)").fetchall()
            damage = "" if verdict == "ok" else " ".join(str(verdict).split())
        if not damage and key_file(source).exists():
            write_key(key_file(target), bytes.fromhex(key_file(source).read_text(encoding="ascii")))
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            target.unlink(missing_ok=True)
            raise StoreError(
                f"{target}: the backup failed ({error}); check the folder and the free space"
            ) from error
        damage = str(error)
    except (OSError, ValueError) as error:
        target.unlink(missing_ok=True)
        raise StoreError(
            f"{key_file(source)}: can't be copied; check that it is intact and that you may read it"
        ) from error
    if damage:
        target.unlink(missing_ok=True)
        raise StoreError(f"{source}: is damaged ({damage}), so no backup was made; restore the newest good backup")
