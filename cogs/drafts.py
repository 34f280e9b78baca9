"""Drafts: messages, edits and deletions in watched channels become calls to the coach, its advice a sign."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Generator
from dataclasses import replace

import discord
from discord.ext import commands, tasks

from coach.intake import proxies
from coach.nudging.advice import Advice
from coach.store.replies import Says
from cogs.support.bot import SquareDeal
from cogs.support.buttons import (
    LabelButton,
    LanguageButton,
    NudgeButton,
    UndoButton,
    nudge_parts,
    question_parts,
)
from cogs.support.corrections import mend
from cogs.support.ending import InProgress
from cogs.support.errors import log_error
from cogs.support.introductions import welcome, welcome_below
from cogs.support.messages import message_facts
from cogs.support.replies import say, take_down, take_down_everywhere, take_off_old_signs

log = logging.getLogger(__name__)

SECONDS_TO_FINISH = 2.0
"""How long a shutdown waits for drafts in progress."""


class DraftsCog(commands.Cog):
    """Follows what members draft."""

    def __init__(self, bot: SquareDeal) -> None:
        self.bot = bot
        self._in_progress = InProgress()

    async def cog_load(self) -> None:
        """Make the buttons of earlier runs work, and begin to mend what could not be shown."""
        self.bot.add_dynamic_items(LabelButton, LanguageButton, NudgeButton, UndoButton)
        self.try_again.start()

    async def cog_unload(self) -> None:
        """Finish the drafts in progress; no new ones arrive, as the listeners are gone."""
        self.bot.remove_dynamic_items(LabelButton, LanguageButton, NudgeButton, UndoButton)
        self.try_again.cancel()
        await self._in_progress.finish(SECONDS_TO_FINISH)

    @tasks.loop(minutes=1)
    async def try_again(self) -> None:
        """Put the signs and take down the replies that Discord did not accept before."""
        # Nothing may end the loop: an exception that reaches discord.ext.tasks stops it for good.
        try:
            self.bot.coach.proxies.forget_old()
            await self.bot.signs.try_again()
            await take_down_everywhere(self.bot)
            await take_off_old_signs(self.bot)
        except Exception as error:
            log_error("trying again", error)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """A message: perhaps a draft if its channel is watched; else a typed command, which others answer."""
        if message.guild is None or not self.bot.watch.includes(message.channel):
            return
        self.bot.watch.recorded.add(message.channel.id)
        with self._work(message.channel.id):
            # Before anything is waited for: from now on no cursor passes this message until it is recorded.
            with self.bot.coach.progress.in_progress(message.guild.id, message.channel.id, message.id):
                found = await message_facts(message, self.bot.own_id, self.bot.coach.intake.reads)
                advice = await self.bot.coach.intake.consider(found)
            if advice is not None and advice.in_thread:
                self.bot.dispatch("threads_changed", message.guild.id)
            await self.on_drafts_moved(message.guild.id)
            await self._show(message, advice, new=True)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """An edit, or a link preview that Discord added."""
        message = payload.message
        if message.guild is None or not self.bot.watch.includes(message.channel):
            return
        # Before anything is waited for: what was read before this edit is out of date.
        self.bot.coach.progress.note_edit(message.id, message.edited_at)
        with self._work(message.channel.id):
            with self.bot.coach.progress.editing(message.guild.id, message.channel.id, message.id):
                found = await message_facts(message, self.bot.own_id, self.bot.coach.intake.reads)
                advice = await self.bot.coach.intake.edited(found)
            self.bot.dispatch("threads_changed", message.guild.id)
            await self.on_drafts_moved(message.guild.id)
            await self._show(message, advice)
            await take_down(self.bot, message.guild.id)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """One message was deleted."""
        await self._removed(payload.guild_id, payload.channel_id, {payload.message_id})

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Many messages were deleted at once."""
        await self._removed(payload.guild_id, payload.channel_id, payload.message_ids)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A thread or forum post was deleted with everything in it."""
        with self._work(payload.thread_id):
            await self.bot.coach.intake.channel_removed(payload.guild_id, payload.thread_id)
            await take_down(self.bot, payload.guild_id)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel was deleted with its threads."""
        self.bot.watch.forget_all()
        with self._work(channel.id):
            await self.bot.coach.intake.channel_removed(channel.guild.id, channel.id)
            await take_down(self.bot, channel.guild.id)

    @commands.Cog.listener()
    async def on_drafts_moved(self, guild_id: int) -> None:
        """Drafts of a server may have moved to messages in which an application has posted them again."""
        moved = self.bot.coach.intake.reposts.take_moved(guild_id)
        for draft in moved:
            await mend(self.bot, draft)
        if moved:
            self.bot.dispatch("threads_changed", guild_id)
            await take_down(self.bot, guild_id)

    async def _removed(self, guild_id: int | None, channel_id: int, message_ids: set[int]) -> None:
        if guild_id is None or channel_id not in self.bot.watch.recorded:
            return
        waiting = await self._take_off(guild_id, channel_id, message_ids)
        if waiting:
            await asyncio.sleep(proxies.SECONDS_TO_WAIT)
            await self._take_off(guild_id, channel_id, waiting, for_good=True)

    async def _take_off(
        self, guild_id: int, channel_id: int, message_ids: set[int], *, for_good: bool = False
    ) -> set[int]:
        with self._work(channel_id):
            waiting = await self.bot.coach.intake.removed(guild_id, message_ids, for_good=for_good)
            await self.on_drafts_moved(guild_id)
            self.bot.dispatch("threads_changed", guild_id)
            await take_down(self.bot, guild_id)
            return waiting

    @contextlib.contextmanager
    def _work(self, channel_id: int) -> Generator[None]:
        """Count what is done within as work in progress; if it fails, look at the channel again."""
        with self._in_progress.hold():
            try:
                yield
            except Exception:
                self.bot.unsettled.add(channel_id)
                raise

    async def _show(self, message: discord.Message, advice: Advice | None, *, new: bool = False) -> None:
        """Turn advice on a committed draft into a sign and perhaps a reply.

        If the draft is `new`, it may be its author's first, who is told what the sign means.
        """
        if advice is None:
            return
        assert message.guild is not None  # noqa: S101
        guild_id, author, replies = message.guild.id, message.author, self.bot.coach.replies
        # A new draft has no sign yet; what is on an edited one is not known.
        there = set[str]() if advice.previous is None else None
        says: Says | None = None
        if advice.ask is not None:
            says = "question"
        elif advice.nudge is not None:
            says = "nudge"
        if says is not None:
            # Before the sign, which Discord may keep waiting: the matter may be settled in the meantime.
            await replies.begin(guild_id, message.id, author.id, says)
        await self.bot.signs.mend(guild_id, message, there)
        introduced = not new or advice.label is None
        if not introduced:
            introduced = not await self.bot.coach.introductions.welcome_due(guild_id, author.id, message.id)
        if says is None and introduced:
            return
        at = await self._where_it_stays(message)
        welcomes = None if introduced else await welcome(self.bot, message, at)
        if says is None:
            if welcomes is not None:
                await welcome_below(self.bot, message, at, welcomes)
            return
        if advice.nudge is not None and advice.ask is None:
            where = advice.nudge.where
            parts = nudge_parts(replace(advice.nudge, message_id=at.id), at.jump_url)
        else:
            where, parts = advice.where, question_parts(at.id, advice, self.bot.settings.reactions, at.jump_url)
        if welcomes is not None:
            # One reply to a draft is enough.
            parts["content"] = f"{welcomes}\n\n{parts['content']}"
        if not await replies.is_wanted(at.id) or await say(self.bot, message, author, where, parts, at=at):
            await replies.note_not_sent(guild_id, at.id, author.id, says)

    async def _where_it_stays(self, message: discord.Message) -> discord.Message | discord.PartialMessage:
        """The message in which a draft stands, once an application has had time to post it again."""
        assert message.guild is not None  # noqa: S101
        if not await self.bot.coach.proxies.named(message.guild.id):
            return message
        await asyncio.sleep(proxies.SECONDS_TO_WAIT)
        moved_to = self.bot.coach.proxies.moved_to(message.id)
        if moved_to == message.id:
            return message
        channel = self.bot.get_partial_messageable(message.channel.id, guild_id=message.guild.id)
        return channel.get_partial_message(moved_to)


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(DraftsCog(bot))
