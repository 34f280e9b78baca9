"""A member's own data: /privacy to read what is stored, take it along, pause the bot or erase everything."""

from __future__ import annotations

import io
import json
from typing import Any

import discord
from discord.ext import commands

from cogs.kit import CoachBot, Context, View, answer, guild_of

WHAT = """\
**What I keep about you in this server**, so that I can count:
• for each draft: ids of message, channel and author, times, label, how sure I was, kind, who set the label, \
length, a keyed hash that shows edits, and one for each name it mentions, to count how many people you talk \
with{text}
• counts for each of your days; labels you corrected, with kind, cues and rough length of those drafts, from \
which I learn to label your next ones; nudges you were shown, the tips in them and the labels of your next three \
drafts; what you chose in commands

**What I read**: messages in the watched channels, to see whether they are drafts. Nothing leaves the machine \
I run on: labels are made there, by a model that is part of the program.

**What you can do**: `/privacy export` gives you all of it, `/privacy pause` stops me reading you, \
`/privacy forget` erases it. Deleting a message deletes its row."""


class Privacy(commands.Cog):
    """What is stored, and the way out."""

    def __init__(self, bot: CoachBot) -> None:
        self.bot = bot

    @commands.hybrid_group(fallback="what", case_insensitive=True)
    async def privacy(self, ctx: Context) -> None:
        """What is stored about you."""
        kept = "; this installation also keeps its text" if self.bot.settings.keep_text else "; never its text"
        await answer(ctx, WHAT.format(text=kept))

    @privacy.command()
    async def export(self, ctx: Context) -> None:
        """Everything stored about you in this server, as a JSON file."""
        guild = guild_of(ctx)
        tables = await self.bot.coach.store.members.export(guild.id, ctx.author.id)
        document = {
            "server": guild.id,
            "member": ctx.author.id,
            "exported_at": self.bot.coach.clock().isoformat(),
            **tables,
        }
        file = discord.File(
            io.BytesIO(json.dumps(document, ensure_ascii=False, indent=2).encode()),
            "squaredeal-export.json",
            description="Everything stored about you in this server",
        )
        await answer(ctx, "Everything I have about you in this server:", private=True, file=file)

    @privacy.command()
    async def pause(self, ctx: Context) -> None:
        """Stop reading your messages; what is stored stays."""
        await self.bot.choices.pause(guild_of(ctx).id, ctx.author.id, True)
        await answer(ctx, "Paused: I do not read your messages any more. `/privacy resume` starts again.")

    @privacy.command()
    async def resume(self, ctx: Context) -> None:
        """Read your drafts again."""
        await self.bot.choices.pause(guild_of(ctx).id, ctx.author.id, False)
        await answer(ctx, "I read your drafts again, from the next one on.")

    @privacy.command()
    async def forget(self, ctx: Context) -> None:
        """Erase everything stored about you in this server."""
        view = Forget(self.bot, guild_of(ctx).id, ctx.author.id)
        await answer(
            ctx,
            "This erases every row about you in this server: drafts' labels, counts, corrections, nudges and your "
            "choices. It cannot be undone. Your messages stay in Discord; I count new ones unless you pause me.",
            private=True,
            view=view,
        )


class Forget(View):
    """Are you sure?"""

    def __init__(self, bot: CoachBot, guild_id: int, user_id: int) -> None:
        super().__init__(user_id, seconds=120)
        self.bot = bot
        self.guild_id = guild_id
        self.user_id = user_id

    @discord.ui.button(label="Erase everything", style=discord.ButtonStyle.danger)
    async def erase(self, interaction: discord.Interaction[Any], _: discord.ui.Button[Any]) -> None:
        """Do it."""
        await self.bot.choices.forget(self.guild_id, self.user_id, interaction.id)
        self.stop()
        await interaction.response.edit_message(
            content="Erased. I know nothing about you here any more.", view=None
        )

    @discord.ui.button(label="Keep it", style=discord.ButtonStyle.secondary)
    async def keep(self, interaction: discord.Interaction[Any], _: discord.ui.Button[Any]) -> None:
        """Leave it."""
        self.stop()
        await interaction.response.edit_message(content="Nothing was erased.", view=None)


async def setup(bot: CoachBot) -> None:
    """Load the cog."""
    await bot.add_cog(Privacy(bot))
