"""Errors in commands and events: one plain sentence for the user, and a log that quotes no draft."""

from __future__ import annotations

import logging
import math
import sqlite3
import traceback
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from coach import wording_help
from coach.errors import Refused, StoreError
from coach.text import whole
from cogs.support.refusals import NO_ANSWER, described

log = logging.getLogger(__name__)


def plain_words(error: BaseException, command: str = "") -> str | None:
    """A sentence for the user about an error of theirs in a command; None if the error is the program's."""
    while isinstance(
        error, commands.CommandInvokeError | app_commands.CommandInvokeError | commands.HybridCommandError
    ):
        error = error.original
    match error:
        case Refused():
            return str(error)
        case commands.MissingPermissions() | app_commands.MissingPermissions():
            return wording_help.FOR_MANAGERS
        case commands.NoPrivateMessage() | app_commands.NoPrivateMessage():
            return wording_help.IN_SERVERS_ONLY
        case commands.CommandNotFound():
            return wording_help.UNKNOWN_COMMAND
        case commands.CommandOnCooldown() | app_commands.CommandOnCooldown():
            return wording_help.too_quick(math.ceil(error.retry_after))
        case commands.MissingRequiredArgument():
            return wording_help.say_which(error.param.name, command)
        case commands.UserInputError() | app_commands.TransformerError():
            return wording_help.value_not_understood(command)
        case commands.CheckFailure() | app_commands.CheckFailure():
            return wording_help.NOT_ALLOWED
        case StoreError():
            return wording_help.SHUTTING_DOWN
        case _:
            return None


async def say_error(source: commands.Context[Any] | discord.Interaction, error: BaseException) -> None:
    """Tell a user about an error in one sentence, whether or not they were answered already; log the rest."""
    command = source.command.qualified_name if source.command else ""
    words = plain_words(error, command)
    if words is None:
        log_error(command or "a component", error)
    # A refusal may quote what it refuses.
    words = whole(words or wording_help.WENT_WRONG)
    try:
        if isinstance(source, commands.Context):
            await source.send(words, ephemeral=True, silent=True)
        elif source.response.is_done():
            await source.followup.send(words, ephemeral=True)
        else:
            await source.response.send_message(words, ephemeral=True)
    except NO_ANSWER as failure:
        log.warning("an error could not be told to its user: %s", described(failure))


# The messages of these come from the system, the database or Discord, never from a draft.
_OF_THE_SYSTEM = (OSError, sqlite3.Error, discord.HTTPException, StoreError)


def log_error(where: str, error: BaseException) -> None:
    """Log an error with its traceback; its message is left out if it could quote a draft."""
    told: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(told) < 10:
        said = f": {cause}" if isinstance(cause, _OF_THE_SYSTEM) else ""
        told.append(f"{''.join(traceback.format_tb(cause.__traceback__))}{type(cause).__name__}{said}")
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    log.error("error in %s\n%s", where, "\nbecause of\n".join(told))
