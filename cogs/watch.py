"""Which channels are watched: by what was set up, else by name; one dictionary look-up for a known channel."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import discord


class Watch:
    """Answers "is this channel watched" for channels, threads and forum posts.

    Args:
        names: channel names that are watched without set-up.
        decided: channels that were set up by hand, id to watched.
        recorded: channels and threads in which there are or were drafts.
    """

    def __init__(self, names: Collection[str], decided: dict[int, bool], recorded: set[int]) -> None:
        self._names = {name.lower() for name in names}
        self._decided = decided
        self.recorded = recorded
        self._known: dict[int, bool] = {}

    def covers(self, channel: Any) -> bool:
        """Whether messages in a channel are read; a thread is as its parent."""
        known = self._known.get(channel.id)
        if known is None:
            known = self._known[channel.id] = self._resolve(channel)
        return known

    def _resolve(self, channel: Any) -> bool:
        if channel.id in self._decided:
            return self._decided[channel.id]
        if isinstance(channel, discord.Thread):
            if channel.parent_id in self._decided:
                return self._decided[channel.parent_id]
            return channel.parent is not None and self._resolve(channel.parent)
        return str(getattr(channel, "name", "")).lower() in self._names

    def decide(self, channel_id: int, watched: bool) -> None:
        """Take note of what was set up for a channel."""
        self._decided[channel_id] = watched
        self._known.clear()

    def forget_all(self) -> None:
        """A channel was renamed or deleted: resolve each anew when it is next asked for."""
        self._known.clear()

    def channels(self, guild: discord.Guild) -> Iterator[discord.abc.GuildChannel]:
        """The watched channels of a server that can hold drafts, in the server's order."""
        for channel in sorted(guild.channels, key=lambda channel: channel.position):
            if isinstance(
                channel, discord.TextChannel | discord.ForumChannel | discord.VoiceChannel
            ) and self.covers(channel):
                yield channel
