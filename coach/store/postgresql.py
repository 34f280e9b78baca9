"""PostgreSQL behind the store: the same statements, the same write units, for several machines."""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

import psycopg
from psycopg import pq
from psycopg.types.numeric import Int8Dumper, NumericLoader

from coach.errors import StoreError
from coach.store.connection import Connection
from coach.store.database import MIGRATIONS, Database, carry_out, migration_files

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

_OPTIONS = {
    "application_name": "squaredeal",
    "client_encoding": "UTF8",
    "connect_timeout": 5,
    # A machine that has gone away without a word is noticed within 15 seconds.
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}

_TOKEN = re.compile(r"'(?:[^']|'')*'|\?(\d*)|(?<!:):([a-z_]+)")
_LIST = re.compile(r"\(SELECT value FROM json_each\((\$\d+)\)\)")
_INDEX_HINT = re.compile(r" INDEXED BY \w+")

_TYPES = {
    r"\bINTEGER\b": "BIGINT",
    r"\bREAL\b": "DOUBLE PRECISION",
    r"\bBLOB\b": "BYTEA",
    # Compared byte by byte, as in SQLite.
    r"\bTEXT\b": 'TEXT COLLATE "C"',
    r"\) STRICT(?:, WITHOUT ROWID)?": ")",
}


@lru_cache(maxsize=1024)
def translated(sql: str) -> tuple[str, tuple[str, ...]]:
    """A statement as PostgreSQL takes it, with the names of its parameters in order if they have any."""
    names: list[str] = []
    count = 0

    def parameter(match: re.Match[str]) -> str:
        nonlocal count
        number, name = match[1], match[2]
        if name is not None:
            if name not in names:
                names.append(name)
            return f"${names.index(name) + 1}"
        if number is None:
            return match[0]
        count += 1
        return f"${number or count}"

    text = _TOKEN.sub(parameter, _INDEX_HINT.sub("", sql))
    # A list is one parameter, as it may be long: a text of JSON.
    text = _LIST.sub(r"(SELECT value::bigint FROM jsonb_array_elements_text(\1::jsonb) AS listed (value))", text)
    return text.replace("BEGIN IMMEDIATE", "BEGIN"), tuple(names)


class Row(tuple[Any, ...]):
    """A row: its values by number or by name of their column, as sqlite3's."""

    __slots__ = ()
    columns: dict[str, int]

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(self.columns[key] if isinstance(key, str) else key)

    def keys(self) -> Iterable[str]:
        """The names of the columns."""
        return self.columns


@lru_cache(maxsize=1024)
def _row_type(names: tuple[str, ...]) -> type[Row]:
    # Of two columns with one name, sqlite3 finds the first.
    columns = {name: number for number, name in reversed(list(enumerate(names)))}
    return type(
        "Row", (Row,), {"__slots__": (), "columns": {name: columns[name] for name in dict.fromkeys(names)}}
    )


def _rows(cursor: psycopg.Cursor[Any]) -> Callable[[Sequence[Any]], Row]:
    return _row_type(tuple(column.name for column in cursor.description or ()))


class _BoolDumper(Int8Dumper):
    """Truth is stored as 0 or 1, as in SQLite."""

    def dump(self, obj: Any) -> bytes:
        return b"1" if obj else b"0"


class _SumLoader(NumericLoader):
    """Sums of whole numbers are whole numbers."""

    def load(self, data: Any) -> Any:
        return int(super().load(data))


class Lost(Exception):
    """The connection is gone, and perhaps with it the answer to a commit."""


class PostgresConnection:
    """A connection of psycopg's in the words of sqlite3's. Errors, too: PEP 249 gives them the same names."""

    def __init__(self, url: str, *, read_only: bool) -> None:
        self._url = url
        self._read_only = read_only
        self._raw = self._connected()

    def _connected(self) -> psycopg.Connection[Any]:
        raw = psycopg.connect(self._url, autocommit=True, cursor_factory=psycopg.RawCursor, **cast(Any, _OPTIONS))
        raw.adapters.register_dumper(int, Int8Dumper)
        raw.adapters.register_dumper(bool, _BoolDumper)
        raw.adapters.register_loader("numeric", _SumLoader)
        raw.row_factory = cast(Any, _rows)
        # As in SQLite, units run as if one after the other; PostgreSQL breaks one off if they can't.
        raw.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE")
        raw.execute("SET TIME ZONE 'UTC'")
        raw.execute("SET default_transaction_read_only = on" if self._read_only else "SELECT 1")
        return raw

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, even one that has failed."""
        return self._raw.info.transaction_status in (pq.TransactionStatus.INTRANS, pq.TransactionStatus.INERROR)

    def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = (), /) -> psycopg.Cursor[Any]:
        """Carry out a statement of the store.

        Raises:
            Lost: the connection is gone.
            sqlite3.Error: PostgreSQL refuses the statement.
        """
        text, names = translated(sql)
        values: Sequence[Any] | None = (
            [parameters[name] for name in names] if isinstance(parameters, Mapping) else parameters
        )
        try:
            return self._raw.execute(text, values or None)
        except psycopg.Error as error:
            raise self._in_words_of_sqlite3(error) from error

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> None:
        """Carry out a statement once for each of several lists of parameters."""
        for one in parameters:
            self.execute(sql, one)

    def script(self, text: str) -> None:
        """Carry out several statements at once."""
        try:
            self._raw.execute(cast(Any, text))
        except psycopg.Error as error:
            raise self._in_words_of_sqlite3(error) from error

    def reconnect(self) -> None:
        """Connect anew.

        Raises:
            Lost: the server is still away.
        """
        self._raw.close()
        try:
            self._raw = self._connected()
        except psycopg.OperationalError as error:
            raise Lost(_plain(error)) from error

    def close(self) -> None:
        """Close the connection."""
        self._raw.close()

    def _in_words_of_sqlite3(self, error: psycopg.Error) -> Exception:
        if isinstance(error, (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)):
            return _Again()
        if self._raw.closed or self._raw.broken or isinstance(error, psycopg.errors.AdminShutdown):
            return Lost(_plain(error))
        kind = sqlite3.IntegrityError if isinstance(error, psycopg.IntegrityError) else sqlite3.OperationalError
        return kind(_plain(error))


class _Again(Exception):
    """PostgreSQL has broken off a transaction in favour of another; it can be tried again."""


def _plain(error: psycopg.Error) -> str:
    """What went wrong, in one line, without the values that PostgreSQL adds as details."""
    primary = error.diag.message_primary or str(error).partition("\n")[0]
    # libpq names host and port, never the password.
    return " ".join(primary.split())


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
                plain = _plain(error) if isinstance(error, psycopg.Error) else str(error)
                raise StoreError(f"the PostgreSQL database can't be opened: {plain}") from error

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
            except _Again:
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
            return carry_out(raw, units, through=(_Again, Lost), last=last)
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
