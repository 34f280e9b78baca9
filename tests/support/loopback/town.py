"""The real program as a process of its own, on the loopback Discord."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from discord.utils import utcnow

from tests.support.loopback.server import TOKEN, Loopback
from tests.support.loopback.truth import Channel, Guild, Message, User

ROOT = Path(__file__).resolve().parents[3]

SIGNS = {"content": "📣", "conversation": "💬"}


def signs_of(label: str) -> list[str]:
    """The signs on a draft with a label, as `Bot.labels` gives it: none if it is not counted."""
    return [SIGNS[label]] if label in SIGNS else []


@dataclass
class Bot:
    """The program: started, killed, started again on the same database.

    Its clock is `ahead` of the machine's, as Discord's may be, and differs from Discord's by `skew`, either way.
    """

    discord: Loopback
    database: Path
    arguments: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict[str, str])
    before: tuple[str, ...] = ()
    """The command that runs it, such as `env` or a tracer."""
    ahead: timedelta = timedelta()
    skew: timedelta = timedelta()
    process: asyncio.subprocess.Process | None = None
    log: bytes = b""

    async def start(self, *, ready: bool = True) -> None:
        """Start it, and wait until its session is open."""
        identified = self.discord.gateway.identified
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SQUAREDEAL_")},
            "DISCORD_TOKEN": TOKEN,
            "SQUAREDEAL_DATABASE": str(self.database),
            # People here write the same over and over, and each is to count.
            "SQUAREDEAL_THOUGHTS_WINDOW_HOURS": "0",
            "SQUAREDEAL_INTRODUCTIONS": "false",
            "LOOPBACK_AHEAD": str((self.ahead + self.skew).total_seconds()),
            **self.settings,
        }
        self.process = await asyncio.create_subprocess_exec(
            *(
                *self.before,
                sys.executable,
                "-m",
                "tests.support.loopback.launch",
                self.discord.address,
                *self.arguments,
            ),
            cwd=ROOT,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        if ready:
            await self.discord.until(lambda: self.discord.gateway.identified > identified, "session")

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.returncode is None

    async def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it by a signal; its exit status."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await self.wait()

    async def wait(self) -> int:
        """Wait for its end; its exit status."""
        assert self.process is not None
        written, _ = await self.process.communicate()
        self.log += written
        status, self.process = self.process.returncode, None
        assert status is not None
        return status

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What the database holds, read from outside."""
        with closing(sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True)) as raw:
            return raw.execute(query).fetchall()

    def labels(self) -> dict[int, str]:
        """The label of each draft on record; "None" for one that is not counted."""
        return {int(str(row[0])): str(row[1]) for row in self.rows("SELECT message_id, label FROM drafts")}


@dataclass
class Town:
    """A server on the loopback Discord, a drafts channel, two members, one who manages the server, and the bot."""

    discord: Loopback
    bot: Bot
    guild: Guild
    drafts: Channel
    ann: User
    ben: User
    mae: User

    async def signed(self, message: Message, sign: str) -> None:
        """Wait for the sign on a draft."""
        await self.discord.until(lambda: message.reactions == [sign], f"sign {sign}")

    def turn_clock(self, moment: datetime) -> None:
        """Turn Discord's clock, and the bot's from its next start on."""
        ahead = self.bot.ahead = moment - utcnow()
        self.discord.clock = lambda: utcnow() + ahead

    def summaries(self, channel: Channel | None = None) -> list[str]:
        """The titles of the daily summaries in the drafts channel or another, each with its local date."""
        there = (channel or self.drafts).messages.values()
        embeds = [embed for one in there for embed in one.fields.get("embeds", [])]
        return [embed["title"] for embed in embeds if embed.get("title", "").startswith("The day's summary")]

    def written(self) -> list[Message]:
        """What people wrote and did not delete; Discord's own message about a new thread is left out."""
        messages = self.discord.messages.values()
        return [one for one in messages if not (one.deleted or one.author.bot or one.fields.get("type"))]

    def agrees(self, apart: Collection[int] = (), stale: Collection[int] = ()) -> None:
        """Check that exactly the drafts that exist are on record, each with its sign, and that the tallies agree.

        Of each thought, its newest draft with a label counts. No day's summary may have been sent twice. Messages
        `apart` must not be on record. Drafts in an archived thread may lack their sign, as nothing can be changed
        there; so may `stale` ones, which were in one.
        """
        assert len(set(self.summaries())) == len(self.summaries())
        labels = self.bot.labels()
        there = [one for one in self.written() if one.id not in apart]
        assert labels.keys() == {message.id for message in there}
        stale = {one.id for one in there if one.channel.archived} | set(stale)
        signed = {one.id: one.reactions for one in there if one.id not in stale}
        assert signed == {key: signs_of(label) for key, label in labels.items() if key not in stale}
        counted = self.bot.rows("SELECT sum(content), sum(conversation) FROM tallies")
        thoughts = self.bot.rows(
            "SELECT coalesce(thought, -message_id), label FROM drafts WHERE label IS NOT NULL ORDER BY message_id"
        )
        found = list({thought: str(label) for thought, label in thoughts}.values())
        assert counted == [(found.count("content"), found.count("conversation"))]


@asynccontextmanager
async def open_town(folder: Path) -> AsyncGenerator[Town]:
    """A town whose bot has not been started yet, with its database in a folder; the bot ends with it."""
    async with Loopback() as discord:
        guild = discord.add_guild()
        drafts = discord.add_channel(guild, "drafts")
        bot = Bot(discord, folder / "bot.db")
        try:
            ann, ben, mae = (discord.add_user(name) for name in ("ann", "ben", "mae"))
            discord.add_role(guild, "managers", mae, manage_guild=True)
            yield Town(discord, bot, guild, drafts, ann, ben, mae)
        finally:
            if bot.process is not None:
                await bot.end(signal.SIGKILL)
