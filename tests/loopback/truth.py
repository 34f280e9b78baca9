"""What is true on the loopback Discord: people, servers, channels and messages, and how Discord writes them."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from discord import Permissions
from discord.utils import snowflake_time

Payload = dict[str, Any]

# Discord's numbers: kinds of channels, flags of messages, intents.
TEXT, DM, THREAD, FORUM = 0, 1, 11, 15
EPHEMERAL, LOADING = 1 << 6, 1 << 7
GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES = 1, 1 << 9, 1 << 12

NAMES = "view_channel read_message_history send_messages send_messages_in_threads add_reactions embed_links"
EVERYBODY_MAY = Permissions(**dict.fromkeys([*NAMES.split(), "attach_files"], True)).value
MANAGERS_MAY = Permissions(manage_guild=True).value
JOINED = "2026-01-01T00:00:00+00:00"


@dataclass(eq=False, slots=True)
class User:
    """A person or bot; a member of each server, or of its `home` alone."""

    id: int
    name: str
    bot: bool = False
    home: Guild | None = None
    manages: bool = False
    closed_dms: bool = False

    def payload(self) -> Payload:
        return {"id": str(self.id), "username": self.name, "discriminator": "0", "avatar": None, "bot": self.bot}

    def member(self, guild: Guild) -> Payload:
        """What a member object has beside its user."""
        roles = [str(guild.id + 1)] if self.manages else []
        return {"roles": roles, "nick": None, "joined_at": JOINED, "deaf": False, "mute": False, "flags": 0}


@dataclass(eq=False, slots=True)
class Guild:
    """A server with its channels and threads; `id + 1` is the role of those who manage it."""

    id: int
    name: str
    channels: list[Channel] = field(default_factory=list["Channel"])

    def payload(self, bot: User) -> Payload:
        """As GUILD_CREATE has it for a bot without the members intent."""
        roles = [
            {"id": str(self.id + place), "name": name, "position": place, "permissions": str(may), "color": 0}
            for place, (name, may) in enumerate([("@everyone", EVERYBODY_MAY), ("managers", MANAGERS_MAY)])
        ]
        return {
            **{"id": str(self.id), "name": self.name, "owner_id": "1", "member_count": 100, "unavailable": False},
            **{"large": False, "joined_at": JOINED, "roles": roles, "features": [], "emojis": [], "stickers": []},
            "members": [{"user": bot.payload(), **bot.member(self)}],
            "channels": [one.payload(bot) for one in self.channels if one.parent is None],
            "threads": [one.payload(bot) for one in self.channels if one.parent and not one.archived],
        }


@dataclass(eq=False, slots=True)
class Channel:
    """A channel, a thread (with a parent) or a direct conversation (without a server).

    `user` is spoken with, or began the thread; `denied` are permissions that the bot lacks; `ids` are the
    messages that are not deleted, oldest first.
    """

    id: int
    name: str
    kind: int
    guild: Guild | None = None
    parent: Channel | None = None
    user: User | None = None
    archived: datetime | None = None
    denied: int = 0
    ids: list[int] = field(default_factory=list[int])

    def payload(self, bot: User) -> Payload:
        head = {"id": str(self.id), "type": self.kind, "last_message_id": str(self.ids[-1]) if self.ids else None}
        if self.guild is None:
            return head | {"recipients": [self.user.payload()] if self.user else []}
        head |= {"guild_id": str(self.guild.id), "name": self.name}
        if self.parent is None:
            denied = {"id": str(bot.id), "type": 1, "allow": "0", "deny": str(self.denied)}
            return head | {"permission_overwrites": [denied], "position": 0, "parent_id": None}
        since = (self.archived or snowflake_time(self.id)).isoformat()
        state = {"archived": self.archived is not None, "archive_timestamp": since, "auto_archive_duration": 1440}
        head |= {
            "parent_id": str(self.parent.id),
            "owner_id": str((self.user or bot).id),
            "thread_metadata": state,
        }
        return head | {"message_count": len(self.ids), "member_count": 1}

    def bot_may(self, permission: str) -> bool:
        """Whether the bot has a permission here; a thread is as its parent."""
        return not getattr(Permissions((self.parent or self).denied), permission)

    def page(self, limit: int, before: int | None, after: int | None, around: int | None) -> list[int]:
        """Ids of a page of messages, the newest first whichever way it is asked for, as Discord has it."""
        end = len(self.ids) if before is None else bisect.bisect_left(self.ids, before)
        start = max(0, end - limit)
        if around is not None:
            start = max(0, bisect.bisect_left(self.ids, around) - limit // 2)
        elif after is not None:
            start = bisect.bisect_right(self.ids, after)
        return self.ids[start : min(end, start + limit)][::-1]


@dataclass(eq=False, slots=True)
class Message:
    """A message and what became of it; `reactions` are the bot's own, `fields` embeds, components, flags."""

    id: int
    channel: Channel
    author: User
    content: str
    reply_to: Message | None = None
    edited_at: datetime | None = None
    deleted: bool = False
    reactions: list[str] = field(default_factory=list[str])
    fields: Payload = field(default_factory=Payload)

    @property
    def flags(self) -> int:
        return self.fields.get("flags", 0)

    def payload(self, users: dict[int, User], *, nested: bool = False) -> Payload:
        """As REST has it; `nested` in a message that replies to it."""
        named = dict.fromkeys(re.findall(r"<@!?(\d+)>", self.content)) if "<@" in self.content else ()
        result: Payload = {
            **{"id": str(self.id), "channel_id": str(self.channel.id), "author": self.author.payload(), "type": 0},
            **{"content": self.content, "timestamp": snowflake_time(self.id).isoformat(), "flags": 0},
            "edited_timestamp": self.edited_at.isoformat() if self.edited_at else None,
            "mentions": [users[int(key)].payload() for key in named if int(key) in users],
            **{"tts": False, "pinned": False, "mention_everyone": False, "mention_roles": []},
            **{"attachments": [], "embeds": [], "components": []},
        }
        if (to := self.reply_to) is not None:
            guild = {"guild_id": str(to.channel.guild.id)} if to.channel.guild else {}
            reference = {"message_id": str(to.id), "channel_id": str(to.channel.id), **guild}
            result |= {"type": 19, "message_reference": reference}
            if not nested:
                result["referenced_message"] = None if to.deleted else to.payload(users, nested=True)
        if self.reactions:
            emojis = [{"id": None, "name": sign} for sign in self.reactions]
            result["reactions"] = [{"emoji": emoji, "count": 1, "me": True} for emoji in emojis]
        return result | self.fields
