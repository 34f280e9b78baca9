"""Posted drafts: the message menu marks them, and their authors are reminded to come back and answer."""

from __future__ import annotations

import logging

import discord
from discord import app_commands
from discord.ext import commands, tasks

from coach import wording_drafts, wording_posted
from coach.errors import Hidden
from coach.settings import NudgeWhere
from coach.store import StoredDraft, Unanswered
from coach.store.claims import BEGIN_WITHIN, nonce_of
from cogs.support.answers import guild_of, manages
from cogs.support.bot import SquareDeal
from cogs.support.ending import InProgress, stop_ticking
from cogs.support.errors import log_error
from cogs.support.http_timeout import begun_within
from cogs.support.messages import channel_in
from cogs.support.refusals import NO_ANSWER, Refusal, described, meaning
from cogs.support.replies import say, take_down
from cogs.support.sent import find_sent

log = logging.getLogger(__name__)

SECONDS_TO_FINISH = 1.0
"""How long a shutdown waits for a reminder that is being sent."""


class PostedCog(commands.Cog):
    """Answers the menu's entry, and sends the reminders that are due."""

    def __init__(self, bot: SquareDeal) -> None:
        self.bot = bot
        self.menu = app_commands.ContextMenu(name=wording_posted.MENU, callback=self.mark)
        self._in_progress = InProgress()

    async def cog_load(self) -> None:
        """Add the menu's entry, and start looking at the clock."""
        self.bot.tree.add_command(self.menu)
        self.tick.start()

    async def cog_unload(self) -> None:
        """Take the entry out, and stop looking at the clock; a reminder that is being sent is finished first."""
        self.bot.tree.remove_command(self.menu.name, type=self.menu.type)
        await stop_ticking(self.tick, self._in_progress, SECONDS_TO_FINISH)

    async def mark(self, interaction: discord.Interaction[SquareDeal], message: discord.Message) -> None:
        """Mark this draft as posted; used again, take that back."""
        bot, guild_id, actor = self.bot, guild_of(interaction).id, interaction.user
        draft = await bot.coach.corrections.find(guild_id, message.id, actor.id, manages=manages(actor))
        await interaction.response.defer(ephemeral=True)
        marked = await bot.coach.posted.mark(draft, posted=None)
        sign = bot.settings.reactions.posted_sign
        said = wording_posted.marked(posted=marked.out_at is not None, sign=sign)
        await interaction.followup.send(said, ephemeral=True)
        await take_down(bot, guild_id)

    @tasks.loop(minutes=1)
    async def tick(self) -> None:
        """Send the reminders that have become due, after a look for those that got no answer."""
        # Nothing may end the loop: an exception that reaches discord.ext.tasks stops it for good.
        try:
            for one in await self.bot.coach.posted.unanswered():
                try:
                    await self._look_for(one)
                except Exception as error:
                    log_error(f"looking for the reminder on message {one.draft.message_id}", error)
            for comeback, where in await self.bot.coach.posted.due():
                try:
                    await self._remind(comeback.draft, where)
                except Exception as error:
                    log_error(f"the reminder on message {comeback.draft.message_id}", error)
        except Exception as error:
            log_error("the reminders to answer", error)

    @tick.before_loop
    async def _ready(self) -> None:
        await self.bot.wait_until_ready()

    async def _look_for(self, one: Unanswered) -> None:
        """Find out whether Discord took a reminder; if not, it is due again."""
        draft, replies = one.draft, self.bot.coach.replies
        guild = self.bot.get_guild(draft.guild_id)
        if guild is None or guild.unavailable:
            return

        def is_it(message: discord.Message) -> bool:
            reference = message.reference
            about = reference is not None and reference.message_id == draft.message_id
            return wording_posted.COME_BACK in message.content and (
                about or f"/{draft.message_id}" in message.content
            )

        try:
            found = await find_sent(self.bot, guild.id, one.claim, is_it)
        except Hidden:
            # It may stand there, and is not sent again.
            await replies.note_taken_down(draft.message_id, comeback=True)
        except NO_ANSWER as error:
            log.info("message %s: no look for its reminder for now: %s", draft.message_id, described(error))
        else:
            if found is None:
                await self.bot.coach.posted.give_back(one)
            elif not await replies.note_sent(draft.message_id, found.channel.id, found.id, comeback=True):
                await take_down(self.bot, guild.id)

    async def _remind(self, draft: StoredDraft, where: NudgeWhere) -> None:
        guild, posted = self.bot.get_guild(draft.guild_id), self.bot.coach.posted
        if guild is None or guild.unavailable:
            return  # Perhaps an outage: for a day, the reminder stays due.
        channel = channel_in(guild, draft.channel_id, self.bot)
        try:
            # Asked first: the draft may be gone without an event, and its author may have left.
            message = await channel.fetch_message(draft.message_id)
            # An application may have posted it for them.
            author = message.author if where != "dm" else await guild.fetch_member(draft.author_id)
            place = message.channel if where != "dm" else await author.create_dm()
        except NO_ANSWER as error:
            log.info("message %s: no reminder for now: %s", draft.message_id, described(error))
            if meaning(error) is not Refusal.PASSING:
                await posted.drop(draft)
            return
        said = wording_posted.COME_BACK
        if where == "dm":
            said = f"{wording_drafts.about_draft(message.jump_url)}\n{said}"
        parts = {"content": said, "nonce": nonce_of("comeback", draft.message_id)}
        with self._in_progress.hold(), begun_within(BEGIN_WITHIN):
            if not await posted.claim(draft, place.id):
                return
            refusal = await say(self.bot, message, author, where, parts, comeback=True)
            # Without an answer, it is looked for; what Discord refuses is not sent again.
            if refusal is not None and refusal is not Refusal.PASSING:
                await self.bot.coach.replies.note_taken_down(draft.message_id, comeback=True)


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(PostedCog(bot))
