"""Many faults at once, each in a server of its own, on one bot that is started, ended and started again."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sqlite3
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from tests.support.drafts import ASKS, FOREIGN, TELLS
from tests.support.loopback.faults import Fault
from tests.support.loopback.server import Loopback
from tests.support.loopback.town import Bot
from tests.support.loopback.truth import Channel, Message, User

Row = tuple[str, str, str, str]

# The second: if an answer comes before discord.py has noted when it asked, it looks one heartbeat late.
USUAL = ("rate limited", "Can't keep up")
ID = re.compile(r"\b\d{17,20}\b")
BAD = re.compile(r"\b[A-Z]{4,}\b")
"""If something went wrong, the second column says so in capitals."""

SOON, LATER = 12, 75
"""Seconds to wait for what comes at once, and for what comes with the next try a minute later."""


class Records:
    """What a bot has on record, read from outside at most a few times a second, whoever asks."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._labels, self._read_at = dict[int, str](), 0.0

    def labels(self) -> dict[int, str]:
        """The label of each draft."""
        if time.monotonic() - self._read_at > 0.25:
            # Before its first start there is no database and no table.
            with contextlib.suppress(sqlite3.OperationalError):
                self._labels = self.bot.labels()
            self._read_at = time.monotonic()
        return self._labels


class Place:
    """A server of its own for one fault: its drafts, its authors, and the result."""

    def __init__(self, discord: Loopback, records: Records, what: str) -> None:
        self.discord, self.records, self.what = discord, records, what
        self.guild = discord.add_guild("Gardeners")
        self.drafts = discord.add_channel(self.guild, "drafts")
        self.ann, self.ben, self.mae = (discord.add_user(name) for name in ("ann", "ben", "mae"))
        discord.add_role(self.guild, "managers", self.mae, manage_guild=True)
        self.fates, self.logged = list[str](), list[str]()
        self.since = 0

    async def draft(self, text: str = TELLS, where: Channel | None = None, by: User | None = None) -> Message:
        """Somebody posts a draft; what the bot says from then on is recorded."""
        message = await self.discord.post(where or self.drafts, by or self.ann, text)
        self.since = self.since or message.id
        return message

    async def comes(self, condition: Callable[[], bool], seconds: float = SOON) -> bool:
        """Whether something happens in time."""
        for _ in range(round(seconds * 10)):
            if condition():
                return True
            await asyncio.sleep(0.1)
        return condition()

    def order(self, fault: Fault) -> Fault:
        """Make something go wrong from now on."""
        self.discord.faults.append(fault)
        return fault

    def lift(self, fault: Fault) -> None:
        """Make it work again."""
        self.discord.faults.remove(fault)

    def has(self, *messages: Message) -> bool:
        """Whether drafts are on record."""
        return {one.id for one in messages} <= self.records.labels().keys()

    async def all_there(self, messages: Sequence[Message], seconds: float = SOON, *, signed: bool = True) -> bool:
        """Note whether drafts are on record with their signs."""
        if await self.comes(lambda: self.has(*messages), seconds):
            # What the bot can't read is not counted, and has no sign.
            counted = [one for one in messages if one.content != FOREIGN]
            if signed and not await self.comes(lambda: all(one.reactions for one in counted)):
                self.fate(f"recorded, NO SIGN on {sum(not one.reactions for one in counted)}")
                return False
            return True
        missing = sum(not self.has(one) for one in messages)
        self.fate(f"{missing} of {len(messages)} LOST" if len(messages) > 1 else "LOST")
        return False

    def fate(self, text: str) -> None:
        """Note what became of the draft."""
        if text not in self.fates:
            self.fates.append(text)

    def said(self) -> str:
        """What the bot said here and to those here, in short."""
        channels = [one for one in self.discord.channels.values() if one.guild is self.guild]
        channels += [self.discord.dm(user) for user in (self.ann, self.ben)]
        texts: list[str] = []
        for message in [one for channel in channels for one in channel.messages.values()]:
            if message.author is self.discord.bot and message.id > self.since:
                embeds: list[dict[str, str]] = message.fields.get("embeds", [])
                titles = "; ".join(embed.get("title", "an embed") for embed in embeds)
                texts.append(self.plain(message.content) or titles.partition(",")[0])
        # Once each, and in one line, for a cell of a table.
        lines = dict.fromkeys(" ".join(text.split()) for text in texts)
        return "; ".join(f"“{line[:90]}…”" if len(line) > 90 else f"“{line}”" for line in lines) or "nothing"

    def plain(self, text: str) -> str:
        """A text with letters for the ids of this server: S, C for a channel, M for a message, U for a person."""

        def letter(found: re.Match[str]) -> str:
            key = int(found[0])
            known = {"S": self.discord.guilds, "C": self.discord.channels, "U": self.discord.users}
            return next((name for name, there in known.items() if key in there), "M")

        return ID.sub(letter, text)

    def owns(self, key: int) -> bool:
        """Whether an id belongs to something here."""
        channel = self.discord.channels.get(key)
        if (message := self.discord.messages.get(key)) is not None:
            channel = channel or message.channel
        of_people = {one.id for one in (self.ann, self.ben, self.mae)}
        return key == self.guild.id or key in of_people or (channel is not None and channel.guild is self.guild)

    def row(self) -> Row:
        """The row of the table."""
        log = "; ".join(dict.fromkeys(self.plain(line) for line in self.logged))
        return self.what, ", ".join(self.fates) or "recorded", self.said(), log or "nothing"


