"""A server in memory, for catching up: hidden channels, pages that leave something out, refusals."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from coach.errors import Hidden
from coach.intake.drafts import Message
from coach.intake.gaps import Page, Place, first_id

SERVER = 1
PROXY, WEBHOOK = 466378653216014359, 501
"""An application that posts for members, and its webhook."""
PAGE = 5


@dataclass(eq=False)
class Room:
    """A channel or thread with its messages."""

    place: Place
    messages: dict[int, Message] = field(default_factory=dict[int, Message])
    archived_at: datetime | None = None
    in_cache: bool = True


class Memory:
    """The truth of one server, and its answers.

    `left_out` are messages that no page shows, `empty` channels whose pages are empty, `unreadable` messages whose
    words cannot be had; `fails` are questions that raise: "page", "archived", "place" or "is_gone" with a channel,
    or "is_gone" with a message. The archived threads of `forbidden` channels are refused; `listed` are those that
    were told.
    """

    def __init__(self, now: datetime) -> None:
        self.guild_id = SERVER
        self.joined_at: datetime | None = None
        self.now = now
        self.rooms: dict[int, Room] = {}
        self.left_out: set[int] = set()
        self.empty: set[int] = set()
        self.fails: set[tuple[str, int]] = set()
        self.unreadable: set[int] = set()
        self.forbidden: set[int] = set()
        self.asked: list[tuple[str, int]] = []
        self.listed: list[int] = []
        self.signs: dict[int, frozenset[str]] = {}
        self.mended: list[int] = []
        self._ids = 0

    def id(self, ago: timedelta = timedelta()) -> int:
        """A new id, made now or some time ago; no two are the same."""
        self._ids += 1
        return first_id(self.now - ago) + self._ids

    def open(self, parent: Room | None = None, **changes: bool) -> Room:
        """A new channel, or a thread of one."""
        parent_id = parent.place.channel_id if parent is not None else None
        room = Room(replace(Place(self.id(), parent_id, has_threads=parent is None), **changes))
        self.rooms[room.place.channel_id] = room
        return room

    def post(
        self, room: Room, text: str = "An offer.", *, author: int = 7, ago: timedelta = timedelta()
    ) -> Message:
        """Somebody writes."""
        posted = self.now - ago
        key = self.id(ago)
        message = Message(key, SERVER, room.place.channel_id, room.place.parent_id, author, posted, text)
        room.messages[key] = message
        room.messages = dict(sorted(room.messages.items()))
        room.place = replace(room.place, newest=max(room.messages))
        return message

    def repost(self, room: Room, text: str, *, ago: timedelta = timedelta(), application: int = PROXY) -> Message:
        """An application's webhook writes for somebody."""
        message = self.post(room, text, author=WEBHOOK, ago=ago)
        room.messages[message.message_id] = replace(message, by_person=False, application_id=application)
        return room.messages[message.message_id]

    def edit(self, room: Room, message: Message, text: str) -> Message:
        """A message is changed."""
        room.messages[message.message_id] = replace(message, text=text, edited_at=self.now.astimezone(UTC))
        return room.messages[message.message_id]

    def set(self, room: Room, **changes: bool) -> None:
        """A channel is hidden, renamed, shown."""
        room.place = replace(room.place, **changes)

    def _ask(self, what: str, channel_id: int) -> None:
        self.asked.append((what, channel_id))
        if (what, channel_id) in self.fails:
            raise OSError(what)

    def places(self) -> list[Place]:
        return [room.place for room in self.rooms.values() if room.in_cache and room.archived_at is None]

    async def place(self, channel_id: int) -> Place | None:
        self._ask("place", channel_id)
        room = self.rooms.get(channel_id)
        return room.place if room is not None else None

    async def archived(self, channel_id: int, since: datetime) -> list[Place]:
        self._ask("archived", channel_id)
        if channel_id in self.forbidden:
            raise Hidden
        found = [
            room.place
            for room in self.rooms.values()
            if room.place.parent_id == channel_id and room.archived_at is not None and room.archived_at >= since
        ]
        self.listed += [place.channel_id for place in found]
        return found

    async def page(self, channel_id: int, after: int) -> Page:
        self._ask("page", channel_id)
        room = self.rooms[channel_id]
        if not room.place.readable:
            raise Hidden
        found = [one for key, one in room.messages.items() if key > after and key not in self.left_out][:PAGE]
        if channel_id in self.empty:
            found = []
        failed = {one.message_id: OSError("its file") for one in found if one.message_id in self.unreadable}
        words = [one for one in found if one.message_id not in failed]
        return Page([one.message_id for one in found], len(found) == PAGE, words, failed, self.signs)

    async def is_gone(self, channel_id: int, message_id: int) -> bool:
        self._ask("is_gone", channel_id)
        if ("is_gone", message_id) in self.fails:
            raise OSError("is_gone")
        return message_id not in self.rooms[channel_id].messages

    async def mend(self, channel_id: int, message_id: int, there: Collection[str] | None) -> None:
        self.mended.append(message_id)
