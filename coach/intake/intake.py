"""Intake: a draft's way onto the record, its edits, and the one place where drafts leave it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from coach.balance.standing import Tally, position_of
from coach.intake.drafts import Message, NotADraft, people_named, refusal, text_hash
from coach.intake.proxies import Proxies, as_author
from coach.intake.read_progress import LOOK_BACK, ReadProgress
from coach.intake.reposts import Reposts
from coach.intake.thoughts import relate, words_of
from coach.labelling.labelling_queue import LabellingQueue
from coach.labels import Label, Verdict
from coach.members.cache import MemberCache
from coach.members.preferences import Preferences
from coach.metrics import DRAFTS, NUDGES, SILENCES
from coach.nudging.advice import Advice, Nudge
from coach.nudging.policy import Shown, Silence, silence, silence_beforehand
from coach.nudging.trial import draw
from coach.settings import Settings
from coach.store import Deciding, NewDraft, Placing, Recorded, Store, StoredDraft
from coach.store.account_book import UNNAMED
from coach.store.keys import member_hash
from coach.store.thoughts import NO_WORDS
from coach.text import whole
from coach.turns import Turns

log = logging.getLogger(__name__)

MANY = 50
"""If catching up removes more drafts than this at once, or more than `MANY_OF` of a server's, a copy is kept."""

MANY_OF = 0.1
"""A share, 0 to 1."""


