"""A simulated Discord with the real bot in it: a server, a drafts channel, an owner and two members."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import discord
import simcord
from simcord.results import to_discord_message

from coach.balance.chart_process import ChartProcess
from coach.balance.standing import Goal, Tally
from coach.labelling.labeller import Labeller
from coach.labels import Kind
from coach.nudging.tips import Tips
from coach.past.judging import Balance
from coach.settings import Settings
from cogs.support.bot import SquareDeal, create_bot
from cogs.support.downloads import whole
from tests.support.limits import spoken
from training.data import own_drafts

START = datetime(2026, 11, 20, 9, tzinfo=UTC)


class Warm(ChartProcess):
    """One drawing process for all journeys, so that none waits for a new one; it has a loop of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    async def draw(self, days: Mapping[date, Tally], today: date, goal: Goal) -> bytes:
        """Draw a chart, as the bot's own process does."""
        drawing = contextvars.Context().run(
            asyncio.run_coroutine_threadsafe, super().draw(days, today, goal), self._loop
        )
        return await asyncio.wrap_future(drawing)

    async def draw_past(self, months: Mapping[date, Balance], goal: Goal) -> bytes:
        """Draw the chart of a past, likewise."""
        drawing = contextvars.Context().run(
            asyncio.run_coroutine_threadsafe, super().draw_past(months, goal), self._loop
        )
        return await asyncio.wrap_future(drawing)

    async def close(self) -> None:
        """Do nothing: the next journey uses it, and it ends with its input."""


WARM = Warm()

labeller = functools.cache(Labeller.load)
tips = functools.cache(Tips.load)


@functools.cache
def unsure() -> str:
    """A short draft that the shipped model can read and is unsure about, so that its author is asked."""
    short = (row.text for row in own_drafts() if row.unsure and len(row.text) < 120)
    for text in short:
        [verdict] = labeller().label([text])
        if verdict.unsure and verdict.kind is not Kind.NONE:
            return text
    raise AssertionError("the model is unsure about none of the short drafts that people are unsure about")


def built(settings: Settings, clock: Callable[[], datetime]) -> SquareDeal:
    """A bot that shares the drawing process."""
    bot = create_bot(settings, clock)
    bot.drawing = WARM
    bot.pieces = whole
    return bot


@dataclass
class Room:
    """The simulated server with everybody in it."""

    env: simcord.Env
    bot: SquareDeal
    settings: Settings
    guild: simcord.GuildHandle
    drafts: simcord.ChannelHandle
    owner: simcord.MemberActor
    ann: simcord.MemberActor
    ben: simcord.MemberActor
    expected: tuple[type[BaseException], ...] = ()
    """Errors that the test provokes on purpose."""

    async def caught_up(self) -> None:
        """Wait until nothing is being caught up with, as that puts signs too."""
        while running := [task for task in asyncio.all_tasks() if task.get_name().startswith("catch-up-")]:
            await asyncio.wait(running)

    async def turn_clock(self, **by: float) -> None:
        """Skip some time and let the bot look at the clock once."""
        tick = cast(Any, self.bot.get_cog("SummaryCog")).tick
        tick.cancel()
        self.env.backend.clock.advance(timedelta(**by).total_seconds())
        await tick()
        await self.env.settle()

    async def restart(self) -> None:
        """End the bot's process and start a new one on the same database."""
        await self.bot.close()
        self.bot = built(self.settings, self.env.now)
        await self.env.restart_bot(self.bot)

    async def counts(self, member: simcord.MemberActor | None = None) -> tuple[int, int]:
        """Content and conversation of a member (ann unless said otherwise), all days, and the tallies agree."""
        assert await self.bot.coach.store.tallies.recount() == []
        report = await self.bot.coach.reports.report(self.guild.id, (member or self.ann).id)
        return report.standing.tally.content, report.standing.tally.conversation

    def signs(self, message: discord.Message) -> list[str]:
        """The reactions on a message."""
        stored = self.env.backend.get_message(message.channel.id, message.id)
        return sorted(str(reaction.emoji) for reaction in to_discord_message(self.env, stored).reactions)

    def said(self, channel: simcord.ChannelHandle | None = None) -> list[discord.Message]:
        """What the bot said in a channel, oldest first."""
        assert self.bot.user is not None
        return [m for m in (channel or self.drafts).history() if m.author.id == self.bot.user.id]


def words_of(result: Any) -> str:
    """Everything that a command's answer says, or the form that it opens, in one text."""
    if (form := getattr(result, "modal", None)) is not None:
        return spoken(form)
    message = result.response if hasattr(result, "response") else result
    texts = [message.content or ""]
    for embed in message.embeds:
        texts += [embed.title or "", embed.description or ""]
        texts += [f"{field.name} {field.value}" for field in embed.fields]
        texts.append(embed.footer.text or "")
    return "\n".join(texts)
