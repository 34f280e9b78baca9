"""What the bot is and how to use it: /about and /help; errors in commands end up here too."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from coach import __version__, wording_help, wording_nudges
from coach.errors import Refused
from coach.text import cut, quoted
from cogs.support.answers import COLOUR, answer, anywhere, guild_of, home_of, manages
from cogs.support.bot import Context, SquareDeal
from cogs.support.errors import say_error
from cogs.support.messages import mentions_of, slashed
from cogs.support.refusals import NO_ANSWER
from cogs.support.usable import permitted, usable

log = logging.getLogger(__name__)

MOST_CHANNELS = 5
"""Watched channels that /help names."""


class AboutCog(commands.Cog):
    """Answers questions about the bot."""

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
        """A mention of the bot and nothing else is answered with the help.

        If a slash command came as text, each member is told once how to use it as a command.
        """
        if message.content.strip() in mentions_of(message, self.bot.own_id):
            ctx: Context = await self.bot.get_context(message)
            ctx.command, ctx.invoked_with = self.bot.get_command("help"), "help"
            await self.bot.invoke(ctx)
            return
        name = slashed(message)
        if name is None or message.guild is None or not self.bot.watch.includes(message.channel):
            return
        key = (message.guild.id, message.author.id)
        if message.author.bot or message.webhook_id or key in self._hinted:
            return
        self._hinted.add(key)
        try:
            await message.reply(
                wording_help.came_as_text(name, message.guild.me.mention),
                mention_author=False,
                silent=True,
            )
        except NO_ANSWER as error:
            log.info("message %s: no hint possible: %s", message.id, type(error).__name__)

    @commands.hybrid_command()
    @anywhere
    async def about(self, ctx: Context) -> None:
        """What this bot does, its version, and where the data is."""
        labeller = await self.bot.coach.labelling.labeller()
        guild = home_of(ctx)
        tips = await self.bot.coach.tips.tips_of(guild.id if guild is not None else None)
        embed = discord.Embed(colour=COLOUR, title=wording_help.TITLE, description=wording_help.IDEA)
        embed.add_field(name=wording_help.VERSION, value=wording_help.version(__version__, labeller.version))
        where = wording_help.WHERE_DATA_IS if guild is not None else wording_help.NO_DATA_HERE
        embed.add_field(name=wording_help.DATA, value=where)
        progress = await self.bot.coach.past_nudges.trial()
        embed.add_field(
            name=wording_nudges.DO_THEY_HELP, value=wording_nudges.trial_result(progress), inline=False
        )
        embed.add_field(name=wording_help.THOUGHT, value=tips.quotes["caring"].line, inline=False)
        await answer(ctx, embed=embed, private=False)

    @commands.hybrid_command(name="help")
    @app_commands.describe(command="one command, to see how it is used")
    async def help_(self, ctx: Context, *, command: str | None = None) -> None:
        """What you can ask me, and how."""
        embed = await self._overview(ctx) if command is None else self._usage(command)
        await answer(ctx, embed=embed, private=False)

    @help_.autocomplete("command")
    async def _offer_commands(
        self, interaction: discord.Interaction[SquareDeal], typed: str
    ) -> list[app_commands.Choice[str]]:
        may = permitted(self.bot, interaction.permissions)
        names = [
            command.qualified_name
            for command in self._commands()
            if _plain(typed) in command.qualified_name and command.qualified_name.split()[0] in may
        ]
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
            raise Refused(wording_help.no_such_command(quoted(name[:40])))
        text = "\n\n".join("\n".join(_usage_lines(command)) for command in found)
        return discord.Embed(colour=COLOUR, title=wording_help.usage_title(wanted), description=cut(text, 4000))

    async def _overview(self, ctx: Context) -> discord.Embed:
        """What its asker can do now, by task."""
        signs, may = self.bot.settings.reactions, await usable(ctx)
        about_signs = wording_help.help_signs(signs.content, signs.conversation, signs.by_author)
        now = f"{await self._first_of_all(ctx)} {about_signs}"
        embed = discord.Embed(colour=COLOUR, title=wording_help.HELP_TITLE, description=now)
        for task, examples in wording_help.HELP_TASKS.items():
            text = wording_help.help_task([(example, says) for name, example, says in examples if name in may])
            if task == wording_help.HELP_MENU_UNDER:
                text = f"{wording_help.HELP_MENU}\n{text}".strip()
            if text:
                embed.add_field(name=task, value=text, inline=False)
        embed.set_footer(text=wording_help.HELP_TYPED)
        return embed

    async def _first_of_all(self, ctx: Context) -> str:
        """Where to draft, or what stands in the way."""
        guild, author = guild_of(ctx), ctx.author
        if (await self.bot.coach.members.preferences(guild.id, author.id)).paused:
            return wording_help.HELP_PAUSED
        assert isinstance(author, discord.Member)  # noqa: S101  # used in a server
        watched = [one for one in self.bot.watch.channels(guild) if one.permissions_for(author).view_channel]
        if watched:
            return wording_help.help_watched([channel.mention for channel in watched[:MOST_CHANNELS]])
        return wording_help.HELP_BEGIN if manages(author) else wording_help.HELP_NOT_WATCHING


def _plain(name: str) -> str:
    """A command's name as somebody typed it, without its slash and extra spaces, in lower case."""
    return " ".join(name.lower().lstrip("/ ").split())


def _usage_lines(command: app_commands.Command[Any, ..., Any]) -> Iterator[str]:
    """A command with its options, what it does, and what each option means."""
    options = [
        option.display_name if option.required else f"[{option.display_name}]" for option in command.parameters
    ]
    yield wording_help.usage_line(command.qualified_name, options)
    yield command.description
    for option in command.parameters:
        choices = [str(choice.value) for choice in option.choices]
        yield wording_help.option_line(option.display_name, str(option.description), choices)


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(AboutCog(bot))
