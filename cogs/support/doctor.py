"""The doctor's questions to Discord: does the token work, and what may the bot do in which channel."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection
from datetime import datetime
from pathlib import Path

import discord

from coach.doctor import Finding, growth
from coach.dry_look import dry_look
from coach.errors import Hidden
from cogs.support.live_server import Server
from cogs.support.permissions import missing
from cogs.support.refusals import NO_ANSWER
from cogs.support.watched_channels import WatchedChannels


async def ask_discord(
    token: str, watch: WatchedChannels, signs: Collection[str], database: Path, now: datetime
) -> AsyncGenerator[Finding]:
    """Look at each server by REST alone; a bot that runs is not disturbed.

    Args:
        token: the bot's token.
        watch: the channels that are watched.
        signs: the emoji that stand for the labels.
        database: the database file.
        now: aware time.
    """
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        try:
            await client.login(token)
            async for finding in _servers(client, watch, signs, database, now):
                yield finding
        except discord.LoginFailure:
            yield Finding(False, "Discord refuses the token; set a new one from the developer portal.")
        except NO_ANSWER as error:
            yield Finding(False, f"Discord did not answer ({type(error).__name__}); try again in a minute.")


async def _servers(
    bot: discord.Client, watch: WatchedChannels, signs: Collection[str], database: Path, now: datetime
) -> AsyncGenerator[Finding]:
    assert bot.application is not None and bot.user is not None  # noqa: S101  # logged in
    flags = bot.application.flags
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        yield Finding(True, f"Discord knows the bot as {bot.user.name}, and gives it the text of messages.")
    else:
        yield Finding(
            False,
            f"Discord knows the bot as {bot.user.name}, but withholds the text of messages; turn on "
            "Message Content Intent in the developer portal, under Bot.",
        )
    # Those of Unicode have no id, and everybody has them.
    own = {sign: emoji.id for sign in signs if (emoji := discord.PartialEmoji.from_str(sign)).id is not None}
    had = {emoji.id for emoji in await bot.fetch_application_emojis()} if own else set[int]()
    servers = users = 0
    async for brief in bot.fetch_guilds(with_counts=True):
        servers, users = servers + 1, users + (brief.approximate_member_count or 0)
        guild = await bot.fetch_guild(brief.id, with_counts=False)
        had |= {emoji.id for emoji in guild.emojis}
        me = await guild.fetch_member(bot.user.id)
        channels = await guild.fetch_channels()
        watched = [channel for channel in channels if watch.includes(channel)]
        if not watched:
            yield Finding(
                False, f"Server {guild.id}: no channel is watched; create #drafts or use `/setup channel`."
            )
        for channel in watched:
            lacking = [text.replace("**", "") for text in missing(channel, me)]
            where = f"Server {guild.id}, channel {channel.id}"
            if lacking:
                yield Finding(False, f"{where}: grant the bot's role there: {'; '.join(lacking)}.")
            else:
                yield Finding(True, f"{where}: nothing is missing.")
        try:
            server = Server(bot, guild.id, me, [*channels, *await guild.active_threads()], watch)
            async for finding in dry_look(database, now, server):
                yield finding
        except (Hidden, *NO_ANSWER) as error:
            yield Finding(
                False,
                f"Server {guild.id}: Discord could not be asked what the next start takes off the record "
                f"({type(error).__name__}); try again in a minute.",
            )
    for finding in growth(servers, users, bot.user.public_flags.verified_bot, flags.gateway_message_content):
        yield finding
    for sign, emoji_id in own.items():
        if emoji_id not in had:
            yield Finding(False, f"The sign {sign} is in no server of the bot's; use another, or upload it again.")
