"""The server of a history: what people do in it, what the bot is told, and the signs on messages."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from coach.errors import Hidden
from coach.intake.drafts import Message
from coach.intake.gaps import Page
from coach.intake.gaps import Place as Placed
from tests.support.memory import Memory, Room

BOT = 99

Event = Callable[[], Coroutine[Any, Any, None]]
"""What the bot does when it hears of something."""


class Trouble(OSError):
    """Discord or the network fails for a while."""


@dataclass(eq=False)
class Place:
    """A message's channel, as the bot's signs see it."""

    id: int


class Shown:
    """A message as the bot's signs see it; its reactions are the world's."""

    def __init__(self, world: World, message: Message) -> None:
        self.id = message.message_id
        self.channel = Place(message.channel_id)
        self._world = world

    async def add_reaction(self, sign: str) -> None:
        """Put a sign."""
        await self._world.answer()
        if self.id in self._world.standing:
            self._world.shown.setdefault(self.id, set()).add(sign)

    async def remove_reaction(self, sign: str, _: object) -> None:
        """Take a sign away."""
        await self._world.answer()
        self._world.shown.get(self.id, set()).discard(sign)


class World(Memory):
    """A server in memory, with what people do in it.

    `standing` has the messages that are not deleted; `failing` is the share of requests that fail.
    """

    def __init__(self, now: datetime, rng: random.Random) -> None:
        super().__init__(now)
        self.now: datetime = now
        self.rng = rng
        self.standing: dict[int, Message] = {}
        self.shown: dict[int, set[str]] = {}
        self.summaries: list[str] = []
        self.reminders: list[int] = []
        self.failing = 0.0
        self.mender: Callable[[Message], Coroutine[Any, Any, None]] | None = None

    async def answer(self) -> None:
        """Let a request take its time, and perhaps fail."""
        await pause(self.rng)
        if self.rng.random() < self.failing:
            raise Trouble("for now")

    def write(
        self, room: Room, author: int, text: str, replies_to: int | None, continues: int | None = None
    ) -> Message:
        """Somebody writes."""
        message = self.post(room, text, author=author)
        by_person = author != BOT
        message = replace(message, replies_to=replies_to, by_person=by_person, continues=continues)
        return self._stands(replace(message, tags=room.place.tags))

    def change(self, message: Message, text: str) -> Message:
        """The author edits a message."""
        return self._stands(replace(self.standing[message.message_id], text=text, edited_at=self.now))

    def _stands(self, message: Message) -> Message:
        self.rooms[message.channel_id].messages[message.message_id] = message
        self.standing[message.message_id] = message
        return message

    def delete(self, message_ids: Collection[int]) -> None:
        """Messages are deleted."""
        for message_id in message_ids:
            message = self.standing.pop(message_id)
            del self.rooms[message.channel_id].messages[message_id]
            self.shown.pop(message_id, None)

    def close(self, room: Room) -> None:
        """A thread is deleted with its messages."""
        self.delete(list(room.messages))
        del self.rooms[room.place.channel_id]

    async def place(self, channel_id: int) -> Placed | None:
        """A channel or thread, asked for by itself."""
        await self.answer()
        return await super().place(channel_id)

    async def archived(self, channel_id: int, since: datetime) -> list[Placed]:
        """The threads that were archived since."""
        await self.answer()
        return await super().archived(channel_id, since)

    async def page(self, channel_id: int, after: int) -> Page:
        """A page of history, with the signs that are on its messages at that moment."""
        await self.answer()
        page = await super().page(channel_id, after)
        signs = {key: frozenset(self.shown.get(key, ())) for key in page.ids}
        tags = self.rooms[channel_id].place.tags
        page = replace(page, signs=signs, messages=[replace(one, tags=tags) for one in page.messages])
        await pause(self.rng)
        return page

    async def is_gone(self, channel_id: int, message_id: int) -> bool:
        """Whether a message does not exist."""
        await self.answer()
        if not self.rooms[channel_id].place.readable:
            raise Hidden
        return message_id not in self.standing

    async def mend(self, channel_id: int, message_id: int, there: Collection[str] | None) -> None:
        """Make a sign right."""
        if message_id in self.standing and self.mender is not None:
            await self.mender(self.standing[message_id])

    def later(self) -> None:
        """Some time goes by."""
        self.now += timedelta(seconds=self.rng.choice((0.001, 1, 30, 300)))


async def pause(rng: random.Random) -> None:
    """Let others go first, a few times or not at all."""
    for _ in range(rng.choice((0, 0, 1, 2, 5))):
        await asyncio.sleep(0)
