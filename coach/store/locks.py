"""The locks by which a process serves its servers alone on a database."""

from __future__ import annotations

import contextlib
import glob
from collections.abc import Generator
from pathlib import Path

from filelock import FileLock, Timeout

from coach.errors import StoreError
from coach.shards import Shards
from coach.store.health import unusable

WAIT = 10.0
"""Seconds for which a process waits while another one takes its locks."""


@contextlib.contextmanager
def locked(database: Path, shards: Shards | None) -> Generator[None, None, None]:
    """Keep other processes from serving the same servers on the same database.

    All processes on one database name the same number of shards, as two numbers would share out the servers twice.

    Args:
        database: the file, by whichever name; it need not be there yet.
        shards: those of this process; None for all.

    Raises:
        StoreError: one does already, or there cannot be a database of that name.
    """
    if trouble := unusable(database):
        raise StoreError(f"{database}: {trouble}")
    # By its own name, wherever links lead to it from.
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
                f"{database}: another process serves these servers already; end it, or start this one with "
                "other --shards of the same number, or another database"
            ) from None
        except OSError as error:
            raise StoreError(f"{database}: its folder cannot be written to ({error.strerror})") from error
        yield
