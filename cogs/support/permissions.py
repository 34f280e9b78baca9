"""The permissions that the bot lacks in a channel."""

from __future__ import annotations

from collections.abc import Iterator

import discord

from coach.wording_choices import PERMISSIONS, permission_line


def missing(channel: discord.abc.GuildChannel, me: discord.Member) -> Iterator[str]:
    """The permissions that the bot lacks in a channel, each with what it is for."""
    granted = channel.permissions_for(me)
    for name in PERMISSIONS:
        if not getattr(granted, name):
            yield permission_line(name)
