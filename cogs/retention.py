"""Retention: the data of servers that the bot has left is erased in time, and old drafts where that is set."""

from __future__ import annotations

import logging
from datetime import timedelta

import discord
from discord.ext import commands, tasks

from coach.shards import Shards
from cogs.kit import CoachBot, log_error

log = logging.getLogger(__name__)


class Retention(commands.Cog):
    """Keeps nothing longer than it says."""

    def __init__(self, bot: CoachBot) -> None:
        self.bot = bot
        self._store = bot.coach.store.retention

    async def cog_load(self) -> None:
        """Begin to look once an hour."""
        self.tidy.start()

    async def cog_unload(self) -> None:
        """Stop looking."""
        self.tidy.cancel()

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server."""
        await self._store.left(guild.id, self.bot.coach.clock())

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot came to a server, perhaps back."""
        await self._store.returned(guild.id)

    @commands.Cog.listener()
    async def on_shard_ready(self, shard_id: int) -> None:
        """It may have been removed from a server, or come back to one, while it was away."""
        here = [guild.id for guild in self.bot.guilds]
        ours = Shards((shard_id,), self.bot.shard_count or 1)
        await self._store.here(here, self.bot.coach.clock(), ours)

    @tasks.loop(hours=1)
    async def tidy(self) -> None:
        """Erase what has been kept for long enough."""
        keep, now = self.bot.settings.retention, self.bot.coach.clock()
        # Nothing may end the loop: an exception that reaches discord.ext.tasks stops it for good.
        try:
            for guild_id in await self._store.erase_left(now - timedelta(days=keep.left_server_days)):
                log.info("server %s: left long ago, its data is erased", guild_id)
            if keep.draft_days and (erased := await self._store.erase_old(now - timedelta(days=keep.draft_days))):
                log.info("%s old drafts are erased", erased)
        except Exception as error:
            log_error("erasing what is old", error)


async def setup(bot: CoachBot) -> None:
    """Load the cog."""
    await bot.add_cog(Retention(bot))
