"""A history: chance decides what happens, and at the end the record is compared with the rules."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from coach.corrections import Change
from coach.intake.drafts import Message
from coach.labels import Label
from tests.support.databases import put_file
from tests.support.histories.accounts import Accounts
from tests.support.histories.process import Process
from tests.support.histories.rules import DRAFTS, SOMEBODY, TALK, Difference, Kept, Rules
from tests.support.histories.world import BOT, World, pause
from tests.support.memory import SERVER, Room

MEMBERS = (7, 8, 9)
BEGIN = datetime(2026, 11, 20, tzinfo=UTC)


class History:
    """One history.

    Args:
        seed: the source of all chance in it; the same seed gives the same history.
        folder: for its database; best in memory.
    """

    def __init__(self, seed: int, folder: Path) -> None:
        self.rng = random.Random(seed)
        self.world = World(BEGIN + timedelta(hours=self.rng.uniform(8, 20)), self.rng)
        self.drafts, self.other = self.world.open(), self.world.open()
        self.path = folder / f"history-{seed}.db"
        put_file(self.path)
        self.rules = Rules()
        self.process = Process(self.world, self.rng, self.path)
        self.alive = False
        self._accounts = Accounts(
            self.world, self.rng, self.drafts, self.other, lambda: self.process if self.alive else None
        )
        self.log: list[str] = []

    async def run(self, steps: int) -> None:
        """Live through it, then wait until all is quiet and compare.

        Raises:
            Difference: the record is not what the rules say.
        """
        try:
            await self._start()
            # What is written before the bot first sees a channel is not written for it.
            self.process.arrive()
            for author in MEMBERS[1:]:
                await self.process.coach.posted.choose_comebacks(SERVER, author, True)
            await self.process.quiet()
            acts = (
                (14, self._write),
                (7, self._edit),
                (4, self._delete),
                (4, self._correct),
                (6, self._post),
                (2, self._choose),
                (2, self._accounts.account),
                (2, self._pause_or_resume),
                (1, self._forget),
                (3, self._connection),
                (2, self._outage),
                (2, self._hide),
                (2, self._thread),
                (1, self._accounts.tag),
                (2, self._trouble),
                (4, self._minute),
                (2, self._kill),
            )
            for _ in range(steps):
                [act] = self.rng.choices([act for _, act in acts], [weight for weight, _ in acts])
                self.log.append(act.__name__)
                await act()
                self.world.later()
                for _ in range(self.rng.choice((0, 0, 1, 3, 30))):
                    await pause(self.rng)
            await self._until_quiet()
            await self._compare()
        finally:
            if self.alive:
                await self.process.kill()
            for suffix in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    async def _start(self) -> None:
        self.process = Process(self.world, self.rng, self.path)
        await self.process.start()
        self.alive = True
        if self.rng.random() < 0.8:
            self.process.arrive()  # otherwise it comes late

    def _message(self) -> Message | None:
        open_rooms = {key for key, room in self.world.rooms.items() if room.archived_at is None}
        standing = [one for one in self.world.standing.values() if one.channel_id in open_rooms]
        return self.rng.choice(standing) if standing else None

    def _room(self, message: Message) -> Room:
        return self.world.rooms[message.channel_id]

    async def _write(self) -> None:
        room = self.rng.choice([room for room in self.world.rooms.values() if room.archived_at is None])
        author = self.rng.choice((*MEMBERS, *MEMBERS, BOT))
        text = self.rng.choice((*DRAFTS, *DRAFTS, *TALK))
        to = self.rng.choice((None, None, None, author, SOMEBODY))
        # Some have deleted what they reply to.
        before = [key for key, one in room.messages.items() if one.author_id == author] or [1]
        message = self.world.write(room, author, text, to, self.rng.choice(before) if to == author else None)
        self.rules.kept[message.message_id] = Kept(texts={text})
        if author in self.rules.paused:
            self.rules.kept[message.message_id].private.add(text)
        if self.alive and self.rng.random() < 0.95:  # otherwise the event is never delivered
            self.process.hear(lambda: self.process.message(message), room)

    async def _edit(self) -> None:
        before = self._message()
        if before is None:
            return
        kept = self.rules.kept[before.message_id]
        if self.rng.random() < 0.2:
            after = before  # Discord adds a preview of a link
        else:
            after = self.world.change(before, self.rng.choice((*DRAFTS, *TALK)))
            if before.author_id in self.rules.paused and after.text not in kept.texts:
                kept.private.add(after.text)
            elif before.author_id not in self.rules.paused:
                kept.private.discard(after.text)
            kept.texts.add(after.text)
            if after.text in TALK:
                kept.loose = True  # Whether the bot sees this edit or only the next is chance.
                kept.posted = None  # The mark goes with the draft.
        if self.alive:
            self.process.hear(lambda: self.process.edit(after), self._room(after))

    async def _delete(self) -> None:
        if self.rng.random() < 0.2 and (threads := [r for r in self.world.rooms.values() if r.place.parent_id]):
            room = self.rng.choice(threads)
            self.world.close(room)
            if self.alive:
                self.process.hear(lambda: self.process.closing(room.place.channel_id), room)
            return
        first = self._message()
        if first is None:
            return
        room = self._room(first)
        more = min(len(room.messages), self.rng.choice((0, 0, 3)))
        ids = {first.message_id, *self.rng.sample(sorted(room.messages), more)}
        self.world.delete(ids)
        if self.alive:
            self.process.hear(lambda: self.process.deletion(ids), room)

    async def _correct(self) -> None:
        message = self._message()
        if message is None or not self.alive or message.author_id == BOT:
            return
        kept, key, author = self.rules.kept[message.message_id], message.message_id, message.author_id
        wanted = self.rng.choice((*Label, "aside", "again"))
        changes = {"aside": Change.NOT_A_DRAFT, "again": Change.COUNT_AGAIN}
        corrections, exact = self.process.corrections, self.rng.random() < 0.5
        if exact:
            await self.process.quiet()

        async def correct() -> None:
            draft = await corrections.find(SERVER, key, author, author_only=True)
            change = wanted if isinstance(wanted, Label) else changes[wanted]
            before = (await corrections.change(draft, change, author)).before
            if message.message_id in self.world.standing:
                await self.process.mend(message)
            assert before.message_id == key  # a correction of what is not on record is refused
            if wanted == "aside":
                kept.before_aside, kept.hand = kept.hand if kept.hand != "aside" else kept.before_aside, "aside"
            elif wanted == "again":
                kept.hand = kept.before_aside if kept.hand == "aside" else kept.hand
            elif before.label is not wanted or before.labelled_by == "model":
                taken_back = before.label is Label(wanted).other and before.can_be_taken_back
                kept.hand = None if taken_back else wanted

        if exact:
            await self._done(correct())
        else:
            # At the same time as other things, and nobody can tell which comes first.
            kept.loose = True
            self._command(correct())

    async def _post(self) -> None:
        """Somebody adds the sign of a posted draft, or takes theirs off."""
        message = self._message()
        if message is None or not self.alive or message.author_id == BOT:
            return
        kept, key, author = self.rules.kept[message.message_id], message.message_id, message.author_id
        actor = author if self.rng.random() < 0.8 else self.rng.choice(MEMBERS)
        added, posted = self.rng.random() < 0.8, self.process.coach.posted
        if self.rng.random() < 0.3:
            if actor == author:
                kept.posted = None
            self._command(posted.signed(SERVER, key, actor, posted=added))
            return
        await self.process.quiet()

        async def sign() -> None:
            if await posted.signed(SERVER, key, actor, posted=added):
                kept.posted = added if actor == author else not added
            if kept.texts.intersection(TALK):
                kept.posted = None  # When the bot sees that it is no draft is chance.

        await self._done(sign())

    async def _choose(self) -> None:
        if not self.alive:
            return
        author, choices = self.rng.choice(MEMBERS), self.process.choices
        zone = self.rng.choice(("Pacific/Honolulu", "Europe/Berlin", "Pacific/Auckland"))
        work: Coroutine[Any, Any, object] = self.rng.choice(
            (
                lambda: choices.set_zone(SERVER, author, zone),
                lambda: choices.set_nudges(SERVER, author, self.rng.choice(("reply", "dm", "off"))),
                lambda: choices.set_goal(SERVER, author, share=self.rng.randint(30, 70), band=10),
                lambda: self.process.coach.posted.choose_comebacks(SERVER, author, self.rng.random() < 0.8),
                lambda: choices.set_quiet(SERVER, author, "20:00", self.rng.choice(("21:00", "8:00"))),
                lambda: choices.set_summary(SERVER, author, where=self.rng.choice(("server", "off"))),
                lambda: self._export(author),
            )
        )()
        self._command(work)

    async def _export(self, author: int) -> None:
        tables = await self.process.store.members.export(SERVER, author)
        for table, rows in tables.items():
            for row in rows:
                whose = row.get("author_id", row.get("member_id", author))
                if whose != author:
                    raise Difference(f"an export of {author} has a row of {whose} in {table}")

    async def _pause_or_resume(self) -> None:
        if not self.alive:
            return
        author, process = self.rng.choice(MEMBERS), self.process
        asked = self.world.id()
        # What is not on record yet may get there before the bot hears of the pause, or never.
        for one in self.world.standing.values():
            if one.author_id == author:
                self.rules.kept[one.message_id].either = True
                self.rules.kept[one.message_id].loose = True

        async def work() -> None:
            if author in self.rules.paused:
                await process.choices.resume(SERVER, author, asked)
                self.rules.read_after[author] = asked
                self.rules.paused.pop(author, None)
            else:
                await process.choices.pause(SERVER, author)
                self.rules.paused[author] = self.world.id()

        # A member's commands come one after the other.
        await self._done(work())

    async def _forget(self) -> None:
        if not self.alive:
            return
        author, upto, process = self.rng.choice(MEMBERS), self.world.id(), self.process
        self.rules.maybe_erased[author] = upto

        async def work() -> None:
            await process.choices.forget(SERVER, author, upto)
            self.rules.erased[author] = upto
            # A pause outlasts it.
            self.rules.read_after.pop(author, None)

        await self._done(work())

    def _command(self, work: Coroutine[Any, Any, object]) -> None:
        if self.process.connected and self.process.available:
            self.process.do(work)
        else:
            work.close()

    async def _done(self, work: Coroutine[Any, Any, object]) -> None:
        await asyncio.wait({self.process.do(work)})

    async def _connection(self) -> None:
        if not self.alive:
            return
        if self.process.connected:
            self.process.connected = False
            self.process.lose()
        else:
            self.process.resume(kept=self.rng.random() < 0.5)

    async def _outage(self) -> None:
        if not self.alive or not self.process.connected:
            return
        if self.process.available:
            self.process.available = False
            self.process.lose()
        else:
            self.process.arrive()

    async def _hide(self) -> None:
        room = self.rng.choice((self.drafts, self.other))
        seen = room.place.readable
        changes = {"readable": not seen}
        if seen and self.rng.random() < 0.5:
            changes |= {"visible": False, "watched": False}
        elif not seen:
            changes |= {"visible": True, "watched": True}
        self.world.set(room, **changes)
        key = room.place.channel_id
        if self.alive and self.process.connected and self.process.available:
            if seen:
                self.process.coach.progress.hold_channels(SERVER, [key])
            else:
                self.process.look({key})

    async def _thread(self) -> None:
        threads = [room for room in self.world.rooms.values() if room.place.parent_id is not None]
        if not threads or self.rng.random() < 0.4:
            room = self.world.open(self.drafts)
            room.place = replace(room.place, tags=())
            return
        room = self.rng.choice(threads)
        room.archived_at = self.world.now if room.archived_at is None else None

    async def _trouble(self) -> None:
        self.world.failing = self.rng.choice((0.0, 0.0, 0.2, 0.8))
        self.world.left_out = set(self.rng.sample(sorted(self.world.standing), min(2, len(self.world.standing))))
        for key in self.world.left_out:
            # What a page leaves out is not gone; but if it isn't on record, the bot can't know that it exists.
            self.rules.kept[key].either = True

    async def _minute(self) -> None:
        self.world.now += timedelta(minutes=self.rng.choice((1, 1, 31)))
        if self.alive:
            self.process.minute()

    async def _kill(self) -> None:
        if self.alive:
            await self.process.kill()
            self.alive = False
        else:
            await self._start()

    async def _until_quiet(self) -> None:
        world = self.world
        world.failing, world.left_out = 0.0, set()
        for room in world.rooms.values():
            world.set(room, visible=True, readable=True, watched=True)
        if not self.alive:
            await self._start()
        process = self.process
        process.available = process.connected = True
        process.resume(kept=False)
        for _ in range(6):
            await process.quiet()
            world.now += timedelta(minutes=1)
            process.minute()
        await process.quiet()

    async def _whole_texts(self) -> dict[int, str]:
        """The texts of whole threads, by each of their parts on record; without those that are set aside."""
        rows = await self.process.store.database.read(
            lambda raw: raw.execute(
                "SELECT message_id, thread FROM drafts WHERE thread IS NOT NULL"
                " AND (label IS NOT NULL OR labelled_by = 'model') ORDER BY message_id"
            ).fetchall()
        )
        threads: dict[int, list[int]] = {}
        for key, thread in rows:
            threads.setdefault(thread, []).append(key)
        texts = {
            thread: "\n\n".join(self.world.standing[key].text for key in keys) for thread, keys in threads.items()
        }
        for keys in threads.values():
            if any(self.rules.kept[key].loose or self.rules.kept[key].hand for key in keys):
                # What was read of it when is chance.
                for key in keys:
                    self.rules.kept[key].loose = True
        return {key: texts[thread] for thread, keys in threads.items() for key in keys}

    async def _compare(self) -> None:
        store, world = self.process.store, self.world
        if wrong := await store.tallies.recount():
            raise Difference(f"tallies: {wrong}")
        ids = await store.database.read(
            lambda raw: [row[0] for row in raw.execute("SELECT message_id FROM drafts").fetchall()]
        )
        on_record = {key: await store.drafts.get(SERVER, key) for key in ids}
        if gone := on_record.keys() - world.standing.keys():
            raise Difference(f"on record, but deleted: {sorted(gone)}")
        whole = await self._whole_texts()
        for key, message in world.standing.items():
            self.rules.agrees(message, on_record.get(key), world.shown.get(key, set()), whole.get(key))
        if len(set(world.summaries)) != len(world.summaries):
            raise Difference(f"summaries: {world.summaries}")
        if len(set(world.reminders)) != len(world.reminders):
            raise Difference(f"reminders: {world.reminders}")
        await self._accounts.compare(self.process)
