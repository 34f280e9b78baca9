"""Catching up: each channel as Discord has it is compared with the record, and the record mended."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from coach.errors import Hidden, StoreError
from coach.intake.drafts import Message
from coach.intake.gaps import Discord, Gap, Known, Page, Place, moment_of, truly_gone
from coach.intake.intake import Intake
from coach.intake.read_progress import ReadProgress
from coach.members.cache import MemberCache
from coach.nudging.advice import Advice
from coach.settings import Reactions
from coach.store import Store, StoredDraft
from coach.store.channels import Mark

log = logging.getLogger(__name__)

ReportError = Callable[[str, BaseException], None]
"""Takes what was being done when an error happened, and the error, which may quote a draft."""

AT_ONCE = 4
"""Channels that are read side by side, of all servers together."""

TOLD_EVERY = 1000
"""The log says how far a channel is each time this many more messages have been read."""


@dataclass(slots=True)
class CatchUpResult:
    """The result of catching up a server.

    Attributes:
        again: the channels and threads that have to be looked at again.
        unreadable: the watched channels and threads that the bot may not read; their cursors stay.
    """

    again: set[int] = field(default_factory=set[int])
    unreadable: set[int] = field(default_factory=set[int])


@dataclass(slots=True)
class _Run:
    """One look at a server, and what it has found so far."""

    discord: Discord
    report: ReportError
    known: Known
    result: CatchUpResult = field(default_factory=CatchUpResult)
    gone_messages: set[int] = field(default_factory=set[int])
    gone_channels: set[int] = field(default_factory=set[int])
    signs: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])


class CatchUp:
    """Catches up on what was drafted, edited and deleted while the bot was away, without nudges or questions.

    Args:
        store: the open database.
        members: the cache of members, which puts a new server on record.
        intake: considers what was missed.
        progress: how far channels have been read.
        signs: the bot's sign of each label.
        clock: gives the present, an aware time.
    """

    def __init__(
        self,
        store: Store,
        members: MemberCache,
        intake: Intake,
        progress: ReadProgress,
        signs: Reactions,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._members = members
        self._intake = intake
        self._progress = progress
        self._signs = signs
        self._clock = clock
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def run(
        self, discord: Discord, report: ReportError, only: Collection[int] | None = None
    ) -> CatchUpResult:
        """Look at a server's channels and make the record agree with them.

        Args:
            discord: answers for the server.
            report: takes the errors that hold up only one channel or message.
            only: channels and threads to look at; None for all, after something may have been missed.

        Raises:
            sqlite3.Error, StoreError: the record can't be read or written; the server has to be looked at again.
        """
        guild_id = discord.guild_id
        places = {place.channel_id: place for place in discord.places()}
        self._progress.note_channels_shown(places)
        # Before the first await: what arrives from now on must move no cursor past what has been missed.
        if only is None:
            self._progress.start_catch_up(guild_id, places)
        else:
            self._progress.hold_channels(guild_id, only)
        try:
            if only is None:
                await self._members.note_guild(guild_id)
            run = _Run(discord, report, await Known.read(self._store, self._clock(), discord))
            tasks = await self._tasks(run, places, only)
        except BaseException:
            self._progress.connection_lost([guild_id])
            raise
        # Discord allows only a few reactions a second; counting doesn't wait for them.
        try:
            await asyncio.gather(*tasks)
            # All together at the end, as a copy is kept if many go at once.
            await self._intake.found_gone(guild_id, run.gone_messages, run.gone_channels)
            await asyncio.gather(*run.signs)
        finally:
            for task in run.signs:
                task.cancel()
        return run.result

    async def _tasks(
        self, run: _Run, places: Mapping[int, Place], only: Collection[int] | None
    ) -> Sequence[Coroutine[Any, Any, None]]:
        """A task for each channel with its threads, and for each known channel that the session does not show."""
        guild_id = run.discord.guild_id
        threads: dict[int, list[Place]] = {}
        channels: list[Place] = []
        for place in places.values():
            mark = run.known.mark(place.channel_id)
            if only is not None and not {place.channel_id, place.parent_id} & set(only):
                continue
            if place.parent_id is None and place.visible:
                mark = await self._note_watching(run, place, mark)
            # The name of a channel that the bot may not see is unknown, but not whether it was watched.
            hidden = not place.visible and mark.begun and mark.watched is not False
            if not place.watched and not hidden:
                self._progress.release(guild_id, place.channel_id)
            elif not place.readable:
                run.result.unreadable.add(place.channel_id)
            elif place.parent_id is None:
                channels.append(place)
            else:
                threads.setdefault(place.parent_id, []).append(place)
        absent = {
            channel_id
            for channel_id, mark in run.known.marks.items()
            if mark.parent_id is None or mark.unread or channel_id in run.known.busy
            if only is None or mark.parent_id in only
        }
        # A thread with nothing on record yet may be deleted while its first message is in progress.
        absent |= self._progress.channels_in_progress(guild_id) if only is None else set(only)
        absent -= places.keys()
        self._progress.hold_channels(guild_id, absent)
        # Channels that have certainly missed something come first.
        channels.sort(key=lambda place: run.known.gap(place) is None)
        tasks = [self._channel(run, place, threads.pop(place.channel_id, []), absent) for place in channels]
        tasks += [self._threads(run, others) for others in threads.values()]
        return tasks + [self._absent(run, channel_id) for channel_id in sorted(absent)]

    async def _note_watching(self, run: _Run, place: Place, mark: Mark) -> Mark:
        """Record that a channel has started or stopped being watched since it was last seen."""
        guild_id, channel_id, channels = run.discord.guild_id, place.channel_id, self._store.channels
        if place.watched and not mark.begun:
            # The messages already in it were not written for the bot to read.
            since = self._progress.before_unfinished(channel_id, max(place.newest, channel_id))
            await channels.start_watching(guild_id, channel_id, since)
            run.known.marks[channel_id] = replace(mark, since=since)
        elif not place.watched and mark.begun and mark.watched is None:
            await channels.stop_watching(guild_id, channel_id)
            run.known.marks[channel_id] = replace(mark, cursor=None, since=None)
        return run.known.mark(channel_id)

    async def _channel(self, run: _Run, place: Place, threads: list[Place], absent: Collection[int]) -> None:
        async with self._slots:
            whole = True
            if place.has_threads:
                mark = run.known.mark(place.channel_id)
                since = max(mark.cursor or 0, mark.since or 0) or place.channel_id
                try:
                    archived = await run.discord.archived(place.channel_id, moment_of(since))
                except Exception as error:
                    if isinstance(error, Hidden):
                        log.warning("channel %s: its archived threads may not be read", place.channel_id)
                    else:
                        run.report(f"listing the archived threads of channel {place.channel_id}", error)
                    run.result.again.add(place.channel_id)
                    # Its drafts count, but its cursor stays, so that the threads are found later.
                    whole = False
                else:
                    known = {thread.channel_id for thread in threads} | set(absent)
                    more = [thread for thread in archived if thread.channel_id not in known]
                    self._progress.hold_channels(run.discord.guild_id, [thread.channel_id for thread in more])
                    threads = [*threads, *more]
            for thread in threads:
                await self._place(run, thread)
            await self._place(run, place, whole)
            if whole and not place.has_messages and not run.result.again & {one.channel_id for one in threads}:
                # No messages move a forum's cursor, and without this all its old posts would be listed each time.
                upto = max((thread.newest for thread in threads), default=0)
                if upto > (run.known.mark(place.channel_id).cursor or 0):
                    await self._store.channels.advance(run.discord.guild_id, place.channel_id, None, upto)

    async def _threads(self, run: _Run, threads: Sequence[Place]) -> None:
        async with self._slots:
            for thread in threads:
                await self._place(run, thread)

    async def _absent(self, run: _Run, channel_id: int) -> None:
        """Ask for a channel or thread that the session does not show, which doesn't mean that it is gone."""
        async with self._slots:
            try:
                place = await run.discord.place(channel_id)
            except Exception as error:
                run.report(f"asking for channel {channel_id}", error)
                run.result.again.add(channel_id)
                return
            if place is None:
                run.gone_channels.add(channel_id)
                self._progress.release(run.discord.guild_id, channel_id)
            elif not place.readable:
                run.result.unreadable.add(channel_id)
            elif place.watched:
                await self._place(run, place)
            else:
                self._progress.release(run.discord.guild_id, channel_id)

    async def _place(self, run: _Run, place: Place, whole: bool = True) -> None:
        """Read a channel or thread; if that fails, it is looked at again, and holds up no other.

        Args:
            run: the look at the server.
            place: the channel or thread.
            whole: False if its cursor has to stay even then.
        """
        guild_id, channel_id = run.discord.guild_id, place.channel_id
        gap = run.known.gap(place)
        try:
            if place.tags is not None:
                await self._store.accounts.note_tags(guild_id, {channel_id: place.tags})
            if gap is not None and not await self._read_gap(run, gap, whole):
                run.result.again.add(channel_id)
            elif gap is None and whole:
                self._progress.release(guild_id, channel_id)
        except Hidden:
            run.result.unreadable.add(channel_id)
            run.result.again.add(channel_id)
        except Exception as error:
            run.report(f"catching up channel {channel_id}", error)
            run.result.again.add(channel_id)

    async def _read_gap(self, run: _Run, gap: Gap, whole: bool) -> bool:
        """Read a channel's gap; return whether Discord showed all of it."""
        channels, discord = self._store.channels, run.discord
        guild_id, channel_id, parent_id = discord.guild_id, gap.place.channel_id, gap.place.parent_id
        waits = parent_id is not None and gap.place.newest > gap.cursor
        if waits:
            await channels.set_unread(guild_id, channel_id, parent_id, True)
        wrong: dict[int, Collection[str] | None] = {}
        suspects: set[int] = set()
        after, read, full = gap.after, 0, True
        while full:
            may_come = self._progress.may_be_recorded(channel_id)
            newest = await self._store.drafts.newest(channel_id)
            page = await discord.page(channel_id, after)
            self._progress.note_shown(page.ids)
            last = page.ids[-1] if page.ids else after
            full = page.full and last > after
            upto = last if full else max(last, newest)
            self._progress.retry(channel_id, after, upto)
            stored = await self._store.drafts.read_range(guild_id, channel_id, after, upto)
            pending = {key for key in may_come if after < key and (key <= last or not full)}
            suspects |= (stored.keys() | pending) - set(page.ids)
            wrong |= await self._read_page(run, channel_id, page, stored)
            after, read = last, read + len(page.ids)
            if whole and not suspects and after > gap.cursor:
                cursor = self._progress.before_unfinished(channel_id, after)
                await channels.advance(guild_id, channel_id, parent_id, cursor)
            if full and read % TOLD_EVERY == 0:
                log.info("channel %s: catching up, %s messages read", channel_id, read)
        if gap.place.newest > after:
            suspects.add(gap.place.newest)
        gone: set[int] = set()
        try:
            # If one question fails, the answers so far are kept: there may be thousands.
            async for message_id in truly_gone(discord, channel_id, suspects):
                gone.add(message_id)
        except Exception as error:
            run.report(f"asking for messages of channel {channel_id}", error)
        run.gone_messages |= gone
        if gone != suspects:
            log.info("channel %s: not all of its messages were shown, so it is read again", channel_id)
        elif whole:
            cursor = self._progress.finish_catch_up(guild_id, channel_id, max(after, gap.cursor))
            if cursor is not None:
                await channels.advance(guild_id, channel_id, parent_id, cursor)
                unread = waits or run.known.mark(channel_id).unread
                if unread and channel_id not in self._progress.channels_with_failures():
                    await channels.set_unread(guild_id, channel_id, parent_id, False)
        if read >= TOLD_EVERY:
            log.info("channel %s: caught up, %s messages read", channel_id, read)
        if wrong:
            run.signs.append(asyncio.create_task(self._mend(run, channel_id, wrong)))
        return gone == suspects

    async def _mend(self, run: _Run, channel_id: int, wrong: Mapping[int, Collection[str] | None]) -> None:
        for message_id, there in wrong.items():
            try:
                await run.discord.mend(channel_id, message_id, there)
            except Exception as error:
                run.report(f"putting the sign on message {message_id}", error)

    async def _read_page(
        self, run: _Run, channel_id: int, page: Page, stored: Mapping[int, StoredDraft]
    ) -> dict[int, Collection[str] | None]:
        """Make the record of a page's messages agree with them.

        Returns:
            For each message with the wrong sign, the signs that are there; None if they are not known for certain.
        """
        failed = dict(page.failed)
        found = await asyncio.gather(
            *(self._settled(message, stored.get(message.message_id)) for message in page.messages),
            return_exceptions=True,
        )
        wrong: dict[int, Collection[str] | None] = {}
        for message, advice in zip(page.messages, found, strict=True):
            if isinstance(advice, (sqlite3.Error, StoreError, asyncio.CancelledError)):
                raise advice
            there = set(page.signs.get(message.message_id, ())) & self._signs.both
            if isinstance(advice, Exception):
                failed[message.message_id] = advice
            elif advice is None and there:
                # The bot may have ended after taking it off the record and before taking its sign away.
                wrong[message.message_id] = there
            elif isinstance(advice, Advice):
                label, previous = advice.label, advice.previous
                # A sign on a message that was not on record may be taken off right now, and then it is missing.
                if previous is not label and (previous is not None or there):
                    wrong[message.message_id] = None
                elif there != ({self._signs.of(label)} if label is not None else set[str]()):
                    wrong[message.message_id] = there
        # One message that can't be handled must not keep all later ones from being read.
        for message_id, error in failed.items():
            run.report(f"reading message {message_id} in catching up", error)
            if not self._progress.note_failure(channel_id, message_id):
                log.warning("message %s: given up after many tries", message_id)
        return wrong

    async def _settled(self, message: Message, stored: StoredDraft | None) -> Advice | None:
        """What to show on a message; None if it neither is nor was a draft."""
        if stored is not None:
            advice = await self._intake.follow(message, stored)
            return advice or Advice(message.message_id, stored.label, previous=stored.label)
        if message.edited_at is not None:
            # An earlier version of its text may be on its way to the record.
            return await self._intake.read_again(message)
        if self._progress.is_in_progress(message.channel_id, message.message_id):
            return None  # It has just arrived, and is answered as a new draft.
        # Within the last day, even if the cursor has passed it: its event may never have come.
        return await self._intake.consider(message, live=False)
