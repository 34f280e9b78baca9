"""A server as Discord shows it, for catching up and the doctor: tells "gone" from "hidden"."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from datetime import datetime

import discord

from coach.errors import Hidden
from coach.intake.drafts import Message
from coach.intake.gaps import Page, Place
from cogs.support.bot import SquareDeal
from cogs.support.messages import message_facts, tags_of
from cogs.support.watched_channels import WatchedChannels

log = logging.getLogger(__name__)

PAGE = 100
"""Messages in one request: Discord gives no more."""

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE = 10003, 10008
"""Discord's codes for what does not exist; the status 404 alone may come from a proxy."""

HOLDS_DRAFTS = (discord.TextChannel, discord.ForumChannel, discord.VoiceChannel)

ChannelOrThread = discord.abc.GuildChannel | discord.Thread


class Server:
    """Asks Discord by REST about a server, and changes nothing there.

    Args:
        client: asks.
        guild_id: the server.
        me: the bot as its member; None if that is not known.
        shown: the channels and active threads that Discord shows.
        watch: the channels that are watched.
    """

    def __init__(
        self,
        client: discord.Client,
        guild_id: int,
        me: discord.Member | None,
        shown: Iterable[ChannelOrThread],
        watch: WatchedChannels,
    ) -> None:
        self.guild_id = guild_id
        self.joined_at: datetime | None = me.joined_at if me is not None else None
        self._client = client
        self._me = me
        self._watch = watch
        self._channels: dict[int, ChannelOrThread] = {channel.id: channel for channel in shown}

    def places(self) -> list[Place]:
        """The channels and active threads that are shown."""
        return [self._place(channel) for channel in self._channels.values()]

    async def place(self, channel_id: int) -> Place | None:
        """A channel or thread, asked for by itself; None if Discord says that it does not exist."""
        try:
            channel = await self._client.fetch_channel(channel_id)
        except discord.Forbidden:
            return Place(channel_id, watched=False, visible=False, readable=False)
        except discord.NotFound as error:
            if error.code == UNKNOWN_CHANNEL:
                return None
            raise
        if isinstance(channel, discord.abc.PrivateChannel):
            return None
        self._channels[channel.id] = channel
        return self._place(channel)

    async def page(self, channel_id: int, after: int) -> Page:
        """The messages of a channel that come right after an id."""
        channel = self._messageable(channel_id)
        try:
            found = await _page(channel, after)
        except discord.Forbidden as error:
            raise Hidden from error
        return await self._to_page(found)

    async def is_gone(self, channel_id: int, message_id: int) -> bool:
        """Whether Discord says, asked for this message by itself, that it does not exist."""
        try:
            await self._messageable(channel_id).fetch_message(message_id)
        except discord.Forbidden as error:
            raise Hidden from error
        except discord.NotFound as error:
            if error.code == UNKNOWN_MESSAGE:
                return True
            raise
        return False

    async def _to_page(self, found: list[discord.Message]) -> Page:
        return Page(ids=[message.id for message in found], full=len(found) >= PAGE)

    def _messageable(self, channel_id: int) -> discord.abc.Messageable:
        channel = self._channels.get(channel_id)
        if isinstance(channel, discord.abc.Messageable):
            return channel
        return self._client.get_partial_messageable(channel_id, guild_id=self.guild_id)

    def _place(self, channel: ChannelOrThread) -> Place:
        thread = isinstance(channel, discord.Thread)
        may = self._may(channel)
        holds_drafts = thread or isinstance(channel, HOLDS_DRAFTS)
        return Place(
            channel.id,
            parent_id=channel.parent_id if thread else None,
            newest=getattr(channel, "last_message_id", None) or 0,
            watched=holds_drafts and may.view_channel and self._watch.includes(channel),
            visible=may.view_channel,
            readable=may.view_channel and may.read_message_history,
            has_messages=holds_drafts and not isinstance(channel, discord.ForumChannel),
            has_threads=isinstance(channel, discord.TextChannel | discord.ForumChannel),
            tags=tags_of(channel),
        )

    def _may(self, channel: ChannelOrThread) -> discord.Permissions:
        """What the bot may do in a channel; a thread is as its parent."""
        if isinstance(channel, discord.Thread):
            parent = channel.parent or self._channels.get(channel.parent_id)
        else:
            parent = channel
        if self._me is None or parent is None or isinstance(parent, discord.Thread):
            return discord.Permissions.none()
        return parent.permissions_for(self._me)


class LiveServer(Server):
    """A server that the bot's session shows, to be caught up."""

    def __init__(self, bot: SquareDeal, guild: discord.Guild) -> None:
        super().__init__(bot, guild.id, guild.me, [*guild.channels, *guild.threads], bot.watch)
        self._bot = bot

    def places(self, channel: discord.abc.GuildChannel | None = None) -> list[Place]:
        """The channels and active threads that are shown; only one channel with its threads if it is given."""
        if channel is None:
            return super().places()
        threads = (one for one in channel.guild.threads if one.parent_id == channel.id)
        return [self._place(one) for one in (channel, *threads)]

    async def archived(self, channel_id: int, since: datetime) -> list[Place]:
        """The threads of a channel that were archived after a moment: later messages may stand in them."""
        channel = self._channels[channel_id]
        assert isinstance(channel, discord.TextChannel | discord.ForumChannel)  # noqa: S101
        found: list[Place] = []
        try:
            async for thread in channel.archived_threads(limit=None):
                if thread.archive_timestamp < since:
                    break
                self._channels[thread.id] = thread
                found.append(self._place(thread))
        except discord.Forbidden as error:
            raise Hidden from error
        return found

    async def mend(self, channel_id: int, message_id: int, there: Collection[str] | None) -> None:
        """Make the sign on a message that of its label."""
        message = self._bot.get_partial_messageable(channel_id, guild_id=self.guild_id).get_partial_message(
            message_id
        )
        await self._bot.signs.mend(self.guild_id, message, None if there is None else set(there))

    async def _to_page(self, found: list[discord.Message]) -> Page:
        signs = self._bot.settings.reactions.both
        messages: list[Message] = []
        failed: dict[int, Exception] = {}
        for message in found:
            try:
                messages.append(await message_facts(message, self._bot.own_id, self._bot.coach.intake.reads))
            except discord.HTTPException as error:
                if error.status == 429 or error.status >= 500:
                    failed[message.id] = error
                else:
                    # The next time would be no different: its text can't be read.
                    log.info("message %s: left out: %s %s", message.id, error.status, error.code)
            except Exception as error:
                failed[message.id] = error
        return Page(
            ids=[message.id for message in found],
            full=len(found) >= PAGE,
            messages=messages,
            failed=failed,
            signs={
                message.id: frozenset(str(one.emoji) for one in message.reactions if one.me) & signs
                for message in found
            },
        )


async def _page(channel: discord.abc.Messageable, after: int) -> list[discord.Message]:
    """The messages of a channel that follow a message, oldest first: `PAGE` of them if there are so many."""
    start = discord.Object(after)
    page = [message async for message in channel.history(limit=PAGE, after=start, oldest_first=True)]
    if len(page) == PAGE:
        # If these were not the very next ones, those between would be missed: worth a look.
        async def between(most: int | None) -> list[discord.Message]:
            older = channel.history(limit=most, before=page[0], after=start, oldest_first=False)
            return [message async for message in older]

        if await between(1):
            page = (await between(None))[::-1] + page
    return page
