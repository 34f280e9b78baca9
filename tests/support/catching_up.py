"""For tests of catching up: the bot between a server in memory and its store, and what it has on record."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import cast

from coach.coach import Coach
from coach.intake.catch_up import CatchUpResult
from coach.intake.drafts import Message
from coach.labelling.labeller import Labeller
from coach.labels import Kind, Label, Verdict
from coach.nudging.tips import Tips
from coach.settings import Settings
from coach.store import Store
from tests.support.memory import SERVER, Memory, Room

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Asks:
    """Labels without the model: anything with a question mark is conversation."""

    def label(self, texts: list[str], *_: object) -> list[Verdict]:
        return [
            Verdict(Label.CONVERSATION, 0.9, Kind.ASK, False, ())
            if "?" in text
            else Verdict(Label.CONTENT, 0.1, Kind.INFORM, False, ())
            for text in texts
        ]


def report(where: str, error: BaseException) -> None:
    logging.warning("%s: %r", where, error)


class Bot:
    """The bot between Discord and its store, with a server in memory."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.memory = Memory(NOW)
        self.drafts = self.memory.open()
        self.start()

    def start(self) -> None:
        """A new process on the same database."""

        async def labeller() -> Labeller:
            return cast(Labeller, Asks())

        clock: Callable[[], datetime] = lambda: self.memory.now  # noqa: E731
        self.coach = Coach(Settings(), self.store, labeller, Tips.load(), clock, b"key", random.Random(1))

    async def catch_up(self, *only: int) -> CatchUpResult:
        """Look at the server, or at some channels."""
        return await self.coach.catch_up.run(self.memory, report, only or None)

    async def restart(self) -> CatchUpResult:
        """A new process, caught up."""
        self.start()
        return await self.catch_up()

    async def hears(self, room: Room, text: str = "An offer.", author: int = 7) -> Message:
        """Somebody writes, and the bot is told."""
        message = self.memory.post(room, text, author=author)
        with self.coach.progress.in_progress(SERVER, message.channel_id, message.message_id):
            await self.coach.intake.consider(message)
        return message

    async def record(self) -> set[int]:
        """The messages on record; the tallies agree with them."""
        assert await self.store.tallies.recount() == []
        return await self.store.database.read(
            lambda raw: {row[0] for row in raw.execute("SELECT message_id FROM drafts")}
        )

    async def cursor(self, room: Room) -> int | None:
        return (await self.store.channels.marks(SERVER))[room.place.channel_id].cursor


def ids(*messages: Message) -> set[int]:
    return {message.message_id for message in messages}
