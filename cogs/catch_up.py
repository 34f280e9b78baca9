"""Catching up: if something may have been missed, the bot reads the servers and channels again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable

import discord
from discord.ext import commands, tasks

from coach.intake.gaps import Place
from coach.intake.read_progress import Retries
from cogs.support.bot import SquareDeal
from cogs.support.ending import cancel
from cogs.support.errors import log_error
from cogs.support.live_server import LiveServer
from cogs.support.refusals import NO_ANSWER, described
from cogs.support.replies import take_down

log = logging.getLogger(__name__)

SECONDS_TO_STOP = 1.0


class CatchUpCog(commands.Cog):
    """Reads in the channels what did not arrive over the connection."""

    def __init__(self, bot: SquareDeal) -> None:
        self.bot = bot
        self._progress = bot.coach.progress
        self._running: dict[int, asyncio.Task[None]] = {}
        self._next: dict[int, set[int] | None] = {}
        """The channels of a server to read once its running catch-up is done; None for all."""
        self._servers_again: set[int] = set()
        self._channels_again: set[int] = set()
        """What failed, and is read again after a while."""
        self._retries = Retries()
        self._unreadable: dict[int, set[int]] = {}
        self._begun: set[int] = set()
        """The servers whose catch-up has begun since the session began."""

    async def cog_load(self) -> None:
        """Begin to look again for what went wrong."""
        self.try_again.start()

    async def cog_unload(self) -> None:
        """Stop reading; what has not been read is read at the next start."""
        self.try_again.cancel()
        self._next.clear()
        await cancel(list(self._running.values()), SECONDS_TO_STOP)

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard_id: int) -> None:
        """From now on something may be missed."""
        guild_ids = {guild.id for guild in self.bot.guilds if guild.shard_id == shard_id}
        self._progress.connection_lost(guild_ids)
        self._begun -= guild_ids

    @commands.Cog.listener()
    async def on_shard_ready(self, shard_id: int) -> None:
        """A session has begun; the servers that came with it do not arrive by an event of their own."""
        for guild in self.bot.guilds:
            if guild.shard_id == shard_id and not guild.unavailable and guild.id not in self._begun:
                self._start(guild)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard_id: int) -> None:
        """The session goes on with what Discord kept of it; not all of it may have been delivered."""
        for guild in self.bot.guilds:
            if guild.shard_id == shard_id and not guild.unavailable:
                self._start(guild)

    @commands.Cog.listener()
    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        """A server has an outage of its own: the cache says nothing about it from now on."""
        self._progress.connection_lost([guild.id])

    @commands.Cog.listener("on_guild_available")
    @commands.Cog.listener("on_guild_join")
    async def arrived(self, guild: discord.Guild) -> None:
        """A server arrives, early or late in a session, after an outage, or because the bot was invited."""
        self._start(guild)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot is no longer in a server: there is nothing to read."""
        self._progress.connection_lost([guild.id])
        self._next.pop(guild.id, None)
        if guild.id in self._running:
            self._running[guild.id].cancel()

    @commands.Cog.listener()
    async def on_thread_create(self, thread: discord.Thread) -> None:
        """A new thread is known from now on; messages in it may have arrived earlier."""
        if self.bot.watch.forget_unknown(thread.id) and self.bot.watch.includes(thread):
            self._start(thread.guild, [thread.id])

    @commands.Cog.listener()
    async def on_thread_join(self, thread: discord.Thread) -> None:
        """A thread is shown again: it was archived, or its channel hidden."""
        self.bot.watch.forget_unknown(thread.id)
        if self.bot.watch.includes(thread):
            self._start(thread.guild, [thread.id])

    @commands.Cog.listener()
    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """A new channel may have a watched name: it is read from its beginning."""
        if self.bot.watch.includes(channel):
            await self._begin(channel, channel.id)

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """A channel may have got, or lost, a watched name; the bot may have got, or lost, permissions in it."""
        me, watch = after.guild.me, self.bot.watch
        # The name that Discord gives of a hidden channel is not its own.
        if before.name != after.name and after.permissions_for(me).view_channel:
            watched = watch.includes(before)
            watch.forget_all()
            if not before.permissions_for(me).view_channel:
                pass  # It is seen again, and goes on from its cursor.
            elif watch.includes(after) and not watched:
                await self._begin(after, getattr(after, "last_message_id", None) or after.id)
            elif watched and not watch.includes(after):
                await self.bot.coach.watching.end(after.guild.id, after.id)
        self._look_at_permissions(after.guild, after)

    async def _begin(self, channel: discord.abc.GuildChannel, since: int) -> None:
        self.bot.watch.recorded.add(channel.id)
        await self.bot.coach.watching.begin(channel.guild.id, channel.id, since)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """The bot's permissions may have changed; one move causes events for many roles."""
        if before.permissions != after.permissions:
            self._look_at_permissions(after.guild)

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """The bot's permissions may have changed; nothing else tells that it had the role."""
        self._look_at_permissions(role.guild)

    @commands.Cog.listener()
    async def on_member_update(self, _: discord.Member, after: discord.Member) -> None:
        """The bot's roles may have changed; Discord sends this event for no other member."""
        if after.id == self.bot.own_id:
            self._look_at_permissions(after.guild)

    def _look_at_permissions(self, guild: discord.Guild, channel: discord.abc.GuildChannel | None = None) -> None:
        """Hold channels that can no longer be read, and catch up those that can be read again.

        Args:
            guild: the server.
            channel: the one channel in which permissions may have changed; None for all.
        """
        if guild.unavailable or guild.me is None:  # pyright: ignore[reportUnnecessaryComparison]  # it may be
            return
        places = LiveServer(self.bot, guild).places(channel)
        unreadable = self._unreadable.setdefault(guild.id, set())
        lost = self._not_readable(places)
        back = unreadable & {place.channel_id for place in places if place.readable}
        self._progress.hold_channels(guild.id, lost - unreadable)
        unreadable |= lost
        unreadable -= back
        if back:
            self._start(guild, back)

    def _not_readable(self, places: Iterable[Place]) -> set[int]:
        recorded = self.bot.watch.recorded
        return {
            place.channel_id
            for place in places
            if not place.readable and (place.watched or place.channel_id in recorded)
        }

    @tasks.loop(minutes=1)
    async def try_again(self) -> None:
        """Read channels again in which something could not be read, recorded or shown."""
        # Nothing may end the loop: an exception that reaches discord.ext.tasks stops it for good.
        try:
            await self._try_again()
        except Exception as error:
            log_error("trying again", error)

    async def _try_again(self) -> None:
        for guild in self.bot.guilds:
            if guild.id in self._servers_again and not guild.unavailable:
                self._servers_again.discard(guild.id)
                self._start(guild)
        self._channels_again |= self.bot.unsettled | self._progress.channels_with_failures()
        self.bot.unsettled.clear()
        due = self._retries.due(self._channels_again)
        recorded = await self.bot.coach.watching.servers_by_channel() if due else {}
        by_guild: dict[int, set[int]] = {}
        for channel_id in due:
            channel = self.bot.get_channel(channel_id)
            if channel is not None and not isinstance(channel, discord.abc.PrivateChannel):
                by_guild.setdefault(channel.guild.id, set()).add(channel_id)
            elif channel_id in recorded:
                # An archived thread is in no cache.
                by_guild.setdefault(recorded[channel_id], set()).add(channel_id)
            else:
                # If it is an archived thread, it is read when it is shown again; its failed messages stay known.
                self._channels_again.discard(channel_id)
        for guild_id, channel_ids in by_guild.items():
            guild = self.bot.get_guild(guild_id)
            if guild is not None and not guild.unavailable and guild_id not in self._running:
                self._start(guild, channel_ids)

    def _start(self, guild: discord.Guild, only: Collection[int] | None = None) -> None:
        """Catch up a server, or some of its channels; after the running catch-up if there is one."""
        if only is None:
            self._begun.add(guild.id)
        if guild.id in self._running:
            before = self._next.get(guild.id, set())
            self._next[guild.id] = None if only is None or before is None else before | set(only)
            return
        task = self._running[guild.id] = asyncio.create_task(self._run(guild, only), name=f"catch-up-{guild.id}")

        def done(task: asyncio.Task[None]) -> None:
            del self._running[guild.id]
            if not task.cancelled() and (error := task.exception()) is not None:
                log_error(f"catching up server {guild.id}", error)
                self._servers_again.add(guild.id)
            if guild.id in self._next:
                self._start(guild, self._next.pop(guild.id))

        task.add_done_callback(done)

    async def _run(self, guild: discord.Guild, only: Collection[int] | None) -> None:
        server = LiveServer(self.bot, guild)
        places = server.places()
        self.bot.watch.recorded.update(place.channel_id for place in places if place.watched)
        if only is None:
            self._unreadable[guild.id] = self._not_readable(places)
        looked_at = set(only) if only is not None else {place.channel_id for place in places}
        outcome = await self.bot.coach.catch_up.run(server, _log_failure, only)
        self._channels_again = (self._channels_again - looked_at) | outcome.again
        for channel_id in outcome.unreadable:
            channel = guild.get_channel_or_thread(channel_id)
            if channel is not None and channel.permissions_for(guild.me).view_channel:
                await self.bot.report_missing(channel, "Read Message History")
        await take_down(self.bot, guild.id)
        self.bot.dispatch("drafts_moved", guild.id)
        self.bot.dispatch("threads_changed", guild.id, anew=True)


def _log_failure(where: str, error: BaseException) -> None:
    """Log what went wrong: a refusal or a broken connection in a line, everything else with its traceback."""
    if isinstance(error, NO_ANSWER):
        log.warning("%s: not for now: %s", where, described(error))
    else:
        log_error(where, error)


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(CatchUpCog(bot))
