"""Introductions as Discord shows them: where a server's greeting goes, and how a member's welcome gets to them."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import discord

from coach import wording_arrival
from cogs.support.answers import shown_name
from cogs.support.bot import SquareDeal
from cogs.support.permissions import missing
from cogs.support.refusals import NO_ANSWER, Refusal, described, meaning
from cogs.support.replies import say

log = logging.getLogger(__name__)


async def greet(bot: SquareDeal, guild: discord.Guild) -> None:
    """Say in a server that the bot has just joined what it does, where it may, once."""
    introductions, me = bot.coach.introductions, guild.me
    if not await introductions.greeting_due(guild.id, me.joined_at):
        return
    signs = bot.settings.reactions
    text = wording_arrival.greeting(signs.content, signs.conversation, _next_step(bot, guild))
    for channel in _places(guild):
        try:
            await channel.send(text, silent=True)
        except NO_ANSWER as error:
            log.warning("channel %s: no greeting possible: %s", channel.id, described(error))
            if meaning(error) is Refusal.PASSING:
                return  # It may have been said all the same, and is not to be said twice.
        else:
            return
    await introductions.greeting_not_said(guild.id)


def _next_step(bot: SquareDeal, guild: discord.Guild) -> str:
    """The one thing to do in a server, by what is watched there and what the bot may do."""
    watched = list(bot.watch.channels(guild))
    if not watched:
        return wording_arrival.BEGIN
    ready = [channel for channel in watched if not list(missing(channel, guild.me))]
    return wording_arrival.watched_already(ready[0].mention) if ready else wording_arrival.CHECK


def _places(guild: discord.Guild) -> Iterator[discord.TextChannel]:
    """The channels for a greeting, best first: where Discord greets members, then the others for talk."""
    talk = [one for one in guild.text_channels if not one.is_news() and one != guild.rules_channel]
    first = [guild.system_channel] if guild.system_channel is not None else []
    for channel in dict.fromkeys([*first, *talk]):
        may = channel.permissions_for(guild.me)
        if may.view_channel and may.send_messages:
            yield channel


async def welcome(
    bot: SquareDeal, message: discord.Message, at: discord.Message | discord.PartialMessage
) -> str | None:
    """Tell the author of their first draft by direct message what its sign means.

    Args:
        bot: the bot.
        message: what they wrote.
        at: the message in which the draft stands.

    Returns:
        What is to be said below the draft instead, if Discord refuses the direct message; None if nothing is.
    """
    guild = message.guild
    assert guild is not None  # noqa: S101
    reactions = bot.settings.reactions
    signs, by_author = (reactions.content, reactions.conversation), reactions.by_author
    link = f"[{wording_arrival.YOUR_DRAFT}]({at.jump_url})"
    draft = wording_arrival.draft_in(link, shown_name(guild.name))
    try:
        text = wording_arrival.welcome(signs, draft, by_author=by_author)
        await message.author.send(text, silent=True)
    except discord.HTTPException as error:
        log.info("message %s: no welcome by direct message: %s", message.id, described(error))
        return wording_arrival.welcome(signs, wording_arrival.YOUR_DRAFT, by_author=by_author)
    except NO_ANSWER as error:
        # It may have arrived, and is not to be said twice.
        log.warning("message %s: no answer to a welcome: %s", message.id, described(error))
    return None


async def welcome_below(
    bot: SquareDeal, message: discord.Message, at: discord.Message | discord.PartialMessage, text: str
) -> None:
    """Say a welcome below the draft; it goes with the draft. Arguments as for `welcome`."""
    assert message.guild is not None  # noqa: S101
    replies, author = bot.coach.replies, message.author
    await replies.begin(message.guild.id, at.id, author.id, "word")
    if not await replies.is_wanted(at.id) or await say(bot, message, author, "reply", {"content": text}, at=at):
        await replies.note_taken_down(at.id)
