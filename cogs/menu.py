"""The message menu of a draft: Why this label?, Change label, Not a draft."""

from __future__ import annotations

import asyncio

import discord
from discord import app_commands
from discord.ext import commands

from coach import wording_drafts
from coach.reports import MOST_ASKED, PER_SECONDS
from coach.store import StoredDraft
from coach.text import has_words
from cogs.support.answers import escaped, guild_of, manages
from cogs.support.bot import SquareDeal
from cogs.support.messages import draft_text
from cogs.support.replies import take_down


class MenuCog(commands.Cog):
    """Right-click a draft, then Apps."""

    def __init__(self, bot: SquareDeal) -> None:
        self.bot = bot
        self.menus = [
            app_commands.ContextMenu(name="Why this label?", callback=self.why),
            app_commands.ContextMenu(name="Change label", callback=self.change),
            app_commands.ContextMenu(name="Not a draft", callback=self.set_aside),
        ]

    async def cog_load(self) -> None:
        """Add the menu's entries."""
        for menu in self.menus:
            self.bot.tree.add_command(menu)

    async def cog_unload(self) -> None:
        """Take them out again."""
        for menu in self.menus:
            self.bot.tree.remove_command(menu.name, type=menu.type)

    @app_commands.checks.cooldown(MOST_ASKED, PER_SECONDS, key=lambda asked: (asked.guild_id, asked.user.id))
    async def why(self, interaction: discord.Interaction[SquareDeal], message: discord.Message) -> None:
        """What moved the label of this draft."""
        draft = await self._find(interaction, message)
        verdict = None
        may_look = await self.bot.corrections.may_look(draft, interaction.user.id)
        if may_look and has_words(text := await draft_text(message)):
            author_id = None if draft.labelled_by == "member" else draft.author_id
            verdict = escaped(await self.bot.coach.check(draft.guild_id, author_id, text))
        await interaction.followup.send(wording_drafts.why_text(draft, verdict), ephemeral=True)

    async def change(self, interaction: discord.Interaction[SquareDeal], message: discord.Message) -> None:
        """Give this draft the other label."""
        draft = await self._find(interaction, message)
        actor = interaction.user
        text = await self.bot.text_to_learn(draft, actor.id, message)
        _, label = await self.bot.corrections.flip(
            draft.guild_id, draft.message_id, actor.id, text, manages=manages(actor)
        )
        said = wording_drafts.changed(label, self.bot.settings.reactions.of(label))
        await self._say_and_show(interaction, message, draft.guild_id, said)

    async def set_aside(self, interaction: discord.Interaction[SquareDeal], message: discord.Message) -> None:
        """Take this message out of the count; used again, put it back."""
        draft = await self._find(interaction, message)
        actor = interaction.user
        key = (draft.guild_id, draft.message_id)
        if draft.label is None:
            label = await self.bot.corrections.take_back(*key, actor.id, manages=manages(actor))
            said = wording_drafts.counted_again(label)
        else:
            label = None
            await self.bot.corrections.correct(*key, None, actor.id, manages=manages(actor))
            said = wording_drafts.SET_ASIDE
        await self._say_and_show(interaction, message, draft.guild_id, said)

    async def _say_and_show(
        self, interaction: discord.Interaction[SquareDeal], message: discord.Message, guild_id: int, said: str
    ) -> None:
        """Tell what was done to a draft, and make its sign agree, which does not wait for that to get through."""
        await asyncio.gather(
            interaction.followup.send(said, ephemeral=True), self.bot.signs.mend(guild_id, message)
        )
        await take_down(self.bot, guild_id)

    async def _find(self, interaction: discord.Interaction[SquareDeal], message: discord.Message) -> StoredDraft:
        """The draft, if they may see it; the answer may then take longer than Discord's three seconds."""
        draft = await self.bot.corrections.find(
            guild_of(interaction).id, message.id, interaction.user.id, manages=manages(interaction.user)
        )
        await interaction.response.defer(ephemeral=True)
        return draft


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(MenuCog(bot))
