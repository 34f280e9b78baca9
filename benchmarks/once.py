"""The bot killed and stopped around all that it sends once: `python -m benchmarks.once [KILLS] [STOPS] [SEED]`."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.support.loopback.once import OnceTrial
from tests.support.loopback.town import open_town


async def main(kills: int = 200, stops: int = 20, seed: int = 3) -> None:
    """Run the trial; an AssertionError says what came twice or never, and the bot's log is printed."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        async with open_town(Path(folder)) as town:
            try:
                tally = await OnceTrial(town, random.Random(seed)).run(kills, stops)
            except BaseException:
                if town.bot.alive:
                    await town.bot.end(signal.SIGKILL)
                print(town.bot.log.decode())
                raise
    print(f"{tally}; {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
