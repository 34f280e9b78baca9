"""What the coach needs to know of a Discord message: its words and the facts that decide whether it is a draft."""

from __future__ import annotations

import codecs
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

import discord

from coach.intake.drafts import ATTACHMENT_LIMIT, Message, escaped, is_for_answers
from coach.text import URL, has_words

COMMANDS = frozenset(
    (
        "about",
        "account",
        "balance",
        "check",
        "help",
        "history",
        "import",
        "nudges",
        "privacy",
        "setup",
        "summary",
        "target",
        "team",
        "timezone",
        "tip",
        "why",
    )
)
"""The bot's slash commands, to know one that arrives as text."""

_FOR_NOW = frozenset({408, 425, 429})
"""Refusals of Discord's file server that are worth another try."""

_SHORTEST_POST = 60
"""A text behind `//` is taken for a post if it has at least this many characters."""

_SLASHED = re.compile(r"\s*[/／](\w+)(?![\w/])")


async def message_facts(
    message: discord.Message, bot_id: int, may_read: Callable[[Message], Awaitable[bool]]
) -> Message:
    """The facts of a message in a server.

    Args:
        message: the message.
        bot_id: the bot's own user id, to know what is said to it.
        may_read: whether a message may be read, by all but its attachments; asked before one of those is fetched.

    Raises:
        discord.HTTPException, aiohttp.ClientError: its text attachment cannot be read for now.
    """
    channel, replies_to = message.channel, _replied_to(message)
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
        replies_to=replies_to,
        to_bot=message.content.lstrip().startswith(mentions_of(message, bot_id)) or slashed(message) is not None,
        edited_at=message.edited_at,
        answering=is_answering(message),
        tags=tags_of(channel),
        continues=message.reference.message_id
        if message.reference is not None and replies_to == message.author.id
        else None,
        application_id=message.application_id if message.webhook_id else None,
    )
    if not message.attachments or not await may_read(seen):
        return seen
    return replace(seen, text=await draft_text(message))


async def draft_text(message: discord.Message) -> str:
    """A message's words: its text, then those of its text files, in order and up to `ATTACHMENT_LIMIT` bytes.

    A text without words is left out if a file has some. The files of an escaped message are not fetched.

    Raises:
        discord.HTTPException, aiohttp.ClientError: an attachment cannot be read for now.
    """
    if not message.attachments:
        return message.content
    texts = [message.content] if has_words(message.content) else []
    room = ATTACHMENT_LIMIT - len(message.content.encode("utf-8", "replace"))
    for attachment in message.attachments:
        if escaped(message.content):
            break
        if not _is_text(attachment) or attachment.size > room:
            continue
        try:
            data = await attachment.read()
        except discord.HTTPException as error:
            if error.status in _FOR_NOW or error.status >= 500:
                raise
            continue  # It is gone, or can't be read for another reason that lasts.
        text = _decoded(data[:room])
        if has_words(text):
            texts.append(text)
            room -= len(data)
    return "\n\n".join(texts) or message.content


def is_answering(message: discord.Message) -> bool:
    """Whether a message is in a place for answers, by the name of its channel or thread or by what it replies to.

    The latter is a post that its author put there to answer: a forward, an address alone, or a text behind `//`.
    """
    if is_place_for_answers(message.channel):
        return True
    above = message.reference.resolved if message.reference is not None else None
    if not isinstance(above, discord.Message) or above.author.id != message.author.id:
        return False
    # A picture may belong to the draft below it, and a short remark may announce that draft.
    is_post = escaped(above.content) and len(above.content) >= _SHORTEST_POST
    return above.flags.forwarded or is_post or URL.fullmatch(above.content.strip(" <>\n")) is not None


def is_place_for_answers(channel: object) -> bool:
    """Whether a channel, or the one that a thread belongs to, is for answers, by its name."""
    places = [channel, channel.parent] if isinstance(channel, discord.Thread) else [channel]
    return any(is_for_answers(getattr(place, "name", "")) for place in places)


def tags_of(channel: object) -> tuple[int, ...] | None:
    """The tags of a forum post in Discord's order; None for anything else."""
    if not isinstance(channel, discord.Thread) or not isinstance(channel.parent, discord.ForumChannel):
        return None
    return tuple(tag.id for tag in channel.applied_tags)


def _is_text(attachment: discord.Attachment) -> bool:
    return (attachment.content_type or "").startswith("text/")


def mentions_of(message: discord.Message, bot_id: int) -> tuple[str, ...]:
    """How the bot is spoken to in a message's server: by its name, or by the role that it came with."""
    role = message.guild.self_role if message.guild is not None else None
    named = (f"<@{bot_id}>", f"<@!{bot_id}>")
    return (*named, f"<@&{role.id}>") if role is not None else named


def slashed(message: discord.Message) -> str | None:
    """The slash command that a message begins with as plain text; None if it begins with none."""
    found = _SLASHED.match(message.content)
    name = found[1].lower() if found else ""
    return name if name in COMMANDS else None


def _decoded(data: bytes) -> str:
    """A text file's words: UTF-8, or UTF-16 if it begins with that one's mark; a mark is no part of the words."""
    utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data.decode("utf-16" if utf_16 else "utf-8-sig", "replace")


def _replied_to(message: discord.Message) -> int | None:
    """Whose message this one replies to; 0 if that message is gone, None if this is no reply."""
    if message.type is not discord.MessageType.reply or message.reference is None:
        return None
    resolved = message.reference.resolved
    return resolved.author.id if isinstance(resolved, discord.Message) else 0


def channel_in(guild: discord.Guild, channel_id: int, client: discord.Client) -> discord.abc.Messageable:
    """A channel or thread of a server by its id, even if Discord has not shown it."""
    channel = guild.get_channel_or_thread(channel_id)
    if isinstance(channel, discord.abc.Messageable):
        return channel
    return client.get_partial_messageable(channel_id, guild_id=guild.id)
