"""Who may view what: the channels that a summary must leave out for those who read it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace

import discord
from discord.abc import GuildChannel

from coach.store import KnownChannel
from cogs.support.bot import SquareDeal
from cogs.support.refusals import NO_ANSWER

log = logging.getLogger(__name__)

SECONDS_TO_ASK = 10.0
"""How long a summary waits for what Discord says of threads; each thread is asked for once."""


async def places_of(bot: SquareDeal, guild: discord.Guild) -> dict[int, KnownChannel]:
    """The channels and threads with drafts; of those whose kind isn't known yet, Discord is asked."""
    places = await bot.coach.summaries.places(guild.id)
    found: dict[int, bool] = {}
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SECONDS_TO_ASK):
            for thread_id, place in places.items():
                if place.parent_id is not None and place.private is None:
                    private = await _is_private(guild, thread_id, place.parent_id)
                    if private is not None:
                        found[thread_id] = private
    await bot.coach.summaries.note_private(guild.id, found)
    return places | {key: replace(places[key], private=private) for key, private in found.items()}


async def _is_private(guild: discord.Guild, thread_id: int, parent_id: int) -> bool | None:
    if isinstance(guild.get_channel(parent_id), discord.ForumChannel):
        return False  # Forums have none.
    thread = guild.get_thread(thread_id)
    if thread is None:
        try:
            thread = await guild.fetch_channel(thread_id)
        except (*NO_ANSWER, discord.InvalidData) as error:
            log.info("server %s: thread %s can't be looked at: %s", guild.id, thread_id, type(error).__name__)
    return thread.is_private() if isinstance(thread, discord.Thread) else None


def unseen_by_readers(guild: discord.Guild, target: GuildChannel, places: Mapping[int, KnownChannel]) -> set[int]:
    """The channels and threads that somebody who may view `target` may not view.

    Members aren't known one by one, so it goes by what the channels allow and deny: a channel counts as seen if
    everyone may view it, or if it allows and denies View Channel to no fewer roles and members than `target` does.

    Args:
        guild: the server.
        target: where the summary goes.
        places: the channels and threads in question.
    """
    return _unseen(guild, places, lambda channel: channel == target or _reaches(channel, target))


def unseen_by_member(guild: discord.Guild, member: discord.Member, places: Mapping[int, KnownChannel]) -> set[int]:
    """The channels and threads that a member may not view; arguments as for `unseen_by_readers`."""
    return _unseen(guild, places, lambda channel: channel.permissions_for(member).view_channel)


def _unseen(
    guild: discord.Guild, places: Mapping[int, KnownChannel], seen: Callable[[GuildChannel], bool]
) -> set[int]:
    known = {channel.id for channel in guild.channels if seen(channel)}
    return {
        channel_id
        for channel_id, place in places.items()
        # The bot isn't told whom a private thread lets in, and any thread may be private until that is known.
        if (place.parent_id is not None and place.private is not False)
        or (place.parent_id or channel_id) not in known
    }


def _reaches(channel: GuildChannel, target: GuildChannel) -> bool:
    """Whether whoever may view `target` may view `channel`."""
    here, there = _rules(channel), _rules(target)
    everyone = channel.guild.default_role
    opened = here.get(everyone.id, 0) or (1 if everyone.permissions.view_channel else -1)
    if opened > 0 and min(here.values(), default=0) >= 0:
        return True
    # Whatever roles somebody has: what is allowed at least as much here as there leaves nobody out.
    return all(here.get(one, 0) >= there.get(one, 0) for one in here.keys() | there.keys())


def _rules(channel: GuildChannel) -> dict[int, int]:
    """By role or member: 1 if the channel allows them to view it, -1 if it denies it, 0 if it leaves it alone."""
    meaning = {True: 1, False: -1, None: 0}
    return {one.id: meaning[overwrite.view_channel] for one, overwrite in channel.overwrites.items()}
