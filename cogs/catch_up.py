"""Catching up: on start and after each reconnect, what was drafted, edited and deleted meanwhile is made good."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime

import discord
from discord.ext import commands, tasks

from coach.catchup import CatchUp
from coach.coach import LOOK_BACK, Advice
from coach.store import StoreError
from coach.store.channels import Mark
from cogs.kit import CoachBot, log_error
from cogs.messages import facts
from cogs.refusals import NO_ANSWER, permission, said
from cogs.replies import take_down

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Channels that are read side by side."""

PAGE = 100
"""Messages a request, Discord's most."""

TOLD_EVERY = 1000

FOR_NOW = (*NO_ANSWER, sqlite3.Error, StoreError)
"""What goes wrong for a while: the channel is tried again."""

Readable = discord.TextChannel | discord.VoiceChannel | discord.Thread


@dataclass(frozen=True, slots=True)
class Gap:
    """A channel that may have missed something.

    Attributes:
        channel: the channel or thread.
        cursor: the message up to which it has been read without a gap.
        after: the message from which on it is looked at.
    """

    channel: Readable
    cursor: int
    after: int


class CatchingUp(commands.Cog):
    """The channel is the log: what the connection did not bring is read from it."""

    def __init__(self, bot: CoachBot) -> None:
        self.bot = bot
        self._catch_up = CatchUp(bot.coach, log_error)
        self._few = asyncio.Semaphore(AT_ONCE)
        self._running: dict[int, asyncio.Task[None]] = {}
        self._again: set[int] = set()
        self._ready: set[int] = set()

    async def cog_load(self) -> None:
        """Begin to look for what went wrong."""
        self.try_again.start()

    async def cog_unload(self) -> None:
        """Stop reading; what has not been read is read at the next start."""
        self.try_again.cancel()
        for task in self._running.values():
            task.cancel()
        if self._running:
            await asyncio.wait(self._running.values(), timeout=1)

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard_id: int) -> None:
        """From now on something may be missed."""
        self._ready.discard(shard_id)
        self.bot.coach.cursors.hold([guild.id for guild in self._guilds(shard_id)])

    @commands.Cog.listener("on_shard_ready")
    @commands.Cog.listener("on_shard_resumed")
    async def begin(self, shard_id: int) -> None:
        """A new session, to which nothing of before is told, or one that goes on with what Discord kept of it."""
        self._ready.add(shard_id)
        for guild in self._guilds(shard_id):
            self._start(guild)

    @commands.Cog.listener()
    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        """A server has an outage of its own."""
        self.bot.coach.cursors.hold([guild.id])

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A server is back; those that come at the beginning of a session are caught up with all others."""
        if guild.shard_id in self._ready:
            self._start(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """A new server, in which nothing can have been missed."""
        self.bot.coach.cursors.plan(guild.id, ())

    @tasks.loop(minutes=1)
    async def try_again(self) -> None:
        """Read channels again in which something could not be read, recorded or shown."""
        cursors = self.bot.coach.cursors
        again = self._again | self.bot.unsettled | cursors.failing()
        self._again.clear()
        self.bot.unsettled.clear()
        guilds: set[discord.Guild] = set()
        for channel_id in again:
            channel = self._channel(channel_id)
            if channel is not None and channel.guild.id in self._running:
                self._again.add(channel_id)
            elif channel is not None:
                guilds.add(channel.guild)
        for guild in guilds:
            self._start(guild)

    def _guilds(self, shard_id: int) -> list[discord.Guild]:
        return [guild for guild in self.bot.guilds if guild.shard_id == shard_id]

    def _channel(self, channel_id: int) -> discord.abc.GuildChannel | discord.Thread | None:
        channel = self.bot.get_channel(channel_id)
        return None if isinstance(channel, discord.abc.PrivateChannel) else channel

    def _start(self, guild: discord.Guild) -> None:
        """Catch up a server, from the start if that was going on: what was read is not read again."""
        before = self._running.pop(guild.id, None)
        if before is not None:
            before.cancel()
        task = self._running[guild.id] = asyncio.create_task(self._guild(guild), name=f"catch-up-{guild.id}")

        def done(task: asyncio.Task[None]) -> None:
            if self._running.get(guild.id) is task:
                del self._running[guild.id]
            # asyncio by itself would log what the error says, which could quote a draft.
            if not task.cancelled() and (error := task.exception()) is not None:
                log_error(f"catching up server {guild.id}", error)

        task.add_done_callback(done)

    async def _guild(self, guild: discord.Guild) -> None:
        async with self._few:
            try:
                gaps = [gap async for gap in self._gaps(guild)]
            except FOR_NOW as error:
                log_error(f"catching up server {guild.id}", error)
                self._again.update(channel.id for channel in self.bot.watch.channels(guild))
                return
        self.bot.coach.cursors.plan(guild.id, {gap.channel.id for gap in gaps})
        for gap in gaps:
            async with self._few:
                try:
                    await self._close(gap)
                except discord.Forbidden as error:
                    await self.bot.report_missing(gap.channel, permission(error, "Read Message History"))
                except discord.NotFound:
                    pass  # It was deleted meanwhile, which is told by an event of its own.
                except FOR_NOW as error:
                    log.warning("channel %s: not caught up yet: %s", gap.channel.id, said(error))
                    self._again.add(gap.channel.id)
        await take_down(self.bot, guild.id)

    async def _gaps(self, guild: discord.Guild) -> AsyncGenerator[Gap]:
        """The watched channels and threads of a server that may have missed something."""
        store = self.bot.coach.store
        marks = await store.channels.marks(guild.id)
        day_ago = discord.utils.time_snowflake(self.bot.coach.clock() - LOOK_BACK)
        busy = await store.drafts.channels_since(guild.id, day_ago)
        here = {channel.id for channel in guild.channels}
        for channel_id, mark in marks.items():
            if mark.parent_id is None and channel_id not in here:
                await self.bot.coach.channel_removed(guild.id, channel_id)
        async for channel in self._readable(guild, marks, busy):
            mark = marks.get(channel.id, Mark(None, None, None))
            begun = [channel.id, mark.since or 0]
            if guild.me.joined_at is not None:
                begun.append(discord.utils.time_snowflake(guild.me.joined_at))
            if isinstance(channel, discord.Thread) and (parent := marks.get(channel.parent_id)) is not None:
                begun.append(parent.since or 0)
            cursor = mark.cursor if mark.cursor is not None else max(begun)
            if channel.id in busy:
                yield Gap(channel, cursor, min(cursor, day_ago))
            elif (channel.last_message_id or 0) > cursor:
                yield Gap(channel, cursor, cursor)

    async def _readable(
        self, guild: discord.Guild, marks: dict[int, Mark], busy: set[int]
    ) -> AsyncGenerator[Readable]:
        """The watched channels and threads of a server, those too that were archived since they were last read."""
        known = {thread.id for thread in guild.threads}
        for thread in guild.threads:
            if self.bot.watch.covers(thread):
                yield thread
        for channel in self.bot.watch.channels(guild):
            if isinstance(channel, discord.TextChannel | discord.ForumChannel):
                mark = marks.get(channel.id)
                read = max(mark.cursor or 0, mark.since or 0) if mark is not None else 0
                since = discord.utils.snowflake_time(read or channel.id)
                async for thread in _archived(channel, since):
                    known.add(thread.id)
                    yield thread
            if isinstance(channel, discord.TextChannel | discord.VoiceChannel):
                yield channel
        for channel_id in busy - known:
            mark = marks[channel_id]
            if mark.parent_id is None:
                continue
            try:
                thread = await self.bot.fetch_channel(channel_id)
            except discord.NotFound:
                await self.bot.coach.channel_removed(guild.id, channel_id)
            except discord.Forbidden:
                continue
            else:
                if isinstance(thread, discord.Thread):
                    yield thread

    async def _close(self, gap: Gap) -> None:
        """Read a channel from where its gap begins."""
        coach, channel, after = self.bot.coach, gap.channel, gap.after
        guild_id, parent_id = channel.guild.id, getattr(channel, "parent_id", None)
        since = discord.utils.snowflake_time(gap.cursor)
        self.bot.watch.recorded.add(channel.id)
        wrong: dict[int, set[str] | None] = {}
        read, full = 0, True
        while full:
            newest = await coach.store.drafts.newest(channel.id)
            page = await _page(channel, after)
            full = len(page) >= PAGE
            last = page[-1].id if page else after
            advice = await self._catch_up.stretch(
                guild_id,
                channel.id,
                [await facts(message, self.bot.own_id, coach.reads) for message in page],
                after,
                last if full else max(last, newest),
                gap.cursor,
                since,
            )
            wrong |= self._wrong_signs(page, advice)
            after = last
            if after > gap.cursor:
                await coach.store.channels.advance(guild_id, channel.id, parent_id, after)
            read += len(page)
            if full and read % TOLD_EVERY == 0:
                log.info("channel %s: catching up, %s messages read", channel.id, read)
        reach = coach.cursors.caught_up(guild_id, channel.id, max(after, gap.cursor))
        if reach is not None:
            await coach.store.channels.advance(guild_id, channel.id, parent_id, reach)
        if read >= TOLD_EVERY:
            log.info("channel %s: caught up, %s messages read", channel.id, read)
        # Discord lets few reactions a second through: counting does not wait for them.
        for message_id, there in wrong.items():
            await self.bot.signs.mend(guild_id, channel.get_partial_message(message_id), there)

    def _wrong_signs(self, page: list[discord.Message], advice: dict[int, Advice]) -> dict[int, set[str] | None]:
        """The drafts with a wrong sign or none, each with the bot's signs on it, or None if that is unsure."""
        signs = self.bot.settings.reactions
        wrong: dict[int, set[str] | None] = {}
        for message in page:
            if message.id in advice:
                label, previous = advice[message.id].label, advice[message.id].previous
                there = {str(reaction.emoji) for reaction in message.reactions if reaction.me} & signs.both
                if previous is not None and previous is not label:
                    wrong[message.id] = None
                elif there != ({signs.of(label)} if label is not None else set()):
                    wrong[message.id] = there
        return wrong


async def _page(channel: Readable, after: int) -> list[discord.Message]:
    """The messages of a channel that follow a message, oldest first: `PAGE` of them where there are so many."""
    start = discord.Object(after)
    page = [message async for message in channel.history(limit=PAGE, after=start, oldest_first=True)]
    if len(page) == PAGE:
        # Were these not the very next ones, those between would be taken for deleted: worth a look.
        async def between(most: int | None) -> list[discord.Message]:
            older = channel.history(limit=most, before=page[0], after=start, oldest_first=False)
            return [message async for message in older]

        if await between(1):
            page = (await between(None))[::-1] + page
    return page


async def _archived(
    channel: discord.TextChannel | discord.ForumChannel, since: datetime
) -> AsyncGenerator[discord.Thread]:
    """The threads of a channel that were archived after a moment: later messages may stand in them."""
    try:
        async for thread in channel.archived_threads(limit=None):
            if thread.archive_timestamp < since:
                return
            yield thread
    except discord.Forbidden:
        log.warning("channel %s: its archived threads may not be read", channel.id)


async def setup(bot: CoachBot) -> None:
    """Load the cog."""
    await bot.add_cog(CatchingUp(bot))
