"""The doctor's dry look: what the next catching up would take off the record, and why; nothing is changed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from pathlib import Path

import discord

from coach.doctor import Finding
from coach.intake.gaps import Hidden, look
from coach.store import Store
from coach.store.health import is_current
from cogs.support.live_server import Server
from cogs.support.refusals import NO_ANSWER
from cogs.support.watched_channels import Watch


async def dry_look(
    client: discord.Client,
    guild: discord.Guild,
    me: discord.Member,
    channels: Sequence[discord.abc.GuildChannel],
    watch: Watch,
    database: Path,
    now: datetime,
) -> AsyncGenerator[Finding]:
    """Ask Discord for each recorded channel of a server, and for the drafts of the last day.

    Args:
        client: asks by REST.
        guild: the server, as it was fetched.
        me: the bot as its member.
        channels: the server's channels, as they were fetched.
        watch: the channels that are watched.
        database: the database file.
        now: aware time.
    """
    if not is_current(database):
        return  # There is none yet, or the next start brings it up to date first.
    store = await Store.open(database, now)
    try:
        server = Server(client, guild.id, me, [*channels, *await guild.active_threads()], watch)
        messages, gone = await look(store, now, server)
        count, total = await store.removals.extent(guild.id, messages, ())
        if count:
            ids = ", ".join(str(message_id) for message_id in sorted(messages)[:10])
            yield Finding(
                True,
                f"Server {guild.id}: the next start takes {count} of its {total} drafts off the record, as "
                f"Discord says that their messages are gone: {ids}{', …' if count > 10 else ''}.",
            )
        for channel_id in sorted(gone):
            count, total = await store.removals.extent(guild.id, (), {channel_id})
            yield Finding(
                True,
                f"Server {guild.id}: the next start takes {count} of its {total} drafts off the record, as "
                f"Discord says that their channel {channel_id} is gone.",
            )
        if not messages and not gone:
            yield Finding(True, f"Server {guild.id}: the next start takes no draft off the record.")
    except (Hidden, *NO_ANSWER) as error:
        yield Finding(
            False,
            f"Server {guild.id}: what the next start takes off the record could not be asked "
            f"({type(error).__name__}); try again in a minute.",
        )
    finally:
        await store.close()
