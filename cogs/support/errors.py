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

from coach.members.preferences import Refused
from coach.store.database import StoreError
from coach.text import whole
from coach.wording import counted
from cogs.support.refusals import NO_ANSWER, said

log = logging.getLogger(__name__)

WENT_WRONG = "That did not work, and the reason is in the bot's log. Please try again in a minute."


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


async def say_error(source: commands.Context[Any] | discord.Interaction, error: BaseException) -> None:
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
