"""What the bot is and how to use it: /about and /help, and the one place where command errors end up."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from coach import __version__
from cogs.kit import COLOUR, CoachBot, Context, answer, guild_of, say_error

IDEA = (
    "People draft posts here. I label each draft as **content** (you tell) or **conversation** (you talk with "
    "people), keep the count, and say a word when one of them falls behind. Conversation earns you the right to "
    "publish; you need to do both."
)


class About(commands.Cog):
    """What this is."""

    def __init__(self, bot: CoachBot) -> None:
        self.bot = bot
        bot.tree.on_error = self._tree_error

    async def cog_unload(self) -> None:
        """Give the tree its own handler back."""
        self.bot.tree.on_error = type(self.bot.tree).on_error.__get__(self.bot.tree)

    async def _tree_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        await say_error(interaction, error)

    @commands.Cog.listener()
    async def on_command_error(self, ctx: Context, error: commands.CommandError) -> None:
        """A typed command failed."""
        await say_error(ctx, error)

    @commands.hybrid_command()
    async def about(self, ctx: Context) -> None:
        """What this bot does, its version, and where the data is."""
        labeller = await self.bot.coach.labeller()
        tips = await self.bot.coach.advisor.tips_of(guild_of(ctx).id)
        embed = discord.Embed(colour=COLOUR, title="Square Deal", description=IDEA)
        embed.add_field(name="Version", value=f"{__version__}, labeller {labeller.version}")
        embed.add_field(name="Data", value="On the bot's own machine; `/privacy what` says which.")
        embed.add_field(name="The thought behind it", value=tips.quotes["caring"].line, inline=False)
        await answer(ctx, embed=embed)

    @commands.hybrid_command()
    async def help(self, ctx: Context) -> None:
        """What you can ask me."""
        signs = self.bot.settings.reactions
        lines = [
            f"Draft in a watched channel: I add {signs.content} for content or {signs.conversation} for "
            "conversation. Begin a message with `//` and I leave it alone; so I do with replies to somebody else.",
            "Right-click a draft, **Apps**: *Why this label?*, *Change label*, *Not a draft*.",
            "",
        ]
        for command in sorted(self.bot.commands, key=lambda command: command.name):
            lines.append(f"`/{command.name}` {command.short_doc}")
            if isinstance(command, commands.Group):
                subcommands = sorted(sub.name for sub in command.commands)
                lines[-1] += f" More: {', '.join(subcommands)}."
        lines.append("`/setup` For those who manage the server: channels, zone, summary, permissions.")
        embed = discord.Embed(colour=COLOUR, title="How to use Square Deal", description="\n".join(lines))
        embed.set_footer(text="Typed commands work too: mention me, then the command.")
        await answer(ctx, embed=embed)


async def setup(bot: CoachBot) -> None:
    """Load the cog."""
    await bot.add_cog(About(bot))
