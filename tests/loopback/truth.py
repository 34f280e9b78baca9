"""What is true on the loopback Discord: people, servers, channels and messages, and how Discord writes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from discord import Permissions
from discord.utils import snowflake_time

Payload = dict[str, Any]

# Discord's numbers: kinds of channels, flags of messages.
TEXT, THREAD = 0, 11
EPHEMERAL, LOADING = 1 << 6, 1 << 7

NAMES = "view_channel read_message_history send_messages send_messages_in_threads add_reactions embed_links"
EVERYBODY_MAY = str(Permissions(**dict.fromkeys([*NAMES.split(), "attach_files"], True)).value)
LONG_AGO = "2026-01-01T00:00:00+00:00"
MEMBER: Payload = {"roles": [], "joined_at": LONG_AGO, "deaf": False, "mute": False, "flags": 0}


@dataclass(eq=False, slots=True)
class User:
    """A person or bot, a member of each server without a role."""

    id: int
    name: str
    bot: bool = False

    def payload(self) -> Payload:
        return {"id": str(self.id), "username": self.name, "discriminator": "0", "avatar": None, "bot": self.bot}

    def member(self) -> Payload:
        return MEMBER | {"user": self.payload(), "permissions": EVERYBODY_MAY}


@dataclass(eq=False, slots=True)
class Guild:
    """A server with its channels and threads."""

    id: int
    name: str
    channels: list[Channel] = field(default_factory=list["Channel"])

    def payload(self, bot: User) -> Payload:
        """As GUILD_CREATE has it for a bot without the members intent."""
        everybody = {"id": str(self.id), "name": "@everyone", "position": 0, "permissions": EVERYBODY_MAY}
        return {
            **{"id": str(self.id), "name": self.name, "owner_id": "1", "member_count": 100},
            **{"roles": [everybody], "members": [bot.member()]},
            "channels": [one.payload() for one in self.channels if one.parent is None],
            "threads": [one.payload() for one in self.channels if one.parent is not None],
        }


@dataclass(eq=False, slots=True)
class Channel:
    """A channel, or a thread where it has a parent.

    `denied` are permissions that nobody has here, `messages` those that are not deleted, oldest first.
    """

    id: int
    name: str
    guild: Guild
    parent: Channel | None = None
    denied: int = 0
    messages: dict[int, Message] = field(default_factory=dict[int, "Message"])

    def payload(self) -> Payload:
        """As Discord has it, save that a channel shows what only a thread has, and the other way round."""
        denied = {"id": str(self.guild.id), "type": 0, "allow": "0", "deny": str(self.denied)}
        return {
            **{"id": str(self.id), "name": self.name, "guild_id": str(self.guild.id), "position": 0},
            **{"type": THREAD if self.parent else TEXT, "parent_id": self.parent and str(self.parent.id)},
            **{"last_message_id": str(next(reversed(self.messages), self.id)), "permission_overwrites": [denied]},
            **{"owner_id": "1", "message_count": len(self.messages), "member_count": 1},
            "thread_metadata": {"archived": False, "archive_timestamp": LONG_AGO, "auto_archive_duration": 1440},
        }

    def sent_as(self, nonce: str) -> Message | None:
        """The message that came with a nonce; Discord knows those of the last minutes."""
        return next((one for one in self.messages.values() if one.fields.get("nonce") == nonce), None)

    def page(self, limit: int, before: int | None, after: int | None) -> list[Message]:
        """A page of messages, the newest first whichever way it is asked for, as Discord has it."""
        if after is not None:
            return [one for one in self.messages.values() if one.id > after][:limit][::-1]
        return [one for one in self.messages.values() if before is None or one.id < before][-limit:][::-1]


@dataclass(eq=False, slots=True)
class Message:
    """A message and what became of it; `reactions` are the bot's own, `fields` what else Discord says of it."""

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
