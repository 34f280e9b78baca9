"""The bot killed 200 times while members write, edit and delete: `python -m benchmarks.crash [KILLS]`."""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.loopback.conftest import Bot, Town
from tests.loopback.server import Loopback
from tests.loopback.trial import Trial

SEED = 11


async def main(kills: int) -> None:
    """Run the trial; an AssertionError tells what was lost."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        async with Loopback() as discord:
            guild = discord.add_guild()
            drafts = discord.add_channel(guild, "drafts")
            town = Town(
                discord,
                Bot(discord, Path(folder) / "bot.db"),
                guild,
                drafts,
                discord.add_user("ann"),
                discord.add_user("ben"),
            )
            counts = await Trial(town, random.Random(SEED)).run(kills)
    print(f"{counts}; nothing lost, nothing counted twice; {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
