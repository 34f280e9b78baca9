"""All that can go wrong, one after the other: `python -m benchmarks.faults` writes a table into the docs."""

from __future__ import annotations

import asyncio
import resource
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from discord.utils import utcnow

from benchmarks.report import put
from tests.journeys.conftest import ASKS, TELLS
from tests.loopback.conftest import ROOT, Bot, Town, open_town
from tests.loopback.server import Fault
from tests.loopback.trial import UNSURE
from tests.loopback.truth import Message

PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- faults: written by python -m benchmarks.faults -->", "<!-- end of faults -->"

ANSWERS: tuple[int | str, ...] = (403, 404, 429, 500, "cut", "silence")
# The second: an answer that is faster than discord.py notes when it asked looks as old as the heartbeat before.
USUAL = ("rate limited", "Can't keep up")
NAMES: dict[int | str, str] = {
    "cut": "connection cut",
    "silence": "no answer",
    "lost": "done, but its answer lost",
    500: "500, once",
}

Row = tuple[str, str, str, str]


def fault_of(method: str, path: str, answer: int | str) -> Fault:
    """One refusal of a kind of request."""
    # aiohttp asks once more by itself where a connection was cut, but for what could be done twice.
    return Fault(method, path, answer, retry_after=0.2, times=2 if answer == "cut" and method != "POST" else 1)  # type: ignore[arg-type]


