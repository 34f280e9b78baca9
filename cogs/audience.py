"""Who may view what: the channels whose drafts a summary must not tell of to those who read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import discord
from discord.abc import GuildChannel


def unseen_by_readers(guild: discord.Guild, target: GuildChannel, channels: Mapping[int, int | None]) -> set[int]:
    """The channels and threads that somebody who may view `target` may not view.

    Members aren't known one by one, so it goes by what the channels allow and deny: a channel counts as seen if
    everyone may view it, or if it allows and denies View Channel to no fewer roles and members than `target` does.

    Args:
        guild: the server.
        target: where the summary goes.
        channels: the channels and threads in question, each with a thread's parent.
    """
    return _unseen(guild, channels, lambda channel: channel == target or _reaches(channel, target))


def unseen_by_member(guild: discord.Guild, member: discord.Member, channels: Mapping[int, int | None]) -> set[int]:
    """The channels and threads that a member may not view; arguments as for `unseen_by_readers`."""
    return _unseen(guild, channels, lambda channel: channel.permissions_for(member).view_channel)


def _unseen(
    guild: discord.Guild, channels: Mapping[int, int | None], seen: Callable[[GuildChannel], bool]
) -> set[int]:
    known = {channel.id for channel in guild.channels if seen(channel)}
    # Whom a private thread lets in, the bot isn't told.
    private = {thread.id for thread in guild.threads if thread.is_private()}
    return {
        channel_id
        for channel_id, parent_id in channels.items()
        if channel_id in private or (parent_id or channel_id) not in known
    }


def _reaches(channel: GuildChannel, target: GuildChannel) -> bool:
    """Whether whoever may view `target` may view `channel`."""
    here, there = _rules(channel), _rules(target)
    everyone = channel.guild.default_role
    opened = here.get(everyone.id, 0) or (1 if everyone.permissions.view_channel else -1)
    if opened > 0 and min(here.values(), default=0) >= 0:
        return True
    # Whatever roles somebody has: what is allowed at least as much here as there leaves nobody out.
    return all(here.get(one, 0) >= there.get(one, 0) for one in here.keys() | there.keys())


def _rules(channel: GuildChannel) -> dict[int, int]:
    """By role or member: 1 if the channel allows them to view it, -1 if it denies it, 0 if it leaves it alone."""
    meaning = {True: 1, False: -1, None: 0}
    return {one.id: meaning[overwrite.view_channel] for one, overwrite in channel.overwrites.items()}
