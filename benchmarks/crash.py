"""The bot killed 200 times while members write, edit and delete: `python -m benchmarks.crash [KILLS] [SEED]`."""

from __future__ import annotations

import asyncio
import random
import sys

from benchmarks.in_town import in_town
from tests.support.loopback.trial import Trial

SEED = 11


async def main(kills: int = 200, seed: int = SEED) -> None:
    """Run the trial; an AssertionError says what was lost, and the bot's log is printed."""
    counts, seconds = await in_town(lambda town: Trial(town, random.Random(seed)).run(kills))
    print(f"{counts}; nothing lost, nothing counted or sent twice; {seconds:.0f} s")


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
