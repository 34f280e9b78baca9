"""Watching: what is on record of the channels that are watched, and from where on they are."""

from __future__ import annotations

from coach.store.channels import ChannelStore


class Watching:
    """Keeps which channels are watched. How far each has been read is kept elsewhere.

    Args:
        channels: the record.
    """

    def __init__(self, channels: ChannelStore) -> None:
        self._channels = channels

    async def decided(self) -> dict[int, bool]:
        """The channels of all servers that were set up by hand: channel id to watched."""
        return await self._channels.decided()

    async def servers(self) -> dict[int, int]:
        """The server of each channel and thread, of all servers, in which drafts were looked for, by its id."""
        return await self._channels.guilds()

    async def set_watched(self, guild_id: int, channel_id: int, watched: bool, since: int) -> None:
        """Watch a channel or leave it alone, whatever its name.

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
