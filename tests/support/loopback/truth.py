"""What exists on the loopback Discord: people, servers, channels and messages, and their JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from discord import Permissions
from discord.utils import snowflake_time

Payload = dict[str, Any]

# Discord's numbers: kinds of channels, flags of messages and channels.
TEXT, DIRECT, THREAD, PRIVATE_THREAD, FORUM = 0, 1, 11, 12, 15
EPHEMERAL, LOADING = 1 << 6, 1 << 7
OBFUSCATED = 1 << 17

NAMES = "view_channel read_message_history send_messages send_messages_in_threads add_reactions embed_links"
EVERYBODY_MAY = str(Permissions(**dict.fromkeys([*NAMES.split(), "attach_files"], True)).value)
LONG_AGO = "2026-01-01T00:00:00+00:00"
MEMBER: Payload = {"roles": [], "joined_at": LONG_AGO, "deaf": False, "mute": False, "flags": 0}


@dataclass(eq=False, slots=True)
class User:
    """A person or bot, a member of each server they have not left.

    `dms` is false if they accept no direct messages from the bot, `blocks` true if they have blocked it.
    """

    id: int
    name: str
    bot: bool = False
    dms: bool = True
    blocks: bool = False

    def payload(self) -> Payload:
        return {"id": str(self.id), "username": self.name, "discriminator": "0", "avatar": None, "bot": self.bot}

    def member(self) -> Payload:
        return MEMBER | {"user": self.payload(), "permissions": EVERYBODY_MAY}


@dataclass(eq=False, slots=True)
class Role:
    """A role of a server; the one that came with the bot has the bot's id in its tags."""

    id: int
    name: str
    permissions: Permissions
    of_bot: User | None = None

    def payload(self) -> Payload:
        tags: Payload = {"tags": {"bot_id": str(self.of_bot.id)}} if self.of_bot else {}
        told = {"id": str(self.id), "name": self.name, "position": 1, "permissions": str(self.permissions.value)}
        return told | tags | {"managed": self.of_bot is not None}


@dataclass(eq=False, slots=True)
class Guild:
    """A server with its channels, threads and roles.

    `late` servers are announced as unavailable when a session begins, and arrive when told to; one that is `down`
    has an outage. `roles` are what its members have besides @everyone, `gone` are those who have left.
    """

    id: int
    name: str
    channels: list[Channel] = field(default_factory=list["Channel"])
    late: bool = False
    down: bool = False
    joined_at: str = LONG_AGO
    everybody: Permissions = field(default_factory=lambda: Permissions(int(EVERYBODY_MAY)))
    roles: dict[Role, set[User]] = field(default_factory=dict["Role", set["User"]])
    gone: set[User] = field(default_factory=set[User])

    def payload(self, bot: User) -> Payload:
        """As GUILD_CREATE has it for a bot without the members intent."""
        everybody = Role(self.id, "@everyone", self.everybody).payload() | {"position": 0}
        return {
            **{"id": str(self.id), "name": self.name, "owner_id": "1", "member_count": 100},
            **{"roles": [everybody, *(role.payload() for role in self.roles)], "members": [self.member(bot)]},
            **{"joined_at": self.joined_at, "preferred_locale": "en-US"},
            "channels": [one.payload() for one in self.channels if one.parent is None],
            "threads": [one.payload() for one in self.channels if one.is_shown and not one.archived],
        }

    def member(self, user: User) -> Payload:
        """A member with their roles; the bot came when it was invited."""
        roles = [str(role.id) for role, having in self.roles.items() if user in having]
        joined = {"joined_at": self.joined_at} if user.bot else {}
        return user.member() | {"roles": roles, "permissions": str(self.allows(user).value)} | joined

    def allows(self, user: User) -> Permissions:
        """What a member may do by their roles, before a channel says otherwise."""
        everything = self.everybody
        for role, having in self.roles.items():
            if user in having:
                everything |= role.permissions
        return Permissions.all() if everything.administrator else everything


