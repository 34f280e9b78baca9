"""The message menu of a draft: Why this label?, Change label, Not a draft."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from coach import wording_drafts, wording_nudges, wording_thoughts
from coach.corrections import Change
from coach.errors import NotCounted
from coach.reports import SLOW_COMMANDS, SLOW_COMMANDS_SECONDS
from coach.text import has_words
from cogs.support.answers import asker, guild_of, manages, safe_verdict
from cogs.support.bot import SquareDeal
from cogs.support.buttons import undo_view
from cogs.support.corrections import correct, show
from cogs.support.messages import draft_text, is_answering, message_facts
from cogs.support.thoughts import thought_view


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

    @app_commands.checks.cooldown(SLOW_COMMANDS, SLOW_COMMANDS_SECONDS, key=asker)
    async def why(self, interaction: discord.Interaction[SquareDeal], message: discord.Message) -> None:
        """What moved the label of this draft, and what it counts together with, with a button to change that."""
        corrections, actor = self.bot.coach.corrections, interaction.user
        try:
            draft = await corrections.find(guild_of(interaction).id, message.id, actor.id, manages=manages(actor))
        except NotCounted:
            await interaction.response.defer(ephemeral=True)
            await interaction.followup.send(await self._why_not(message), ephemeral=True)
            return
        await interaction.response.defer(ephemeral=True)
        verdict, place = (
            None,
            (await self.bot.coach.thoughts.places(draft.guild_id, [draft])).get(draft.message_id),
        )
        # The label of a part is that of its thread, which these words alone don't explain.
        in_thread = place is not None and place.parts > 0
        if (
            not in_thread
            and await corrections.may_look(draft, actor.id)
            and has_words(text := await draft_text(message))
        ):
            author_id = None if draft.labelled_by == "member" else draft.author_id
            verdict = safe_verdict(await corrections.check(draft.guild_id, author_id, text, is_answering(message)))
        said = wording_drafts.why_text(draft, verdict)
        said += f"\n{wording_thoughts.place_text(place)}"
        if (decision := await self.bot.coach.past_nudges.on(draft, actor.id)) is not None:
            said += f"\n{wording_nudges.nudge_here(decision.silence)}"
        await interaction.followup.send(said, view=thought_view(draft, place), ephemeral=True)

    async def _why_not(self, message: discord.Message) -> str:
        """Why a message that is not on record does not count as a draft."""
        if message.guild is None or not self.bot.watch.includes(message.channel):
            return wording_drafts.NOT_WATCHED
        intake = self.bot.coach.intake
        reason = await intake.why_not(await message_facts(message, self.bot.own_id, intake.reads))
        return wording_drafts.NOT_ON_RECORD if reason is None else wording_drafts.why_no_draft(reason)

    async def change(self, interaction: discord.Interaction[SquareDeal], message: discord.Message) -> None:
        """Give this draft the other label."""
        await self._correct(interaction, message, Change.OTHER_LABEL)

    async def set_aside(self, interaction: discord.Interaction[SquareDeal], message: discord.Message) -> None:
        """Take this message out of the count; used again, put it back."""
        await self._correct(interaction, message, Change.NOT_A_DRAFT_OR_BACK)

    async def _correct(
        self, interaction: discord.Interaction[SquareDeal], message: discord.Message, change: Change
    ) -> None:
        guild_id = guild_of(interaction).id
        corrected = await correct(interaction, message.id, change, guild_id=guild_id, message=message)
        if corrected is None:
            return
        label, before = corrected.label, corrected.before
        if label is None:
            set_aside = before.label is not None or before.unlabelled
            said = wording_drafts.SET_ASIDE if set_aside else wording_drafts.UNLABELLED
        elif change is Change.OTHER_LABEL:
            said = wording_drafts.changed(label, self.bot.settings.reactions.of(label))
        else:
            said = wording_drafts.counted_again(label)
        place = (await self.bot.coach.thoughts.places(before.guild_id, [before])).get(before.message_id)
        if place is not None:
            said += f"\n{wording_thoughts.place_text(place)}"
        answered = interaction.followup.send(said, view=undo_view(interaction, corrected), ephemeral=True)
        await show(self.bot, before, answered, message)


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(MenuCog(bot))
