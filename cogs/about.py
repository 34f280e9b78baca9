"""What the bot is and how to use it: /about and /help, and the one place where command errors end up."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from coach import __version__
from coach.members.preferences import Refused
from coach.text import cut, quoted
from cogs.support.answers import COLOUR, answer, guild_of
from cogs.support.bot import Context, SquareDeal
from cogs.support.errors import say_error
from cogs.support.messages import slashed
from cogs.support.refusals import NO_ANSWER

log = logging.getLogger(__name__)

IDEA = (
    "People draft posts here. I label each draft as **content** (you tell) or **conversation** (you talk with "
    "people), keep the count, and say a word when one of them falls behind. Conversation earns you the right to "
    "publish; you need to do both."
)


class AboutCog(commands.Cog):
    """What this is."""

    def __init__(self, bot: SquareDeal) -> None:
        self.bot = bot
        self._hinted: set[tuple[int, int]] = set()
        bot.tree.on_error = self._tree_error

    async def cog_unload(self) -> None:
        """Give the tree its own handler back."""
        self.bot.tree.on_error = type(self.bot.tree).on_error.__get__(self.bot.tree)

    async def _tree_error(
        self, interaction: discord.Interaction[SquareDeal], error: app_commands.AppCommandError
    ) -> None:
        await say_error(interaction, error)

    @commands.Cog.listener()
    async def on_command_error(self, ctx: Context, error: commands.CommandError) -> None:
        """A typed command failed."""
        await say_error(ctx, error)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """A slash command arrived as text: say once to each member how it becomes a command."""
        name = slashed(message)
        if name is None or message.guild is None or not self.bot.watch.includes(message.channel):
            return
        key = (message.guild.id, message.author.id)
        if message.author.bot or message.webhook_id or key in self._hinted:
            return
        self._hinted.add(key)
        try:
            await message.reply(
                f"That came as text. Type `/{name}` and pick it from the list that opens, or write "
                f"{message.guild.me.mention} and `{name}`.",
                mention_author=False,
                silent=True,
            )
        except NO_ANSWER as error:
            log.info("message %s: no hint possible: %s", message.id, type(error).__name__)

    @commands.hybrid_command()
    async def about(self, ctx: Context) -> None:
        """What this bot does, its version, and where the data is."""
        labeller = await self.bot.coach.labeller()
        tips = await self.bot.coach.advisor.tips_of(guild_of(ctx).id)
        embed = discord.Embed(colour=COLOUR, title="Square Deal", description=IDEA)
        embed.add_field(name="Version", value=f"{__version__}, labeller {labeller.version}")
        embed.add_field(name="Data", value="On the bot's own machine; `/privacy what` says which.")
        embed.add_field(name="The thought behind it", value=tips.quotes["caring"].line, inline=False)
        await answer(ctx, embed=embed, private=False)

    @commands.hybrid_command(name="help")
    @app_commands.describe(command="one command, to see how it is used")
    async def help_(self, ctx: Context, *, command: str | None = None) -> None:
        """What you can ask me, and how."""
        await answer(ctx, embed=self._overview() if command is None else self._usage(command), private=False)

    @help_.autocomplete("command")
    async def _offer_commands(
        self, _: discord.Interaction[SquareDeal], typed: str
    ) -> list[app_commands.Choice[str]]:
        names = [command.qualified_name for command in self._commands() if _plain(typed) in command.qualified_name]
        return [app_commands.Choice(name=f"/{name}", value=name) for name in sorted(names)[:25]]

    def _commands(self) -> Iterator[app_commands.Command[Any, ..., Any]]:
        for command in self.bot.tree.walk_commands():
            if isinstance(command, app_commands.Command):
                yield command

    def _usage(self, name: str) -> discord.Embed:
        """How a command is used, or each command of a group."""
        wanted = _plain(name)
        found = [command for command in self._commands() if f"{command.qualified_name} ".startswith(f"{wanted} ")]
        if not found:
            raise Refused(f"There is no command “{quoted(name[:40])}”; `/help` lists all.")
        text = "\n\n".join("\n".join(_usage_lines(command)) for command in found)
        return discord.Embed(colour=COLOUR, title=f"How to use /{wanted}", description=cut(text, 4000))

    def _overview(self) -> discord.Embed:
        signs = self.bot.settings.reactions
        lines = [
            f"Draft in a watched channel: I add {signs.content} for content or {signs.conversation} for "
            "conversation. Begin a message with `//` and I leave it alone, as I do replies to somebody else.",
            "Right-click a draft, **Apps**: *Why this label?*, *Change label*, *Not a draft*.",
            "",
        ]
        for command in sorted(self.bot.commands, key=lambda command: command.name):
            lines.append(f"`/{command.name}` {command.short_doc}")
            if isinstance(command, commands.Group):
                subcommands = sorted(sub.name for sub in command.commands)
                lines[-1] += f" More: {', '.join(subcommands)}."
        lines.append(
            "`/setup` For those who manage the server: channels, zone, summary, questions, tips, permissions."
        )
        lines.append("`/help COMMAND` tells how one of them is used.")
        embed = discord.Embed(colour=COLOUR, title="How to use Square Deal", description="\n".join(lines))
        typed = "Typed commands work too: mention me, then the command."
        embed.set_footer(text=f"{typed} Those about you are answered by direct message.")
        return embed


def _plain(name: str) -> str:
    """A command's name as people write it, without slash and needless blanks, in small letters."""
    return " ".join(name.lower().lstrip("/ ").split())


def _usage_lines(command: app_commands.Command[Any, ..., Any]) -> Iterator[str]:
    """A command with its options, what it does, and what each option means."""
    options = [
        option.display_name if option.required else f"[{option.display_name}]" for option in command.parameters
    ]
    yield f"`{' '.join(('/' + command.qualified_name, *options))}`"
    yield command.description
    for option in command.parameters:
        choices = ", ".join(str(choice.value) for choice in option.choices)
        yield f"• `{option.display_name}`: {option.description}" + (f" ({choices})" if choices else "")


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(AboutCog(bot))
