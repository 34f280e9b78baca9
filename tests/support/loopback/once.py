"""A trial of what is sent once: the bot is killed or stopped around each summary and reminder that it sends."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from discord.utils import utcnow

from coach.wording_posted import COME_BACK, MENU
from tests.support.drafts import TELLS
from tests.support.loopback.faults import Fault
from tests.support.loopback.interactions import Interaction
from tests.support.loopback.town import Bot, Town
from tests.support.loopback.truth import Channel, Message

SERVERS = 4

KILLS_A_DAY = 8

NOON, DUE = time(12), timedelta(hours=6, minutes=1)

A_WHILE, LONG = timedelta(seconds=61), timedelta(minutes=6)
"""From a kill to the next start by the clock: a claim is taken over, and Discord remembers the nonce or not."""

PATIENCE = 120.0
"""Seconds without a change after which nothing more is sent; each summary and reminder is tried each minute."""

STOPPED = 21.0
"""Seconds for which a process is stopped, more than a request may take to begin."""

CLAIMS = (
    "SELECT guild_id, member_id, claimed_at, 0 FROM summaries WHERE sent_at IS NULL"
    " UNION ALL SELECT r.guild_id, 0, c.claimed_at, r.message_id"
    " FROM replies r JOIN comebacks c USING (message_id) WHERE r.says = 'comeback' AND r.reply_id IS NULL"
)


@dataclass
class Tally:
    """What happened in a trial; `at` says how often the bot was hit at which point."""

    kills: int = 0
    stops: int = 0
    days: int = 0
    summaries: int = 0
    personal: int = 0
    reminders: int = 0
    at: Counter[str] = field(default_factory=Counter[str])

    def __str__(self) -> str:
        points = ", ".join(f"{count} {point}" for point, count in sorted(self.at.items()))
        return (
            f"{self.kills} kills and {self.stops} take-overs from a stopped process ({points}); {self.days} days "
            f"with {self.summaries} summaries, {self.personal} of members, {self.reminders} reminders: each once"
        )


class OnceTrial:
    """Each day brings a summary to each server, one by direct message for each, and a reminder in each."""

    def __init__(self, town: Town, rng: random.Random) -> None:
        self.town, self.rng, self.tally = town, rng, Tally()
        servers = [town.guild, *(town.discord.add_guild(f"Server {number}") for number in range(2, SERVERS + 1))]
        self.channels = [town.drafts, *(town.discord.add_channel(one, "drafts") for one in servers[1:])]
        self.direct = town.discord.dm(town.ben)
        self._began, self._stood = 0, set[int]()
        self.now = datetime.combine(utcnow() + timedelta(days=1), NOON, UTC)
        town.bot.settings |= {
            "SQUAREDEAL_NUDGES_COME_BACK_HOURS": "2",
            "SQUAREDEAL_NUDGES_DAILY_CAP": "20",
            "LOOPBACK_UNLOCKED": "1",
            "LOOPBACK_PATIENCE": "10",
        }

    async def run(self, kills: int, stops: int = 0) -> Tally:
        """Hit the bot a number of times: first by kills, then by stops during which another process takes over.

        Raises:
            AssertionError: something came twice, or never.
        """
        while self.tally.kills + self.tally.stops < kills + stops:
            await self._drafts()
            self._turn_clock(DUE)
            for _ in range(KILLS_A_DAY):
                if self.tally.kills < kills:
                    await self._hit(signal.SIGKILL)
                elif self.tally.stops < stops:
                    await self._hit(signal.SIGSTOP)
            await self._all_sent()
            self.tally.days += 1
            self.now = datetime.combine(self.now + timedelta(days=1), NOON, UTC)
        return self.tally

    async def _drafts(self) -> None:
        """Ann drafts and posts in each server; Ben drafts, and has his summaries by direct message."""
        town, loopback = self.town, self.town.discord
        self._turn_clock(timedelta())
        await town.bot.start()
        for channel in self.channels:
            if not self.tally.days:
                await self._said(await loopback.slash(channel, town.ann, "nudges comeback", choice="on"))
                await self._said(await loopback.slash(channel, town.ben, "summary where", place="dm"))
            draft = await loopback.post(channel, town.ann, f"{TELLS} {self.tally.days}")
            other = await loopback.post(channel, town.ben, f"{TELLS} {self.tally.days}")
            await town.signed(other, "📣")
            await town.signed(draft, "📣")
            await self._said(await loopback.menu(draft, town.ann, MENU))
        posted = (self.tally.days + 1) * SERVERS
        await loopback.until(
            lambda: town.bot.rows("SELECT count(*) FROM comebacks") == [(posted,)], "reminders to come"
        )
        assert await town.bot.end() == 0, town.bot.log.decode()

    async def _said(self, answer: Interaction) -> None:
        await self.town.discord.until(lambda: bool(answer.messages), "answer")

    def _turn_clock(self, by: timedelta) -> None:
        self.now += by
        self.town.turn_clock(self.now)

    async def _hit(self, number: signal.Signals) -> None:
        """Start the bot, wait until it has claimed something, and hit it at any point until after its answer."""
        town, loopback, rng = self.town, self.town.discord, self.rng
        loopback.faults = [self._slow(one) for one in (*self.channels, self.direct)]
        before, self._began = self._claims(), len(loopback.requests)
        self._stood = {one.id for one in self._all_of_the_bot()}
        town.bot.settings["LOOPBACK_PAUSE"] = str(rng.choice((0, 0.5)))
        await town.bot.start(ready=False)
        # All may have been sent.
        with contextlib.suppress(TimeoutError):
            await loopback.until(lambda: bool(self._claims() - before), "claim", 20, 0.01)
        await asyncio.sleep(rng.choice((0.0, rng.uniform(0, 0.05), rng.uniform(0, 1))))
        assert town.bot.process is not None
        town.bot.process.send_signal(number)
        self.tally.at.update([self._point(one) for one in self._claims() - before] or ["with nothing claimed"])
        # What has left the machine still arrives.
        await asyncio.sleep(0.6)
        if number is signal.SIGSTOP:
            await self._taken_over(town.bot.process)
            self.tally.stops += 1
        else:
            self.tally.kills += 1
        await town.bot.end(signal.SIGKILL)
        loopback.faults = []
        self._turn_clock(rng.choice((A_WHILE, LONG)))

    async def _taken_over(self, first: asyncio.subprocess.Process) -> None:
        """Let another process, by whose clock a minute has passed, send all, and then the stopped one go on.

        Discord remembers no nonce in the meantime.
        """
        town, loopback = self.town, self.town.discord
        before, loopback.nonces_live = loopback.nonces_live, timedelta()
        loopback.faults = []
        try:
            second = Bot(loopback, town.bot.database, settings=town.bot.settings, ahead=town.bot.ahead + A_WHILE)
            began = asyncio.get_running_loop().time()
            await second.start()
            await asyncio.sleep(STOPPED - (asyncio.get_running_loop().time() - began))
            first.send_signal(signal.SIGCONT)
            await asyncio.sleep(2)
            await second.end(signal.SIGKILL)
        finally:
            loopback.nonces_live = before

    def _claims(self) -> set[tuple[object, ...]]:
        return set(self.town.bot.rows(CLAIMS))

    def _all_of_the_bot(self) -> list[Message]:
        loopback = self.town.discord
        places = (*self.channels, self.direct)
        return [one for place in places for one in place.messages.values() if one.author is loopback.bot]

    def _point(self, claim: tuple[object, ...]) -> str:
        """At which point of its sending a claim was hit."""
        guild_id, member_id, *_ = claim
        channel = self.direct if member_id else next(one for one in self.channels if one.guild.id == guild_id)
        path = f"/channels/{channel.id}/messages"
        requested = [(one.method, one.path) for one in self.town.discord.requests[self._began :]]
        new = [one for one in self._all_of_the_bot() if one.channel is channel and one.id not in self._stood]
        if requested.count(("POST", path)) > len(new):
            return "at Discord, which had not carried it out"
        return "carried out, but not marked" if new else "before the request"

    def _slow(self, channel: Channel) -> Fault:
        """Make all messages in a channel slow to arrive, or their answers slow to come."""
        path, seconds = f"/channels/{channel.id}/messages", self.rng.uniform(0, 0.5)
        if self.rng.random() < 0.5:
            return Fault("POST", path, delay=seconds, times=1000)
        return Fault("POST", path, lag=seconds, times=1000)

    def _sent(self) -> dict[str, list[str]]:
        """What came, each by what it is known by."""
        personal = [
            embed["url"]
            for one in self.direct.messages.values()
            for embed in one.fields.get("embeds", [])
            if "url" in embed
        ]
        return {
            "summaries": [f"{one.id} {title}" for one in self.channels for title in self.town.summaries(one)],
            "personal": personal,
            "reminders": [
                str(one.reply_to and one.reply_to.id)
                for channel in self.channels
                for one in channel.messages.values()
                if COME_BACK in one.content
            ],
        }

    async def _all_sent(self) -> None:
        """Let the bot go on until all of the day came, and compare."""
        wanted = (self.tally.days + 1) * SERVERS
        self._turn_clock(LONG)
        await self.town.bot.start()
        with contextlib.suppress(TimeoutError):
            await self.town.discord.until(
                lambda: all(len(found) >= wanted for found in self._sent().values()) and not self._claims(),
                "end of the day",
                PATIENCE,
                0.2,
            )
        assert await self.town.bot.end() == 0, self.town.bot.log.decode()
        sent = self._sent()
        for what, found in sent.items():
            assert (len(found), len(set(found))) == (wanted, wanted), (what, sorted(found))
        assert not self._claims()
        self.tally.summaries, self.tally.personal, self.tally.reminders = (len(found) for found in sent.values())
