"""The database: opening, write units, reads; here for SQLite, in postgresql.py for PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from coach.errors import StoreError
from coach.metrics import COMMITS, FAILED_COMMITS
from coach.store.connection import Connection
from coach.store.schema import MIGRATIONS, migrate

T = TypeVar("T")

log = logging.getLogger(__name__)

BUSY_SECONDS = 15.0

CHECKPOINT_TRIES = (0.05, 0.1, 0.2, 0.4)
"""Seconds between the first attempts to empty the write-ahead log; this program's own reads end in between."""

CHECKPOINT_LONGEST_WAIT = 60.0
"""The most seconds between two attempts, while another program keeps reading."""


class Database(ABC):
    """A database with one writing and one reading connection.

    A write unit is a plain function of a `Connection`. Units run one at a time in a transaction; units that are
    waiting share one, each in a savepoint of its own, so that one that fails undoes only itself. A unit's caller
    goes on only after the commit.
    """

    def __init__(self) -> None:
        self._waiting: list[_Unit] = []
        self.changes = 0
        """Grows before and after each write that may change members, servers or labels that somebody has read."""
        self.takes_writes = True
        """Whether the last write was committed."""
        self._draining: asyncio.Task[None] | None = None
        self._closed = False

    async def write(self, unit: Callable[[Connection], T], *, keeps_members: bool = False) -> T:
        """Run a write unit and return its result once it is committed.

        Args:
            unit: a function that only uses the connection it is given. It runs on the database's thread.
            keeps_members: whether the unit leaves the choices of members and servers, their lessons, and labels as
                they are, so that what was read of them earlier still holds.

        Raises:
            Exception: whatever the unit raised (none of its changes are kept), or `sqlite3.Error` if the commit
                failed. A caller that is cancelled stops waiting; a unit that has begun is still carried out whole.
        """
        if self._closed:
            raise StoreError("the database is closed")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Unit(unit, future, keeps_members))
        if self._draining is None:
            self._draining = asyncio.create_task(self._drain(), name="store-writer")
        return await future

    @abstractmethod
    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a function over the read-only connection and return its result."""

    @abstractmethod
    async def checkpoint(self) -> bool:
        """Leave nothing in the files of what was erased.

        Returns:
            False if another program keeps traces for now; they go as soon as it has finished.
        """

    @abstractmethod
    async def close(self) -> None:
        """Finish the units that are waiting and close the database."""

    @abstractmethod
    async def _commit(self, units: list[Callable[[Connection], Any]]) -> list[object]:
        """Carry out units in one transaction; gives the result of each, or its failure as `_Failed`."""

    async def _finish(self) -> None:
        """Take no more units, and finish those that are waiting."""
        self._closed = True
        if self._draining is not None:
            await self._draining

    async def _drain(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                # The future of a caller that gave up is cancelled: its unit has not begun, so it is left out.
                batch = [unit for unit in batch if not unit.future.cancelled()]
                changing = not all(unit.keeps_members for unit in batch)
                self.changes += changing
                try:
                    with COMMITS.time():
                        outcomes = await self._commit([unit.function for unit in batch])
                    self.takes_writes = True
                except Exception as error:
                    outcomes = [_Failed(error)] * len(batch)
                    self.takes_writes = False
                    FAILED_COMMITS.inc()
                except BaseException:
                    for unit in batch:
                        unit.future.cancel()
                    raise
                self.changes += changing
                for unit, outcome in zip(batch, outcomes, strict=True):
                    if unit.future.done():
                        continue
                    if isinstance(outcome, _Failed):
                        unit.future.set_exception(outcome.error)
                    else:
                        unit.future.set_result(outcome)
        finally:
            self._draining = None


class SqliteDatabase(Database):
    """One SQLite file. A transaction is a `BEGIN IMMEDIATE`, so that no unit has to be tried again."""

    def __init__(self, path: Path, writer: aiosqlite.Connection, reader: aiosqlite.Connection) -> None:
        super().__init__()
        self._path = path
        self._writer = writer
        self._reader = reader
        self._checkpointing: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, path: Path, now: datetime, migrations: Path = MIGRATIONS) -> SqliteDatabase:
        """Open the file; create it if it is missing, and upgrade its schema if it is old.

        Args:
            path: the database file; its folder must exist.
            now: aware time, recorded with each migration that is applied.
            migrations: the folder of numbered `.sql` files.

        Raises:
            StoreError: the file can't be opened, is not a database, or is from a newer program.
        """
        connections: list[aiosqlite.Connection] = []
        try:
            await asyncio.to_thread(_keep_private, path)
            for _ in range(2):
                connection = await _connect(path)
                connections.append(connection)
                await _run(connection, _configure)
            writer, reader = connections
            await _run(writer, lambda raw: migrate(raw, now, migrations))
            await _run(reader, lambda raw: raw.execute("PRAGMA query_only = ON").close())
        except (sqlite3.Error, StoreError) as error:
            # Each connection has a thread that is not a daemon: one left open would keep the process alive.
            for connection in connections:
                await connection.close()
            if isinstance(error, StoreError):
                raise
            if getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise StoreError(f"{path}: is damaged or not a database ({error}); restore a backup") from error
            raise StoreError(
                f"{path}: the database can't be opened ({error}); check the file and its folder"
            ) from error
        database = cls(path, writer, reader)
        # The last run may have ended before what it erased had left the log.
        database._checkpoint_soon()
        return database

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a function over the read-only connection and return its result."""
        return await _run(self._reader, query)

    async def checkpoint(self) -> bool:
        """Move all of the write-ahead log into the database file, so that nothing erased is left in it.

        Returns:
            False if another program, such as a backup, is reading and so keeps the log in use. The log is then
            emptied in the background as soon as that program has finished.
        """
        for wait in (*CHECKPOINT_TRIES, None):
            if await _run(self._writer, _empty_log):
                return True
            if wait is not None:
                await asyncio.sleep(wait)
        self._checkpoint_soon()
        return False

    def _checkpoint_soon(self) -> None:
        if self._checkpointing is None and not self._closed:
            self._checkpointing = asyncio.create_task(self._checkpoint_later(), name="store-checkpoint")

    async def _checkpoint_later(self) -> None:
        try:
            wait = 1.0
            while not await _run(self._writer, _empty_log):
                await asyncio.sleep(wait)
                if wait < CHECKPOINT_LONGEST_WAIT <= wait * 2:
                    log.warning(
                        "%s-wal: what was erased stays in it while another program keeps reading", self._path
                    )
                wait = min(wait * 2, CHECKPOINT_LONGEST_WAIT)
        except sqlite3.Error as error:
            log.warning("%s-wal: can't be emptied: %s", self._path, error)
        finally:
            self._checkpointing = None

    async def close(self) -> None:
        """Finish the units that are waiting and close the file."""
        self._closed = True
        if self._checkpointing is not None:
            # The last connection to close empties the log anyway.
            self._checkpointing.cancel()
            await asyncio.wait({self._checkpointing})
        await self._finish()
        await self._reader.close()
        await self._writer.close()

    async def _commit(self, units: list[Callable[[Connection], Any]]) -> list[object]:
        return await _run(self._writer, lambda raw: carry_out(raw, units))


