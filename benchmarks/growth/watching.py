"""What watched channels and servers cost one process: its start, its memory, each message, each draft."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers import END
from benchmarks.report import growth_table
from benchmarks.wire import OURS, RATE, Peer, draft_text
from tests.support.loopback.truth import Channel, Message

CHANNELS = (1, 50, 500, 5000)
SERVERS = (1, 50, 500, 2500)
A_SERVER = 500
"""The most channels that Discord allows in a server."""

FOREIGN, DRAFTS = 4000, 60
MOST_ROUNDS = 2

WHAT = {
    "looked": "process start until each channel has been looked at, s",
    "start": "… CPU until it is idle, s",
    "memory": "resident memory then, MB",
    "foreign": "CPU per message outside drafts channels, µs",
    "draft": f"CPU per draft at {RATE} a second, ms",
}


class Town(Peer):
    """The bot with many channels to watch, and one in each server that it does not watch."""

    def __init__(self, folder: Path, servers: int, each: int) -> None:
        super().__init__(OURS, folder)
        self.watched, self.others = [self.drafts], [self.general]
        for number in range(servers):
            # The first server exists already, and has one of each.
            guild = self.discord.add_guild() if number else self.drafts.guild
            if number:
                self.others.append(self.discord.add_channel(guild, "general"))
            self.watched += [self.discord.add_channel(guild, "drafts") for _ in range(each - (number == 0))]

    def looks(self) -> list[float]:
        """When it asked for the archived threads of a channel, which it does once for each that it watches."""
        return [one.at for one in self.discord.requests if one.path.endswith("/threads/archived/public")]

    async def looked(self) -> float:
        """Seconds from the start of the process until it has looked at each channel; call it at the start."""
        start = asyncio.get_running_loop().time() - self.to_ready
        while len(self.looks()) < len(self.watched):
            await asyncio.sleep(0.05)
            if asyncio.get_running_loop().time() - start > 120:
                raise TimeoutError(f"{len(self.looks())} of {len(self.watched)} channels within 120 s")
        return self.looks()[-1] - start

    async def signed(self, channels: Sequence[Channel], pause: float) -> None:
        """A draft in each channel; waits for all signs."""
        live: list[Message] = []
        for number, channel in enumerate(channels):
            await asyncio.sleep(pause)
            live.append(await self.post(channel, draft_text(number)))
        await self.discord.until(lambda: all(one.reactions for one in live), "signs", 60)

    async def measured(self) -> dict[str, float]:
        """All figures, from the start on."""
        found = {"looked": await self.looked()}
        await self.settle()
        found |= {"start": self.cpu(), "memory": self.memory()}
        before = self.cpu()
        for number in range(FOREIGN):
            await self.post(self.others[number % len(self.others)], f"Just talk, number {number}.")
            if number % 200 == 0:
                await asyncio.sleep(0)
        last = await self.post(self.drafts, END)
        await self.discord.until(lambda: bool(last.reactions), "end", 60)
        found["foreign"] = (self.cpu() - before) / FOREIGN * 1e6
        some = [self.watched[place * len(self.watched) // DRAFTS] for place in range(DRAFTS)]
        # The first draft in a server creates the server's row, and the first in a channel the channel's.
        await self.signed(some, 0)
        before = self.cpu()
        await self.signed(some, 1 / RATE)
        return found | {"draft": (self.cpu() - before) / DRAFTS * 1e3}


async def section(folder: Path, rounds: int) -> str:
    """Part of the report: channels and servers, each size a process of its own in each round."""
    kinds = {
        "channels": {size: (-(-size // A_SERVER), min(size, A_SERVER)) for size in CHANNELS},
        "servers": {size: (size, 1) for size in SERVERS},
    }
    found = {
        kind: {what: {size: list[float]() for size in sizes} for what in WHAT.values()}
        for kind, sizes in kinds.items()
    }
    for number in range(min(rounds, MOST_ROUNDS)):
        for kind, sizes in kinds.items():
            for size, (servers, each) in sizes.items():
                town = Town(folder, servers, each)
                async with town:
                    for key, value in (await town.measured()).items():
                        found[kind][WHAT[key]][size].append(value)
        print(f"channels and servers: round {number + 1}", file=sys.stderr, flush=True)
    return "\n\n".join(
        [
            "### Channels and servers",
            f"The program in one process on the loopback Discord, medians of {min(rounds, MOST_ROUNDS)} rounds. "
            "After its start it asks for the archived threads of each watched channel, as soon as their server "
            f"has arrived. {FOREIGN:,} messages go in turn to the channels that are not watched, "
            f"one in each server, and {DRAFTS} drafts to watched channels spread evenly, each of which "
            "has had one before.",
            f"Against watched channels, up to {A_SERVER} in a server:",
            growth_table("watched channels", found["channels"]),
            "Against servers, each with one watched channel:",
            growth_table("servers", found["servers"]),
        ]
    )
