"""The bot beside other bots, on real sockets: `python -m benchmarks.wire [ROUNDS]` prints tables with ratios."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.peers import END
from benchmarks.report import Figure, table
from benchmarks.size import size_figures
from coach.labelling.labeller import FOLDER, LANGUAGE_TABLE, Labeller
from coach.labelling.language import language_of
from coach.labels import Label
from coach.text import has_words
from tests.support.loopback.server import TOKEN, Loopback
from tests.support.loopback.town import ROOT, SIGNS
from tests.support.loopback.truth import Channel, Message
from training.data import OWN_DRAFTS, labelled

RED = "3.5.24"
FOREIGN, DRAFTS, BURST, RATE = 4000, 200, 1000, 20
BEAT = 1.0
# These would change a bot's settings, or keep Python from storing what it compiles.
UNSET = ("SQUAREDEAL_", "XDG_", "PYTHON")
PEERS = ROOT / "benchmarks" / "peers.py"

Notes = dict[str, list[float]]


@dataclass(frozen=True)
class Role:
    """A bot that can be started: its command, to which the loopback's address is added, and its environment."""

    before: tuple[str, ...]
    after: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()


OURS = Role((sys.executable, "-m", "tests.support.loopback.launch"))
"""The bot itself."""


LONGEST = 280


@cache
def _drafts() -> dict[Label, list[str]]:
    """The project's own drafts that fit into a short post, in languages that the bot knows, in a fixed mixture."""
    table = np.fromfile(FOLDER / LANGUAGE_TABLE, np.uint32)
    found: dict[Label, list[str]] = {label: [] for label in Label}
    for file in sorted(OWN_DRAFTS.glob("own-*.jsonl")):
        for row in labelled(file):
            if len(row.text) <= LONGEST and has_words(row.text) and language_of(row.text, table):
                found[row.label].append(row.text)
    for texts in found.values():
        random.Random(1).shuffle(texts)
    return found


