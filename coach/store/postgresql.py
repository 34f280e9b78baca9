"""PostgreSQL behind the store: the same statements, the same write units, for several machines."""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from coach.errors import StoreError
from coach.store.connection import Connection
from coach.store.database import Database, carry_out
from coach.store.postgresql_connection import Again, Lost, PostgresConnection, plain
from coach.store.schema import MIGRATIONS, migration_files

T = TypeVar("T")

log = logging.getLogger(__name__)

OLDEST = 140000
"""The oldest version that is supported until 2026, as PostgreSQL numbers them."""

MIGRATING = 0x5DEA1
"""The advisory lock under which the schema is upgraded: one process at a time."""

WAITS = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Seconds between attempts to reach a server that has gone away; the last one again and again."""

TRIES = 20
"""How often a transaction is tried that PostgreSQL breaks off in favour of another."""

_TYPES = {
    r"\bINTEGER\b": "BIGINT",
    r"\bREAL\b": "DOUBLE PRECISION",
    r"\bBLOB\b": "BYTEA",
    # Compared byte by byte, as in SQLite.
    r"\bTEXT\b": 'TEXT COLLATE "C"',
    r"\) STRICT(?:, WITHOUT ROWID)?": ")",
}


class PostgresDatabase(Database):
    """A PostgreSQL database with one writing and one reading connection, each with a thread of its own."""

    def __init__(self, writer: PostgresConnection, reader: PostgresConnection) -> None:
        super().__init__()
        self._writer_connection, self._reader_connection = writer, reader
        self._writer_thread = ThreadPoolExecutor(1, "store-writer")
        self._reader_thread = ThreadPoolExecutor(1, "store-reader")
        self._reader_lost = False

    @classmethod
    async def connect(cls, url: str, now: datetime, migrations: Path = MIGRATIONS) -> PostgresDatabase:
        """Connect to a database, and upgrade its schema if it is old.

        Args:
            url: where it is, as libpq takes it.
            now: aware time, recorded with each migration that is applied.
            migrations: the folder of numbered `.sql` files.

        Raises:
            StoreError: it can't be reached or used.
        """

        def opened() -> tuple[PostgresConnection, PostgresConnection]:
            try:
                writer = PostgresConnection(url, read_only=False)
                migrate(writer, now, migrations)
                return writer, PostgresConnection(url, read_only=True)
            except (psycopg.Error, sqlite3.Error, Lost) as error:
                words = plain(error) if isinstance(error, psycopg.Error) else str(error)
                raise StoreError(f"the PostgreSQL database can't be opened: {words}") from error

        return cls(*await asyncio.to_thread(opened))

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a function over the read-only connection and return its result."""
        loop = asyncio.get_running_loop()

        def run() -> T:
            if self._reader_lost:
                self._reader_connection.reconnect()
                self._reader_lost = False
            try:
                return query(self._reader_connection)
            except Lost:
                self._reader_lost = True
                raise

        for wait in (*WAITS, None):
            try:
                return await loop.run_in_executor(self._reader_thread, run)
            except Lost as error:
                if wait is None:
                    raise sqlite3.OperationalError(f"the database is away: {error}") from error
                await asyncio.sleep(wait)
        raise AssertionError

    async def checkpoint(self) -> bool:
        """Nothing to do: what was erased goes from PostgreSQL's files when it vacuums, by itself."""
        return True

    async def close(self) -> None:
        """Finish the units that are waiting and close the connections."""
        await self._finish()
        for thread, connection in (
            (self._writer_thread, self._writer_connection),
            (self._reader_thread, self._reader_connection),
        ):
            await asyncio.get_running_loop().run_in_executor(thread, connection.close)
            thread.shutdown(wait=False)

    async def _commit(self, units: list[Callable[[Connection], Any]]) -> list[object]:
        """Commit units together. While the server is away they wait, and none is carried out twice."""
        loop, attempt, transaction = asyncio.get_running_loop(), 0, None
        lost = False
        while True:
            try:
                if lost:
                    await loop.run_in_executor(self._writer_thread, self._writer_connection.reconnect)
                    lost = False
                return await loop.run_in_executor(self._writer_thread, self._carried_out, units)
            except Again:
                attempt += 1
                if attempt >= TRIES:
                    raise sqlite3.OperationalError("the database is too busy") from None
            except Lost as error:
                lost = True
                if isinstance(error, _Unanswered):
                    transaction = error
                if self._closed and attempt >= len(WAITS):
                    raise sqlite3.OperationalError(f"the database is away: {error}") from error
                self.takes_writes = False
                log.warning("the database is away, drafts wait: %s", error)
                await asyncio.sleep(WAITS[min(attempt, len(WAITS) - 1)])
                attempt += 1
            if transaction is not None:
                outcomes = await self._settled(transaction)
                transaction = None
                lost = False
                if outcomes is not None:
                    return outcomes

    async def _settled(self, unanswered: _Unanswered) -> list[object] | None:
        """What came of a commit whose answer was lost: its outcomes if it was carried out, else None."""
        loop = asyncio.get_running_loop()

        def ask() -> str | None:
            self._writer_connection.reconnect()
            query = "SELECT pg_xact_status(CAST(CAST(? AS TEXT) AS xid8))"
            [(status,)] = self._writer_connection.execute(query, (unanswered.transaction,)).fetchall()
            return status

        wait = 0
        while True:
            try:
                status = await loop.run_in_executor(self._writer_thread, ask)
            except Lost as error:
                if self._closed and wait >= len(WAITS):
                    raise sqlite3.OperationalError(f"the database is away: {error}") from error
                status = "in progress"
            if status == "committed":
                return unanswered.outcomes
            if status != "in progress":
                return None
            await asyncio.sleep(WAITS[min(wait, len(WAITS) - 1)])
            wait += 1

    def _carried_out(self, units: list[Callable[[Connection], Any]]) -> list[object]:
        raw = self._writer_connection
        transaction = ""

        def last(outcomes: list[object]) -> None:
            nonlocal transaction, done
            [(assigned,)] = raw.execute("SELECT pg_current_xact_id_if_assigned()").fetchall()
            transaction, done = str(assigned or ""), outcomes

        done: list[object] = []
        try:
            return carry_out(raw, units, through=(Again, Lost), last=last)
        except Lost as error:
            if transaction:
                raise _Unanswered(str(error), transaction, done) from error
            raise


