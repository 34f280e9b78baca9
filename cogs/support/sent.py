"""Messages that are sent once: begun in time, and looked for in their channel if there was no answer."""

from __future__ import annotations

from collections.abc import Callable

import discord

from coach.errors import Hidden
from coach.store import Claim
from cogs.support.bot import SquareDeal

UNKNOWN_MESSAGE = 10008


async def find_sent(
    bot: SquareDeal, guild_id: int, claim: Claim, is_it: Callable[[discord.Message], bool]
) -> discord.Message | None:
    """Look for a message of the bot's that was claimed and got no answer.

    Args:
        bot: the bot.
        guild_id: the server that it is about.
        claim: its claim, with the channel.
        is_it: whether a message of the bot's is the one.

    Returns:
        The message; None if it isn't there, or the channel is gone with all that stood in it.

    Raises:
        Hidden: the bot may not read there, so nobody can say.
        discord.HTTPException, aiohttp.ClientError, OSError: there is no answer for now.
    """
    assert claim.channel_id is not None  # noqa: S101
    guild = bot.get_guild(guild_id)
    known = guild.get_channel_or_thread(claim.channel_id) if guild is not None else None
    if guild is not None and known is not None and not known.permissions_for(guild.me).read_message_history:
        # Discord would show an empty channel.
        await bot.report_missing(known, "Read Message History")
        raise Hidden
    channel = bot.get_partial_messageable(claim.channel_id)
    try:
        async for message in channel.history(after=claim.look_from, limit=None):
            if message.author.id == bot.own_id and is_it(message):
                return message
    except (discord.NotFound, discord.Forbidden) as error:
        if not error.code:
            raise  # A proxy says so, not Discord.
        if isinstance(error, discord.Forbidden):
            raise Hidden from error
    return None


def was_deleted(error: BaseException) -> bool:
    """Whether Discord refuses a new message because an earlier one with the same nonce was sent, and then deleted.

    https://github.com/discord/discord-api-docs/pull/6647: "That we don't try to recreate the message if it was
    created then subsequently deleted is intentional."
    """
    return isinstance(error, discord.NotFound) and error.code == UNKNOWN_MESSAGE
