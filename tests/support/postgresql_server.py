"""A PostgreSQL server for the tests: started in a folder of its own, reached by a socket, gone at the end."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

address = ""
"""Where the server is; empty if the tests run on SQLite."""

_NUMBERS = count()
_TEMPLATE = "template_of_the_tests"


def program(name: str) -> str | None:
    """A program of PostgreSQL's, wherever Debian or its builders put it; None if it isn't installed."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(found[0]) if found else shutil.which(name)


@contextlib.contextmanager
def started() -> Generator[str, None, None]:
    """Start a server and make the template of new databases; yields its address.

    Raises:
        RuntimeError: PostgreSQL isn't installed, or doesn't start.
    """
    global address  # noqa: PLW0603
    initdb, postgres = program("initdb"), program("postgres")
    if initdb is None or postgres is None:
        raise RuntimeError("PostgreSQL isn't installed; on Debian: apt-get install postgresql")
    # PostgreSQL doesn't run as root.
    user = "nobody" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="squaredeal-postgresql-") as name:
        folder = Path(name)
        if user is not None:
            shutil.chown(folder, user)
        data = folder / "data"
        subprocess.run(  # noqa: S603
            [initdb, "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-locale"],
            user=user,
            cwd=folder,
            check=True,
            capture_output=True,
        )
        with (folder / "log").open("wb") as log:
            options = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"]
            server = subprocess.Popen(  # noqa: S603
                [postgres, "-D", data, "-k", folder, "-h", "", *(part for one in options for part in ("-c", one))],
                user=user,
                cwd=folder,
                stdout=log,
                stderr=log,
            )
            try:
                address = f"postgresql://tests@/{{}}?host={folder}"
                _wait(server)
                _make_template()
                yield address
            finally:
                address = ""
                server.terminate()
                server.wait(30)


def new_database() -> str:
    """A new database of today's schema; returns its address."""
    import psycopg  # noqa: PLC0415

    name = f"tests_{os.getpid()}_{next(_NUMBERS)}"
    with psycopg.connect(address.format("postgres"), autocommit=True) as raw:
        raw.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")  # type: ignore[arg-type]
    return address.format(name)


def _wait(server: subprocess.Popen[bytes]) -> None:
    import psycopg  # noqa: PLC0415

    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError("PostgreSQL did not start")
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(address.format("postgres")):
            return
        time.sleep(0.1)
    raise RuntimeError("PostgreSQL did not start within 30 seconds")


def _make_template() -> None:
    import psycopg  # noqa: PLC0415

    from coach.store.postgresql import PostgresConnection, migrate  # noqa: PLC0415

    with psycopg.connect(address.format("postgres"), autocommit=True) as raw:
        raw.execute(f"CREATE DATABASE {_TEMPLATE}")  # type: ignore[arg-type]
    connection = PostgresConnection(address.format(_TEMPLATE), read_only=False)
    migrate(connection, datetime(2026, 11, 20, 12, tzinfo=UTC))
    connection.close()
