"""Backups: a copy of the database and of its key, looked through before it is called one."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from coach.errors import StoreError
from coach.store.keys import key_file, write_key


def backup(source: Path, target: Path) -> None:
    """Copy a database, also one in use, into a new file by SQLite's online backup, and its key beside that.

    Raises:
        StoreError: the source is missing or damaged, a target exists, or the copy failed.
    """
    if not source.is_file():
        raise StoreError(f"{source}: there is no database to back up")
    for new in (target, key_file(target)):
        if new.exists():
            raise StoreError(f"{new}: exists already; name a new file")
    try:
        # Made before SQLite has it, so that it is never anybody else's to read.
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise StoreError(f"{target}: cannot be made ({error.strerror}); check the folder") from error
    damage = ""
    try:
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as live,
            closing(sqlite3.connect(target)) as copy,
        ):
            live.backup(copy)
            # Pages are copied as they are, damaged ones too.
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
            f"{key_file(source)}: cannot be copied; check that it is whole and yours to read"
        ) from error
    if damage:
        target.unlink(missing_ok=True)
        raise StoreError(f"{source}: is damaged ({damage}), so no backup was made; restore the newest good one")
