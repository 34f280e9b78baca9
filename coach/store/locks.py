"""Locks: only one process at a time serves a server on a database."""

from __future__ import annotations

import contextlib
import glob
from collections.abc import Generator
from pathlib import Path

from filelock import FileLock, Timeout

from coach.errors import StoreError
from coach.shards import Shards
from coach.store.health import why_unusable

WAIT = 10.0
"""Seconds that a process waits while another one takes its locks."""


@contextlib.contextmanager
def locked(database: Path, shards: Shards | None) -> Generator[None, None, None]:
    """Keep other processes from serving the same servers on the same database.

    All processes on one database must name the same number of shards: with two numbers, servers would be shared
    out twice.

    Args:
        database: the database file, by any name; it need not exist yet.
        shards: the shards of this process; None for all.

    Raises:
        StoreError: another process serves them already, or a database can't have that path.
    """
    if trouble := why_unusable(database):
        raise StoreError(f"{database}: {trouble}")
    # The real name, even if a link leads to it.
    real = database.resolve()
    count = f"of-{shards.count}" if shards is not None else "all"
    names = [f"{n}-{count}" for n in shards.ids] if shards is not None else [count]
    with contextlib.ExitStack() as held:
        try:
            # One process at a time looks around and takes its locks.
            with FileLock(f"{real}.lock", timeout=WAIT):
                for other in real.parent.glob(f"{glob.escape(real.name)}.*.lock"):
                    if not other.name.endswith(f"{count}.lock"):
                        with FileLock(other, blocking=False):
                            pass
                for name in names:
                    held.enter_context(FileLock(f"{real}.{name}.lock", blocking=False))
        except Timeout:
            raise StoreError(
                f"{database}: another process already serves these servers; end it, or start this one with "
                "other --shards of the same total, or with another database"
            ) from None
        except OSError as error:
            raise StoreError(f"{database}: its folder can't be written to ({error.strerror})") from error
        yield
