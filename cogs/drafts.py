"""Drafts: messages, edits and deletions in watched channels become calls to the coach, its advice a sign."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator
from typing import Any

import discord
from discord.ext import commands

from coach.coach import Advice, Nudge
from coach.drafts import Message
from cogs.buttons import LabelButton, NudgeButton, nudge_parts, question_parts
from cogs.kit import CoachBot, draft_text

log = logging.getLogger(__name__)

SECONDS_TO_FINISH = 3.0
"""How long a shutdown waits for drafts in hand."""


class Drafts(commands.Cog):
    """Follows what members draft."""

    def __init__(self, bot: CoachBot) -> None:
        self.bot = bot
        self._in_hand: set[asyncio.Task[Any]] = set()

    async def cog_load(self) -> None:
        """Make the buttons of earlier runs work."""
        self.bot.add_dynamic_items(LabelButton, NudgeButton)

    async def cog_unload(self) -> None:
        """Finish the drafts in hand; no new ones arrive, as the listeners are gone by now."""
        self.bot.remove_dynamic_items(LabelButton, NudgeButton)
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=SECONDS_TO_FINISH)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """A message anywhere the bot can see."""
        if message.guild is None or not self.bot.watch.covers(message.channel):
            return
        async with self._hand():
            await self._show(message, await self.bot.coach.consider(await self._facts(message)))

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """An edit, or a link preview that Discord added."""
        message = payload.message
        if message.guild is None or not self.bot.watch.covers(message.channel):
            return
        async with self._hand():
            await self._show(message, await self.bot.coach.edited(await self._facts(message)))

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """One message was deleted."""
        await self._removed(payload.guild_id, {payload.message_id})

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Many messages were deleted at once."""
        await self._removed(payload.guild_id, payload.message_ids)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A thread or forum post was deleted with everything in it."""
        async with self._hand():
            await self.bot.coach.store.drafts.remove_channel(payload.guild_id, payload.thread_id)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel was deleted with its threads."""
        self.bot.watch.forget_all()
        async with self._hand():
            await self.bot.coach.store.drafts.remove_channel(channel.guild.id, channel.id)

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """A channel may have been renamed to, or from, a watched name."""
        if before.name != after.name:
            self.bot.watch.forget_all()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Read what was drafted while the bot was away."""
        for guild in self.bot.guilds:
            cursors = await self.bot.coach.store.channels.cursors(guild.id)
            for channel_id, cursor in cursors.items():
                channel = guild.get_channel_or_thread(channel_id)
                if isinstance(channel, discord.abc.Messageable) and self.bot.watch.covers(channel):
                    async with self._hand():
                        await self._catch_up(channel, channel_id, cursor)

    async def _catch_up(self, channel: discord.abc.Messageable, channel_id: int, cursor: int) -> None:
        try:
            async for message in channel.history(after=discord.Object(cursor), limit=None, oldest_first=True):
                await self._show(message, await self.bot.coach.consider(await self._facts(message), live=False))
        except discord.HTTPException as error:
            # By its id: Discord proposes a message's first words as the name of a thread.
            log.warning("channel %s: its history cannot be read: HTTP %s", channel_id, error.status)

    async def _removed(self, guild_id: int | None, message_ids: set[int]) -> None:
        if guild_id is not None:
            async with self._hand():
                await self.bot.coach.removed(guild_id, message_ids)

    @contextlib.asynccontextmanager
    async def _hand(self) -> AsyncGenerator[None, None]:
        """Hold the running task as work in hand, which a shutdown lets finish."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101
        self._in_hand.add(task)
        try:
            yield
        finally:
            self._in_hand.discard(task)

    async def _facts(self, message: discord.Message) -> Message:
        """What the rules need to know of a message."""
        channel, me = message.channel, self.bot.user
        assert message.guild is not None and me is not None  # noqa: S101
        return Message(
            message_id=message.id,
            guild_id=message.guild.id,
            channel_id=channel.id,
            parent_id=channel.parent_id if isinstance(channel, discord.Thread) else None,
            author_id=message.author.id,
            posted_at=message.created_at,
            text=await draft_text(message),
            by_person=not (message.author.bot or message.webhook_id or message.is_system()),
            forwarded=message.flags.forwarded,
            replies_to=_replied_to(message),
            to_bot=message.content.lstrip().startswith((f"<@{me.id}>", f"<@!{me.id}>")),
        )

    async def _show(self, message: discord.Message, advice: Advice | None) -> None:
        """Turn advice into a sign and perhaps a reply; the draft is committed by now."""
        if advice is None:
            return
        await self.bot.put_sign(message, advice.label, advice.previous)
        try:
            if advice.ask is not None:
                parts = question_parts(message.id, advice.ask, self.bot.settings.reactions)
                await message.reply(**parts, mention_author=False, silent=True)
            elif advice.nudge is not None:
                await self._nudge(message, advice.nudge)
        except discord.NotFound:
            pass  # The draft was deleted meanwhile.
        except discord.HTTPException as error:
            if isinstance(error, discord.Forbidden) and not (advice.nudge and advice.nudge.where == "dm"):
                await self.bot.report_missing(message.channel, "Send Messages")
            log.warning("message %s: no reply possible: HTTP %s", message.id, error.status)

    async def _nudge(self, message: discord.Message, nudge: Nudge) -> None:
        parts = nudge_parts(nudge, message.jump_url)
        try:
            if nudge.where == "dm":
                await message.author.send(**parts, silent=True)
            else:
                await message.reply(**parts, mention_author=False, silent=True)
        except discord.HTTPException:
            await self.bot.coach.store.nudges.withdraw(message.id)
            raise


def _replied_to(message: discord.Message) -> int | None:
    """Whose message this one replies to; 0 where that message is gone, None where it is no reply."""
    if message.type is not discord.MessageType.reply or message.reference is None:
        return None
    resolved = message.reference.resolved
    return resolved.author.id if isinstance(resolved, discord.Message) else 0


async def setup(bot: CoachBot) -> None:
    """Load the cog."""
    await bot.add_cog(Drafts(bot))
