"""The permissions that the bot needs, each with what it is for."""

from __future__ import annotations

from collections.abc import Iterator

import discord

PERMISSIONS = {
    "view_channel": "to see drafts",
    "read_message_history": "to read what was drafted while it was away",
    "add_reactions": "to show a draft's label",
    "send_messages": "to ask, to nudge and to send the summary",
    "send_messages_in_threads": "to do the same in threads and forum posts",
    "embed_links": "to lay out the summary",
    "attach_files": "to send charts",
}
"""What the bot does with each permission, for /setup check and the invite link."""


def missing(channel: discord.abc.GuildChannel, me: discord.Member) -> Iterator[str]:
    """The permissions that the bot lacks in a channel, each with what it is for."""
    granted = channel.permissions_for(me)
    for name, purpose in PERMISSIONS.items():
        if not getattr(granted, name):
            yield f"**{name.replace('_', ' ').title()}**, {purpose}"
