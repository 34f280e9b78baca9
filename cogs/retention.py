"""Retention: erases the data of servers that the bot has left, and old drafts if that is set."""

from __future__ import annotations

import logging

import discord
from discord.ext import commands, tasks

from coach.shards import Shards
from cogs.support.bot import SquareDeal
from cogs.support.errors import log_error
from cogs.support.refusals import NO_ANSWER

log = logging.getLogger(__name__)

NOT_IN_IT = (10004, 50001)
"""Discord's codes for a server that the bot is not in: unknown, or no access to it."""


class RetentionCog(commands.Cog):
    """Erases what has been kept for long enough, and notes which servers the bot is in."""

    def __init__(self, bot: SquareDeal) -> None:
        self.bot = bot
        self._expiry = bot.coach.expiry

    async def cog_load(self) -> None:
        """Begin to look once an hour."""
        self.tidy.start()

    async def cog_unload(self) -> None:
        """Stop looking."""
        self.tidy.cancel()

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server."""
        await self._expiry.note_left(guild.id)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot came to a server, perhaps back."""
        await self._expiry.note_returned(guild.id)

    @commands.Cog.listener()
    async def on_shard_ready(self, shard_id: int) -> None:
        """It may have been removed from a server, or come back to one, while it was away."""
        ours = Shards((shard_id,), self.bot.shard_count or 1)
        await self._expiry.note_present([guild.id for guild in self.bot.guilds], ours)

    @tasks.loop(hours=1)
    async def tidy(self) -> None:
        """Erase what has been kept for long enough."""
        # Nothing may end the loop: an exception that reaches discord.ext.tasks stops it for good.
        try:
            for guild_id in await self._expiry.expired_servers():
                if await self._has_left(guild_id):
                    await self._expiry.erase_server(guild_id)
                    log.info("server %s: left long ago, its data is erased", guild_id)
            if erased := await self._expiry.erase_old():
                log.info("%s old drafts are erased", erased)
            await self._expiry.erase_sketches(just_started=self.tidy.current_loop == 0)
        except Exception as error:
            log_error("erasing what is old", error)

    @tidy.before_loop
    async def _after_ready(self) -> None:
        # Until Discord has said which servers there are, one that the bot was invited back to counts as left.
        await self.bot.wait_until_ready()

    async def _has_left(self, guild_id: int) -> bool:
        """Whether Discord, asked for this server, says that the bot left; if it did not, that is recorded."""
        try:
            await self.bot.fetch_guild(guild_id, with_counts=False)
        except (discord.NotFound, discord.Forbidden) as error:
            return error.code in NOT_IN_IT
        except NO_ANSWER as error:
            log.warning("server %s: not known whether it was left: %s", guild_id, type(error).__name__)
            return False
        await self._expiry.note_returned(guild_id)
        return False


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(RetentionCog(bot))
