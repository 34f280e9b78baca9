"""Intake: a draft's way onto the record, its edits, and the one place where drafts leave it."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from coach.balance.standing import Standing
from coach.intake.drafts import Message, NotADraft, people_named, refusal, text_hash
from coach.intake.read_progress import Cursors
from coach.labelling.queue import LabellingQueue
from coach.labels import Kind, Label, Verdict
from coach.members.cache import Authors
from coach.members.preferences import Terms
from coach.nudging.policy import NudgeWhere
from coach.nudging.tips import Quote, Tip
from coach.settings import Settings
from coach.store import NewDraft, Recorded, Store, StoredDraft
from coach.store.keys import member_hash
from coach.text import whole

log = logging.getLogger(__name__)

LOOK_BACK = timedelta(days=1)
"""How old a message may be to become a draft by an edit, and how far back missed changes are looked for."""

MOST_KEPT = 10_000
"""How many deleted and edited ids are kept in mind: far more than can be while one message is being recorded."""

MANY = 50
"""Drafts: if catching up removes more than this at once, or more than `MANY_OF` of a server, a copy is kept."""

MANY_OF = 0.1

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Nudge:
    """A nudge to show: on which draft, where it goes, and what it says.

    `step` is one concrete step from the draft's own words; None where they offer none.
    """

    message_id: int
    where: NudgeWhere
    standing: Standing
    tip: Tip
    quote: Quote | None
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """What to show on a recorded draft.

    Attributes:
        message_id: the draft.
        label: the label that stands; None where an edit made it no draft.
        previous: the label that stood before an edit; None for a new draft.
        ask: the likely kind of a draft whose author is to be asked which it is; None for no question.
        where: where a question goes.
        nudge: a nudge to show, if one is due.
    """

    message_id: int
    label: Label | None
    previous: Label | None = None
    ask: Kind | None = None
    where: NudgeWhere = "reply"
    nudge: Nudge | None = None


class Intake:
    """Considers messages, follows edits, and takes drafts off the record.

    A draft leaves the record only because Discord said so of that very message, channel or thread: by an event, or
    by a 404 when it was asked. What is merely not shown, by a cache or a page of history, is not gone.

    Args:
        settings: the configuration.
        store: the open database.
        authors: the authors at hand.
        labelling: gives the labels.
        cursors: how far channels have been read.
        clock: gives the present, an aware time.
        secret: the key of the hashes that show edits, 1 to 64 bytes.
        nudge: decides on a nudge for a new draft, with its verdict, its author's terms and what was recorded.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        authors: Authors,
        labelling: LabellingQueue,
        cursors: Cursors,
        clock: Callable[[], datetime],
        secret: bytes,
        nudge: Callable[[Message, Verdict, Terms, Recorded], Awaitable[Nudge | None]],
    ) -> None:
        self._settings = settings
        self._store = store
        self._authors = authors
        self._labelling = labelling
        self._cursors = cursors
        self._clock = clock
        self._secret = secret
        self._nudge = nudge
        # Apart: a thread has the id of the message that it was started from.
        self._gone_messages: dict[int, None] = {}
        self._not_found: dict[int, None] = {}
        self._gone_channels: dict[int, None] = {}
        self._edited: dict[int, datetime] = {}
        self._turns: dict[int, tuple[asyncio.Lock, int]] = {}

    async def reads(self, message: Message) -> bool:
        """Whether a message may be read: it can be a draft, and its author lets the bot read it.

        Asked before an attachment is fetched, so the message has none of its words yet.
        """
        guild_id, author_id = message.guild_id, message.author_id
        if refusal(message) not in (None, NotADraft.NO_WORDS):
            # Whom it answers may be gone; if it is on record, it was no comment.
            known = replace(message, replies_to=None)
            if refusal(known) not in (None, NotADraft.NO_WORDS):
                return False
            if await self._store.drafts.get(guild_id, message.message_id) is None:
                return False
        author = await self._authors.get(guild_id, author_id)
        if not author.member.lets_read(message.message_id):
            return False
        who = member_hash(guild_id, author_id, self._secret)
        return not await self._store.erasures.is_erased(guild_id, who, message.message_id)

    async def consider(self, message: Message, *, live: bool = True) -> Advice | None:
        """Label and record a message if it is a draft, and say what to show on it.

        Args:
            message: a message in a watched channel.
            live: False while catching up: no questions and no nudges for old drafts.

        Returns:
            Advice once the draft is committed; None if it is no draft, its author has paused the bot or had
            everything erased, it was recorded before, or it was edited or deleted meanwhile.
        """
        async with self._turn(message.message_id):
            return await self._consider(message, live)

    async def _consider(self, message: Message, live: bool) -> Advice | None:
        if refusal(message) is not None or self._outdated(message):
            return None
        author = await self._authors.get(message.guild_id, message.author_id)
        if not author.member.lets_read(message.message_id):
            return None
        terms = author.terms
        verdict = await self._labelling.label(message.text, author.personal)
        ask = live and verdict.unsure and terms.questions
        since: date | None = None
        if live and not ask and terms.nudge_where in ("reply", "dm"):
            since = terms.day_of(self._clock()) - timedelta(days=terms.goal.window_days - 1)
        reach = self._cursors.reach(message.guild_id, message.channel_id, message.message_id, message.parent_id)
        recorded = await self._store.drafts.record(self._new_draft(message, verdict, terms), reach, since)
        if self._is_gone(message):
            await self._remove(message.guild_id, [message.message_id], "deleted while it was recorded")
            return None
        if recorded is None:
            return None
        if ask:
            where = "dm" if terms.nudge_where == "dm" else "reply"
            return Advice(message.message_id, verdict.label, ask=verdict.kind, where=where)
        nudge = await self._nudge(message, verdict, terms, recorded) if since is not None else None
        return Advice(message.message_id, verdict.label, nudge=nudge)

    def edit_arrives(self, message_id: int, edited_at: datetime | None) -> None:
        """Note an edit before its text is fetched: what was read before it is out of date from now on."""
        if edited_at is not None and edited_at > self._edited.get(message_id, edited_at - LOOK_BACK):
            _keep(self._edited, {message_id: edited_at})

    async def edited(self, message: Message) -> Advice | None:
        """Follow an edit: re-label a draft whose text changed, drop one that no longer is a draft.

        Returns:
            Advice if a sign has to be shown or changed; None if none has.
        """
        # Discord adds link previews as edits too; those make no draft of what was none.
        young = message.edited_at is not None and self._clock() - message.posted_at <= LOOK_BACK
        return await self._as_it_is(message, may_begin=young)

    async def read_again(self, message: Message) -> Advice | None:
        """Follow what history shows of an edited message that was not on record a moment ago.

        Returns:
            As `edited`.
        """
        return await self._as_it_is(message, may_begin=True)

    async def _as_it_is(self, message: Message, may_begin: bool) -> Advice | None:
        self.edit_arrives(message.message_id, message.edited_at)
        # If the message is being recorded with an earlier text just now, that comes to its end before.
        async with self._turn(message.message_id):
            stored = await self._store.drafts.get(message.guild_id, message.message_id)
            if stored is not None:
                return await self._follow(message, stored)
            return await self._consider(message, live=False) if may_begin else None

    async def follow(self, message: Message, stored: StoredDraft) -> Advice | None:
        """Re-label a recorded draft whose text has changed, drop one that no longer is a draft.

        Args:
            message: the message as it is now.
            stored: its record.

        Returns:
            Advice if a sign has to be changed; None if none has.
        """
        async with self._turn(message.message_id):
            return await self._follow(message, stored)

    async def _follow(self, message: Message, stored: StoredDraft) -> Advice | None:
        new_hash = text_hash(message.text, self._secret)
        if self._outdated(message) or new_hash == stored.text_hash:
            return None
        author = await self._authors.get(message.guild_id, message.author_id)
        if not author.member.lets_read(message.message_id):
            return None
        # An edit changes the words, not whom the message answers; that one may have been deleted meanwhile.
        if refusal(replace(message, replies_to=None)) is not None:
            if stored.label is None:
                return None  # Set aside by hand: its row stays, so that the edit back does not count it again.
            await self._remove(message.guild_id, [message.message_id], "edited so that it is no draft")
            return Advice(message.message_id, None, previous=stored.label)
        verdict = await self._labelling.label(message.text, author.personal)
        if self._outdated(message):
            return None
        label = await self._store.drafts.relabel(
            message.guild_id,
            message.message_id,
            verdict,
            length=len(message.text),
            text_hash=new_hash,
            text=self._kept(message),
            addressed=people_named(message.text, self._secret),
        )
        if label is None or label is stored.label:
            return None
        return Advice(message.message_id, label, previous=stored.label)

    async def removed(self, guild_id: int, message_ids: Collection[int]) -> None:
        """Take messages out of every tally of which an event says that they were deleted."""
        _keep(self._gone_messages, dict.fromkeys(message_ids))
        await self._remove(guild_id, message_ids, "deleted", told=True)

    async def channel_removed(self, guild_id: int, channel_id: int) -> None:
        """Take the drafts of a channel or thread out of every tally, as an event says that it was deleted.

        Those in a channel's threads go too.
        """
        _keep(self._gone_channels, {channel_id: None})
        await self._remove(guild_id, (), "deleted with their channel", (channel_id,), told=True)

    async def found_gone(self, guild_id: int, message_ids: Collection[int], channel_ids: Collection[int]) -> None:
        """Take drafts out of every tally whose message or channel is gone, as Discord said when asked for each.

        A copy of many at once is kept for a day, in case that Discord was wrong.
        """
        if not message_ids and not channel_ids:
            return
        _keep(self._not_found, dict.fromkeys(message_ids))
        _keep(self._gone_channels, dict.fromkeys(channel_ids))
        count, total = await self._store.removals.extent(guild_id, message_ids, channel_ids)
        keep = None
        if count > MANY or count > MANY_OF * total:
            keep = self._clock()
            log.warning(
                "server %s: %s of its %s drafts are gone in Discord and leave the record; "
                "a copy is kept for a day, which `bot.py undelete` puts back",
                guild_id,
                count,
                total,
            )
        await self._remove(guild_id, message_ids, "gone in Discord (404)", channel_ids, keep)

    def there(self, channel_ids: Collection[int]) -> None:
        """Channels that Discord shows are not gone, whatever was said of them before."""
        for channel_id in self._gone_channels.keys() & set(channel_ids):
            del self._gone_channels[channel_id]

    def shown(self, message_ids: Collection[int]) -> None:
        """Messages that a page shows are not gone, if Discord merely did not find them when asked before."""
        for message_id in self._not_found.keys() & set(message_ids):
            del self._not_found[message_id]

    async def _remove(
        self,
        guild_id: int,
        message_ids: Collection[int],
        why: str,
        channel_ids: Collection[int] = (),
        keep: datetime | None = None,
        *,
        told: bool = False,
    ) -> None:
        """The one way off the record, but for what members erase and what grows too old."""
        count = await self._store.removals.sweep(guild_id, message_ids, channel_ids, keep, told=told)
        if count:
            log.info("server %s: %s off the record: %s", guild_id, _drafts(count), why)

    def _is_gone(self, message: Message) -> bool:
        places = {message.channel_id, message.parent_id}
        gone = message.message_id in self._gone_messages or message.message_id in self._not_found
        return gone or bool(self._gone_channels.keys() & places)

    def _outdated(self, message: Message) -> bool:
        """Whether a message was read before an edit that is known by now."""
        read = message.edited_at or message.posted_at
        return read < self._edited.get(message.message_id, message.posted_at)

    @asynccontextmanager
    async def _turn(self, message_id: int) -> AsyncGenerator[None]:
        """One thing at a time with each message, in the order in which they come."""
        lock, waiting = self._turns.get(message_id, (asyncio.Lock(), 0))
        self._turns[message_id] = lock, waiting + 1
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._turns.pop(message_id)
            if waiting > 1:
                self._turns[message_id] = lock, waiting - 1

    def _new_draft(self, message: Message, verdict: Verdict, terms: Terms) -> NewDraft:
        return NewDraft(
            message_id=message.message_id,
            guild_id=message.guild_id,
            channel_id=message.channel_id,
            parent_id=message.parent_id,
            author_id=message.author_id,
            posted_at=message.posted_at,
            local_day=terms.day_of(message.posted_at),
            verdict=verdict,
            length=len(message.text),
            text_hash=text_hash(message.text, self._secret),
            text=self._kept(message),
            addressed=people_named(message.text, self._secret),
            who=member_hash(message.guild_id, message.author_id, self._secret),
        )

    def _kept(self, message: Message) -> str | None:
        """A draft's text where texts are kept."""
        return whole(message.text) if self._settings.keep_text else None


def _keep(kept: dict[int, T], more: Mapping[int, T]) -> None:
    """Keep more in mind, and of all of it the newest only."""
    kept.update(more)
    for oldest in list(itertools.islice(kept, max(0, len(kept) - MOST_KEPT))):
        del kept[oldest]


def _drafts(count: int) -> str:
    return "1 draft" if count == 1 else f"{count} drafts"
