"""What people do in a crash trial: they draft, edit, delete, open threads, pause the bot, erase everything."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from coach.wording_posted import MENU
from tests.support.drafts import ASKS, FOREIGN, TELLS
from tests.support.loopback.interactions import Interaction, walk
from tests.support.loopback.town import Town
from tests.support.loopback.truth import Channel, Message, User

PATIENCE = 1.5
"""Seconds that somebody waits for an answer of a bot that may be dead."""


@dataclass
class Counts:
    """What happened in a trial."""

    drafts: int = 0
    edits: int = 0
    deletions: int = 0
    parts: int = 0
    variants: int = 0
    threads: int = 0
    corrections: int = 0
    marks: int = 0
    reminders: int = 0
    pauses: int = 0
    erasures: int = 0
    late: int = 0
    outages: int = 0
    kills: int = 0
    in_summaries: int = 0
    days: int = 0
    summaries: int = 0

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.in_summaries} of them between a summary's claim and its mark; "
            f"{self.drafts} drafts, {self.parts} of them parts of threads and {self.variants} variants, "
            f"{self.edits} edits, {self.deletions} deletions, {self.threads} threads, "
            f"{self.corrections} corrections, {self.marks} marks as posted or not, {self.reminders} reminders, "
            f"{self.pauses} pauses, {self.erasures} erasures, "
            f"{self.late} late servers, {self.outages} outages; "
            f"{self.summaries} summaries of {self.days} days in 2 servers"
        )


class Private:
    """What a member wrote who pauses the bot and has everything erased, by what the bot may have on record.

    `barred` must not be on record; `either` depends on whether a request that got no answer was carried out.
    """

    def __init__(self, user: User) -> None:
        self.user = user
        self.paused: bool | None = False
        self.written = set[int]()
        self.barred = set[int]()
        self.either = set[int]()

    def wrote(self, message: Message) -> None:
        """They wrote a message."""
        self.written.add(message.id)
        if self.paused is None:
            self.either.add(message.id)
        elif self.paused:
            self.barred.add(message.id)

    def pauses(self, recorded: Collection[int]) -> None:
        """They ask the bot to pause: it need not read what it has not read yet."""
        self.either |= self.written - self.barred - set(recorded)

    def erased(self, *, answered: bool) -> None:
        """They asked to have everything erased."""
        if answered:
            self.barred |= self.written
            self.either -= self.written
        else:
            self.either |= self.written - self.barred

    def apart(self, recorded: set[int]) -> set[int]:
        """What must not be on record at the moment."""
        return self.barred | (self.either - recorded)


class People:
    """Members who write while the bot lives and dies."""

    def __init__(self, town: Town, rng: random.Random, counts: Counts) -> None:
        self.town, self.rng, self.counts = town, rng, counts
        self.discord = town.discord
        self.other = town.discord.add_guild("Potters")
        self.second = town.discord.add_channel(self.other, "drafts")
        self.cay = Private(town.discord.add_user("cay"))
        self.corrected = set[int]()
        self.marked = dict[int, bool | None]()
        """Whether drafts are posted, as the bot last said; None if it was killed before it could."""
        self._sent, self._number = list[Message](), 0
        self._threads: list[Channel] = []

    def channels(self) -> list[Channel]:
        """The channels with a server's summary."""
        return [self.town.drafts, self.second]

    async def write(self, stop: asyncio.Event) -> None:
        """Write until told to stop; earlier messages are left alone, and so are the first drafts of this call.

        Those make sure that each server has a summary of the day.
        """
        acts = {
            self._draft: 48,
            self._part: 8,
            self._variant: 6,
            self._edit: 13,
            self._delete: 7,
            self._thread: 3,
            self._archive: 2,
            self._correct: 7,
            self._mark: 8,
            self._pause: 3,
            self._erase: 1,
            self._outage: 2,
        }
        for channel in self.channels():
            await self._post(channel, self.town.ann)
        self._sent.clear()
        while not stop.is_set():
            [act] = self.rng.choices(list(acts), list(acts.values()))
            await act()
            await asyncio.sleep(self.rng.uniform(0.005, 0.08))

    async def _post(
        self, channel: Channel, author: User, text: str | None = None, reply_to: Message | None = None
    ) -> None:
        rng = self.rng
        # The bot asks no questions about what Cay writes, as it is not certain that it may read it.
        unsure = rng.random() < 0.1 and author is not self.cay.user
        if text is None:
            text = FOREIGN if unsure else f"Number {self._number}. {rng.choice((TELLS, ASKS))}"
        self._number += 1
        message = await self.discord.post(channel, author, text, reply_to=reply_to)
        self._sent.append(message)
        if author is self.cay.user:
            self.cay.wrote(message)
        self.counts.drafts += 1

    async def _draft(self) -> None:
        places = [self.town.drafts] * 3 + [self.second] + [one for one in self._threads if not one.locked]
        author = self.rng.choice((self.town.ann, self.town.ben, self.cay.user))
        # Somebody who pauses the bot in one server has not paused it in the other.
        channel = self.town.drafts if author is self.cay.user else self.rng.choice(places)
        await self._post(channel, author)

    async def _part(self) -> None:
        """Go on with a draft, by a reply to it."""
        if before := self._plain():
            draft = self.rng.choice(before)
            text = f"Number {self._number}. {self.rng.choice((TELLS, ASKS))}"
            await self._post(draft.channel, draft.author, text, draft)
            self.counts.parts += 1

    async def _variant(self) -> None:
        """Write a draft again for another place."""
        if before := self._plain():
            draft = self.rng.choice(before)
            await self._post(draft.channel, draft.author, f"LinkedIn: {draft.content}")
            self.counts.variants += 1

    def _plain(self) -> list[Message]:
        """The drafts that the bot can read, and may."""
        return [one for one in self._live() if one.content != FOREIGN and one.author is not self.cay.user]

    def _live(self) -> list[Message]:
        return [one for one in self._sent if not (one.deleted or one.channel.archived)]

    async def _edit(self) -> None:
        if live := self._live():
            message = self.rng.choice(live)
            if message.content != FOREIGN:
                await self.discord.edit(message, f"Once more. {self.rng.choice((TELLS, ASKS))}")
                self.counts.edits += 1

    async def _delete(self) -> None:
        if live := self._live():
            await self.discord.delete(self.rng.choice(live))
            self.counts.deletions += 1

    async def _thread(self) -> None:
        """Open a thread from a draft; sometimes delete that draft."""
        starters = [one for one in self._live() if one.channel is self.town.drafts and "thread" not in one.fields]
        if not starters:
            return
        starter = self.rng.choice(starters)
        thread = await self.discord.open_thread(self.town.drafts, "more", starter)
        self._threads.append(thread)
        self.counts.threads += 1
        for _ in range(self.rng.randint(1, 3)):
            await self._post(thread, self.town.ben)
        if self.rng.random() < 0.3:
            await self.discord.delete(starter)
            self.counts.deletions += 1

    async def _archive(self) -> None:
        if active := [one for one in self._threads if not one.archived]:
            await self.discord.archive(self.rng.choice(active))

    async def _outage(self) -> None:
        """The other server goes, and comes after a while."""
        if not (self.other.down or self.other.late):
            await self.discord.outage(self.other)
            self.counts.outages += 1
            await asyncio.sleep(self.rng.uniform(0.05, 0.5))
            await self.discord.arrive(self.other)

    async def _ask(self, name: str) -> Interaction | None:
        """Use a command as Cay; return its answer, unless the bot is dead."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.discord.slash(self.town.drafts, self.cay.user, name)
        except TimeoutError:
            return None

    async def _pause(self) -> None:
        if not self.discord.commands:
            return
        pausing, self.cay.paused = self.cay.paused is False, None
        if pausing:
            self.cay.pauses(self.town.bot.labels())
        if await self._ask("privacy pause" if pausing else "privacy resume"):
            self.cay.paused = pausing
            self.counts.pauses += pausing

    async def _erase(self) -> None:
        if not self.discord.commands or (shown := await self._ask("privacy forget")) is None:
            return
        parts = walk(shown.messages[0].fields.get("components", []))
        buttons = [one for one in parts if one.get("label", "").startswith("Erase")]
        if not buttons:
            return
        # The bot may have carried it out and been killed before its answer arrived.
        self.cay.erased(answered=False)
        try:
            async with asyncio.timeout(PATIENCE):
                await self.discord.click(shown.messages[0], self.cay.user, buttons[0]["custom_id"])
                await self.discord.until(partial(_done, shown.messages[0]), "end of the question")
        except TimeoutError:
            return
        self.cay.erased(answered=True)
        self.counts.erasures += 1

    async def _mark(self) -> None:
        """Mark a draft as posted, or as not posted."""
        if not self.discord.commands or not (before := self._plain()):
            return
        draft = self.rng.choice(before)
        known, self.marked[draft.id] = self.marked.get(draft.id, False), None
        try:
            async with asyncio.timeout(PATIENCE):
                shown = await self.discord.menu(draft, draft.author, MENU)
                await self.discord.until(lambda: bool(_text(shown)), "answer")
        except TimeoutError:
            return
        said = _text(shown)
        self.marked[draft.id] = True if "Marked as" in said else False if "no longer" in said else known
        self.counts.marks += "posted" in said

    async def remind(self) -> None:
        """Let an author ask for reminders, which come a day later."""
        await self.discord.slash(self.town.drafts, self.town.ann, "nudges comeback", choice="on")

    async def _correct(self) -> None:
        """Answer one of the bot's questions, if there is one open and the bot is alive to hear it."""
        there = [one for channel in (*self.channels(), *self._threads) for one in channel.messages.values()]
        for question in there[::-1]:
            draft, components = question.reply_to, question.fields.get("components")
            # Readable drafts are left alone: an answer there would teach the bot, and change later labels.
            if question.author is self.discord.bot and draft and draft.content == FOREIGN and components:
                if draft.deleted or question.channel.archived or _closed(question):
                    continue
                [content] = [one for one in walk(components) if one.get("label") == "Content"]
                try:
                    async with asyncio.timeout(PATIENCE):
                        await self.discord.click(question, draft.author, content["custom_id"])
                        # Counted only once the question shows it: until then it can be answered again.
                        await self.discord.until(partial(_closed, question), "end of the question")
                except TimeoutError:
                    return
                self.corrected.add(draft.id)
                self.counts.corrections += 1
                return


def _closed(question: Message) -> bool:
    """Whether a draft's author has answered; then the answer can only be changed or undone."""
    return not any(one.get("label") == "Content" for one in walk(question.fields.get("components", [])))


def _text(shown: Interaction) -> str:
    return shown.messages[0].content if shown.messages else ""


def _done(question: Message) -> bool:
    return not question.fields.get("components")
