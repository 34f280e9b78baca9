"""The coach: a draft's way from its words to label, count and advice, and what members ask about their own."""

from __future__ import annotations

import itertools
import random
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from coach import reports, tilt
from coach.advisor import Advisor, if_at_hand
from coach.authors import Authors
from coach.balance import Goal, Standing, position_of
from coach.cursors import Cursors
from coach.drafts import Message, NotADraft, people_named, refusal, text_hash
from coach.labelling import Labelling
from coach.labels import Kind, Label, Verdict
from coach.nudge import lacking
from coach.reports import NOTHING_HIDDEN, Hidden, Report
from coach.settings import Settings
from coach.store import Guild, NewDraft, Recorded, Store, StoredDraft, StoredNudge
from coach.store.keys import member_hash
from coach.store.people import NudgeWhere
from coach.terms import Refused, Terms, terms_of
from coach.text import whole
from coach.tips import Lacking, Quote, Tip, Tips

if TYPE_CHECKING:
    from coach.labeller import Labeller

ONLY_AUTHOR = "Only the author of the draft can do that."

LOOK_BACK = timedelta(days=1)
"""How old a message may be to become a draft by an edit, and how far back missed edits are looked for."""

SILENCE = timedelta(days=7)
"""Without a draft for so long, a tip speaks of coming back."""

T = TypeVar("T")

MOST_KEPT = 10_000
"""How many deleted and edited ids are kept in mind: far more than can be while one message is being recorded."""


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


