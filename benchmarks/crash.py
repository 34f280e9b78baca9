"""The bot killed 200 times while members write, edit and delete: `python -m benchmarks.crash [KILLS] [SEED]`."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.support.loopback.town import open_town
from tests.support.loopback.trial import Trial

SEED = 11


async def main(kills: int = 200, seed: int = SEED) -> None:
    """Run the trial; an AssertionError says what was lost, and the bot's log is printed."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        async with open_town(Path(folder)) as town:
            try:
                counts = await Trial(town, random.Random(seed)).run(kills)
            except BaseException:
                if town.bot.alive:
                    await town.bot.end(signal.SIGKILL)
                print(town.bot.log.decode())
                raise
    print(f"{counts}; nothing lost, nothing counted or sent twice; {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
