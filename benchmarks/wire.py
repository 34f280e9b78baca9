"""The bot beside bare bots, on real sockets: `python -m benchmarks.wire [ROUNDS]` prints a table with ratios."""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.peers import END
from coach.labeller import Labeller
from tests.journeys.conftest import ASKS, TELLS
from tests.loopback.conftest import ROOT
from tests.loopback.server import Loopback
from tests.loopback.truth import Channel, Message, User

FOREIGN, DRAFTS, BURST, RATE = 6000, 300, 1000, 20
TICKS = os.sysconf("SC_CLK_TCK")


class Peer:
    """A bot as a process of its own."""

    def __init__(self, discord: Loopback, command: list[str], folder: Path) -> None:
        self._discord, self._command, self._folder = discord, command, folder
        self.process: asyncio.subprocess.Process | None = None
        self.to_ready = 0.0

    async def __aenter__(self) -> Peer:
        database = self._folder / f"{self._discord.snowflake()}.db"
        environment = os.environ | {"DISCORD_TOKEN": self._discord.token, "SQUAREDEAL_DATABASE": str(database)}
        identified, began = self._discord.gateway.identified, time.monotonic()
        self.process = await asyncio.create_subprocess_exec(
            *self._command, cwd=ROOT, env=environment, stderr=asyncio.subprocess.DEVNULL
        )
        await self._discord.until(lambda: self._discord.gateway.identified > identified, "session", 60)
        self.to_ready = time.monotonic() - began
        await asyncio.sleep(4)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.process is not None  # noqa: S101
        self.process.send_signal(signal.SIGINT)
        await self.process.wait()

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        assert self.process is not None  # noqa: S101
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self) -> float:
        """Resident megabytes."""
        assert self.process is not None  # noqa: S101
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


class Bench:
    """One loopback Discord, one bot after the other."""

    def __init__(self, discord: Loopback, folder: Path) -> None:
        self.discord, self.folder = discord, folder
        guild = discord.add_guild()
        self.drafts, self.general = (discord.add_channel(guild, name) for name in ("drafts", "general"))
        self.ann: User = discord.add_user("ann")

    async def post(self, channel: Channel, text: str) -> Message:
        """A message."""
        return await self.discord.post(channel, self.ann, text)

    async def foreign(self, peer: Peer) -> float:
        """Processor microseconds a message outside drafts channels."""
        before = peer.cpu()
        for number in range(FOREIGN):
            await self.post(self.general, f"Just talk, number {number}, which concerns no bot at all.")
            if number % 200 == 0:
                await asyncio.sleep(0)
        last = await self.post(self.drafts, END)
        await self.discord.until(lambda: bool(last.reactions), "end", 120)
        return (peer.cpu() - before) / FOREIGN * 1e6

    async def draft(self, peer: Peer, count: int, pause: float) -> tuple[float, list[float]]:
        """Processor milliseconds a draft, and the seconds from each message to its sign."""
        before, sent = peer.cpu(), dict[int, float]()
        seen = len(self.discord.requests)
        for number in range(count):
            message = await self.post(self.drafts, f"{number}. {(TELLS, ASKS)[number % 2]}")
            sent[message.id] = time.monotonic()
            await asyncio.sleep(pause)
        live = [self.discord.messages[key] for key in sent]
        await self.discord.until(lambda: all(one.reactions for one in live), "signs", 120)
        at = {
            int(one.path.split("/")[4]): one.at
            for one in self.discord.requests[seen:]
            if "/reactions/" in one.path
        }
        return (peer.cpu() - before) / count * 1e3, [at[key] - began for key, began in sent.items()]


def spread(values: list[float], form: Callable[[float], str]) -> str:
    """A median with the least and the greatest."""
    return f"{form(statistics.median(values))} ({form(min(values))} to {form(max(values))})"


async def main(rounds: int) -> None:
    """Run all rounds and print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare = folder / "bare"
        subprocess.run(["uv", "venv", "-q", "--python", sys.executable, bare], check=True)  # noqa: ASYNC221, S603, S607
        subprocess.run(  # noqa: ASYNC221, S603
            ["uv", "pip", "install", "-q", "--python", bare / "bin/python", "discord.py>=2.7.1,<3"],  # noqa: S607
            check=True,
        )
        async with Loopback() as discord:
            bench = Bench(discord, folder)
            peers = [str(ROOT / "benchmarks" / "peers.py")]
            ours = [sys.executable, "-m", "tests.loopback.launch", discord.address]
            commands = {
                "ignores": [str(bare / "bin/python"), *peers, "ignore", discord.address, discord.token],
                "reacts": [str(bare / "bin/python"), *peers, "react", discord.address, discord.token],
                "ours": ours,
            }
            found: dict[str, list[float]] = {}

            def note(what: str, value: float) -> None:
                found.setdefault(what, []).append(value)

            labeller = Labeller.load()
            for _ in range(rounds):
                times: dict[str, float] = {}
                for role, command in commands.items():
                    async with Peer(discord, command, folder) as peer:
                        times[f"start {role}"], times[f"memory {role}"] = peer.to_ready, peer.memory()
                        if role != "reacts":
                            times[f"foreign {role}"] = await bench.foreign(peer)
                        if role != "ignores":
                            times[f"draft {role}"], waits = await bench.draft(peer, DRAFTS, 1 / RATE)
                            if role != "ours":
                                continue
                            note("p99", sorted(waits)[int(len(waits) * 0.99)] * 1e3)
                            grown = peer.memory()
                            began = time.monotonic()
                            await bench.draft(peer, BURST, 0)
                            note("burst seconds", time.monotonic() - began)
                            note("burst memory", peer.memory() - grown)
                began = time.process_time()
                labeller.label([f"{number}. {(TELLS, ASKS)[number % 2]}" for number in range(100)])
                label = (time.process_time() - began) * 10
                note("foreign ratio", times["foreign ours"] / times["foreign ignores"])
                note("foreign ours", times["foreign ours"])
                note("draft ratio", (times["draft ours"] - label) / times["draft reacts"])
                note("draft ours", times["draft ours"])
                note("label", label)
                note("start ratio", times["start ours"] / times["start ignores"])
                note("memory more", times["memory ours"] - times["memory ignores"])
    rows = [
        (
            "CPU per message outside drafts channels, against a bare ignoring bot",
            "foreign ratio",
            "{:.2f} ×",
            "≤ 0.9 ×",
        ),
        ("… in microseconds", "foreign ours", "{:.0f}", ""),
        (
            "CPU per draft without the label itself, against a bare reacting bot",
            "draft ratio",
            "{:.2f} ×",
            "≤ 1.35 ×",
        ),
        ("… with the label, in milliseconds", "draft ours", "{:.1f}", ""),
        ("… the label alone, in milliseconds", "label", "{:.1f}", ""),
        (f"message to reaction at {RATE} drafts/s, p99, in milliseconds", "p99", "{:.0f}", "≤ 60"),
        (f"burst of {BURST} drafts at once, seconds until all have their sign", "burst seconds", "{:.1f}", "all"),
        ("… growth of memory, in MB", "burst memory", "{:.0f}", "≤ 30"),
        ("process start to session, against the bare bot", "start ratio", "{:.2f} ×", "≤ 1.4 ×"),
        (
            "resident memory idle with the model loaded, against the bare bot, in MB",
            "memory more",
            "{:+.0f}",
            "≤ +130",
        ),
    ]
    print(f"| what | median (least to greatest of {rounds} rounds) | goal |\n|---|---|---|")
    for what, key, form, goal in rows:
        print(f"| {what} | {spread(found[key], form.format)} | {goal} |")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