class _Unanswered(Lost):
    """The connection was lost between a commit and its answer."""

    def __init__(self, says: str, transaction: str, outcomes: list[object]) -> None:
        super().__init__(says)
        self.transaction = transaction
        self.outcomes = outcomes


def migrate(raw: PostgresConnection, now: datetime, folder: Path = MIGRATIONS) -> list[int]:
    """Apply the migrations that the database lacks, each in one transaction with its record.

    Args:
        raw: a connection in autocommit mode.
        now: aware time to record.
        folder: the numbered files; `NNNN_name.postgresql.sql` goes before `NNNN_name.sqlite.sql`.

    Returns:
        The numbers of the migrations that were applied.

    Raises:
        StoreError: the database can't hold the store, or has a migration that this program does not know.
    """
    [(version, encoding)] = raw.execute(
        "SELECT current_setting('server_version_num')::int, current_setting('server_encoding')"
    ).fetchall()
    if version < OLDEST:
        raise StoreError(f"PostgreSQL {version // 10_000} is too old; use {OLDEST // 10_000} or newer")
    if encoding != "UTF8":
        raise StoreError(f"the database's encoding is {encoding}; create one with ENCODING 'UTF8'")
    files = migration_files(folder, "postgresql")
    applied: list[int] = []
    for number, path in files.items():
        raw.execute("BEGIN")
        try:
            raw.execute("SELECT pg_advisory_xact_lock(?)", (MIGRATING,))
            raw.execute(
                "CREATE TABLE IF NOT EXISTS schema_migrations"
                " (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL)"
            )
            done = {row[0] for row in raw.execute("SELECT version FROM schema_migrations")}
            if newer := done - files.keys():
                raise StoreError(
                    f"the database has schema version {max(newer)}, this program knows {max(files)}; "
                    "start the newer program or restore a backup"
                )
            if number not in done:
                raw.script(in_postgresql(path.read_text(encoding="utf-8")))
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


def in_postgresql(script: str) -> str:
    """A migration with the types of PostgreSQL: four of SQLite's have other names there."""
    script = re.sub(r"--.*", "", script)
    for pattern, replacement in _TYPES.items():
        script = re.sub(pattern, replacement, script)
    return script
