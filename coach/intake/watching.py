"""Watching: which channels are watched, and from which message on."""

from __future__ import annotations

from coach.store.channels import ChannelStore


class Watching:
    """Records which channels are watched; how far each has been read is recorded elsewhere.

    Args:
        channels: the record.
    """

    def __init__(self, channels: ChannelStore) -> None:
        self._channels = channels

    async def watched_by_hand(self) -> dict[int, bool]:
        """Whether each channel that was set up by hand is watched, in all servers, by its id."""
        return await self._channels.watched_by_hand()

    async def servers_by_channel(self) -> dict[int, int]:
        """The server of each known channel and thread, by the id of the channel or thread."""
        return await self._channels.guilds_by_channel()

    async def set_watched(self, guild_id: int, channel_id: int, watched: bool, since: int) -> None:
        """Watch a channel or ignore it, whatever its name.

        Args:
            guild_id: the server.
            channel_id: the channel.
            watched: whether its drafts count.
            since: a message id: none up to this one is read.
        """
        await self._channels.set_watched(guild_id, channel_id, watched, since)

    async def begin(self, guild_id: int, channel_id: int, since: int) -> None:
        """Watch a channel that got a watched name; no message up to the id `since` is read."""
        await self._channels.start_watching(guild_id, channel_id, since)

    async def end(self, guild_id: int, channel_id: int) -> None:
        """Stop watching a channel that lost its watched name, unless it was set up by hand."""
        await self._channels.stop_watching(guild_id, channel_id)