def draft_text(number: int) -> str:
    """A draft; content and conversation take turns, and thousands go by before one comes again."""
    texts = _drafts()[(Label.CONTENT, Label.CONVERSATION)[number % 2]]
    return texts[number // 2 % len(texts)]


class Peer:
    """A bot as a process of its own, on a Discord of its own."""

    def __init__(self, role: Role, folder: Path) -> None:
        self._role = role
        self.discord = Loopback()
        self.discord.gateway.heartbeat_seconds = BEAT
        self.database = folder / f"{time.monotonic_ns()}.db"
        guild = self.discord.add_guild()
        self.drafts, self.general = (self.discord.add_channel(guild, name) for name in ("drafts", "general"))
        self.ann = self.discord.add_user("ann")
        self.to_ready = 0.0

    async def __aenter__(self) -> Peer:
        await self.discord.__aenter__()
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(UNSET)},
            "DISCORD_TOKEN": TOKEN,
            "SQUAREDEAL_DATABASE": str(self.database),
            "SQUAREDEAL_INTRODUCTIONS": "false",
            **dict(self._role.environment),
        }
        command = (*self._role.before, self.discord.address, *self._role.after)
        began = time.monotonic()
        self.process = await asyncio.create_subprocess_exec(
            *command,
            cwd=ROOT,
            env=environment,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await self.discord.until(lambda: self.discord.gateway.identified > 0, "session", 30)
        except TimeoutError:
            await self.__aexit__()
            raise
        self.to_ready = time.monotonic() - began
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
        try:
            await asyncio.wait_for(self.process.wait(), 15)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
        await self.discord.__aexit__()

    def cpu(self) -> float:
        """Seconds of processor time so far, by the clock that Linux has for each process."""
        return time.clock_gettime((~self.process.pid << 3) | 2)

    def memory(self, of: str = "VmRSS") -> float:
        """Resident megabytes; for `VmHWM`, the most since `forget_peak`."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.partition(f"{of}:")[2].split()[0]) * 1024 / 1e6

    def forget_peak(self) -> None:
        """Reset the peak of its memory."""
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5", encoding="ascii")

    async def settle(self) -> None:
        """Wait until it is idle: all loaded, nothing to do for most of a second, and that twice."""
        quiet, end = 0, time.monotonic() + 20
        while quiet < 2 and time.monotonic() < end:
            before = self.cpu()
            await asyncio.sleep(0.8)
            quiet = quiet + 1 if self.cpu() - before < 0.03 else 0

    async def post(self, channel: Channel, text: str) -> Message:
        """A message."""
        return await self.discord.post(channel, self.ann, text)

    async def foreign(self) -> tuple[float, float]:
        """Microseconds a message outside drafts channels: of the processor, and of the clock."""
        before, began = self.cpu(), time.monotonic()
        for number in range(FOREIGN):
            await self.post(self.general, f"Just talk, number {number}, which concerns no bot at all.")
            if number % 200 == 0:
                await asyncio.sleep(0)
        last = await self.post(self.drafts, END)
        await self.discord.until(lambda: bool(last.reactions), "end", 60)
        return (self.cpu() - before) / FOREIGN * 1e6, (time.monotonic() - began) / FOREIGN * 1e6

    async def draft(self, count: int, pause: float) -> tuple[float, list[float]]:
        """Processor milliseconds a draft, and the milliseconds from each message to its sign."""
        before, sent, seen = self.cpu(), dict[int, float](), len(self.discord.requests)
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number in range(count):
            # By the clock, not by pauses, so that the rate is right however long posting takes.
            await asyncio.sleep(max(0.0, began + number * pause - loop.time()) if pause else 0)
            message = await self.post(self.drafts, draft_text(number))
            sent[message.id] = loop.time()
        live = [self.discord.messages[key] for key in sent]
        await self.discord.until(lambda: all(one.reactions for one in live), "signs", 60)
        cpu = (self.cpu() - before) / count * 1e3
        at: dict[int, float] = {}
        for one in self.discord.requests[seen:]:
            if "/reactions/" in one.path:
                at[int(one.path.split("/")[4])] = one.at
        return cpu, [(at[key] - posted) * 1e3 for key, posted in sent.items()]

    def agreeing(self) -> int:
        """How many drafts are recorded and carry the sign of their label; -1 if the counts differ."""
        with closing(sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True)) as raw:
            labels: dict[int, str] = dict(raw.execute("SELECT message_id, label FROM drafts").fetchall())
            found = [row[0] for row in raw.execute("SELECT label FROM drafts WHERE counts")]
            counted = raw.execute("SELECT sum(content), sum(conversation) FROM tallies").fetchone()
        posted = [one for one in self.drafts.messages.values() if one.author is self.ann]
        good = [one for one in posted if one.reactions == [SIGNS.get(labels.get(one.id, ""))]]
        right = tuple(counted) == (found.count("content"), found.count("conversation"))
        return len(good) if right and len(labels) == len(posted) else -1

    def lateness(self, since: float) -> float:
        """By how many milliseconds a heartbeat came too late since a time, at worst."""
        beats = [beat for beat in self.discord.gateway.beats if beat > since - BEAT]
        beats.append(asyncio.get_running_loop().time())  # one that has not come yet is late too
        return max(0.0, *(after - before - BEAT for before, after in pairwise(beats))) * 1e3


async def label_alone(labeller: Labeller) -> float:
    """Processor milliseconds of a label as the bot makes it: one at a time, in a thread, at the same rate."""
    spent: list[float] = []

    def one(text: str) -> None:
        before = time.thread_time()
        labeller.label([text], [None])
        spent.append(time.thread_time() - before)

    for number in range(DRAFTS // 2):
        await asyncio.to_thread(one, draft_text(number))
        await asyncio.sleep(1 / RATE)
    return statistics.fmean(spent) * 1e3


async def quiet(*command: str | Path, environment: dict[str, str] | None = None) -> str:
    """Run a command to its end; return its output if it failed, else nothing."""
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    return (said.decode().strip() or "no reason given") if process.returncode else ""


async def environment(folder: Path, *packages: str) -> str:
    """Make a virtual environment with packages; return why that failed, if it did."""
    # Red imports pip.
    failed = await quiet("uv", "venv", "-q", "--seed", "--python", sys.executable, folder)
    install = ("uv", "pip", "install", "-q", "--compile-bytecode", "--python", folder / "bin/python", *packages)
    return failed or await quiet(*install)


async def roles_in(folder: Path) -> tuple[dict[str, Role], str]:
    """The bots that can be run here, and if Red is not among them, why."""
    bare, red = folder / "bare", folder / "red"
    if failed := await environment(bare, "discord.py>=2.7.1,<3"):
        raise RuntimeError(failed)
    python = str(bare / "bin/python")
    roles = {role: Role((python, str(PEERS), role)) for role in ("ignore", "react")}
    failed = await environment(red, f"Red-DiscordBot=={RED}")
    at_home = {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
    }
    if not failed:
        setup = (
            "--no-prompt",
            "--instance-name",
            "bench",
            "--data-path",
            str(folder / "bench"),
            "--backend",
            "json",
        )
        failed = await quiet(red / "bin/redbot-setup", *setup, environment=os.environ | at_home)
    if not failed:
        arguments = "bench --no-prompt --prefix ! --owner 100000000000000001 --no-cogs --load-cogs red_listener"
        cogs = ("--cog-path", str(PEERS.parent), "--token", TOKEN)
        command = (str(red / "bin/python"), str(PEERS), "red")
        roles["red"] = Role(command, (*arguments.split(), *cogs), tuple(at_home.items()))
    roles["ours"] = OURS
    # Once without measuring: the first start compiles, and tells Red where its cogs are.
    for name in tuple(roles):
        try:
            async with Peer(roles[name], folder) as peer:
                await peer.settle()
        except TimeoutError as error:
            if name != "red":
                raise
            failed = str(error)
            del roles[name]
    return roles, failed.splitlines()[-1] if failed else ""


async def visit(name: str, peer: Peer, once: dict[str, float], notes: Notes) -> None:
    """Everything that is measured of one bot in one round."""
    await peer.settle()
    once[f"start {name}"], once[f"memory {name}"] = peer.to_ready, peer.memory()
    if name != "react":
        once[f"foreign {name}"], once[f"foreign wall {name}"] = await peer.foreign()
    if name not in ("react", "ours"):
        return
    once[f"draft {name}"], waits = await peer.draft(DRAFTS, 1 / RATE)
    notes.setdefault(f"median {name}", []).append(statistics.median(waits))
    notes.setdefault(f"p99 {name}", []).append(sorted(waits)[int(len(waits) * 0.99)])
    if name != "ours":
        return
    peer.forget_peak()
    idle, began = peer.memory(), asyncio.get_running_loop().time()
    cpu, waits = await peer.draft(BURST, 0)
    taken = asyncio.get_running_loop().time() - began
    late = peer.lateness(began)
    good = peer.agreeing() - DRAFTS - 1  # without the earlier ones, and the last of the foreign messages
    grown = peer.memory("VmHWM") - idle
    burst = {"seconds": taken, "cpu": cpu * BURST / 1e3, "good": good, "late": late, "grown": grown}
    for what, value in burst.items():
        notes.setdefault(f"burst {what}", []).append(value)


def compare(once: dict[str, float], label: float, notes: Notes) -> None:
    """Record the ratios of a round."""
    found = {
        "label": label,
        "draft ratio": (once["draft ours"] - label) / once["draft react"],
        "draft ours": once["draft ours"],
        "draft react": once["draft react"],
        "memory more": once["memory ours"] - once["memory ignore"],
    }
    for other in ("ignore", "red"):
        if f"start {other}" in once:
            found |= {f"{what} {other}": once[f"{what} {other}"] for what in ("foreign", "start", "memory")}
            found |= {
                f"{what}/{other}": once[f"{what} ours"] / once[f"{what} {other}"] for what in ("foreign", "start")
            }
    found |= {f"{what} ours": once[f"{what} ours"] for what in ("foreign", "foreign wall", "start", "memory")}
    for what, value in found.items():
        notes.setdefault(what, []).append(value)


def figures(notes: Notes) -> list[Figure]:
    """The rows of the table; those of Red only if it ran."""
    rows = [
        (
            "CPU per message outside drafts channels, against a bare ignoring bot",
            "foreign/ignore",
            "{:.2f} ×",
            0.9,
        ),
        ("… against Red with one listener", "foreign/red", "{:.2f} ×", 0.7),
        ("… µs of CPU: Square Deal", "foreign ours", "{:.0f}", None),
        ("… µs of CPU: bare bot", "foreign ignore", "{:.0f}", None),
        ("… µs of CPU: Red", "foreign red", "{:.0f}", None),
        ("… µs by the clock in a flood: Square Deal", "foreign wall ours", "{:.0f}", None),
        ("CPU per draft without the label itself, against a bare reacting bot", "draft ratio", "{:.2f} ×", 1.35),
        ("… ms of CPU: Square Deal, with the label", "draft ours", "{:.2f}", None),
        ("… ms of CPU: the label itself, one at a time", "label", "{:.2f}", None),
        ("… ms of CPU: bare reacting bot", "draft react", "{:.2f}", None),
        (f"message to reaction at {RATE} drafts/s, p99, ms", "p99 ours", "{:.1f}", 60),
        ("… median, ms", "median ours", "{:.1f}", None),
        ("… p99 of the bare reacting bot, which labels nothing, ms", "p99 react", "{:.1f}", None),
        ("… growth of memory at its peak, MB", "burst grown", "{:.0f}", 30),
        ("… heartbeats late by at most, ms", "burst late", "{:.0f}", 250),
        ("… seconds until all have their sign", "burst seconds", "{:.1f}", None),
        ("… seconds of CPU", "burst cpu", "{:.1f}", None),
        ("process start to READY, against the bare bot", "start/ignore", "{:.2f} ×", 1.4),
        ("… against Red", "start/red", "{:.2f} ×", None),
        ("… seconds: Square Deal", "start ours", "{:.2f}", None),
        ("resident memory idle, model loaded, against the bare bot, MB", "memory more", "{:+.0f}", 130),
        ("… MB: Square Deal", "memory ours", "{:.0f}", None),
        ("… MB: bare bot", "memory ignore", "{:.0f}", None),
        ("… MB: Red", "memory red", "{:.0f}", None),
    ]
    found = [Figure(what, notes[key], form, most) for what, key, form, most in rows if key in notes]
    good = Figure(
        f"burst of {BURST} drafts at once: labelled, committed and reacted to",
        notes["burst good"],
        "{:.0f}",
        least=BURST,
    )
    at = next(place for place, one in enumerate(found) if one.what.startswith("… growth"))
    return [*found[:at], good, *found[at:]]


async def section(rounds: int) -> str:
    """Run all rounds, each bot once in each, in a different order each time.

    Returns:
        Markdown with the tables.
    """
    notes: Notes = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        roles, without_red = await roles_in(folder)
        labeller = Labeller.load()
        for number in range(rounds):
            once: dict[str, float] = {}
            order: Sequence[str] = list(roles)
            for role in (*order[number % len(order) :], *order[: number % len(order)]):
                async with Peer(roles[role], folder) as peer:
                    await visit(role, peer, once, notes)
            compare(once, await label_alone(labeller), notes)
            print(f"on the wire: round {number + 1} of {rounds}", file=sys.stderr, flush=True)
        size = await size_figures(folder)
    left_out = f"\n\nRed {RED} is left out: {without_red.replace(str(folder), '…')}" if without_red else ""
    return f"## On the wire\n\n{table(figures(notes))}{left_out}\n\n## The database\n\n{table(size)}"


if __name__ == "__main__":
    print(asyncio.run(section(int(sys.argv[1]) if len(sys.argv) > 1 else 5)))
