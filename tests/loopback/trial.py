"""A trial by fire: members write, edit and delete while the bot is killed and started again, over and over."""

from __future__ import annotations

import asyncio
import random
import signal
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial

from discord.utils import utcnow

from coach.labeller import Labeller
from tests.journeys.conftest import ASKS, TELLS
from tests.loopback.conftest import SIGNS, Town
from tests.loopback.truth import Message

UNSURE = "今日は新しい花の話をしましょう。"
"""What the bot cannot read: it asks its author, who says that it is content."""

DAY = 5
"""Kills from one summary to the next."""

DAY_ENDS_AT, STARTS_AT = time(18, 15), time(18, 30)
"""What is drafted from half past six on is in the summary of six o'clock the next day, which then is due."""


@dataclass
class Counts:
    """What happened in a trial."""

    drafts: int = 0
    edits: int = 0
    deletions: int = 0
    corrections: int = 0
    kills: int = 0
    days: int = 0
    summaries: int = 0

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.drafts} drafts, {self.edits} edits, {self.deletions} deletions, "
            f"{self.corrections} corrections, {self.summaries} summaries of {self.days} days"
        )


class Trial:
    """Runs the trial and compares what the bot believes with what is there."""

    def __init__(self, town: Town, rng: random.Random) -> None:
        self.town, self.rng, self.counts = town, rng, Counts()
        self._corrected: set[int] = set()
        self._stop = asyncio.Event()

    async def run(self, kills: int) -> Counts:
        """Kill the bot so many times, and compare; a day goes by whenever it was let catch up.

        What was a day ago it no longer looks at, and need not: nothing of then changes any more.

        Raises:
            AssertionError: something was lost, counted twice, or shown without being recorded.
        """
        self.town.bot.settings["SQUAREDEAL_DAY_ENDS_AT"] = f"{DAY_ENDS_AT:%H:%M}"
        now = datetime.combine(utcnow(), STARTS_AT, UTC)
        while self.counts.kills < kills:
            self.town.turn_clock(now + timedelta(days=self.counts.days))
            await self._kill(min(DAY, kills - self.counts.kills))
            await self._compare()
            self.counts.days += 1
        self.counts.days -= 1  # the last one's summary is not due yet
        self.counts.summaries = len(self.town.summaries())
        self._labels_are_right()
        return self.counts

    async def _kill(self, times: int) -> None:
        """Kill the bot so many times while members write."""
        self._stop.clear()
        writing = asyncio.create_task(self._write())
        try:
            for _ in range(times):
                await self.town.bot.start(ready=False)
                await asyncio.sleep(self.rng.uniform(0.5, 3.0))
                await self.town.bot.end(signal.SIGKILL)
                self.counts.kills += 1
                self._nothing_shown_that_is_not_recorded()
        finally:
            self._stop.set()
            await writing

    async def _compare(self) -> None:
        """Let the bot catch up, end it in good order, and compare."""
        bot = self.town.bot
        await bot.start()
        await self.town.discord.until(self._settled, "agreement", 90)
        assert await bot.end() == 0, bot.log.decode()
        self.town.agrees()

    async def _write(self) -> None:
        discord, town, rng = self.town.discord, self.town, self.rng
        sent: list[Message] = []
        while not self._stop.is_set():
            lot = rng.random()
            live = [message for message in sent if not message.deleted]
            if lot < 0.7 or len(live) < 3:
                text = UNSURE if rng.random() < 0.1 else f"Number {len(sent)}. {rng.choice((TELLS, ASKS))}"
                sent.append(await discord.post(town.drafts, rng.choice((town.ann, town.ben)), text))
                self.counts.drafts += 1
            elif lot < 0.85:
                message = rng.choice(live)
                if message.content != UNSURE:
                    await discord.edit(message, f"Once more. {rng.choice((TELLS, ASKS))}")
                    self.counts.edits += 1
            elif lot < 0.92:
                await discord.delete(rng.choice(live))
                self.counts.deletions += 1
            else:
                await self._correct()
            await asyncio.sleep(rng.uniform(0.005, 0.08))

    async def _correct(self) -> None:
        """Answer one of the bot's questions, if there is one open and the bot is alive to hear it."""
        discord = self.town.discord
        for question in list(self.town.drafts.messages.values())[::-1]:
            draft, components = question.reply_to, question.fields.get("components")
            # What it can read is left alone: an answer there would teach it, and move later labels.
            if question.author is discord.bot and draft and draft.content == UNSURE and components:
                if draft.deleted:
                    continue
                buttons = [button for row in components for button in row["components"]]
                [content] = [button for button in buttons if button["label"] == "Content"]
                try:
                    async with asyncio.timeout(1):
                        await discord.click(question, draft.author, content["custom_id"])
                        # Taken only when the question says so: until then it can be answered again.
                        await discord.until(partial(_answered, question), "end of the question")
                except TimeoutError:
                    return
                self._corrected.add(draft.id)
                self.counts.corrections += 1
                return

    def _nothing_shown_that_is_not_recorded(self) -> None:
        signed = {one.id for one in self.town.discord.messages.values() if one.reactions and not one.deleted}
        if self.town.bot.database.exists() and signed:
            assert signed <= self.town.bot.labels().keys()

    def _settled(self) -> bool:
        """Whether all that was drafted has its sign, and each day that is over its summary."""
        there = [one for one in self.town.discord.messages.values() if not one.deleted and not one.author.bot]
        labels = self.town.bot.labels()
        return (
            self.town.bot.rows("SELECT count(*), count(sent_at) FROM summaries")
            == [(self.counts.days, self.counts.days)]
            and labels.keys() == {one.id for one in there}
            and all(one.reactions == [SIGNS[labels[one.id]]] for one in there)
        )

    def _labels_are_right(self) -> None:
        """Each label is the one of the text that stands, or what its author said; no draft is counted twice."""
        bot, messages = self.town.bot, self.town.discord.messages
        labels = bot.labels()
        ids = [key for key in labels if key not in self._corrected]
        verdicts = Labeller.load().label([messages[key].content for key in ids])
        by_hand = {
            int(str(row[0])) for row in bot.rows("SELECT message_id FROM drafts WHERE labelled_by = 'member'")
        }
        for key, verdict in zip(ids, verdicts, strict=True):
            # A click whose answer was lost with the process may have been recorded all the same.
            assert key in by_hand or labels[key] == verdict.label, key
        for key in self._corrected & labels.keys():
            assert labels[key] == "content" and key in by_hand


def _answered(question: Message) -> bool:
    return not question.fields["components"]
