"""Which channels are watched: those that were set up, else those with a watched name."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import discord

MOST_UNKNOWN = 1_000


class WatchedChannels:
    """Answers "is this channel watched" for channels, threads and forum posts.

    Args:
        names: channel names that are watched without set-up.
        decided: channels that were set up by hand, id to watched.
        recorded: channels and threads in which there are or were drafts, or that are read for them.
    """

    def __init__(self, names: Collection[str], decided: dict[int, bool], recorded: set[int]) -> None:
        self._names = {name.lower() for name in names}
        self._decided = decided
        self.recorded = recorded
        self._known: dict[int, bool] = {}
        self._unknown: dict[int, None] = {}

    def includes(self, channel: Any) -> bool:
        """Whether messages in a channel are read; a thread is as its parent."""
        known = self._known.get(channel.id)
        if known is not None:
            return known
        watched = self._resolve(channel)
        if watched is not None:
            self._known[channel.id] = watched
            return watched
        # A message came before its channel, which may turn out to be watched.
        self._unknown[channel.id] = None
        if len(self._unknown) > MOST_UNKNOWN:
            del self._unknown[next(iter(self._unknown))]
        return False

    def _resolve(self, channel: Any) -> bool | None:
        """Whether a channel is watched; None while too little is known about it."""
        if channel.id in self._decided:
            return self._decided[channel.id]
        if isinstance(channel, discord.Thread):
            if channel.parent_id in self._decided:
                return self._decided[channel.parent_id]
            return self._resolve(channel.parent) if channel.parent is not None else None
        name = getattr(channel, "name", None)
        return str(name).lower() in self._names if name is not None else None

    def forget_unknown(self, channel_id: int) -> bool:
        """Take a channel as known; returns whether messages in it came before that, and so were not read."""
        return self._unknown.pop(channel_id, self) is None

    def decide(self, channel_id: int, watched: bool) -> None:
        """Remember what was set up for a channel."""
        self._decided[channel_id] = watched
        self._known.clear()

    def forget_all(self) -> None:
        """Resolve every channel afresh when it is next asked for, as one was renamed or deleted."""
        self._known.clear()

    def channels(self, guild: discord.Guild) -> Iterator[discord.abc.GuildChannel]:
        """The watched channels of a server that can hold drafts, in the server's order."""
        for channel in sorted(guild.channels, key=lambda channel: channel.position):
            if isinstance(
                channel, discord.TextChannel | discord.ForumChannel | discord.VoiceChannel
            ) and self.includes(channel):
                yield channel

    def out_of_sight(self, guild: discord.Guild) -> Iterator[discord.abc.GuildChannel]:
        """The channels of a server that would be read for drafts, if the bot could see them."""
        for channel in guild.channels:
            wanted = self._decided.get(channel.id, channel.id in self.recorded)
            if wanted and not channel.permissions_for(guild.me).view_channel:
                yield channel
