"""Random histories, each compared with the rules: `python -m benchmarks.histories [COUNT [SEED]]`."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.support.databases import IN_MEMORY
from tests.support.histories.history import History
from tests.support.histories.rules import Difference

COUNT = 100_000
AT_A_TIME = 250
STEPS = 60


async def _played(first: int, count: int, folder: Path) -> list[str]:
    found: list[str] = []
    for seed in range(first, first + count):
        try:
            await History(seed, folder).run(STEPS)
        except Difference as difference:
            found.append(f"seed {seed}: {difference}")
    return found


def played(first: int, count: int) -> list[str]:
    """Play a number of histories from a seed on; return the differences found."""
    logging.disable(logging.CRITICAL)  # histories are full of refusals
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        return asyncio.run(_played(first, count, Path(folder)))


def main(count: int, seed: int) -> int:
    """Play histories on all cores; 1 if one differs from the rules."""
    began, done, differences = time.monotonic(), 0, 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        parts = range(seed, seed + count, AT_A_TIME)
        for found in pool.map(played, parts, (min(AT_A_TIME, seed + count - first) for first in parts)):
            done = min(count, done + AT_A_TIME)
            differences += len(found)
            for difference in found:
                print(difference, flush=True)
            if done % 10_000 == 0:
                print(f"{done} histories", flush=True)
    print(
        f"{count} histories of {STEPS} steps from seed {seed} on, {differences} differences; "
        f"{time.monotonic() - began:.0f} s"
    )
    return int(differences > 0)


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*(given + [COUNT, 1][len(given) :])))
