"""A connection to PostgreSQL that takes the store's statements as SQLite's does."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

import psycopg
from psycopg import pq
from psycopg.types.numeric import Int8Dumper, NumericLoader

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
            return self._raw.execute(cast(Any, text), values or None)
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
            raise Lost(plain(error)) from error

    def close(self) -> None:
        """Close the connection."""
        self._raw.close()

    def _in_words_of_sqlite3(self, error: psycopg.Error) -> Exception:
        if isinstance(error, (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)):
            return Again()
        if self._raw.closed or self._raw.broken or isinstance(error, psycopg.errors.AdminShutdown):
            return Lost(plain(error))
        kind = sqlite3.IntegrityError if isinstance(error, psycopg.IntegrityError) else sqlite3.OperationalError
        return kind(plain(error))


class Again(Exception):
    """PostgreSQL has broken off a transaction in favour of another; it can be tried again."""


def plain(error: psycopg.Error) -> str:
    """What went wrong, in one line, without the values that PostgreSQL adds as details."""
    primary = error.diag.message_primary or str(error).partition("\n")[0]
    # libpq names host and port, never the password.
    return " ".join(primary.split())
