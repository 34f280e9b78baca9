"""The doctor's dry look: what the next start would take off the record of a server; nothing is changed."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime
from pathlib import Path

from coach.doctor import Finding
from coach.intake.gaps import Server, would_remove
from coach.store import Store
from coach.store.health import is_current

MOST_NAMED = 10


async def dry_look(database: Path, now: datetime, server: Server) -> AsyncGenerator[Finding]:
    """Ask a server for each recorded channel, and for the drafts of the last day.

    Args:
        database: the database file; an older one is not looked at, as the next start brings it up to date first.
        now: aware time.
        server: the server as Discord has it; what it raises comes through.

    Yields:
        A finding for the messages, and for each channel, that Discord says are gone; or one that none are.
    """
    if not is_current(database):
        return
    store = await Store.open(database, now)
    guild_id = server.guild_id
    try:
        messages, channels = await would_remove(store, now, server)
        count, total = await store.removals.extent(guild_id, messages, ())
        if count:
            ids = ", ".join(str(message_id) for message_id in sorted(messages)[:MOST_NAMED])
            more = ", …" if count > MOST_NAMED else ""
            yield Finding(True, f"{_takes(guild_id, count, total)} their messages are gone: {ids}{more}.")
        for channel_id in sorted(channels):
            count, total = await store.removals.extent(guild_id, (), {channel_id})
            yield Finding(True, f"{_takes(guild_id, count, total)} their channel {channel_id} is gone.")
        if not messages and not channels:
            yield Finding(True, f"Server {guild_id}: the next start takes no draft off the record.")
    finally:
        await store.close()


def _takes(guild_id: int, count: int, total: int) -> str:
    drafts = f"{count} of its {total} drafts"
    return f"Server {guild_id}: the next start takes {drafts} off the record, as Discord says that"
