"""Thoughts at random, each step compared with a model: `python -m benchmarks.thoughts [OPERATIONS [SEED]]`."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.support.databases import IN_MEMORY
from tests.support.thoughts import Difference, Trial, quick_store

OPERATIONS = 100_000
AT_A_TIME = 100
"""Operations on one database."""


async def _played(seed: int, count: int, path: Path) -> str:
    rng = random.Random(seed)
    async with quick_store(path) as store:
        trial = Trial(store)
        for step in range(count):
            try:
                await trial.anything(rng)
                await trial.check()
            except Difference as difference:
                return f"seed {seed}, operation {step}: {difference}"
    return ""


def played(seed: int, count: int) -> str:
    """Do a number of random things on a new database; return the first difference, if there is one."""
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        return asyncio.run(_played(seed, count, Path(folder) / "thoughts.db"))


def main(operations: int, seed: int) -> int:
    """Do random things on all cores; 1 if the store once differs from the model."""
    began = time.monotonic()
    counts = [min(AT_A_TIME, operations - done) for done in range(0, operations, AT_A_TIME)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        found = [one for one in pool.map(played, range(seed, seed + len(counts)), counts, chunksize=10) if one]
    for one in found:
        print(one)
    print(
        f"{operations} operations on {len(counts)} databases from seed {seed} on, {len(found)} differences; "
        f"{time.monotonic() - began:.0f} s"
    )
    return int(bool(found))


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*(given + [OPERATIONS, 1][len(given) :])))
