"""Replies on drafts, below the draft or by direct message: sent, and taken down again."""

from __future__ import annotations

import logging
from typing import Any

import discord

from coach.settings import NudgeWhere
from cogs.support.bot import SquareDeal
from cogs.support.refusals import NO_ANSWER, Refusal, described, meaning, permission

log = logging.getLogger(__name__)

OLD_SIGNS_AT_ONCE = 50
"""Signs of erased drafts that are taken off in one go: each takes a request, and new drafts come first."""


async def say(
    bot: SquareDeal,
    message: discord.Message,
    author: discord.Member | discord.User,
    where: NudgeWhere,
    parts: dict[str, Any],
    *,
    at: discord.Message | discord.PartialMessage | None = None,
    comeback: bool = False,
) -> Refusal | None:
    """Send a reply on a draft that is on record as begun.

    Args:
        bot: the bot.
        message: the draft, in a server.
        author: who wrote it: of a message that an application posted for somebody, not its own author.
        where: "dm", or else as a silent reply.
        parts: what to say, as arguments of `send`.
        at: the message in which the draft stands, if an application has posted it again.
        comeback: whether it is the reminder to come back and answer.

    Returns:
        Why it was not sent, which is logged, and whoever has to know is told; None if it was sent. After
        `Refusal.PASSING` it may stand there all the same.
    """
    assert message.guild is not None  # noqa: S101
    replies, at = bot.coach.replies, at or message
    try:
        if where == "dm":
            sent = await author.send(**parts, silent=True)
        else:
            sent = await at.reply(**parts, mention_author=False, silent=True)
            bot.note_granted(message.channel.id, _to_send(message))
    except NO_ANSWER as error:
        await _refused(bot, message, author, where, error)
        return meaning(error)
    # If the matter was settled while it was being sent, there was nothing to take down yet.
    if not await replies.note_sent(at.id, sent.channel.id, sent.id, comeback=comeback) and await _delete(
        bot, sent.channel.id, sent.id
    ):
        await replies.note_taken_down(at.id, comeback=comeback)
    return None


async def take_down(bot: SquareDeal, guild_id: int) -> None:
    """Delete what the bot said in a server about drafts that are gone and questions that are settled."""
    replies = bot.coach.replies
    # One at a time: the events of many deletions would each delete what the others are deleting.
    async with bot.taking_down[guild_id]:
        for reply in await replies.to_take_down(guild_id):
            channel_id, reply_id = reply.channel_id, reply.reply_id
            if channel_id is None or reply_id is None or await _delete(bot, channel_id, reply_id):
                await replies.note_taken_down(reply.message_id, comeback=reply.says == "comeback")


async def take_down_everywhere(bot: SquareDeal) -> None:
    """Take down what could not be taken down before."""
    for guild_id in await bot.coach.replies.servers_to_take_down_in():
        if bot.get_guild(guild_id) is not None:
            await take_down(bot, guild_id)


async def take_off_old_signs(bot: SquareDeal) -> None:
    """Take some of the signs of erased drafts off; the rest follows the next time."""
    for _ in range(min(OLD_SIGNS_AT_ONCE, len(bot.old_signs))):
        old = bot.old_signs[0]
        channel = bot.get_partial_messageable(old.channel_id, guild_id=old.guild_id)
        sign = {bot.settings.reactions.of(old.label)} if old.label is not None else set[str]()
        await bot.signs.mend(old.guild_id, channel.get_partial_message(old.message_id), sign)
        if bot.signs.waits(old.message_id):
            return  # Discord has trouble, which may go on.
        bot.old_signs.popleft()


async def _delete(bot: SquareDeal, channel_id: int, reply_id: int) -> bool:
    """Delete a message of the bot's; False if that is to be tried again."""
    try:
        await bot.get_partial_messageable(channel_id).get_partial_message(reply_id).delete()
    except NO_ANSWER as error:
        what = meaning(error)
        if what is not Refusal.GONE:
            log.warning("reply %s cannot be taken down: %s", reply_id, described(error))
        return what is not Refusal.PASSING
    return True


async def _refused(
    bot: SquareDeal,
    message: discord.Message,
    author: discord.Member | discord.User,
    where: NudgeWhere,
    error: BaseException,
) -> None:
    match meaning(error):
        case Refusal.GONE:
            return  # The draft has been deleted since.
        case Refusal.PERSON if where == "dm" and message.guild is not None:
            await bot.coach.choices.note_dm_refused(message.guild.id, author.id)
        case Refusal.PERMISSION if where != "dm":
            await bot.report_missing(message.channel, permission(error, _to_send(message)))
        case _:
            pass
    log.warning("message %s: no reply possible: %s", message.id, described(error))


def _to_send(message: discord.Message) -> str:
    """The permission that a reply needs."""
    return "Send Messages in Threads" if isinstance(message.channel, discord.Thread) else "Send Messages"