@dataclass(eq=False, slots=True)
class Channel:
    """A channel, a thread if it has a parent, or the direct messages of a recipient.

    `denied` are permissions that nobody has here, `messages` those that are not deleted, oldest first. A thread
    may be archived, since `archived_at`, and locked.
    """

    id: int
    name: str
    guild: Guild
    parent: Channel | None = None
    denied: int = 0
    messages: dict[int, Message] = field(default_factory=dict[int, "Message"])
    kind: int = TEXT
    recipient: User | None = None
    archived: bool = False
    locked: bool = False
    archived_at: str = LONG_AGO
    last_message_id: int | None = None

    @property
    def hidden(self) -> bool:
        """Whether it is shown to nobody."""
        return bool((self.parent or self).denied & Permissions.view_channel.flag)

    @property
    def is_shown(self) -> bool:
        """Whether it is a thread that the bot may see."""
        return self.parent is not None and not self.hidden

    def allows(self, user: User) -> Permissions:
        """What somebody may do here."""
        if self.recipient is not None:
            return Permissions(int(EVERYBODY_MAY))
        may = self.guild.allows(user)
        return may if may.administrator else Permissions(may.value & ~(self.parent or self).denied)

    def payload(self) -> Payload:
        """As Discord has it; a channel that the bot may not view comes without its name and last message."""
        if self.recipient is not None:
            last = {"last_message_id": self.last_message_id and str(self.last_message_id)}
            return {"id": str(self.id), "type": DIRECT, "recipients": [self.recipient.payload()], **last}
        last = max(self.last_message_id or 0, next(reversed(self.messages), 0))
        told: Payload = {
            **{"id": str(self.id), "name": self.name, "guild_id": str(self.guild.id), "flags": 0},
            **{"type": self.kind, "parent_id": self.parent and str(self.parent.id)},
            "last_message_id": str(last) if last else None,
        }
        if self.parent is not None:
            times = {"archive_timestamp": self.archived_at, "auto_archive_duration": 1440}
            told["thread_metadata"] = {"archived": self.archived, "locked": self.locked, **times}
            return told | {"owner_id": "1", "message_count": len(self.messages), "member_count": 1}
        denied = {"id": str(self.guild.id), "type": 0, "allow": "0", "deny": str(self.denied)}
        told |= {"position": 0, "permission_overwrites": [denied]}
        if self.kind == FORUM:
            told |= {"available_tags": [], "default_reaction_emoji": None}
        if self.hidden:
            told |= {"name": "___hidden___", "last_message_id": None, "flags": OBFUSCATED}
        return told

    def page(self, limit: int, before: int | None, after: int | None) -> list[Message]:
        """A page of messages, the newest first whichever way it is asked for, as Discord has it."""
        if after is not None:
            return [one for one in self.messages.values() if one.id > after][:limit][::-1]
        return [one for one in self.messages.values() if before is None or one.id < before][-limit:][::-1]


@dataclass(eq=False, slots=True)
class Message:
    """A message and what became of it; `reactions` are the bot's own, `fields` what else Discord says about it."""

    id: int
    channel: Channel
    author: User
    content: str
    reply_to: Message | None = None
    deleted: bool = False
    reactions: list[str] = field(default_factory=list[str])
    fields: Payload = field(default_factory=Payload)

    @property
    def flags(self) -> int:
        return self.fields.get("flags", 0)

    def payload(self) -> Payload:
        result: Payload = {
            **{"id": str(self.id), "channel_id": str(self.channel.id), "author": self.author.payload(), "type": 0},
            **{"content": self.content, "timestamp": snowflake_time(self.id).isoformat(), "flags": 0},
            **{"tts": False, "pinned": False, "mention_everyone": False, "mentions": [], "mention_roles": []},
            **{"edited_timestamp": None, "attachments": [], "embeds": [], "components": []},
            "reactions": [
                {"emoji": {"id": None, "name": sign}, "count": 1, "me": True} for sign in self.reactions
            ],
        }
        if (to := self.reply_to) is not None:
            where = {"channel_id": str(to.channel.id), "guild_id": str(to.channel.guild.id)}
            result |= {"type": 19, "message_reference": {"message_id": str(to.id), **where}}
            result["referenced_message"] = None if to.deleted else to.payload()
        return result | self.fields
