"""Which of the bot's commands somebody may use where they are, as far as the bot can know."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import app_commands

from cogs.support.bot import Context, SquareDeal

log = logging.getLogger(__name__)

_ROLE, _USER, _CHANNEL = 1, 2, 3
"""What an override of a server's is for; https://docs.discord.com/developers/interactions/application-commands"""

Overrides = Mapping[int, Sequence[Mapping[str, Any]]]
"""A server's overrides by the id of the command, or of the application for all of its commands."""


def permitted(bot: SquareDeal, permissions: discord.Permissions) -> set[str]:
    """The commands for which these permissions are enough, by their names."""
    return {
        command.name
        for command in bot.tree.get_commands()
        if isinstance(command, app_commands.Command | app_commands.Group)
        and (command.default_permissions is None or command.default_permissions <= permissions)
    }


async def usable(ctx: Context) -> set[str]:
    """The commands that the user of one may use in its channel, by their names.

    If Discord doesn't say how the server has changed who may use which, the permissions decide.
    """
    bot, names = ctx.bot, permitted(ctx.bot, ctx.permissions)
    if ctx.permissions.administrator or ctx.guild is None or bot.application_id is None:
        return names
    try:
        found = await bot.http.get_guild_application_command_permissions(bot.application_id, ctx.guild.id)
        overrides = {int(one["id"]): one["permissions"] for one in found}
        ids = {command.name: command.id for command in await bot.tree.fetch_commands()} if overrides else {}
    except Exception as error:
        # Whatever goes wrong with this must not cost the help.
        log.info("server %s: overrides of commands are not known: %s", ctx.guild.id, type(error).__name__)
        return names
    return {name for name in names if not _denied(ctx, overrides, ids.get(name, 0), bot.application_id)}


def _denied(ctx: Context, overrides: Overrides, command_id: int, application_id: int) -> bool:
    """Whether a server denies a command to a member or in a channel.

    What is set for a command goes before what is set for all commands, a channel before all channels, a member
    before their roles, and a role that allows before one that denies.
    """
    assert ctx.guild is not None  # noqa: S101  # asked by the caller
    guild_id, author = ctx.guild.id, ctx.author
    channel = ctx.channel.parent_id if isinstance(ctx.channel, discord.Thread) else ctx.channel.id
    roles = {role.id for role in author.roles} - {guild_id} if isinstance(author, discord.Member) else set[int]()
    levels = [overrides.get(key, ()) for key in (command_id, application_id)]
    places = [_says(level, _CHANNEL, {place}) for level in levels for place in (channel, guild_id - 1)]
    people = [
        _says(level, kind, ids)
        for level in levels
        for kind, ids in ((_USER, {author.id}), (_ROLE, roles), (_ROLE, {guild_id}))
    ]
    return any(next((one for one in said if one is not None), None) is False for said in (places, people))


def _says(level: Sequence[Mapping[str, Any]], kind: int, ids: set[int]) -> bool | None:
    """What overrides say about some channels, members or roles; None if nothing."""
    said = [one["permission"] for one in level if int(one["type"]) == kind and int(one["id"]) in ids]
    return any(said) if said else None
