"""What the coach needs to know of a Discord message: its words and the facts that decide whether it is a draft."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import discord

from coach.drafts import ATTACHMENT_LIMIT, Message, has_words


async def facts(message: discord.Message, bot_id: int, may_read: Callable[[Message], Awaitable[bool]]) -> Message:
    """The facts of a message in a server.

    Args:
        message: the message.
        bot_id: the bot's own user id, to know what is said to it.
        may_read: whether a message may be read, by all but its attachments; asked before one of those is fetched.

    Raises:
        discord.HTTPException, aiohttp.ClientError: its text attachment cannot be read for now.
    """
    channel = message.channel
    assert message.guild is not None  # noqa: S101
    seen = Message(
        message_id=message.id,
        guild_id=message.guild.id,
        channel_id=channel.id,
        parent_id=channel.parent_id if isinstance(channel, discord.Thread) else None,
        author_id=message.author.id,
        posted_at=message.created_at,
        text=message.content,
        by_person=not (message.author.bot or message.webhook_id or message.is_system()),
        forwarded=message.flags.forwarded,
        replies_to=_replied_to(message),
        to_bot=message.content.lstrip().startswith((f"<@{bot_id}>", f"<@!{bot_id}>")),
        edited_at=message.edited_at,
    )
    if not message.attachments or not await may_read(seen):
        return seen
    return replace(seen, text=await draft_text(message))


async def draft_text(message: discord.Message) -> str:
    """A message's words: its text, else its text attachment's.

    Raises:
        discord.HTTPException, aiohttp.ClientError: the attachment cannot be read for now.
    """
    if has_words(message.content):
        return message.content
    for attachment in message.attachments:
        if (attachment.content_type or "").startswith("text/") and attachment.size <= ATTACHMENT_LIMIT:
            try:
                # Some editors begin a file with a byte-order mark, which is no part of the words.
                return (await attachment.read()).decode("utf-8-sig", "replace")
            except (discord.NotFound, discord.Forbidden):
                break  # It was taken away.
    return message.content


def _replied_to(message: discord.Message) -> int | None:
    """Whose message this one replies to; 0 where that message is gone, None where it is no reply."""
    if message.type is not discord.MessageType.reply or message.reference is None:
        return None
    resolved = message.reference.resolved
    return resolved.author.id if isinstance(resolved, discord.Message) else 0
