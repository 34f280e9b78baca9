"""Gaps: what catching up asks of Discord, and from which message on each channel has to be read."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from coach.intake.drafts import Message
from coach.intake.read_progress import LOOK_BACK
from coach.store import Store
from coach.store.channels import Mark

_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """A channel or thread as Discord shows it.

    Attributes:
        channel_id: its id.
        parent_id: the channel that a thread belongs to; None for a channel.
        newest: the id of its newest message, as far as is known; 0 if there is none.
        watched: whether drafts in it count.
        visible: whether the bot may see it; its name means nothing otherwise.
        readable: whether the bot may read its history too. If not, Discord answers with empty pages.
        has_messages: whether it can hold messages; a forum has none outside its threads.
        has_threads: whether it may have archived threads.
        tags: the tags of a forum post, in Discord's order; None for anything else.
    """

    channel_id: int
    parent_id: int | None = None
    newest: int = 0
    watched: bool = True
    visible: bool = True
    readable: bool = True
    has_messages: bool = True
    has_threads: bool = True
    tags: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Messages that follow one another in a channel.

    Attributes:
        ids: of all of them, oldest first.
        full: whether more may follow.
        messages: those whose words are known.
        failed: for those that can't be read for now, the error.
        signs: the bot's own signs on messages, by id.
    """

    ids: Sequence[int]
    full: bool = False
    messages: Sequence[Message] = ()
    failed: Mapping[int, Exception] = field(default_factory=dict[int, Exception])
    signs: Mapping[int, frozenset[str]] = field(default_factory=dict[int, frozenset[str]])


class Server(Protocol):
    """A server as Discord has it. If Discord can't answer for now, the methods raise an error."""

    guild_id: int

    joined_at: datetime | None
    """When the bot came to the server; None if that is not known."""

    def places(self) -> Sequence[Place]:
        """The channels and active threads that are shown, watched or not, readable or not."""
        ...

    async def place(self, channel_id: int) -> Place | None:
        """A channel or thread, asked for by itself; None if Discord says that it does not exist."""
        ...

    async def page(self, channel_id: int, after: int) -> Page:
        """The messages of a channel that come right after an id."""
        ...

    async def is_gone(self, channel_id: int, message_id: int) -> bool:
        """Whether Discord, asked for this one message, says that it does not exist."""
        ...


class Discord(Server, Protocol):
    """A server that is caught up."""

    async def archived(self, channel_id: int, since: datetime) -> Sequence[Place]:
        """The threads of a channel that were archived after a moment."""
        ...

    async def mend(self, channel_id: int, message_id: int, there: Collection[str] | None) -> None:
        """Make the sign on a message agree with its label.

        Args:
            channel_id: the channel.
            message_id: the message.
            there: the bot's signs on it; None if they are not known for certain.
        """
        ...


@dataclass(frozen=True, slots=True)
class Gap:
    """A channel or thread that may have missed something.

    Attributes:
        place: the channel or thread.
        cursor: the message up to which it has been read without a gap.
        after: the message after which reading begins.
    """

    place: Place
    cursor: int
    after: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the record knows of a server's channels.

    Attributes:
        marks: how far each has been read, by its id.
        busy: the channels and threads that have a draft of the last day.
        day_ago: the lowest id of the last day.
        floor: the id up to which nothing is read, as the bot was not in the server then.
    """

    marks: dict[int, Mark]
    busy: Collection[int]
    day_ago: int
    floor: int

    @classmethod
    async def read(cls, store: Store, now: datetime, server: Server) -> Known:
        """Read it from the store."""
        day_ago = first_id(now - LOOK_BACK)
        marks = await store.channels.marks(server.guild_id)
        busy = await store.drafts.channels_since(server.guild_id, day_ago)
        return cls(marks, busy, day_ago, first_id(server.joined_at) if server.joined_at is not None else 0)

    def mark(self, channel_id: int) -> Mark:
        """How far a channel has been read."""
        return self.marks.get(channel_id, Mark())

    def gap(self, place: Place) -> Gap | None:
        """The gap of a channel or thread; None if it has missed nothing."""
        if not place.has_messages:
            return None
        mark = self.mark(place.channel_id)
        floor = max(self.floor, mark.since or 0)
        if place.parent_id is None:
            begun = place.channel_id
        else:
            # A post in a forum has its thread's id.
            begun = place.channel_id - 1
            floor = max(floor, self.mark(place.parent_id).since or 0)
        cursor = max(begun if mark.cursor is None else mark.cursor, floor)
        # An edit may have turned a message of the last day into a draft.
        if place.channel_id in self.busy or place.newest > self.day_ago:
            return Gap(place, cursor, max(min(cursor, self.day_ago), floor))
        return Gap(place, cursor, cursor) if place.newest > cursor or mark.unread else None


async def would_remove(store: Store, now: datetime, server: Server) -> tuple[set[int], set[int]]:
    """What catching up would take off the record now, found without changing anything.

    Args:
        store: the open database.
        now: aware time.
        server: the server as Discord has it.

    Returns:
        The messages, and the channels and threads with all that is in them, that Discord says are gone.
    """
    known = await Known.read(store, now, server)
    places = {place.channel_id: place for place in server.places()}
    messages, channels = set[int](), set[int]()
    for channel_id, mark in sorted(known.marks.items()):
        place = places.get(channel_id)
        if place is None and (mark.parent_id is None or mark.unread or channel_id in known.busy):
            place = await server.place(channel_id)
            if place is None:
                channels.add(channel_id)
        if place is None or not place.readable or channel_id not in known.busy:
            continue
        gap, shown, full = known.gap(place), set[int](), True
        after = begin = gap.after if gap is not None else 0
        while gap is not None and full:
            page = await server.page(channel_id, after)
            last = page.ids[-1] if page.ids else after
            full, after = page.full and last > after, last
            shown |= set(page.ids)
        newest = await store.drafts.newest(channel_id)
        stored = (
            await store.drafts.read_range(server.guild_id, channel_id, begin, newest) if gap is not None else {}
        )
        messages |= {message_id async for message_id in truly_gone(server, channel_id, stored.keys() - shown)}
    return messages, channels


async def truly_gone(server: Server, channel_id: int, suspects: Collection[int]) -> AsyncGenerator[int]:
    """The messages of a channel that no longer exist; Discord is asked for each by itself, one after the other."""
    for message_id in sorted(suspects):
        if await server.is_gone(channel_id, message_id):
            yield message_id


def first_id(moment: datetime) -> int:
    """The lowest id that Discord may have given at a moment (aware): milliseconds since 2015, 22 bits up."""
    return max(0, (moment - _EPOCH) // timedelta(milliseconds=1) << 22)


def moment_of(message_id: int) -> datetime:
    """When Discord gave an id, as aware time."""
    return _EPOCH + timedelta(milliseconds=message_id >> 22)
