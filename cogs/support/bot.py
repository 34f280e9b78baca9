"""What every cog needs: the bot's type, answers to commands, and errors in plain words."""

from __future__ import annotations

import asyncio
import logging
import math
import sqlite3
import sys
import traceback
from collections import defaultdict
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from coach.balance.chart import CONTENT_COLOUR, CONVERSATION_COLOUR
from coach.balance.chart_process import Drawing
from coach.coach import Coach
from coach.errors import Refused, StoreError
from coach.labels import Label
from coach.settings import Settings
from coach.text import quoted, whole
from coach.wording import counted
from cogs.support.refusals import NO_ANSWER, Refusal, meaning, said
from cogs.support.signs import Signs
from cogs.support.watched_channels import Watch

log = logging.getLogger("squaredeal")

COLOUR = discord.Colour(0x8A9099)
"""What speaks of both labels; what speaks of one has that label's colour, as in the charts."""

LABEL_COLOURS = {
    Label.CONTENT: discord.Colour.from_str(CONTENT_COLOUR),
    Label.CONVERSATION: discord.Colour.from_str(CONVERSATION_COLOUR),
}

NO_DM = (
    "Discord does not let me write to you directly, so for now no nudge and no summary of yours comes that way. "
    "Allow direct messages from this server in its privacy settings, then choose again with `/nudges where` or "
    "`/summary where`."
)

MOST_CLICKS = 1_000
"""Drafts of which the last click is kept in mind."""

SECONDS_FOR_NAME = 10.0
"""How long a summary waits for the names of its members."""

WENT_WRONG = "That did not work, and the reason is in the bot's log. Please try again in a minute."


class Clicks:
    """The last click for each draft of late: it counts, even if an earlier one takes longer."""

    def __init__(self) -> None:
        self._last: dict[int, int] = {}

    def note(self, message_id: int, interaction_id: int) -> None:
        """Take note of a click as it comes in; ids grow with time."""
        self._last[message_id] = max(interaction_id, self._last.pop(message_id, 0))
        if len(self._last) > MOST_CLICKS:
            del self._last[next(iter(self._last))]

    def is_last(self, message_id: int, interaction_id: int) -> bool:
        """Whether no later click came in meanwhile."""
        return self._last.get(message_id, interaction_id) <= interaction_id


class CoachBot(commands.AutoShardedBot):
    """A bot that has a coach; `bot.py` builds it."""

    settings: Settings
    coach: Coach
    watch: Watch
    signs: Signs
    drawing: Drawing

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.unsettled: set[int] = set()
        """Channels in which something could not be recorded or shown, to be looked at again."""
        self.clicks = Clicks()
        self.taking_down: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        """Held while replies in a server are taken down, by its id."""
        self._said: set[tuple[int, str]] = set()
        self.before_invoke(acknowledge)

    @property
    def own_id(self) -> int:
        """The bot's user id."""
        assert self.user is not None  # noqa: S101  # known since the login
        return self.user.id

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log what went wrong while an event was handled; discord.py's own words could quote a draft."""
        error = sys.exc_info()[1]
        if error is not None:
            log_error(event_method, error)

    async def on_app_command_completion(self, interaction: discord.Interaction[Any], _: Any) -> None:
        """Tell somebody whom no direct message reaches, below the answer to their command, which only they see."""
        if interaction.guild_id is None or not interaction.response.is_done():
            return
        if await self.coach.choices.learns_of_refused_dm(interaction.guild_id, interaction.user.id):
            try:
                await interaction.followup.send(NO_DM, ephemeral=True)
            except NO_ANSWER as error:
                log.warning("a member could not be told that they get no direct messages: %s", said(error))

    async def name_of(self, guild_id: int, member_id: int) -> str | None:
        """A member's display name, safe to show: markdown in it is escaped. None if Discord doesn't say."""
        guild = self.get_guild(guild_id)
        if guild is None:
            return None
        try:
            # Members are not cached, so that many servers fit in memory; a digest names ten at most.
            async with asyncio.timeout(SECONDS_FOR_NAME):
                member = guild.get_member(member_id) or await guild.fetch_member(member_id)
        except discord.NotFound:
            return "Somebody who left"
        except NO_ANSWER as error:
            log.warning("server %s: no name for member %s: %s", guild_id, member_id, type(error).__name__)
            return None
        return shown_name(member.display_name)

    async def report_missing(self, channel: Any, missing: str) -> None:
        """Say once, in the channel itself if that is allowed, which permission is missing there.

        Args:
            channel: a channel of a server, or a direct message, in which nothing is said.
            missing: the permission's name, as Discord's own settings have it.
        """
        guild = getattr(channel, "guild", None)
        if guild is None or (channel.id, missing) in self._said:
            return
        self._said.add((channel.id, missing))
        log.warning("channel %s: the permission %s is missing", channel.id, missing)
        try:
            await channel.send(
                f"I may not do my work in <#{channel.id}>: the permission **{missing}** is missing. "
                "Somebody who manages the server can grant it; `/setup check` lists all that is needed.",
                silent=True,
            )
        except NO_ANSWER as error:
            log.warning("channel %s: nor may I say so there: %s", channel.id, said(error))
            if meaning(error) is Refusal.PASSING:
                self._said.discard((channel.id, missing))

    def granted(self, channel_id: int, permission: str) -> None:
        """What needs a permission has worked: if it is taken away again, that is said again."""
        self._said.discard((channel_id, permission))


