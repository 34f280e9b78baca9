"""The first words of drafts, read from their channels for one answer and kept nowhere."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable

import discord

from coach.store import StoredDraft
from coach.text import cut, quoted
from cogs.support.bot import SquareDeal
from cogs.support.refusals import NO_ANSWER, described

log = logging.getLogger(__name__)

MOST_REQUESTS = 5
"""Requests for one answer; each shows 100 messages of a channel."""

SECONDS = 2.0
"""How long an answer waits for words; what has not come by then is left out."""

PAGE = 100
"""Messages in one request: Discord gives no more."""

MOST_CHARACTERS = 80


async def first_words(bot: SquareDeal, drafts: Iterable[StoredDraft]) -> dict[int, str]:
    """The first words of drafts by message id; those that can't be read, or not in time, are left out."""
    found: dict[int, str] = {}
    channels: dict[int, list[StoredDraft]] = {}
    for draft in drafts:
        channels.setdefault(draft.channel_id, []).append(draft)
    left = iter(range(MOST_REQUESTS))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SECONDS):
            await asyncio.gather(*(_read(bot, wanted, left, found) for wanted in channels.values()))
    return found


async def _read(bot: SquareDeal, wanted: list[StoredDraft], left: Iterable[int], found: dict[int, str]) -> None:
    """Read a channel back from the newest of its drafts, until all are found or there were enough requests."""
    channel = bot.get_partial_messageable(wanted[0].channel_id, guild_id=wanted[0].guild_id)
    for _ in left:
        newest = max(draft.message_id for draft in wanted)
        seen: set[int] = set()
        try:
            async with bot.looking:
                async for message in channel.history(limit=PAGE, before=discord.Object(newest + 1)):
                    seen.add(message.id)
                    found[message.id] = words_of(message)
        except NO_ANSWER as error:
            log.info("channel %s: no first words: %s", channel.id, described(error))
            return
        # One that should have been shown and was not is gone, or may not be read.
        wanted = [draft for draft in wanted if draft.message_id not in seen and draft.message_id != newest]
        if not wanted:
            return


def words_of(message: discord.Message) -> str:
    """The first words of a message, or the name of the file that it has instead; may be empty."""
    files = [attachment.filename for attachment in message.attachments]
    return cut(quoted(message.content) or quoted(" ".join(files)), MOST_CHARACTERS)