Trial = Callable[[Place], AsyncGenerator[None]]
"""What happens in a place: before the start, to the running bot, while it is away, back, away, and back again."""


class Bench:
    """Runs trials and keeps their rows."""

    def __init__(self, discord: Loopback, folder: Path, words: Sequence[str] = ()) -> None:
        self.discord, self.folder, self.words = discord, folder, words
        self.rows: list[Row] = []
        self._databases = 0

    def wanted(self, what: str) -> bool:
        """Whether a row is asked for."""
        return not self.words or any(word in what for word in self.words)

    def note(self, *row: *Row) -> None:
        """Keep a row of the table, and show it."""
        print(" | ".join(row), flush=True)  # noqa: T201  # what the benchmark shows
        self.rows.append(row)

    @property
    def failures(self) -> list[Row]:
        """The rows whose second column has a word in capitals."""
        return [row for row in self.rows if BAD.search(row[1])]

    def bot(self, skew: timedelta = timedelta()) -> Bot:
        """A bot with a database of its own."""
        self._databases += 1
        return Bot(self.discord, self.folder / f"{self._databases}.db", skew=skew)

    async def together(
        self,
        trials: Sequence[tuple[str, Trial]],
        *,
        skew: timedelta = timedelta(),
        away_at: datetime | None = None,
        turn: Callable[[datetime, Bot], None] | None = None,
    ) -> None:
        """Run trials at the same time, each in a server of its own.

        Args:
            trials: each with the name of its row.
            skew: how far the bot's clock is from Discord's.
            away_at: what the clocks say from the second start on.
            turn: turns the clocks.
        """
        trials = [(what, trial) for what, trial in trials if self.wanted(what)]
        if not trials:
            return
        bot = self.bot(skew)
        self.discord.guilds.clear()
        self.discord.faults.clear()
        records = Records(bot)
        control = Place(self.discord, records, "control")
        places = [Place(self.discord, records, what) for what, _ in trials]
        steps = [trial(place) for (_, trial), place in zip(trials, places, strict=True)]
        if turn is not None and away_at is not None:
            turn(away_at - timedelta(hours=6), bot)
        for running in (False, True, False, True, False, True):
            if running:
                await bot.start()
                # Its sign shows that the bot is at work.
                started = await control.draft(ASKS)
                await control.comes(lambda started=started: bool(started.reactions), 60)
            elif bot.process is not None:
                await self._ended(bot, places)
                if turn is not None and away_at is not None:
                    turn(away_at, bot)
            await asyncio.gather(*(_advance(*one) for one in zip(steps, places, strict=True)))
        await self._ended(bot, places)
        for place in places:
            self.note(*place.row())

    async def _ended(self, bot: Bot, places: Sequence[Place]) -> None:
        """End the bot, and give each place its lines of the log."""
        trouble, lines = await self.ended(bot)
        for line in lines:
            keys = [int(found) for found in ID.findall(line)]
            owners = [place for place in places if any(place.owns(key) for key in keys)]
            for place in owners:
                place.logged.append(line)
            if not owners:
                print("log, of no server:", line, flush=True)  # noqa: T201
        if trouble:
            for place in places:
                place.fate(trouble)

    async def ended(self, bot: Bot) -> tuple[str, list[str]]:
        """End a bot; return what was wrong with its end, and what its log said besides the usual."""
        began = time.monotonic()
        status = await bot.end()
        spent = time.monotonic() - began
        lines = [
            line.split(": ", 1)[-1]
            for line in bot.log.decode().splitlines()
            if (" WARNING " in line or " ERROR " in line) and not any(usual in line for usual in USUAL)
        ]
        bot.log = b""
        return "" if status == 0 and spent < 5 else f"ENDED with {status} after {spent:.1f} s", lines


async def _advance(step: AsyncGenerator[None], place: Place) -> None:
    """Go on with a trial; one that fails holds up no other."""
    try:
        await anext(step, None)
    except Exception as error:
        place.fate(f"the trial FAILED: {type(error).__name__}: {error}")