def shown_name(name: str) -> str:
    """A member's name, safe to show: markdown in it is escaped, and it is never empty."""
    return discord.utils.escape_markdown(quoted(name)) or "Somebody"


Context = commands.Context[CoachBot]


def manages(member: discord.Member | discord.User) -> bool:
    """Whether somebody may manage the server they speak in."""
    return isinstance(member, discord.Member) and member.guild_permissions.manage_guild


async def acknowledge(ctx: Context) -> None:
    """Tell Discord that a slash command has arrived: it waits three seconds, and the database may be busy."""
    if ctx.interaction is None:
        return
    try:
        await ctx.interaction.response.defer(ephemeral=True)
    except NO_ANSWER as error:
        raise commands.CommandInvokeError(error) from error


def guild_of(source: Context | discord.Interaction[Any]) -> discord.Guild:
    """The server a command was used in.

    Raises:
        Refused: it was not used in a server.
    """
    if source.guild is None:
        raise Refused("That works in a server only.")
    return source.guild


async def answer(ctx: Context, text: str | None = None, *, private: bool = True, **parts: Any) -> discord.Message:
    """Answer a command so that only its user sees it.

    Args:
        ctx: the command.
        text: what to say.
        private: after a typed command, which has no hidden answers, answer by DM; False for what is nobody's own.
        **parts: embed, file, view as `Messageable.send` takes them.
    """
    if ctx.interaction is None and private:
        try:
            return await ctx.author.send(text, **parts)
        except discord.HTTPException as error:
            if meaning(error) is not Refusal.PERSON:
                raise
            raise Refused(
                "I may not write to you directly; use the slash command, whose answer only you see."
            ) from None
    return await ctx.send(text, ephemeral=True, silent=True, **parts)


def plain_words(error: BaseException, command: str = "") -> str | None:
    """A sentence for the user about an error of theirs in a command; None where the error is the program's."""
    while isinstance(
        error, commands.CommandInvokeError | app_commands.CommandInvokeError | commands.HybridCommandError
    ):
        error = error.original
    match error:
        case Refused():
            return str(error)
        case commands.MissingPermissions() | app_commands.MissingPermissions():
            return "That is for those who may manage the server."
        case commands.NoPrivateMessage() | app_commands.NoPrivateMessage():
            return "That works in a server only."
        case commands.CommandNotFound():
            return "I do not know that command; `/help` lists what I do."
        case commands.CommandOnCooldown() | app_commands.CommandOnCooldown():
            return f"That was quick; please try again in {counted(math.ceil(error.retry_after), 'second')}."
        case commands.MissingRequiredArgument():
            return f"Please say which {error.param.name}; `/help {command}` shows how."
        case commands.UserInputError() | app_commands.TransformerError():
            return f"I do not understand one of the values; `/help {command}` shows how to use it."
        case commands.CheckFailure() | app_commands.CheckFailure():
            return "You may not do that here."
        case StoreError():
            return "I am shutting down; please try again in a minute."
        case _:
            return None


async def say_error(source: Context | discord.Interaction[Any], error: BaseException) -> None:
    """Tell a user about an error in one sentence, whether or not they were answered already; log the rest."""
    command = source.command.qualified_name if source.command else ""
    words = plain_words(error, command)
    if words is None:
        log_error(command or "a component", error)
    # A refusal may quote what it refuses.
    words = whole(words or WENT_WRONG)
    try:
        if isinstance(source, commands.Context):
            await source.send(words, ephemeral=True, silent=True)
        elif source.response.is_done():
            await source.followup.send(words, ephemeral=True)
        else:
            await source.response.send_message(words, ephemeral=True)
    except NO_ANSWER as failure:
        log.warning("an error could not be told to its user: %s", said(failure))


# What these say comes from the system, the database or Discord, never from a draft.
_OF_THE_SYSTEM = (OSError, sqlite3.Error, discord.HTTPException, StoreError)


def log_error(where: str, error: BaseException) -> None:
    """Log an error with its way through the code; what it says is left out where it could quote a draft."""
    told: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(told) < 10:
        said = f": {cause}" if isinstance(cause, _OF_THE_SYSTEM) else ""
        told.append(f"{''.join(traceback.format_tb(cause.__traceback__))}{type(cause).__name__}{said}")
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    log.error("error in %s\n%s", where, "\nbecause of\n".join(told))
