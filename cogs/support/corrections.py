"""The one way from a button, the message menu or /history to a draft's new label."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any

import discord

from coach.corrections import Change
from coach.labels import Label
from coach.store import Corrected, StoredDraft
from cogs.support.answers import manages
from cogs.support.bot import SquareDeal
from cogs.support.messages import draft_text
from cogs.support.refusals import NO_ANSWER, described
from cogs.support.replies import take_down

log = logging.getLogger(__name__)


async def correct(
    interaction: discord.Interaction[Any],
    message_id: int,
    wanted: Label | Change,
    *,
    guild_id: int | None = None,
    message: discord.Message | None = None,
    by_reply: bool = False,
) -> Corrected | None:
    """Change a draft's label for somebody, if they may; the answer may then take longer than three seconds.

    Args:
        interaction: their click or choice, not answered yet.
        message_id: the draft.
        wanted: a label, or what else to do.
        guild_id: its server; None if it is the one of the interaction, or of the bot's reply on the draft.
        message: the draft, if it is at hand: then those who manage the server may do it too, else only its author.
        by_reply: whether a button on the bot's reply does it: the reply then stays, with what came of it.

    Returns:
        What there is to show; None if a later click for this draft came in meanwhile, which counts instead.

    Raises:
        Refused: it is no draft, or not theirs.
    """
    bot: SquareDeal = interaction.client
    corrections, actor = bot.coach.corrections, interaction.user
    if isinstance(wanted, Label):
        bot.clicks.note(message_id, interaction.id)
    # A direct message is in no server.
    guild_id = guild_id or interaction.guild_id or await bot.coach.replies.guild_of(message_id)
    draft = await corrections.find(
        guild_id, message_id, actor.id, manages=manages(actor), author_only=message is None
    )
    await interaction.response.defer(ephemeral=True)
    text = None
    if await corrections.teaches(draft, wanted, actor.id):
        text = await text_of(bot, draft, message)
    if isinstance(wanted, Label) and not bot.clicks.is_last(message_id, interaction.id):
        return None
    if by_reply:
        await bot.coach.replies.note_answered(message_id)
    change = change_id(interaction)
    return await corrections.change(draft, wanted, actor.id, text, change=change, by_reply=by_reply)


def change_id(interaction: discord.Interaction[Any]) -> str:
    """What a change that a click or choice makes is called, to undo it by."""
    return f"click-{interaction.id}"


async def undo(
    interaction: discord.Interaction[Any],
    guild_id: int,
    message_id: int,
    change: str,
    *,
    author_only: bool,
    by_reply: bool = False,
) -> StoredDraft:
    """Undo a change for somebody, if they may, and nothing else has been done since; not answered yet.

    Args:
        interaction: their click.
        guild_id: the server.
        message_id: the draft.
        change: what the change is called.
        author_only: whether only the draft's author may.
        by_reply: whether a button on the bot's reply does it.

    Returns:
        The draft as it is again.

    Raises:
        Refused: it is no draft, not theirs, or there is nothing to undo.
    """
    bot: SquareDeal = interaction.client
    corrections, actor = bot.coach.corrections, interaction.user
    may_manage = manages(actor) and interaction.guild_id == guild_id
    draft = await corrections.find(guild_id, message_id, actor.id, manages=may_manage, author_only=author_only)
    await interaction.response.defer(ephemeral=True)
    bot.clicks.note(message_id, interaction.id)
    await corrections.undo(draft, change, by_reply=by_reply)
    return await corrections.find(guild_id, message_id, actor.id, manages=may_manage)


async def show(
    bot: SquareDeal, draft: StoredDraft, answer: Awaitable[object], message: discord.Message | None = None
) -> None:
    """Answer a correction and make the sign agree; the change is on record, and neither waits for the other.

    Args:
        bot: the bot.
        draft: the draft.
        answer: sends the answer, which may not get through.
        message: the draft's message, if it is at hand.
    """
    await asyncio.gather(answer, mend(bot, draft, message))
    await take_down(bot, draft.guild_id)
    # If it is a part of a thread, the other parts follow.
    bot.dispatch("threads_changed", draft.guild_id)


async def mend(bot: SquareDeal, draft: StoredDraft, message: discord.Message | None = None) -> None:
    """Make the sign on a draft agree with the record."""
    channel = bot.get_partial_messageable(draft.channel_id, guild_id=draft.guild_id)
    await bot.signs.mend(draft.guild_id, message or channel.get_partial_message(draft.message_id))


async def text_of(bot: SquareDeal, draft: StoredDraft, message: discord.Message | None = None) -> str | None:
    """A draft's text, from its message if that is at hand, else from Discord; None if Discord does not give it."""
    try:
        if message is None:
            channel = bot.get_partial_messageable(draft.channel_id, guild_id=draft.guild_id)
            message = await channel.fetch_message(draft.message_id)
        return await draft_text(message)
    except NO_ANSWER as error:
        # The correction stands all the same; there is only nothing to learn from.
        log.info("message %s: its text cannot be had: %s", draft.message_id, described(error))
        return None
