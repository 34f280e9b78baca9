"""Answers to commands: their colours, who they are for, and names that are safe to show in them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from coach import wording, wording_drafts, wording_help
from coach.balance.chart import CONTENT_COLOUR, CONVERSATION_COLOUR
from coach.errors import Refused
from coach.labels import Label, Verdict
from coach.nudging.tips import Quote, Tip
from coach.reports import SLOW_COMMANDS, SLOW_COMMANDS_SECONDS
from coach.text import quoted
from cogs.support.refusals import Refusal, meaning

COLOUR = discord.Colour(0x8A9099)
"""For what is about both labels; what is about one has that label's colour, as in the charts."""

T = TypeVar("T")

LABEL_COLOURS = {
    Label.CONTENT: discord.Colour.from_str(CONTENT_COLOUR),
    Label.CONVERSATION: discord.Colour.from_str(CONVERSATION_COLOUR),
}

# What Discord takes for bold, italics, underline, spoiler, code, strike-through or a link in disguise.
_MARKUP = re.compile(r"[\\*_~`|\[]")


def literal(text: str) -> str:
    """A text with the marks in it escaped, so that Discord shows them and lays nothing out by them."""
    return _MARKUP.sub(r"\\\g<0>", text)


def safe_verdict(verdict: Verdict) -> Verdict:
    """A verdict whose reasons, which quote the draft, are safe to show."""
    return replace(verdict, reasons=tuple(literal(reason) for reason in verdict.reasons))


def tip_text(tip: Tip, quote: Quote | None) -> str:
    """A tip, with its quotation set off below."""
    return with_quotation(wording_drafts.tip_text(tip), quote)


def with_quotation(text: str, quote: Quote | None) -> str:
    """A text with a quotation set off below, if there is one."""
    return f"{text}\n> {quote.line}" if quote else text


def shown_name(name: str) -> str:
    """A member's name, safe to show: markdown in it is escaped, and it is never empty."""
    return discord.utils.escape_markdown(quoted(name)) or wording.SOMEBODY


def manages(member: discord.Member | discord.User) -> bool:
    """Whether somebody may manage the server they speak in."""
    return isinstance(member, discord.Member) and member.guild_permissions.manage_guild


def link_to(guild_id: int, channel_id: int, message_id: int) -> str:
    """The address of a message."""
    return f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}"


def home_of(source: commands.Context[Any] | discord.Interaction[Any]) -> discord.Guild | None:
    """The server a command was used in, if the bot is in it.

    None in direct messages and groups, and in servers to which only its user brought the bot.
    """
    bot = source.bot if isinstance(source, commands.Context) else source.client
    return bot.get_guild(source.guild.id) if source.guild is not None else None


def guild_of(source: commands.Context[Any] | discord.Interaction[Any]) -> discord.Guild:
    """The server a command was used in.

    Raises:
        Refused: it was not used in a server that the bot is in.
    """
    guild = home_of(source)
    if guild is None:
        raise Refused(wording_help.IN_SERVERS_ONLY)
    return guild


def asker(source: commands.Context[Any] | discord.Interaction[Any]) -> tuple[int, int]:
    """Whoever asks, in each server that the bot is in on their own, and in all other places together."""
    guild = home_of(source)
    user = source.author if isinstance(source, commands.Context) else source.user
    return guild.id if guild is not None else 0, user.id


def anywhere(command: T) -> T:
    """A command for people who added the bot to their account, too: in every server, group and direct message."""
    in_contexts = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    return app_commands.allowed_installs(guilds=True, users=True)(in_contexts(command))


slow_command = commands.cooldown(SLOW_COMMANDS, SLOW_COMMANDS_SECONDS, asker)
"""For commands that draw or explain, which takes so long that others would wait."""


async def answer(
    ctx: commands.Context[Any], text: str | None = None, *, private: bool = True, **parts: Any
) -> discord.Message:
    """Answer a command so that only its user sees it, unless it was typed and the answer is not private.

    Args:
        ctx: the command.
        text: what to say.
        private: whether to answer a typed command, whose answers can't be hidden, by direct message.
        **parts: embed, file, view as `Messageable.send` takes them.
    """
    if ctx.interaction is None and private:
        try:
            return await ctx.author.send(text, **parts)
        except discord.HTTPException as error:
            if meaning(error) is not Refusal.PERSON:
                raise
            raise Refused(wording_help.USE_THE_SLASH_COMMAND) from None
    return await ctx.send(text, ephemeral=True, silent=True, **parts)