class Trials:
    """Runs each trial on a bot of its own process and takes down what came of it."""

    def __init__(self, town: Town, folder: Path) -> None:
        self.town, self.folder, self.rows = town, folder, list[Row]()

    def refusal(self, what: str, answer: int | str, fate: str, said: str, told: str) -> None:
        """Take down what came of refusing one kind of request in one way."""
        self.note(f"{what}: {NAMES.get(answer, str(answer))}", fate, said, told)

    def note(self, *row: *Row) -> None:
        """Take down a row of the table, and show it."""
        print(" | ".join(row), flush=True)
        self.rows.append(row)

    async def draft(self, text: str = TELLS) -> Message:
        """Somebody posts a draft."""
        return await self.town.discord.post(self.town.drafts, self.town.ann, text)

    async def comes(self, condition: Callable[[], bool], seconds: float = 12) -> bool:
        """Whether something comes to pass in time."""
        try:
            await self.town.discord.until(condition, "it", seconds)
        except TimeoutError:
            return False
        return True

    def said(self, since: int) -> str:
        """What the bot said since a message, in short."""
        bot = self.town.discord.bot
        texts = [
            one.content.replace(str(self.town.drafts.id), "C") or "an embed"
            for one in self.town.discord.messages.values()
            if one.author is bot and one.id > since
        ]
        return "; ".join(f"“{text[:90]}…”" if len(text) > 90 else f"“{text}”" for text in texts) or "nothing"

    async def rest(self, what: str, method: str, path: str, act: Callable[[], Awaitable[Message]]) -> None:
        """Refuse one kind of request in every way, with a draft that leads to it."""
        discord, bot = self.town.discord, self.town.bot
        for answer in ANSWERS:
            await bot.start()
            await asyncio.sleep(2.5)
            fault = fault_of(method, path, answer)
            discord.faults = [fault]
            message = await act()
            await self.comes(lambda fault=fault: fault.times == 0)
            recorded = await self.comes(lambda message=message: message.id in bot.labels())
            after = await self.draft()
            # Longer than the bot waits: discord.py asks one thing after the other of a channel's reactions.
            goes_on = await self.comes(lambda after=after: bool(after.reactions), 40)
            signed = await self.comes(lambda message=message: bool(message.reactions), 2)
            fate = "recorded" if recorded else "LOST"
            if not signed:
                discord.faults = []
                await bot.end()
                await bot.start()
                later = await self.comes(lambda message=message: bool(message.reactions))
                fate += ", sign put at the next start" if later else ", NO SIGN"
            if not goes_on:
                waits = "recorded, its sign waits too" if after.id in bot.labels() else "HELD UP"
                fate += f"; the next draft is {waits}"
            status, told = await self.ended()
            self.refusal(what, answer, fate + status, self.said(message.id), told)
            discord.faults = []

    async def ended(self, bot: Bot | None = None) -> tuple[str, str]:
        """End the bot; how that went, and what its log said beside the usual."""
        bot = bot or self.town.bot
        began = time.monotonic()
        status = await bot.end()
        spent = time.monotonic() - began
        lines = [
            line.split(": ", 1)[1]
            for line in bot.log.decode().splitlines()
            if (" WARNING " in line or " ERROR " in line) and not any(usual in line for usual in USUAL)
        ]
        bot.log = b""
        for key in sorted(self.town.discord.messages, reverse=True):
            lines = [line.replace(str(key), "M") for line in lines]
        for name, key in {"C": self.town.drafts.id, "S": self.town.guild.id}.items():
            lines = [line.replace(str(key), name) for line in lines]
        trouble = "" if status == 0 and spent < 5 else f"; ended with {status} after {spent:.1f} s"
        return trouble, "; ".join(dict.fromkeys(lines)) or "nothing"

    async def at_start(self, what: str, path: str) -> None:
        """Refuse one kind of request of a start in every way, while a draft waits in the channel."""
        bot = self.town.bot
        for answer in ANSWERS:
            message = await self.draft()
            self.town.discord.faults = [fault_of("GET", path, answer)]
            await bot.start(ready=False)
            good = await self.comes(lambda message=message: bool(message.reactions) or not bot.alive, 75)
            fate = "recorded" if good and bot.alive else "recorded at the next start"
            self.town.discord.faults = []
            if not bot.alive:
                status = await bot.wait()
                told, bot.log = bot.log.decode().strip().splitlines()[-1], b""
                trouble = f"; exit {status}"
            else:
                trouble, told = await self.ended()
            if not message.reactions:
                await bot.start()
                if not await self.comes(lambda message=message: bool(message.reactions)):
                    fate = "LOST"
                await self.ended()
            self.refusal(f"{what}, at the start", answer, fate + trouble, self.said(message.id), told)

    async def command(self) -> None:
        """Refuse the answer to a command in every way."""
        discord, bot = self.town.discord, self.town.bot
        for answer in ANSWERS:
            await bot.start()
            discord.faults = [fault_of("POST", "/interactions/*", answer)]
            seen: list[str] = []
            for _ in range(2):
                try:
                    shown = await discord.slash(self.town.drafts, self.town.ann, "balance")
                    text = shown.messages[0].content
                    seen.append(f"“{text}”" if text else "the balance")
                except TimeoutError:
                    seen.append("nothing")
                discord.faults = []
            if answer == "silence":
                await asyncio.sleep(12)  # until the bot gives up
            status, told = await self.ended()
            said = seen[0] if seen[0] == seen[1] else f"{seen[0]}; when asked again, {seen[1]}"
            self.refusal("POST answer, to `/balance`", answer, f"none{status}", said, told)

    async def registered(self) -> None:
        """Refuse the list of commands in every way, each time on a new database."""
        discord = self.town.discord
        for answer in ANSWERS:
            bot = Bot(discord, self.folder / f"commands-{answer}.db")
            discord.commands, discord.faults = [], [fault_of("PUT", "/applications/*", answer)]
            await bot.start(ready=False)
            message = await self.draft()
            fate = "recorded" if await self.comes(lambda message=message: bool(message.reactions), 75) else "LOST"
            status, told = await self.ended(bot)
            listed = "the commands are there"
            if not discord.commands:
                discord.faults = []
                await bot.start()
                listed += " after the next start" if discord.commands else "n't"
                await self.ended(bot)
            self.refusal("PUT commands", answer, fate + status, listed, told)

    async def summary(self) -> None:
        """Refuse a day's summary in every way, a day each, and then set the bot's clock back by one."""
        town, today = self.town, datetime.combine(utcnow(), clock_time(), UTC)
        for number, answer in enumerate((*ANSWERS, "lost"), 1):
            before = town.summaries()
            town.turn_clock(today + timedelta(days=number, hours=12))
            await town.bot.start()
            message = await self.draft()
            await self.comes(lambda message=message: bool(message.reactions))
            await town.bot.end()
            town.turn_clock(today + timedelta(days=number, hours=18, minutes=1))
            town.discord.faults = [fault_of("POST", "/channels/*/messages", answer)]
            await town.bot.start()
            fate = "sent"
            if not await self.comes(lambda before=before: len(town.summaries()) > len(before), 10):
                later = await self.comes(lambda before=before: len(town.summaries()) > len(before), 100)
                fate = "sent a minute later" if later else "not sent"
            # Time for a second one, if there were to be any.
            await asyncio.sleep(75 if answer == "lost" else 1)
            status, told = await self.ended()
            times = len(town.summaries()) - len(before)
            fate += f" {times} TIMES" if times > 1 else ""
            said = "the summary" if times else self.said(message.id)
            self.refusal("POST message, the day's summary", answer, fate + status, said, told)
        town.discord.faults = []
        town.bot.ahead -= timedelta(days=1)
        before = town.summaries()
        await town.bot.start()
        message = await self.draft()
        fate = "recorded" if await self.comes(lambda: bool(message.reactions)) else "LOST"
        await asyncio.sleep(65)
        status, told = await self.ended()
        fate += "; A SECOND SUMMARY" if town.summaries() != before else "; no summary a second time"
        self.note("clock set back a day", fate + status, self.said(message.id), told)
        town.agrees()

    async def locked(self) -> None:
        """Another process holds the database for ten seconds."""
        bot = self.town.bot
        await bot.start()
        await asyncio.sleep(2.5)
        with closing(sqlite3.connect(bot.database, isolation_level=None, timeout=15)) as other:
            other.execute("BEGIN IMMEDIATE")
            message = await self.draft()
            await asyncio.sleep(10)
            early = bool(message.reactions)
            other.execute("COMMIT")
        fate = "recorded when it was free" if await self.comes(lambda: bool(message.reactions)) else "LOST"
        status, told = await self.ended()
        fate += "; SIGN BEFORE THE COMMIT" if early else ""
        self.note("database locked for 10 s", fate + status, self.said(message.id), told)

    async def full(self) -> None:
        """No byte more can be written, for a while."""
        bot = self.town.bot
        await bot.start()
        await asyncio.sleep(2.5)
        assert bot.process is not None  # noqa: S101
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        messages = [await self.draft() for _ in range(3)]
        await asyncio.sleep(2)
        early = any(message.reactions for message in messages)
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        done = await self.comes(lambda: all(message.reactions for message in messages), 75)
        fate = "recorded within a minute of there being room" if done else "LOST"
        fate += "; SIGN BEFORE THE COMMIT" if early else ""
        status, told = await self.ended()
        self.note("disk full for 2 s", fate + status, self.said(messages[0].id), told)

    async def stopped(self) -> None:
        """SIGTERM while drafts are being written."""
        bot = self.town.bot
        await bot.start()
        await asyncio.sleep(2.5)
        messages = [await self.draft(f"Number {n}. {ASKS}") for n in range(60)]
        status, told = await self.ended()
        await bot.start()
        done = await self.comes(lambda: all(message.reactions for message in messages), 30)
        await bot.end()
        self.town.agrees()
        fate = ("all 60 recorded, some at the next start" if done else "LOST") + (status or "; exit 0 within 5 s")
        self.note("SIGTERM in mid-write", fate, "nothing", told)

    async def refused(self, what: str, tree: Path, database: Path) -> None:
        """The program cannot start at all."""
        bot = Bot(self.town.discord, database)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.loopback.launch", self.town.discord.address),
            cwd=tree,
            env={
                "PATH": "/usr/bin:/bin",
                "SQUAREDEAL_DATABASE": str(bot.database),
                "DISCORD_TOKEN": self.town.discord.token,
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        written, _ = await asyncio.wait_for(process.communicate(), 30)
        last = written.decode().strip().splitlines()[-1].replace(str(self.folder), "…").replace(str(tree), "…")
        self.note(what, f"none was taken; exit {process.returncode}", "nothing", last)

    async def run(self) -> None:
        """All of it."""
        draft = self.draft

        async def edited() -> Message:
            message = await draft(ASKS)
            await self.comes(lambda: bool(message.reactions))
            await self.town.discord.edit(message, TELLS)
            return message

        await self.rest("PUT reaction", "PUT", "/channels/*/reactions/*", draft)
        await self.rest("DELETE reaction, after an edit", "DELETE", "/channels/*/reactions/*", edited)
        await self.rest("POST message, to ask", "POST", "/channels/*/messages", lambda: draft(UNSURE))
        await self.at_start("GET archived threads", "/channels/*/threads/archived/public")
        await self.at_start("GET history", "/channels/*/messages")
        await self.at_start("GET user, to log in", "/users/@me")
        await self.at_start("GET gateway", "/gateway/bot")
        await self.command()
        await self.locked()
        await self.full()
        await self.stopped()
        await self.registered()
        await self.summary()

        garbage = self.folder / "garbage.db"
        garbage.write_bytes(b"this is no database " * 1000)
        await self.refused("corrupt database file", ROOT, garbage)
        tree = self.folder / "tree"
        tree.mkdir()
        for name in ("bot.py", "coach", "cogs", "config", "tests"):
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tree / name)
        model = tree / "coach" / "model" / "encoder.onnx"
        model.write_bytes(model.read_bytes()[:1000])
        await self.refused("model file cut short", tree, self.folder / "other.db")


async def main() -> None:
    """Run the trials and write the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with open_town(folder) as town:
            trials = Trials(town, folder)
            await trials.run()
    table = "| what went wrong | the draft | the bot said | the log said |\n|---|---|---|---|\n"
    table += "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in trials.rows)
    print(table)
    put(PAGE, BEGIN, table, END)


if __name__ == "__main__":
    asyncio.run(main())
