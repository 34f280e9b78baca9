"""The coach: its services, wired once, and what members ask about their own drafts."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from coach import reports
from coach.balance.standing import Goal, position_of
from coach.expiry import Expiry
from coach.export import Exports
from coach.intake.drafts import Message
from coach.intake.intake import Intake, Nudge
from coach.intake.read_progress import Cursors
from coach.intake.watching import Watching
from coach.labelling.queue import LabellingQueue
from coach.labels import Kind, Label, Verdict
from coach.members.cache import Authors
from coach.members.preferences import Refused, Terms, terms_of
from coach.nudging import next_step
from coach.nudging.policy import lacking
from coach.nudging.tips import Lacking, Quote, Tip, Tips
from coach.replies import Replies
from coach.reports import NOTHING_HIDDEN, Hidden, Report
from coach.settings import Settings
from coach.store import Guild, Recorded, Store, StoredDraft, StoredNudge
from coach.store.keys import member_hash
from coach.tip_picker import Advisor, if_at_hand

if TYPE_CHECKING:
    from coach.labelling.labeller import Labeller

ONLY_AUTHOR = "Only the author of the draft can do that."

SILENCE = timedelta(days=7)
"""Without a draft for so long, a tip speaks of coming back."""


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
        self._secret = secret
        self.labelling = LabellingQueue(labeller)
        self.watching = Watching(store.channels)
        self.replies = Replies(store)
        self.exports = Exports(store, clock, secret)
        self.expiry = Expiry(store, settings.retention, clock)
        self.program = store.program
        self.intake = Intake(
            settings, store, self._authors, self.labelling, self.cursors, clock, secret, self._nudge
        )

    async def close(self) -> None:
        """Stop labelling, finish what is being written and close the database."""
        self.labelling.close()
        await self.store.close()

    async def check(self, guild_id: int, author_id: int | None, text: str) -> Verdict:
        """Label a text with reasons, without counting it, off the event loop.

        Args:
            guild_id: the server.
            author_id: whose corrections are to be minded; None for the shared model's view.
            text: the text.

        Raises:
            Refused: it takes too long.
        """
        personal = (await self._authors.get(guild_id, author_id)).personal if author_id is not None else None
        try:
            return await self.labelling.explain(text, personal)
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
        return next_step.step(text, verdict.kind, self.advisor.rng), tip, quote

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

    def changes(self) -> int:
        """A number that grows whenever a label on record, or what members and servers chose, may have changed."""
        return self.store.database.changes

    async def guild(self, guild_id: int) -> Guild:
        """What a server chose; a server seen for the first time gets its first summary time."""
        guild = await self.store.guilds.get(guild_id)
        if guild is None:
            day, due = terms_of(self.settings, Guild(guild_id)).next_summary(self.clock())
            guild = await self.store.guilds.change(guild_id, summary_due=due, summary_day=day)
        return guild

    def who(self, guild_id: int, member_id: int) -> bytes:
        """The keyed hash by which it is known that a member had everything about them erased."""
        return member_hash(guild_id, member_id, self._secret)

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
        nudge = StoredNudge(message.message_id, guild_id, author_id, tip.id, wanted)
        if not await self.store.nudges.add(nudge, now, last):
            return None
        step = next_step.from_subject(message.text, verdict.kind, self.advisor.rng)
        return Nudge(message.message_id, terms.nudge_where, report.standing, tip, quote, step)
