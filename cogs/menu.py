"""The message menu of a draft: Why this label?, Change label, Not a draft."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from coach import words
from coach.drafts import has_words
from coach.labels import Label
from coach.store import StoredDraft
from cogs.kit import CoachBot, guild_of, manages


class Menu(commands.Cog):
    """Right-click a draft, then Apps."""

    def __init__(self, bot: CoachBot) -> None:
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

    async def why(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """What moved the label of this draft."""
        draft = await self._find(interaction, message)
        lines = [words.draft_line(draft)]
        if has_words(message.content):
            verdict = await self.bot.coach.check(message.content)
            if draft.labelled_by == "member":
                lines.append(f"By its words alone: {words.verdict_line(verdict)}")
            lines.append(words.reasons_line(verdict))
        await interaction.response.send_message("\n".join(lines), ephemeral=True)

    async def change(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Give this draft the other label."""
        draft = await self._find(interaction, message)
        label = draft.label.other if draft.label else draft.likely
        await self._correct(interaction, message, label)
        await interaction.response.send_message(
            f"{self.bot.settings.reactions.of(label)} Counted as **{label}** now. Use *Change label* again to "
            "change it back.",
            ephemeral=True,
        )

    async def set_aside(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Take this message out of the count; used again, put it back."""
        draft = await self._find(interaction, message)
        if draft.label is None:
            await self._correct(interaction, message, draft.likely)
            said = f"Counted as **{draft.likely}** again."
        else:
            await self._correct(interaction, message, None)
            said = "Set aside: it is not counted any more. Use *Not a draft* again to undo this."
        await interaction.response.send_message(said, ephemeral=True)

    async def _find(self, interaction: discord.Interaction[Any], message: discord.Message) -> StoredDraft:
        return await self.bot.coach.find(
            guild_of(interaction).id, message.id, interaction.user.id, manages=manages(interaction.user)
        )

    async def _correct(
        self, interaction: discord.Interaction[Any], message: discord.Message, label: Label | None
    ) -> None:
        before = await self.bot.coach.correct(
            guild_of(interaction).id,
            message.id,
            label,
            interaction.user.id,
            manages=manages(interaction.user),
        )
        await self.bot.put_sign(message, label, before.label)


async def setup(bot: CoachBot) -> None:
    """Load the cog."""
    await bot.add_cog(Menu(bot))
