"""The bot killed and stopped around all that it sends once: `python -m benchmarks.once [KILLS] [STOPS] [SEED]`."""

from __future__ import annotations

import asyncio
import random
import sys

from benchmarks.in_town import in_town
from tests.support.loopback.once import OnceTrial


async def main(kills: int = 200, stops: int = 20, seed: int = 3) -> None:
    """Run the trial; an AssertionError says what came twice or never, and the bot's log is printed."""
    tally, seconds = await in_town(lambda town: OnceTrial(town, random.Random(seed)).run(kills, stops))
    print(f"{tally}; {seconds:.0f} s")


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
