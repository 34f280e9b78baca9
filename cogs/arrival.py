"""Arrival: the bot greets a server that it has joined, once."""

from __future__ import annotations

import discord
from discord.ext import commands

from cogs.support.bot import SquareDeal
from cogs.support.ending import InProgress
from cogs.support.introductions import greet

SECONDS_TO_FINISH = 1.0
"""How long a shutdown waits for greetings in progress."""


class ArrivalCog(commands.Cog):
    """Greets servers."""

    def __init__(self, bot: SquareDeal) -> None:
        self.bot = bot
        self._in_progress = InProgress()

    async def cog_unload(self) -> None:
        """Finish the greetings in progress."""
        await self._in_progress.finish(SECONDS_TO_FINISH)

    @commands.Cog.listener()
    async def on_shard_ready(self, shard_id: int) -> None:
        """A session begins: the bot may have been invited while it was away."""
        for guild in self.bot.guilds:
            if guild.shard_id == shard_id and not guild.unavailable:
                await self.arrived(guild)

    @commands.Cog.listener("on_guild_join")
    @commands.Cog.listener("on_guild_available")
    async def arrived(self, guild: discord.Guild) -> None:
        """A server arrives, early or late in a session, or because the bot is invited."""
        with self._in_progress.hold():
            await greet(self.bot, guild)


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(ArrivalCog(bot))
