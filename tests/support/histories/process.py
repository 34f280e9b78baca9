"""The bot of a history: the real coach, store, catching up and signs, used as the cogs use them.

A seed gives the same history each time: the database's and the labeller's threads are replaced by the event loop,
in which each trip to them takes a few turns.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import deque
from collections.abc import Callable, Collection, Coroutine
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any, TypeVar, cast

import aiosqlite

from coach.coach import Coach
from coach.errors import Refused, StoreError
from coach.intake.drafts import Message
from coach.intake.threads import to_read
from coach.labelling.labeller import Labeller
from coach.labels import Verdict
from coach.nudging.tips import Tips
from coach.settings import Nudges, Settings
from coach.store import Store, database
from cogs.support.signs import Signs
from tests.support.histories.world import BOT, Event, Shown, World, pause
from tests.support.memory import SERVER, Room

T = TypeVar("T")

TIPS = Tips.load()
THROUGH_A_THREAD = database._run  # pyright: ignore[reportPrivateUsage]
FOR_NOW = (OSError, sqlite3.Error, StoreError)


class Memo:
    """The labeller; it labels each text once and remembers the verdict."""

    def __init__(self) -> None:
        self._labeller: Labeller | None = None
        self._known: dict[str, Verdict] = {}

    def label(self, texts: list[str], *_: object) -> list[Verdict]:
        """The verdicts on texts; nobody teaches anything in a history."""
        for text in texts:
            if text not in self._known:
                self._labeller = self._labeller or Labeller.load()
                [self._known[text]] = self._labeller.label([text])
        return [self._known[text] for text in texts]


MEMO = Memo()


class AtOnce(Executor):
    """Does what it is given at once, in the thread that gives it."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Run a function at once."""
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


def _say_nothing(*_: object) -> None:
    """Swallow a message that would be shown to somebody."""