class Intake:
    """Considers messages, follows edits, and takes drafts off the record.

    A draft leaves the record only if Discord says that this very message, channel or thread is gone: by an event,
    or by a 404 when asked. What a cache or a page of history merely doesn't show is not gone.

    Args:
        settings: the configuration.
        store: the open database.
        members: the cache of members.
        labelling: gives the labels.
        progress: how far channels have been read, and what is deleted or edited.
        proxies: which messages of applications repeat which drafts.
        clock: gives the present, an aware time.
        secret: the key of the hashes that show edits, 1 to 64 bytes.
        nudge: makes the nudge that is due on a new draft, by its verdict, its author's preferences and when their
            last one was; None if it comes to nothing.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        members: MemberCache,
        labelling: LabellingQueue,
        progress: ReadProgress,
        proxies: Proxies,
        clock: Callable[[], datetime],
        secret: bytes,
        nudge: Callable[[Message, Verdict, Preferences, Recorded], Awaitable[Nudge | None]],
    ) -> None:
        self._settings = settings
        self._store = store
        self._members = members
        self._labelling = labelling
        self._progress = progress
        self._clock = clock
        self._secret = secret
        self._nudge = nudge
        self._turns = Turns()
        record = partial(self._consider, live=False)
        self.reposts = Reposts(store, members, progress, proxies, self._turns, secret, record, self._follow)

    async def reads(self, message: Message) -> bool:
        """Whether a message may be read: it can be a draft, and its author lets the bot read it.

        Asked before an attachment is fetched, so the message has none of its words yet.
        """
        if not message.by_person:
            message = await self.reposts.known(message)
            if not message.by_person:
                return await self.reposts.may_repeat(message)
        guild_id, author_id = message.guild_id, message.author_id
        if refusal(message) not in (None, NotADraft.NO_WORDS):
            # The message that it answers may be gone; if this one is on record, it was not a comment.
            known = replace(message, replies_to=None)
            if refusal(known) not in (None, NotADraft.NO_WORDS):
                return False
            if await self._store.drafts.get(guild_id, message.message_id) is None:
                return False
        author = await self._members.get(guild_id, author_id)
        if not author.member.lets_read(message.message_id):
            return False
        who = member_hash(guild_id, author_id, self._secret)
        return not await self._store.erasures.is_erased(guild_id, who, message.message_id)

    async def why_not(self, message: Message) -> NotADraft | None:
        """Why a message is not a draft; None if it could be one, or its author does not let the bot read it."""
        author = await self._members.get(message.guild_id, message.author_id)
        return refusal(message) if author.member.lets_read(message.message_id) else None

    async def consider(self, message: Message, *, live: bool = True) -> Advice | None:
        """Label and record a message if it is a draft, and say what to show on it.

        Args:
            message: a message in a watched channel.
            live: False while catching up: no questions and no nudges for old drafts.

        Returns:
            Advice once the draft is committed; None if it is not a draft, its author has paused the bot or had
            everything erased, it was recorded before, or it has been edited or deleted in the meantime.
        """
        if await self.reposts.takes(message):
            return None
        if live:
            await self.reposts.note(message)
        async with self._turns.of(message.message_id):
            return await self._consider(message, live)

    async def _consider(self, message: Message, live: bool) -> Advice | None:
        if refusal(message) is not None or self._progress.is_outdated(message):
            return None
        author = await self._members.get(message.guild_id, message.author_id)
        if not author.member.lets_read(message.message_id):
            return None
        preferences = author.preferences
        verdict = await self._labelling.label(message.text, author.personal, message.answering)
        ask, counts = live and verdict.unsure and preferences.asks, verdict.counted is not None
        beforehand = silence_beforehand(
            preferences.nudge_where,
            live=live,
            readable=counts,
            asked=ask and counts,
            dm_refused=preferences.dm_refused,
        )
        nudging = beforehand or await self._deciding(message, verdict.label, preferences)
        recorded = await self._record(self._new_draft(message, verdict, preferences), message, nudging)
        if recorded is None:
            return None
        DRAFTS.labels(recorded.label or "none").inc()
        if recorded.silence is not None:
            SILENCES.labels(recorded.silence).inc()
        if recorded.joined:
            # The first of the thought had the occasion.
            return Advice(message.message_id, recorded.label, in_thread=recorded.in_thread)
        if ask and await self._may_ask(message, counts, preferences):
            where = "dm" if preferences.question_where == "dm" else "reply"
            return Advice(message.message_id, verdict.counted, ask=verdict.kind, where=where)
        if recorded.silence is not None:
            return Advice(message.message_id, verdict.counted)
        nudge = await self._nudge(message, verdict, preferences, recorded)
        if nudge is not None:
            NUDGES.labels(verdict.label.other).inc()
        return Advice(message.message_id, verdict.counted, nudge=nudge)

    async def _may_ask(self, message: Message, counts: bool, preferences: Preferences) -> bool:
        """Put a question on record that is about to be asked; False if there have been enough."""
        guild_id, author_id = message.guild_id, message.author_id
        # In a language that the bot doesn't know, the author is asked once in each channel.
        if not counts and not await self._store.other_languages.ask(guild_id, message.message_id):
            return False
        today = preferences.day_of(self._clock())
        if await self._store.questions.claim(guild_id, author_id, today, preferences.question_cap):
            return True
        if counts:
            await self._store.decisions.note(guild_id, message.message_id, Silence.ASKED_ENOUGH)
        else:
            await self._store.other_languages.withdraw(guild_id, author_id, message.message_id)
            await self._store.replies.drop(message.message_id)
        return False

    async def _deciding(self, message: Message, label: Label, preferences: Preferences) -> Deciding:
        """How to decide on a nudge for a draft, once it is counted for the account of its place."""
        accounts = (await self._members.accounts(message.guild_id)).accounts
        goals = {
            account_id: await self._members.goal(message.guild_id, message.author_id, account)
            for account_id, account in accounts.items()
        } | {UNNAMED: preferences.goal}
        now, policy = self._clock(), preferences.nudge_policy
        today, lot = preferences.day_of(now), draw(message.message_id, self._secret)

        def decided(account_id: int, days: dict[date, Tally], history: Sequence[Shown]) -> Silence | None:
            # Whatever is wrong with a nudge must not cost the draft.
            try:
                goal = goals.get(account_id, preferences.goal)
                position = position_of(days, today, goal, self._settings.balance)
                return silence(position, label, history, policy, now, lot)
            except Exception as error:
                log.warning("message %s: no nudge possible: %s", message.message_id, type(error).__name__)
                return Silence.FAILED

        since = today - timedelta(days=max(goal.window_days for goal in goals.values()) - 1)
        posted = await self._members.posted_only(message.guild_id)
        return Deciding(since, decided, now, policy.held_back, posted)

    def _record(self, draft: NewDraft, message: Message, nudge: Silence | Deciding) -> Awaitable[Recorded | None]:
        """Put a draft in the queue of writes, unless it is known to be deleted.

        Not a coroutine, so that nothing can happen between the check and the place in the queue: a deletion is
        either known here, or its own write comes later and removes the draft.
        """
        if self._progress.is_deleted(message):
            return _nothing()
        cursor = self._progress.safe_cursor(
            message.guild_id, message.channel_id, message.message_id, message.parent_id
        )
        return self._store.drafts.record(draft, cursor, nudge)

    async def edited(self, message: Message) -> Advice | None:
        """Follow an edit: re-label a draft whose text has changed, and drop one that is no longer a draft.

        Returns:
            Advice if a sign may have to be shown or changed; None otherwise.
        """
        # Discord reports link previews as edits too; they don't turn a message into a draft.
        young = message.edited_at is not None and self._clock() - message.posted_at <= LOOK_BACK
        await self.reposts.note(message)
        return await self._bring_up_to_date(message, may_become_draft=young)

    async def read_again(self, message: Message) -> Advice | None:
        """Follow an edited message that history shows and that was not on record a moment ago.

        Returns:
            As `edited`.
        """
        if await self.reposts.takes(message):
            return None
        return await self._bring_up_to_date(message, may_become_draft=True)

    async def _bring_up_to_date(self, message: Message, may_become_draft: bool) -> Advice | None:
        self._progress.note_edit(message.message_id, message.edited_at)
        # If the message is being recorded with an earlier text, that is finished first.
        async with self._turns.of(message.message_id):
            stored = await self._store.drafts.get(message.guild_id, message.message_id)
            if stored is not None:
                return await self._follow(message, stored)
            return await self._consider(message, live=False) if may_become_draft else None

    async def follow(self, message: Message, stored: StoredDraft) -> Advice | None:
        """Re-label a recorded draft whose text has changed, or drop one that is no longer a draft.

        Args:
            message: the message as it is now.
            stored: its record.

        Returns:
            Advice if its sign may have to be changed; None otherwise.
        """
        async with self._turns.of(message.message_id):
            return await self._follow(message, stored)

    async def _follow(self, message: Message, stored: StoredDraft) -> Advice | None:
        if not message.by_person:
            # Such a message is on record only because a draft has moved to it.
            message = as_author(message, stored.author_id)
        new_hash = text_hash(message.text, self._secret)
        if self._progress.is_outdated(message) or new_hash == stored.text_hash:
            return None
        author = await self._members.get(message.guild_id, message.author_id)
        if not author.member.lets_read(message.message_id):
            return None
        # An edit doesn't change which message this one answers, and that may have been deleted in the meantime.
        if refusal(replace(message, replies_to=None)) is not None:
            if stored.label is None and not stored.unlabelled:
                # Set aside: its row stays, so that editing it back doesn't undo what was done by hand.
                return None
            await self._remove(message.guild_id, [message.message_id], "edited so that it is no longer a draft")
            return Advice(message.message_id, None, previous=stored.label)
        verdict = await self._labelling.label(message.text, author.personal, message.answering)
        label = await self._relabel(message, verdict, new_hash)
        if label is stored.label:
            return None
        return Advice(message.message_id, label, previous=stored.label)

    def _relabel(self, message: Message, verdict: Verdict, new_hash: bytes) -> Awaitable[Label | None]:
        """Put a draft's new label in the queue of writes, unless a later edit is known; see `_record`."""
        if self._progress.is_outdated(message):
            return _nothing()
        return self._store.drafts.relabel(
            message.guild_id,
            message.message_id,
            verdict,
            length=len(message.text),
            text_hash=new_hash,
            text=self._text_to_keep(message),
            addressed=people_named(message.text, self._secret),
            placing=self._placing(message),
        )

    async def removed(self, guild_id: int, message_ids: Collection[int], *, for_good: bool = False) -> set[int]:
        """Take messages that an event says are deleted out of every tally.

        Args:
            guild_id: the server.
            message_ids: the messages.
            for_good: whether those too that an application may still be posting again.

        Returns:
            Those that are left on record for now, to be removed for good after `SECONDS_TO_WAIT`.
        """
        self._progress.note_deleted(message_ids)
        waiting = await self.reposts.gone(guild_id, message_ids, for_good=for_good)
        await self._remove(guild_id, set(message_ids) - waiting, "deleted", by_event=True)
        return waiting

    async def channel_removed(self, guild_id: int, channel_id: int) -> None:
        """Take the drafts of a channel or thread that an event says is deleted out of every tally.

        The drafts in a channel's threads go too.
        """
        self._progress.note_channels_deleted([channel_id])
        await self._remove(guild_id, (), "deleted with their channel", (channel_id,), by_event=True)

    async def found_gone(self, guild_id: int, message_ids: Collection[int], channel_ids: Collection[int]) -> None:
        """Take drafts out of every tally if Discord, asked for each, said that its message or channel is gone.

        If many go at once, a copy is kept for a day, in case Discord was wrong.
        """
        if not message_ids and not channel_ids:
            return
        self._progress.note_not_found(message_ids)
        self._progress.note_channels_deleted(channel_ids)
        await self.reposts.gone(guild_id, message_ids)
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

    async def _remove(
        self,
        guild_id: int,
        message_ids: Collection[int],
        why: str,
        channel_ids: Collection[int] = (),
        keep: datetime | None = None,
        *,
        by_event: bool = False,
    ) -> None:
        """The only way off the record, except for what members erase and what grows too old."""
        count = await self._store.removals.sweep(guild_id, message_ids, channel_ids, keep, by_event=by_event)
        if count:
            log.info("server %s: %s off the record: %s", guild_id, _drafts(count), why)

    def _new_draft(self, message: Message, verdict: Verdict, preferences: Preferences) -> NewDraft:
        return NewDraft(
            message_id=message.message_id,
            guild_id=message.guild_id,
            channel_id=message.channel_id,
            parent_id=message.parent_id,
            author_id=message.author_id,
            posted_at=message.posted_at,
            local_day=preferences.day_of(message.posted_at),
            verdict=verdict,
            length=len(message.text),
            text_hash=text_hash(message.text, self._secret),
            text=self._text_to_keep(message),
            addressed=people_named(message.text, self._secret),
            who=member_hash(message.guild_id, message.author_id, self._secret),
            tags=message.tags,
            continues=message.continues,
            placing=self._placing(message),
        )

    def _placing(self, message: Message) -> Placing:
        """What decides which thought a draft belongs to."""
        window = timedelta(hours=self._settings.thoughts.window_hours)
        return Placing(words_of(message.text, self._secret), window, relate) if window else NO_WORDS

    def _text_to_keep(self, message: Message) -> str | None:
        """A draft's text if texts are kept, else None."""
        return whole(message.text) if self._settings.keep_text else None


async def _nothing() -> None:
    """The result of a write that is not made."""


def _drafts(count: int) -> str:
    return "1 draft" if count == 1 else f"{count} drafts"