@dataclass(frozen=True, slots=True, eq=False)
class _Unit:
    """A write unit that is waiting, and the future that its caller awaits."""

    function: Callable[[Connection], Any]
    future: asyncio.Future[Any]
    keeps_members: bool


def _keep_private(path: Path) -> None:
    """Let only its owner read the database; SQLite gives the files beside it the permissions of the database."""
    # If this fails, connecting says why; or the file belongs to somebody else, who decides about it.
    with contextlib.suppress(OSError):
        if not path.exists():
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        for suffix in ("", "-wal", "-shm"):
            file = path.with_name(path.name + suffix)
            if file.is_file() and file.stat().st_mode & 0o077:
                file.chmod(0o600)


def _empty_log(raw: sqlite3.Connection) -> bool:
    """Empty the write-ahead log unless somebody is reading or writing it: waiting would hold up drafts."""
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        [(busy, _, _)] = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return False
        raise
    finally:
        raw.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
    return not busy


async def _connect(path: Path) -> aiosqlite.Connection:
    # Opened before aiosqlite gets it: if opening fails inside aiosqlite, its thread answers again after the error
    # has reached the caller, perhaps on an event loop that is already closed.
    raw = await asyncio.to_thread(
        sqlite3.connect, path, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False
    )
    return await aiosqlite.Connection(lambda: raw, iter_chunk_size=64)


async def _run(connection: aiosqlite.Connection, function: Callable[[Any], T]) -> T:
    # aiosqlite offers single statements; a unit has to be one trip to its thread, so that no coroutine can be
    # cancelled, and no other statement can slip in, half-way through a transaction.
    execute = connection._execute  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType, reportUnknownVariableType]
    return await execute(function, connection._conn)  # pyright: ignore[reportPrivateUsage, reportUnknownVariableType]


class _Failed:
    """A unit's exception, on its way from the database's thread to the caller."""

    def __init__(self, error: Exception) -> None:
        self.error = error


def carry_out(
    raw: Connection,
    units: Iterable[Callable[[Connection], object]],
    through: tuple[type[Exception], ...] = (),
    last: Callable[[list[object]], None] | None = None,
) -> list[object]:
    """Run units in one transaction; a unit that raises is undone alone, and its result is `_Failed`.

    Args:
        raw: the connection.
        units: the units.
        through: errors that end the whole transaction.
        last: called with the results before the commit.
    """
    outcomes: list[object] = []
    raw.execute("BEGIN IMMEDIATE")
    try:
        for unit in units:
            raw.execute("SAVEPOINT unit")
            try:
                outcomes.append(unit(raw))
            except through:
                raise
            except Exception as error:
                if not raw.in_transaction:
                    # SQLite gave up the whole transaction (disk full, I/O): the earlier units are undone too.
                    raise
                raw.execute("ROLLBACK TO unit")
                outcomes.append(_Failed(error))
            raw.execute("RELEASE unit")
        if last is not None:
            last(outcomes)
        raw.execute("COMMIT")
    except BaseException:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
        raise
    return outcomes


def _configure(raw: sqlite3.Connection) -> None:
    raw.row_factory = sqlite3.Row
    for pragma in (
        "journal_mode = WAL",
        # FULL: a commit survives a power cut, so a draft with a sign is certainly in the database.
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
    ):
        raw.execute(f"PRAGMA {pragma}").close()