class Process:
    """One life of the bot, from its start to its end or to a kill.

    Args:
        world: the server.
        rng: the source of chance.
        path: the database.
    """

    def __init__(self, world: World, rng: random.Random, path: Path) -> None:
        self.world, self.rng, self.path = world, rng, path
        self.tasks: set[asyncio.Task[None]] = set()
        self.connected = self.available = False
        self.unheard: deque[Event] = deque()
        self._running: asyncio.Task[None] | None = None
        self._next: set[int] | str | None = "nothing"
        self._again: set[int] = set()
        self._all_again = False
        self._sending: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._threads_again = False

    async def start(self) -> None:
        """Open the database, and begin a session."""
        self.store = await Store.open(self.path, self.world.now)

        async def trip(connection: aiosqlite.Connection, function: Callable[[sqlite3.Connection], T]) -> T:
            await pause(self.rng)
            result = function(connection._conn)  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType]
            await pause(self.rng)
            return result

        # Only now, as opening it goes through the threads.
        database._run = trip  # pyright: ignore[reportPrivateUsage]

        async def labeller() -> Labeller:
            return cast(Labeller, MEMO)

        # Reminders come while a history lasts.
        settings = Settings(nudges=Nudges(come_back_hours=0.5))
        self.coach = Coach(settings, self.store, labeller, TIPS, lambda: self.world.now, b"key", self.rng)
        self.coach.labelling._labels = AtOnce()  # type: ignore[assignment]  # pyright: ignore[reportPrivateUsage]
        self.choices, self.corrections = self.coach.choices, self.coach.corrections
        self.summaries = self.coach.summaries

        async def missing(*_: object) -> None:
            """No permission is ever missing for a sign."""

        self.signs = Signs(
            self.coach.settings.reactions,
            BOT,
            self.coach.corrections.label_of,
            self.coach.corrections.changes,
            missing,
            _say_nothing,
        )
        self.world.mender = self.mend
        self.connected = True

    def arrive(self) -> None:
        """The server arrives, or is available again."""
        self.available = True
        self.look(None)

    def lose(self) -> None:
        """The connection is lost, or the server has an outage."""
        self.coach.progress.connection_lost([SERVER])

    def do(self, work: Coroutine[Any, Any, object]) -> asyncio.Task[None]:
        """Let the bot start something; a refusal or a temporary failure is not a fault of the bot."""

        async def guarded() -> None:
            try:
                await work
            except (Refused, *FOR_NOW):
                pass

        task = asyncio.create_task(guarded())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        # If it ended before it started, nothing waits for the work.
        task.add_done_callback(lambda _: work.close())
        return task

    def hear(self, event: Event, room: Room) -> None:
        """Tell the bot of something that happens in a channel, now, later or never."""
        if not room.place.visible or not self.available:
            return
        if self.connected:
            self.do(event())
        else:
            self.unheard.append(event)

    def resume(self, kept: bool) -> None:
        """The connection is back; missed events were kept for it, or not."""
        self.connected = True
        while self.unheard:
            event = self.unheard.popleft()
            if kept:
                self.do(event())
        if self.available:
            self.look(None)

    async def message(self, message: Message) -> None:
        """A message arrives."""
        try:
            with self.coach.progress.in_progress(SERVER, message.channel_id, message.message_id):
                await self.world.answer()  # a file that it has
                advice = await self.coach.intake.consider(message)
        except FOR_NOW:
            self._again.add(message.channel_id)
            raise
        if advice is not None:
            if advice.in_thread:
                self.read_threads()
            await self.mend(message)

    async def edit(self, message: Message) -> None:
        """An edit arrives."""
        self.coach.progress.note_edit(message.message_id, message.edited_at)
        try:
            with self.coach.progress.editing(SERVER, message.channel_id, message.message_id):
                await self.world.answer()
                advice = await self.coach.intake.edited(message)
        except FOR_NOW:
            self._again.add(message.channel_id)
            raise
        self.read_threads()
        if advice is not None:
            await self.mend(message)

    async def tagged(self, room: Room) -> None:
        """A forum post has other tags."""
        await self.coach.accounts.note_tags(SERVER, room.place.channel_id, room.place.tags or ())

    async def deletion(self, message_ids: Collection[int]) -> None:
        """Messages were deleted."""
        await self.coach.intake.removed(SERVER, message_ids)
        self.read_threads()

    async def closing(self, channel_id: int) -> None:
        """A thread was deleted."""
        await self.coach.intake.channel_removed(SERVER, channel_id)

    def read_threads(self) -> None:
        """Read the threads that have changed; if they are being read, once more after that."""
        self._threads_again = True
        if self._reading is None or self._reading.done():
            self._reading = self.do(self._read_threads())

    async def _read_threads(self) -> None:
        while self._threads_again:
            self._threads_again = False
            for thread in await self.coach.threads.changed(SERVER):
                await self.world.answer()
                parts = [self.world.standing[key] for key in to_read(thread) if key in self.world.standing]
                for key in await self.coach.threads.judge(SERVER, thread, parts):
                    if key in self.world.standing:
                        await self.mend(self.world.standing[key])

    async def mend(self, message: Message) -> None:
        """Make the sign on a message right."""
        await self.signs.mend(SERVER, cast(Any, Shown(self.world, message)))

    def look(self, only: set[int] | None) -> None:
        """Catch up the server, or some of its channels; what is under way finishes first."""
        if self._running is not None:
            if only is None or self._next is None:
                self._next = None
            else:
                self._next = only | (self._next if isinstance(self._next, set) else set())
            return
        self._running = self.do(self._look(only))

        def done(_: object) -> None:
            self._running, wanted = None, self._next
            self._next = "nothing"
            if not isinstance(wanted, str):
                self.look(wanted)

        self._running.add_done_callback(done)

    async def _look(self, only: set[int] | None) -> None:
        try:
            outcome = await self.coach.catch_up.run(self.world, _say_nothing, only)
        except FOR_NOW:
            self._all_again = True
            raise
        looked_at = only or {place.channel_id for place in self.world.places()}
        self._again = (self._again - looked_at) | outcome.again
        self.read_threads()

    def minute(self) -> None:
        """Let a minute pass: what failed is looked at again, and what is due is sent."""
        if not self.available or not self.connected:
            return
        if self._all_again:
            self._all_again = False
            self.look(None)
        elif again := self._again | self.coach.progress.channels_with_failures():
            self._again.clear()
            self.look(again)
        self.do(self.signs.try_again())
        if self._sending is None or self._sending.done():
            self._sending = self.do(self._send())

    async def _send(self) -> None:
        await self._remind()
        await self._summary()

    async def _remind(self) -> None:
        posted, replies = self.coach.posted, self.coach.replies
        for one in await posted.unanswered():
            key = one.draft.message_id
            if key in self.world.reminders:
                await replies.note_sent(key, one.draft.channel_id, self.world.id(), comeback=True)
            else:
                await posted.give_back(one)
        for comeback, _ in await posted.due():
            draft = comeback.draft
            if draft.message_id not in self.world.standing:
                await posted.drop(draft)
            elif await posted.claim(draft, draft.channel_id):
                await self.world.answer()
                self.world.reminders.append(draft.message_id)
                await self.world.answer()  # which may get lost
                key, reminder = draft.message_id, self.world.id()
                await replies.note_sent(key, draft.channel_id, reminder, comeback=True)

    async def _summary(self) -> None:
        for due in await self.summaries.due():
            pending = await self.summaries.prepare(due)
            if pending is None:
                continue
            mark = str(pending.day)
            if pending.claim is not None and mark in self.world.summaries:
                await self.summaries.note_sent(pending)
                continue
            if pending.claim is not None and not await self.summaries.give_back(pending):
                continue
            if await self.summaries.claim(pending, 1):
                await self.world.answer()
                self.world.summaries.append(mark)
                await self.world.answer()  # which may get lost
                await self.summaries.note_sent(pending)

    async def quiet(self) -> None:
        """Wait until nothing is under way."""
        while self.tasks:
            await asyncio.wait(self.tasks)
            await asyncio.sleep(0)  # what has been done may start something else

    async def kill(self) -> None:
        """End the process in the middle of whatever it is doing."""
        self._running, self._next = asyncio.current_task(), "nothing"
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.wait(others)
        # Writes that were waiting are lost with it.
        self.store.database._draining = None  # pyright: ignore[reportPrivateUsage]
        await self.store.close()
        database._run = THROUGH_A_THREAD  # pyright: ignore[reportPrivateUsage]
