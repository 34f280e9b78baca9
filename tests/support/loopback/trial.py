"""A crash trial: members write, servers come and go, and the bot is killed and started again, over and over."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
from datetime import UTC, datetime, time, timedelta

from discord.utils import utcnow

from coach.labelling.labeller import Labeller
from coach.store import Account, Place, Store
from coach.store.account_book import UNNAMED
from coach.store.claims import LEFT_ALONE
from coach.wording_posted import COME_BACK
from tests.support.loopback.faults import Fault
from tests.support.loopback.people import Counts, People
from tests.support.loopback.town import Town, signs_of
from tests.support.loopback.truth import Channel

DAY = 5
"""Kills from one summary to the next."""

PATIENCE = 150
"""Seconds without a change after which the bot won't catch up any more; a summary is tried again each minute."""

DAY_ENDS_AT, STARTS_AT = time(18, 15), time(18, 30)
"""Drafts from half past six on are in the summary that is due at six the next day."""


class Trial:
    """Runs the trial and compares what the bot believes with what is there."""

    def __init__(self, town: Town, rng: random.Random) -> None:
        self.town, self.rng, self.counts = town, rng, Counts()
        self.people = People(town, rng, self.counts)
        self._stop = asyncio.Event()
        self._labeller, self._verdicts = Labeller.load(), dict[str, str]()
        self._stale = set[int]()
        """Drafts in an archived thread that had no sign when their day ended: the bot no longer looks at them."""

    async def run(self, kills: int) -> Counts:
        """Kill the bot a number of times, and compare; a day passes each time it has been allowed to catch up.

        The bot no longer looks at what is a day old, and need not, as nothing that old changes any more.

        Raises:
            AssertionError: something was lost, counted twice, brought back, or shown without being recorded.
        """
        # So that there are answers to lose.
        self.town.bot.settings["SQUAREDEAL_QUESTIONS_DAILY_CAP"] = "20"
        self.town.bot.settings["SQUAREDEAL_DAY_ENDS_AT"] = f"{DAY_ENDS_AT:%H:%M}"
        # Half a day: else a draft may say the same as those of the day before, and count in their place. Without a
        # draft that counts, that day would have no summary.
        self.town.bot.settings["SQUAREDEAL_THOUGHTS_WINDOW_HOURS"] = "12"
        # A day later, reminders are due, and not yet too late.
        self.town.bot.settings["SQUAREDEAL_NUDGES_COME_BACK_HOURS"] = "2"
        self.town.bot.settings["SQUAREDEAL_NUDGES_DAILY_CAP"] = "20"
        # In the future: discord.py treats a command that was used a quarter of an hour ago as expired.
        now = datetime.combine(utcnow() + timedelta(days=1), STARTS_AT, UTC)
        self.town.turn_clock(now)
        await self._first_look()
        while self.counts.kills < kills:
            self.town.turn_clock(now + timedelta(days=self.counts.days))
            await self._rearrange()
            if self.counts.days:
                await self._kill_in_summaries()
            await self._kill(min(DAY, kills - self.counts.kills))
            await self._compare()
            self.counts.days += 1
        self.counts.days -= 1  # the last one's summary is not due yet
        self.counts.summaries = sum(len(self.town.summaries(one)) for one in self.people.channels())
        self._labels_are_right()
        return self.counts

    async def _first_look(self) -> None:
        """Let the bot see its channels once: they are read from then on."""
        bot, loopback = self.town.bot, self.town.discord
        await bot.start()
        query = "SELECT count(DISTINCT guild_id) FROM channels"
        await loopback.until(lambda: bot.rows(query) == [(len(loopback.guilds),)], "first look")
        await self.people.remind()
        assert await bot.end() == 0

    async def _rearrange(self) -> None:
        """While the bot is not running, give the drafts channel and its drafts to an account, or the other one."""
        guild_id, bot = self.town.guild.id, self.town.bot
        store = await Store.open(bot.database, utcnow())
        try:
            book = await store.accounts.book(guild_id)
            wanted = Account(guild_id, UNNAMED, f"Account {len(book.accounts)}", shared=not book.accounts)
            if len(book.accounts) == 2:
                held = next(iter(book.places.values()))
                wanted = next(one for one in book.accounts.values() if one.account_id != held)
            kept = await store.accounts.save(wanted, [Place(self.town.drafts.id)])
            assert kept is not None
            await store.accounts.bring_home(guild_id, kept.account_id)
            assert await store.tallies.recount() == []
        finally:
            await store.close()

    async def _kill(self, times: int) -> None:
        """Kill the bot a number of times while members write; the other server is late for some sessions."""
        self._stop.clear()
        writing = asyncio.create_task(self.people.write(self._stop))
        other = self.people.other
        try:
            for _ in range(times):
                other.late = other.late or self.rng.random() < 0.3
                self.counts.late += other.late
                # Half of the lives end while it starts, half once it is at work.
                await self.town.bot.start(ready=self.rng.random() < 0.5)
                life = self.rng.uniform(0.5, 3.0)
                await asyncio.sleep(life / 2)
                if other.late and self.rng.random() < 0.7:
                    await self.town.discord.arrive(other)
                await asyncio.sleep(life / 2)
                await self._killed()
        finally:
            self._stop.set()
            await writing

    async def _kill_in_summaries(self) -> None:
        """Kill the bot once it has claimed a summary, before or after it is in its channel or marked as sent."""
        bot, discord, rng = self.town.bot, self.town.discord, self.rng
        for _ in range(rng.randint(1, 2)):
            before = self._claims()
            slow = [self._slow(channel) for channel in self.people.channels()]
            discord.faults.extend(slow)
            await bot.start(ready=False)
            # The other server may be late, or each may have its summary: then nothing can be claimed.
            with contextlib.suppress(TimeoutError):
                await discord.until(lambda before=before: bool(self._claims() - before), "claim", 15, 0.05)
            await asyncio.sleep(rng.uniform(0, 1.2))
            self.counts.in_summaries += bool(self._claims() - before)
            await self._killed()
            self._let_claims_go()
            for fault in slow:
                discord.faults.remove(fault)

    def _let_claims_go(self) -> None:
        """Turn the clock so far that the next start takes over what the last one claimed."""
        self.town.turn_clock(utcnow() + self.town.bot.ahead + LEFT_ALONE)

    def _claims(self) -> set[tuple[object, ...]]:
        """The summaries that are claimed and not marked as sent, with when they were claimed."""
        return set(self.town.bot.rows("SELECT guild_id, claimed_at FROM summaries WHERE sent_at IS NULL"))

    def _slow(self, channel: Channel) -> Fault:
        """Make the bot's next message in a channel slow to arrive, or its answer slow."""
        path, seconds = f"/channels/{channel.id}/messages", self.rng.uniform(0, 1.5)
        if self.rng.random() < 0.5:
            return Fault("POST", path, delay=seconds)
        return Fault("POST", path, lag=seconds)

    async def _killed(self) -> None:
        await self.town.bot.end(signal.SIGKILL)
        self.counts.kills += 1
        self._nothing_shown_that_is_not_recorded()

    async def _compare(self) -> None:
        """Let the bot catch up, end it cleanly, and compare."""
        bot, other = self.town.bot, self.people.other
        self._let_claims_go()
        await bot.start()
        if other.late:
            await asyncio.sleep(self.rng.uniform(0, 3))
            await self.town.discord.arrive(other)
        await self.agreed()
        assert await bot.end() == 0, bot.log.decode()
        self.town.agrees(self._apart(), self._stale)
        query = f"SELECT count(*) FROM drafts WHERE guild_id = {self.town.guild.id} AND account_id = 0"  # noqa: S608
        assert bot.rows(query) == [(0,)]
        self._marks_are_right()
        # Each day has drafts that count, and so its summary.
        query = (
            "SELECT thought FROM drafts WHERE thought IS NOT NULL GROUP BY 1 HAVING count(DISTINCT local_day) > 1"
        )
        assert bot.rows(query) == []
        labels = bot.labels()
        self._stale |= {
            one.id
            for one in self.town.written()
            if one.channel.archived and one.id in labels and one.reactions != signs_of(labels[one.id])
        }

    def _apart(self) -> set[int]:
        recorded = set(self.town.bot.labels())
        # If what a draft replies to is deleted before the bot reads it, nobody can say whose it was.
        replies = {one.id for one in self.town.written() if one.reply_to is not None and one.reply_to.deleted}
        return self.people.cay.apart(recorded) | (replies - recorded)

    def _nothing_shown_that_is_not_recorded(self) -> None:
        erased = self.people.cay.barred | self.people.cay.either
        signed = {one.id for one in self.town.written() if one.reactions} - erased
        if self.town.bot.database.exists() and signed:
            assert signed <= self.town.bot.labels().keys()

    async def agreed(self) -> None:
        """Wait until the bot has caught up; on a busy machine that takes minutes.

        Raises:
            AssertionError: nothing has changed for `PATIENCE` seconds.
        """
        now = asyncio.get_running_loop().time
        before, since = None, now()
        while left := self.differences():
            if left != before:
                before, since = left, now()
            elif now() - since > PATIENCE:
                raise AssertionError(f"no change for {PATIENCE} s: {left}")
            # The simulated Discord is in this process: it answers nothing while they are compared.
            await asyncio.sleep(0.5)

    def differences(self) -> dict[str, object]:
        """How the bot and the channels differ; empty if all is on record and signed, and each summary is sent."""
        labels, apart = self.town.bot.labels(), self._apart()
        there = {one.id: one for one in self.town.written() if one.id not in apart}
        unsigned = [
            (key, labels[key], one.reactions)
            for key, one in there.items()
            if key in labels
            and one.reactions != signs_of(labels[key])
            and not (one.channel.archived or key in self._stale)
        ]
        sent = [len(self.town.summaries(channel)) for channel in self.people.channels()]
        due = [self.counts.days] * len(sent)
        differences: dict[str, object] = {
            "lost": [(key, one.channel.name) for key, one in there.items() if key not in labels],
            "brought back or not gone": sorted(labels.keys() - there.keys()),
            "signs": unsigned,
            "labels": self._mislabelled(),
            "changed threads": self.town.bot.rows("SELECT thread FROM changed_threads"),
            "summaries": [] if sent == due else [sent, due],
        }
        return {what: found for what, found in differences.items() if found}

    def _marks_are_right(self) -> None:
        """Check that what is marked as posted is on record so, and that no draft ever brought two reminders."""
        rows = self.town.bot.rows("SELECT message_id, out_at IS NOT NULL FROM drafts")
        posted = {int(str(key)): bool(out) for key, out in rows}
        for key, marked in self.people.marked.items():
            assert marked is None or posted.get(key, marked) is marked, key
        said = [one for one in self.town.discord.messages.values() if one.author.bot and one.content == COME_BACK]
        assert len({one.reply_to for one in said}) == len(said)
        self.counts.reminders = len(said)

    def _labels_are_right(self) -> None:
        """Check that each label fits the present text (for a part, the whole thread's) or what its author said."""
        assert self._mislabelled() == []
        labels, by_hand, corrected = self.town.bot.labels(), self._by_hand(), self.people.corrected
        for key in corrected & labels.keys():
            assert labels[key] == "content" and key in by_hand

    def _by_hand(self) -> set[int]:
        rows = self.town.bot.rows("SELECT message_id FROM drafts WHERE labelled_by = 'member'")
        return {int(str(row[0])) for row in rows}

    def _mislabelled(self) -> list[int]:
        """The drafts whose label is not that of their present text, perhaps as an edit is still to be read."""
        messages = self.town.discord.messages
        # A click whose answer was lost with the process may have been recorded nevertheless, and what somebody
        # edits while they have paused the bot keeps the label that it had.
        apart = self.people.corrected | self.people.cay.written | self._by_hand()
        labels = {key: label for key, label in self.town.bot.labels().items() if key not in apart}
        threads: dict[int, list[int]] = {}
        for thread, key in self.town.bot.rows("SELECT thread, message_id FROM drafts ORDER BY message_id"):
            if isinstance(thread, int):
                threads.setdefault(thread, []).append(int(str(key)))
        joined = {thread: "\n\n".join(messages[one].content for one in keys) for thread, keys in threads.items()}
        whole = {key: joined[thread] for thread, keys in threads.items() for key in keys}
        texts = {key: whole.get(key, messages[key].content) for key in labels}
        new = sorted(set(texts.values()) - self._verdicts.keys())
        verdicts = self._labeller.label(new)
        self._verdicts |= {text: str(one.counted) for text, one in zip(new, verdicts, strict=True)}
        return [key for key, text in texts.items() if labels[key] != self._verdicts[text]]
