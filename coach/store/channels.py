"""Channels: which were set up by hand, and how far each watched one has been read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coach.store.connection import Connection
from coach.store.database import Database


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a channel has been read.

    Attributes:
        parent_id: the channel that a thread belongs to; None for a channel.
        cursor: the message up to which everything is recorded; None if nothing is.
        since: the message up to which nothing is read, as the channel was not watched then; None if there is none.
        watched: whether it is watched, if that was set up by hand; None if its name decides.
        unread: whether there are messages after the cursor that still have to be read.
    """

    parent_id: int | None = None
    cursor: int | None = None
    since: int | None = None
    watched: bool | None = None
    unread: bool = False

    @property
    def begun(self) -> bool:
        """Whether the channel was watched when the bot last saw it."""
        return self.cursor is not None or self.since is not None


@dataclass(frozen=True, slots=True)
class KnownChannel:
    """A channel or thread on record.

    Attributes:
        parent_id: the channel that a thread belongs to; None for a channel.
        private: whether it is a private thread; None if that isn't known yet.
    """

    parent_id: int | None
    private: bool | None = None


class ChannelStore:
    """Reads and writes `channels`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def set_watched(self, guild_id: int, channel_id: int, watched: bool, since: int) -> None:
        """Watch a channel or ignore it, whatever its name is.

        Args:
            guild_id: the server.
            channel_id: the channel.
            watched: whether its drafts count.
            since: the newest message in it; no message up to this one is read.
        """

        def unit(raw: Connection) -> None:
            raw.execute(
                "INSERT INTO channels (guild_id, channel_id, watched, since) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (guild_id, channel_id) DO UPDATE"
                " SET watched = excluded.watched, since = excluded.since, cursor = NULL"
                " WHERE channels.watched IS NULL OR channels.watched <> excluded.watched",
                (guild_id, channel_id, int(watched), since),
            )

        await self._database.write(unit)

    async def start_watching(self, guild_id: int, channel_id: int, since: int) -> None:
        """Start to watch a channel; no message up to `since` is read."""

        def unit(raw: Connection) -> None:
            raw.execute(
                "INSERT INTO channels (guild_id, channel_id, since) VALUES (?, ?, ?)"
                " ON CONFLICT (guild_id, channel_id) DO UPDATE SET since = excluded.since, cursor = NULL",
                (guild_id, channel_id, since),
            )

        await self._database.write(unit)

    async def stop_watching(self, guild_id: int, channel_id: int) -> None:
        """Stop watching a channel whose name no longer fits; one that was set up by hand stays as it is."""
        await self._database.write(
            lambda raw: raw.execute(
                "UPDATE channels SET cursor = NULL, since = NULL"
                " WHERE guild_id = ? AND channel_id = ? AND watched IS NULL",
                (guild_id, channel_id),
            )
        )

    async def watched_by_hand(self) -> dict[int, bool]:
        """Whether each channel that was set up by hand is watched, in all servers, by its id."""
        return await self._database.read(watched_by_hand)

    async def guilds_by_channel(self) -> dict[int, int]:
        """The server of each known channel and thread, by the id of the channel or thread."""
        rows = await self._database.read(
            lambda raw: raw.execute("SELECT channel_id, guild_id FROM channels").fetchall()
        )
        return {row[0]: row[1] for row in rows}

    async def marks(self, guild_id: int) -> dict[int, Mark]:
        """How far each known channel and thread of a server has been read, by its id."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT channel_id, parent_id, cursor, since, watched, unread FROM channels WHERE guild_id = ?",
                (guild_id,),
            ).fetchall()
        )
        return {
            row[0]: Mark(row[1], row[2], row[3], None if row[4] is None else bool(row[4]), bool(row[5]))
            for row in rows
        }

    async def places(self, guild_id: int) -> dict[int, KnownChannel]:
        """The known channels and threads of a server, by id."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT channel_id, parent_id, private FROM channels WHERE guild_id = ?", (guild_id,)
            ).fetchall()
        )
        return {row[0]: KnownChannel(row[1], None if row[2] is None else bool(row[2])) for row in rows}

    async def note_private(self, guild_id: int, threads: Mapping[int, bool]) -> None:
        """Record which threads are private; that never changes."""
        rows = [(int(private), guild_id, thread_id) for thread_id, private in threads.items()]

        def unit(raw: Connection) -> None:
            raw.executemany("UPDATE channels SET private = ? WHERE guild_id = ? AND channel_id = ?", rows)

        await self._database.write(unit, keeps_members=True)

    async def advance(self, guild_id: int, channel_id: int, parent_id: int | None, cursor: int) -> None:
        """Record that everything in a channel up to the message `cursor` has been read."""
        await self._database.write(
            lambda raw: move_cursor(raw, guild_id, channel_id, parent_id, cursor), keeps_members=True
        )

    async def set_unread(self, guild_id: int, channel_id: int, parent_id: int | None, unread: bool) -> None:
        """Record whether there are messages after a channel's cursor that still have to be read."""

        def unit(raw: Connection) -> None:
            move_cursor(raw, guild_id, channel_id, parent_id, None)
            raw.execute(
                "UPDATE channels SET unread = ? WHERE guild_id = ? AND channel_id = ?",
                (unread, guild_id, channel_id),
            )

        await self._database.write(unit, keeps_members=True)


def watched_by_hand(raw: Connection) -> dict[int, bool]:
    """Whether each channel that was set up by hand is watched, by its id."""
    rows = raw.execute("SELECT channel_id, watched FROM channels WHERE watched IS NOT NULL").fetchall()
    return {row[0]: bool(row[1]) for row in rows}


def move_cursor(
    raw: Connection, guild_id: int, channel_id: int, parent_id: int | None, cursor: int | None
) -> None:
    """Record a channel and move its cursor forward, within a write unit; None leaves the cursor where it is."""
    raw.execute(
        "INSERT INTO channels (guild_id, channel_id, parent_id, cursor) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (guild_id, channel_id) DO UPDATE SET parent_id = excluded.parent_id,"
        " cursor = CASE WHEN excluded.cursor > coalesce(channels.cursor, 0) THEN excluded.cursor"
        " ELSE channels.cursor END",
        (guild_id, channel_id, parent_id, cursor),
    )