class Coach:
    """Everything the bot knows how to do, free of Discord.

    Args:
        settings: the configuration.
        store: the open database.
        labeller: gives the labeller, waiting for it to be loaded where need be.
        tips: the tips and quotations.
        clock: gives the present, an aware time.
        secret: the key of the hashes, 1 to 64 bytes.
        rng: where choices between equal tips come from.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        labeller: Callable[[], Awaitable[Labeller]],
        tips: Tips,
        clock: Callable[[], datetime],
        secret: bytes,
        rng: random.Random,
    ) -> None:
        self.settings = settings
        self.store = store
        self.advisor = Advisor(store, tips, rng)
        self.clock = clock
        self.labeller = labeller
        self.cursors = Cursors()
        self._authors = Authors(store, settings, self.guild, labeller)
        self.labelling = Labelling(labeller)
        self._secret = secret
        self._gone: dict[int, None] = {}
        self._edited: dict[int, datetime] = {}

    # The way of a draft

    async def consider(self, message: Message, *, live: bool = True) -> Advice | None:
        """Label and record a message if it is a draft, and say what to show on it.

        Args:
            message: a message in a watched channel.
            live: False while catching up: no questions and no nudges for old drafts.

        Returns:
            Advice once the draft is committed; None where it is no draft, its author has paused the bot or had
            everything erased, it was recorded before, or it was deleted meanwhile.
        """
        if refusal(message) is not None:
            return None
        author = await self._authors.get(message.guild_id, message.author_id)
        if not author.member.lets_read(message.message_id):
            return None
        terms = author.terms
        verdict = await self.labelling.label(message.text, author.touch)
        ask = live and verdict.unsure and terms.questions
        speaks = live and terms.nudge_where in ("reply", "dm")
        since: date | None = None
        if speaks and not ask:
            since = terms.day_of(self.clock()) - timedelta(days=terms.goal.window_days - 1)
        reach = self.cursors.reach(message.guild_id, message.channel_id, message.message_id)
        recorded = await self.store.drafts.record(self._new_draft(message, verdict, terms), reach, since)
        if self._gone.keys() & {message.message_id, message.channel_id, message.parent_id}:
            await self.store.drafts.remove(message.guild_id, [message.message_id])
            return None
        if recorded is None:
            return None
        if ask:
            return Advice(message.message_id, verdict.label, ask=verdict.kind, where=terms.nudge_where)
        nudge = await self._nudge(message, verdict, terms, recorded) if since is not None else None
        return Advice(message.message_id, verdict.label, nudge=nudge)

    async def edited(self, message: Message) -> Advice | None:
        """Follow an edit: re-label a draft whose text changed, drop one that no longer is a draft.

        Returns:
            Advice where a sign has to be shown or changed; None where nothing has.
        """
        if message.edited_at is not None:
            _keep(self._edited, {message.message_id: message.edited_at})
        stored = await self.store.drafts.get(message.guild_id, message.message_id)
        if stored is None:
            # Discord adds link previews as edits too; those make no draft of what was none.
            if message.edited_at is None or self.clock() - message.posted_at > LOOK_BACK:
                return None
            advice = await self.consider(message, live=False)
            # None may also mean that the message was being recorded with its first text just now.
            stored = await self.store.drafts.get(message.guild_id, message.message_id)
            if advice is not None or stored is None:
                return advice
        return await self.follow(message, stored)

    async def follow(self, message: Message, stored: StoredDraft) -> Advice | None:
        """Re-label a recorded draft whose text has changed, drop one that no longer is a draft.

        Args:
            message: the message as it is now.
            stored: its record.

        Returns:
            Advice where a sign has to be changed; None where none has.
        """
        if (message.edited_at or message.posted_at) < self._edited.get(message.message_id, message.posted_at):
            return None  # It was read before an edit that has been followed meanwhile.
        new_hash = text_hash(message.text, self._secret)
        if new_hash == stored.text_hash:
            return None
        author = await self._authors.get(message.guild_id, message.author_id)
        if not author.member.lets_read(message.message_id):
            return None
        if refusal(message) is not None:
            if stored.label is None:
                return None  # Set aside by hand: its row stays, so that the edit back does not count it again.
            await self.store.drafts.remove(message.guild_id, [message.message_id])
            return Advice(message.message_id, None, previous=stored.label)
        verdict = await self.labelling.label(message.text, author.touch)
        label = await self.store.drafts.relabel(
            message.guild_id,
            message.message_id,
            verdict,
            len(message.text),
            new_hash,
            self._kept(message),
            people_named(message.text, self._secret),
        )
        if label is None or label is stored.label:
            return None
        return Advice(message.message_id, label, previous=stored.label)

    async def removed(self, guild_id: int, message_ids: Collection[int]) -> None:
        """Take deleted messages out of every tally."""
        self._note_gone(message_ids)
        await self.store.drafts.remove(guild_id, message_ids)

    async def channel_removed(self, guild_id: int, channel_id: int) -> None:
        """Take the drafts of a deleted channel or thread out of every tally, those in its threads too."""
        self._note_gone([channel_id])
        await self.store.drafts.remove_channel(guild_id, channel_id)

    async def check(self, guild_id: int, author_id: int | None, text: str) -> Verdict:
        """Label a text with reasons, without counting it, off the event loop.

        Args:
            guild_id: the server.
            author_id: whose corrections are to be minded; None for the shared model's view.
            text: the text.

        Raises:
            Refused: it takes too long.
        """
        touch = (await self._authors.get(guild_id, author_id)).touch if author_id is not None else None
        try:
            return await self.labelling.explain(text, touch)
        except TimeoutError:
            raise Refused("I can't get to that just now; please try again in a minute.") from None

    # What members ask

    async def report(self, guild_id: int, member_id: int, window_days: int | None = None) -> Report:
        """A member's standing, over their own window or one of `window_days` local days."""
        [report] = await self.reports(guild_id, [member_id], window_days)
        return report

    async def reports(
        self,
        guild_id: int,
        member_ids: Sequence[int],
        window_days: int | None = None,
        hidden: Hidden = NOTHING_HIDDEN,
    ) -> list[Report]:
        """The standings of several members, as `report` gives them, without what is hidden."""
        asked: list[tuple[int, date, Goal]] = []
        for member_id in member_ids:
            terms = await self.terms(guild_id, member_id)
            goal = terms.goal if window_days is None else replace(terms.goal, window_days=window_days)
            asked.append((member_id, terms.day_of(self.clock()), goal))
        return await reports.of_members(self.store, self.settings.balance, guild_id, asked, hidden)

    async def server_report(self, guild_id: int, hidden: Hidden) -> Report:
        """The standing of all of a server's members together, by the server's goal, without what is hidden."""
        terms = await self.terms(guild_id, None)
        today = terms.day_of(self.clock())
        return await reports.of_server(self.store, self.settings.balance, guild_id, today, terms.goal, hidden)

    async def tip(self, guild_id: int, member_id: int) -> tuple[Report, Tip, Quote | None]:
        """A tip for where a member stands."""
        report = await self.report(guild_id, member_id)
        return report, *await self.tip_for(guild_id, report)

    async def tip_for(self, guild_id: int, report: Report) -> tuple[Tip, Quote | None]:
        """A tip that goes with a report, fitted to the member's last draft where there is one."""
        last: list[StoredDraft] = []
        if report.member_id is not None:
            last = await self.store.drafts.recent(guild_id, report.member_id, date.min, 1)
        kind = last[0].kind if last else Kind.NONE
        wanted = report.standing.wanted
        direction: Lacking = "neither" if wanted is None else wanted.value
        if last and self.clock() - last[0].posted_at >= SILENCE:
            direction = "comeback"
        return await self.advisor.show(guild_id, report.member_id, direction, kind, at_hand=False)

    async def tilt(
        self, guild_id: int, member_id: int, text: str, verdict: Verdict
    ) -> tuple[str | None, Tip | None, Quote | None]:
        """One step that turns this text towards the other label, and a tip that goes with it; each if at hand."""
        wanted = verdict.label.other.value
        tip, quote = await if_at_hand(self.advisor.show(guild_id, member_id, wanted, verdict.kind, at_hand=True))
        return tilt.step(text, verdict.kind, self.advisor.rng), tip, quote

    async def another(self, message_id: int, actor_id: int) -> Nudge:
        """Another tip in the place of the one that a nudge shows.

        Raises:
            Refused: it is somebody else's, or there is no such nudge any more.
        """
        shown = await self.nudge_of(message_id, actor_id)
        guild_id, wanted = shown.guild_id, shown.lacking.value
        draft = await self.store.drafts.get(guild_id, message_id)
        kind = draft.kind if draft is not None else Kind.NONE
        tip, quote = await self.advisor.choose(guild_id, actor_id, wanted, kind, at_hand=True)
        if not await self.store.nudges.pass_over(shown, tip.id):
            raise Refused("This nudge was changed a moment ago; please try again.")
        terms = await self.terms(guild_id, actor_id)
        standing = (await self.report(guild_id, actor_id)).standing
        return Nudge(message_id, terms.nudge_where, standing, tip, quote)

    async def nudge_of(self, message_id: int, actor_id: int) -> StoredNudge:
        """The nudge on a draft, for the one it speaks to.

        Raises:
            Refused: it is somebody else's, or there is no such nudge any more.
        """
        shown = await self.store.nudges.find(message_id)
        if shown is None:
            raise Refused("This nudge is no longer on record.")
        if shown.author_id != actor_id:
            raise Refused(ONLY_AUTHOR)
        return shown

    async def history(self, guild_id: int, member_id: int, days: int, limit: int) -> list[StoredDraft]:
        """A member's drafts of the last local days, newest first."""
        terms = await self.terms(guild_id, member_id)
        since = terms.day_of(self.clock()) - timedelta(days=days - 1)
        return await self.store.drafts.recent(guild_id, member_id, since, limit)

    async def terms(self, guild_id: int, member_id: int | None) -> Terms:
        """The terms that hold for a member, or for the server where `member_id` is None."""
        if member_id is None:
            return terms_of(self.settings, await self.guild(guild_id))
        return (await self._authors.get(guild_id, member_id)).terms

    async def label_of(self, guild_id: int, message_id: int) -> Label | None:
        """The label on record of a message; None if it is not counted as a draft."""
        stored = await self.store.drafts.get(guild_id, message_id)
        return stored.label if stored is not None else None

    async def guild(self, guild_id: int) -> Guild:
        """What a server chose; a server seen for the first time gets its first summary time."""
        guild = await self.store.guilds.get(guild_id)
        if guild is None:
            day, due = terms_of(self.settings, Guild(guild_id)).next_summary(self.clock())
            guild = await self.store.guilds.change(guild_id, summary_due=due, summary_day=day)
        return guild

    async def reads(self, message: Message) -> bool:
        """Whether a message may be read: it can be a draft, and its author lets the bot read it.

        Asked before an attachment is fetched, so the message has none of its words yet.
        """
        if refusal(message) not in (None, NotADraft.NO_WORDS):
            return False
        guild_id, author_id = message.guild_id, message.author_id
        author = await self._authors.get(guild_id, author_id)
        if not author.member.lets_read(message.message_id):
            return False
        return not await self.store.erasures.covers(guild_id, self.who(guild_id, author_id), message.message_id)

    def who(self, guild_id: int, member_id: int) -> bytes:
        """The keyed hash by which it is known that a member had everything about them erased."""
        return member_hash(guild_id, member_id, self._secret)

    def _note_gone(self, ids: Collection[int]) -> None:
        """Keep in mind what was deleted of late: a message that is being recorded just now goes again."""
        _keep(self._gone, dict.fromkeys(ids))

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
            who=self.who(message.guild_id, message.author_id),
        )

    def _kept(self, message: Message) -> str | None:
        """A draft's text where texts are kept."""
        return whole(message.text) if self.settings.keep_text else None

    async def _nudge(self, message: Message, verdict: Verdict, terms: Terms, recorded: Recorded) -> Nudge | None:
        guild_id, author_id, now = message.guild_id, message.author_id, self.clock()
        today, history = terms.day_of(now), recorded.nudges
        position = position_of(recorded.days, today, terms.goal, self.settings.balance)
        wanted = lacking(position, verdict.label, history, terms.rules, now)
        if wanted is None:
            return None
        # Only now: most drafts bring no nudge, and the streak looks far back.
        report = await self.report(guild_id, author_id)
        tip, quote = await self.advisor.choose(guild_id, author_id, wanted.value, verdict.kind, at_hand=True)
        # Recorded before it is shown, and only on the history it was decided on: two drafts at once bring one.
        last = history[0].at if history else None
        if not await self.store.nudges.add(message.message_id, guild_id, author_id, tip.id, wanted, now, last):
            return None
        step = tilt.from_subject(message.text, verdict.kind, self.advisor.rng)
        return Nudge(message.message_id, terms.nudge_where, report.standing, tip, quote, step)


def _keep(kept: dict[int, T], more: Mapping[int, T]) -> None:
    """Keep more in mind, and of all of it the newest only."""
    kept.update(more)
    for oldest in list(itertools.islice(kept, max(0, len(kept) - MOST_KEPT))):
        del kept[oldest]
