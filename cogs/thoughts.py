"""Thoughts: threads are read again when one has changed."""

from __future__ import annotations

import logging

import discord
from discord.ext import commands

from coach.intake.drafts import Message
from coach.intake.threads import to_read
from coach.store import ChangedThread
from cogs.support.bot import SquareDeal
from cogs.support.ending import InProgress
from cogs.support.messages import channel_in, message_facts
from cogs.support.refusals import NO_ANSWER, described
from cogs.support.replies import take_down
from cogs.support.thoughts import ThoughtButton

log = logging.getLogger(__name__)

SECONDS_TO_FINISH = 1.0
"""How long a shutdown waits for a thread that is being read; otherwise the next start reads it."""

AT_ONCE = 100
"""Messages in one request; most threads take one."""


class ThoughtsCog(commands.Cog):
    """Reads threads as a whole."""

    def __init__(self, bot: SquareDeal) -> None:
        self.bot = bot
        self._in_progress = InProgress()
        self._reading: set[int] = set()
        self._again: set[int] = set()
        self._failed: set[int] = set()

    async def cog_load(self) -> None:
        """Make the buttons of earlier runs work."""
        self.bot.add_dynamic_items(ThoughtButton)

    async def cog_unload(self) -> None:
        """Take them out again, and finish the thread that is being read."""
        self.bot.remove_dynamic_items(ThoughtButton)
        await self._in_progress.finish(SECONDS_TO_FINISH)

    @commands.Cog.listener()
    async def on_threads_changed(self, guild_id: int, anew: bool = False) -> None:
        """Threads of a server may have changed.

        Args:
            guild_id: the server.
            anew: whether those are tried again that could not be read before.
        """
        if anew:
            self._failed.clear()
        self._again.add(guild_id)
        # One at a time: the parts of a thread that is being written come one after the other.
        if guild_id in self._reading:
            return
        self._reading.add(guild_id)
        try:
            with self._in_progress.hold():
                while guild_id in self._again:
                    self._again.discard(guild_id)
                    for thread in await self.bot.coach.threads.changed(guild_id):
                        if thread.thread not in self._failed:
                            await self._read(guild_id, thread)
        finally:
            self._reading.discard(guild_id)

    async def _read(self, guild_id: int, thread: ChangedThread) -> None:
        """Read a thread and label it; if that fails, it is tried again when the bot next catches up."""
        guild = self.bot.get_guild(guild_id)
        if guild is None or guild.unavailable:
            return
        channel = channel_in(guild, thread.channel_id, self.bot)
        try:
            parts = await self._parts(channel, to_read(thread))
            relabelled = await self.bot.coach.threads.judge(guild_id, thread, parts)
        except NO_ANSWER as error:
            log.warning("thread %s: can't be read for now: %s", thread.thread, described(error))
            self._failed.add(thread.thread)
            return
        partial = self.bot.get_partial_messageable(thread.channel_id, guild_id=guild_id)
        for message_id in relabelled:
            await self.bot.signs.mend(guild_id, partial.get_partial_message(message_id))
        await take_down(self.bot, guild_id)

    async def _parts(self, channel: discord.abc.Messageable, ids: list[int]) -> list[Message]:
        """The messages of a thread, without those that are gone."""
        after = discord.Object(ids[0] - 1)
        page = channel.history(limit=AT_ONCE, after=after, oldest_first=True)
        found = {message.id: message async for message in page if message.id in ids}
        for message_id in ids:
            if message_id not in found:
                try:
                    found[message_id] = await channel.fetch_message(message_id)
                except discord.NotFound:
                    continue  # Its deletion is an event of its own.
        intake, own_id = self.bot.coach.intake, self.bot.own_id
        return [await message_facts(found[key], own_id, intake.reads) for key in ids if key in found]


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(ThoughtsCog(bot))
