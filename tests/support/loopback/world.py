"""What people do on the loopback Discord: they write, open threads, hide channels, invite the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from discord import Permissions
from discord.utils import DISCORD_EPOCH, utcnow

from tests.support.loopback.cdn import Cdn, File
from tests.support.loopback.gateway import Gateway
from tests.support.loopback.truth import (
    DIRECT,
    EPHEMERAL,
    EVERYBODY_MAY,
    FORUM,
    PRIVATE_THREAD,
    TEXT,
    THREAD,
    Channel,
    Guild,
    Message,
    Payload,
    Role,
    User,
)
from tests.support.waiting import LONGEST_WAIT

TOKEN = f"{'loopback' * 3}.{'nobody'}.{'nothing' * 4}"

HAS_THREAD, STARTER = 1 << 5, 21


class World:
    """The people, servers and messages, and what happens to them; `clock` gives ids and times."""

    def __init__(self) -> None:
        self.clock: Callable[[], datetime] = utcnow
        self.token = TOKEN
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.users: dict[int, User] = {}
        self.messages: dict[int, Message] = {}
        self.direct = Guild(0, "direct messages")
        self.cdn = Cdn()
        self.address = self.gateway_address = ""
        self._count = 0
        self._withheld = False
        self.bot = self.add_user("Square Deal", bot=True)
        self.gateway = Gateway(self)

    def snowflake(self) -> int:
        """A new id, made from the present time; no two are the same."""
        self._count += 1
        return (int(self.clock().timestamp() * 1000) - DISCORD_EPOCH << 22) + (self._count & 0x3FFFFF)

    async def until(
        self, condition: Callable[[], bool], what: str, seconds: float = LONGEST_WAIT, every: float = 0.005
    ) -> None:
        """Wait for something, looking again and again; a TimeoutError says what has not happened."""
        end = asyncio.get_running_loop().time() + seconds
        while not condition():
            if asyncio.get_running_loop().time() > end:
                raise TimeoutError(f"no {what} within {seconds} s")
            await asyncio.sleep(every)

    # What exists before a session begins.

    def add_user(self, name: str, *, bot: bool = False) -> User:
        """A person or bot."""
        user = User(self.snowflake(), name, bot)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str = "Gardeners", guild_id: int | None = None) -> Guild:
        """A server that the bot is in from its next session on, with the role that comes with a bot."""
        guild = Guild(guild_id or self.snowflake(), name)
        guild.roles[Role(self.snowflake(), self.bot.name, Permissions(int(EVERYBODY_MAY)), self.bot)] = {self.bot}
        self.guilds[guild.id] = guild
        return guild

    def add_role(self, guild: Guild, name: str, *members: User, **permissions: bool) -> Role:
        """A role with permissions by discord.py's names, and its members."""
        role = Role(self.snowflake(), name, Permissions(**permissions))
        guild.roles[role] = set(members)
        return role

    def add_channel(
        self, guild: Guild, name: str, parent: Channel | None = None, *, kind: int | None = None, key: int = 0
    ) -> Channel:
        """A channel of a server, or a thread of a channel; the bot knows of it from its next session on."""
        if kind is None:
            kind = THREAD if parent else TEXT
        channel = Channel(key or self.snowflake(), name, guild, parent, kind=kind)
        self.channels[channel.id] = channel
        guild.channels.append(channel)
        return channel

    def dm(self, user: User) -> Channel:
        """The direct messages between somebody and the bot."""
        for channel in self.channels.values():
            if channel.recipient is user:
                return channel
        channel = Channel(self.snowflake(), "", self.direct, kind=DIRECT, recipient=user)
        self.channels[channel.id] = channel
        return channel

    def attach(self, name: str, data: bytes | str, *, size: int | None = None, **how: Any) -> Payload:
        """A file for a message's `attachments`; `how` is what the CDN does with it, `size` what it claims."""
        data = data.encode() if isinstance(data, str) else data
        return self.cdn.add(self.address, self.snowflake(), name, File(data, **how), size)

    # What happens, and is dispatched.

    @contextmanager
    def withhold(self) -> Generator[None]:
        """Tell the bot nothing of what happens in the meantime."""
        before, self._withheld = self._withheld, True
        try:
            yield
        finally:
            self._withheld = before

    def dispatch(self, event: str, payload: Payload, guild: Guild) -> None:
        """Tell the bot of something, if it is in that server, which has no outage, and nothing is withheld."""
        there = guild is self.direct or self.guilds.get(guild.id) is guild
        if there and not guild.down and not self._withheld:
            self.gateway.dispatch(event, payload, guild)

    def tell(self, event: str, channel: Channel, payload: Payload) -> None:
        """Tell the bot of something in a channel that it may view."""
        if not channel.hidden:
            where: Payload = {} if channel.recipient else {"guild_id": str(channel.guild.id)}
            self.dispatch(event, payload | where, channel.guild)

    def _tell(self, event: str, message: Message) -> None:
        if not message.flags & EPHEMERAL:
            channel = message.channel
            member: Payload = {} if channel.recipient else {"member": channel.guild.member(message.author)}
            self.tell(event, channel, message.payload() | member)

    async def post(
        self,
        channel: Channel,
        author: User,
        content: str = "",
        reply_to: Message | None = None,
        key: int = 0,
        **fields: Any,
    ) -> Message:
        """Somebody writes, which brings an archived thread back; `fields` are embeds, components, attachments."""
        message = Message(key or self.snowflake(), channel, author, content, reply_to, fields=fields)
        self.messages[message.id] = message
        if not message.flags & EPHEMERAL:
            channel.messages[message.id] = message
            channel.last_message_id = message.id
            if channel.archived:
                await self.unarchive(channel)
        self._tell("MESSAGE_CREATE", message)
        return message

    async def edit(self, message: Message, content: str | None = None, **fields: Any) -> None:
        """A message is changed by its author."""
        message.content = message.content if content is None else content
        message.fields |= fields | {"edited_timestamp": self.clock().isoformat()}
        self._tell("MESSAGE_UPDATE", message)

    async def preview(self, message: Message, **embed: Any) -> None:
        """Discord unfurls a link of a message, which arrives as an update but is not an edit."""
        message.fields["embeds"] = [{"type": "article", "title": "A page", **embed}]
        self._tell("MESSAGE_UPDATE", message)

    async def delete(self, message: Message) -> None:
        """A message is deleted."""
        self._forget(message)
        self._tell("MESSAGE_DELETE", message)

    async def purge(self, messages: Sequence[Message]) -> None:
        """Messages of one channel are deleted in bulk."""
        for message in messages:
            self._forget(message)
        channel = messages[0].channel
        told = {"ids": [str(one.id) for one in messages], "channel_id": str(channel.id)}
        self.tell("MESSAGE_DELETE_BULK", channel, told)

    def _forget(self, message: Message) -> None:
        message.deleted = True
        message.channel.messages.pop(message.id, None)

    async def open_thread(
        self,
        channel: Channel,
        name: str,
        starter: Message | None = None,
        *,
        author: User | None = None,
        content: str = "",
        private: bool = False,
        announced: bool = True,
    ) -> Channel:
        """Somebody opens a thread from a message, whose id it gets, or in a forum with a first message of that id.

        If it is not `announced`, `announce` tells the bot later.
        """
        kind = PRIVATE_THREAD if private else THREAD
        thread = self.add_channel(channel.guild, name, channel, kind=kind, key=starter.id if starter else 0)
        if announced:
            await self.announce(thread)
        if starter is not None:
            starter.fields |= {"flags": starter.flags | HAS_THREAD, "thread": thread.payload()}
            self._tell("MESSAGE_UPDATE", starter)
            await self.post(thread, starter.author, reply_to=starter, type=STARTER)
        if channel.kind == FORUM and author is not None:
            await self.post(thread, author, content, key=thread.id)
        return thread

    async def announce(self, thread: Channel) -> None:
        """The bot is told that a thread has been opened."""
        self.tell("THREAD_CREATE", thread, thread.payload() | {"newly_created": True})

    async def archive(self, thread: Channel, *, locked: bool = False) -> None:
        """A thread is archived: it leaves the list, and nothing in it can be changed until somebody writes."""
        thread.archived, thread.locked, thread.archived_at = True, locked, self.clock().isoformat()
        self.tell("THREAD_UPDATE", thread, thread.payload())

    async def unarchive(self, thread: Channel) -> None:
        """A thread is brought back."""
        thread.archived, thread.locked, thread.archived_at = False, False, self.clock().isoformat()
        self.tell("THREAD_UPDATE", thread, thread.payload())

    async def create_channel(self, guild: Guild, name: str, *, kind: int = TEXT) -> Channel:
        """A channel is made."""
        channel = self.add_channel(guild, name, kind=kind)
        self.tell("CHANNEL_CREATE", channel, channel.payload())
        return channel

    async def rename(self, channel: Channel, name: str) -> None:
        """A channel or thread gets another name."""
        channel.name = name
        self.tell("THREAD_UPDATE" if channel.parent else "CHANNEL_UPDATE", channel, channel.payload())

    async def remove(self, channel: Channel) -> None:
        """A channel is deleted with its threads and messages."""
        for thread in [one for one in channel.guild.channels if one.parent is channel]:
            await self.remove(thread)
        for message in list(channel.messages.values()):
            self._forget(message)
        self.channels.pop(channel.id, None)
        if channel in channel.guild.channels:
            channel.guild.channels.remove(channel)
        self.tell("THREAD_DELETE" if channel.parent else "CHANNEL_DELETE", channel, channel.payload())

    async def deny(self, channel: Channel, **permissions: bool) -> None:
        """A permission, by discord.py's name, is taken from everybody in a channel, or with False given back."""
        was_hidden = channel.hidden
        for name, taken in permissions.items():
            flag = Permissions(**{name: True}).value
            channel.denied = channel.denied | flag if taken else channel.denied & ~flag
        # Dispatched even if little of it may be seen: without its name if it is hidden now.
        self.dispatch("CHANNEL_UPDATE", channel.payload(), channel.guild)
        if was_hidden and not channel.hidden:
            threads = [
                one.payload() for one in channel.guild.channels if one.parent is channel and not one.archived
            ]
            told = {"channel_ids": [str(channel.id)], "threads": threads, "members": []}
            self.tell("THREAD_LIST_SYNC", channel, told)

    async def hide(self, channel: Channel) -> None:
        """The bot may no longer view a channel: it gets no name and no events of it."""
        await self.deny(channel, view_channel=True)

    async def show(self, channel: Channel) -> None:
        """The bot may view a channel again."""
        await self.deny(channel, view_channel=False)

    async def grant(self, guild: Guild, role: Role | None = None, **permissions: bool) -> None:
        """A role, or @everyone, gets permissions by discord.py's names, or with False loses them."""
        told = Role(guild.id, "@everyone", guild.everybody) if role is None else role
        told.permissions.update(**permissions)
        self.dispatch("GUILD_ROLE_UPDATE", {"guild_id": str(guild.id), "role": told.payload()}, guild)

    async def drop_role(self, guild: Guild, role: Role) -> None:
        """A role is deleted; no event names the members who had it."""
        del guild.roles[role]
        self.dispatch("GUILD_ROLE_DELETE", {"guild_id": str(guild.id), "role_id": str(role.id)}, guild)

    async def outage(self, guild: Guild) -> None:
        """A server becomes unavailable: it sends no events, and requests to it are answered with a 503."""
        self.dispatch("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, guild)
        guild.down = True

    async def arrive(self, guild: Guild) -> None:
        """A server that was late or had an outage becomes available."""
        guild.late = guild.down = False
        self.dispatch("GUILD_CREATE", guild.payload(self.bot) | {"unavailable": False}, guild)

    async def leave(self, guild: Guild) -> None:
        """The bot is sent away from a server."""
        self.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild)
        del self.guilds[guild.id]

    async def join(self, guild: Guild) -> None:
        """The bot is invited to a server, perhaps again."""
        guild.joined_at = self.clock().isoformat()
        self.guilds[guild.id] = guild
        self.dispatch("GUILD_CREATE", guild.payload(self.bot), guild)

    async def part(self, guild: Guild, user: User) -> None:
        """A member leaves a server; a bot without the members intent is not told."""
        guild.gone.add(user)
