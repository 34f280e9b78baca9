"""Which tip for whom, in nudges and elsewhere: the shipped tips and a server's own, by what helped before."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

from coach import wording_refusals
from coach.errors import Refused, SettingsError
from coach.intake.drafts import Message
from coach.labels import Kind, Verdict
from coach.members.cache import MemberCache
from coach.members.preferences import Preferences
from coach.nudging import next_step
from coach.nudging.advice import Nudge
from coach.nudging.next_step import QUESTION_TIP
from coach.nudging.tips import Lacking, Quote, Tip, Tips
from coach.reports import NOTHING_HIDDEN, HiddenTallies, Report, Reports
from coach.store import Account, Recorded, Store, StoredNudge
from coach.store.account_book import UNNAMED

log = logging.getLogger(__name__)

OWN_FILE = "your file"
MOST_OWN = 500

MOST_LATEST = 10_000
"""For how many members and servers it is remembered which tip they were given last."""

SILENCE = timedelta(days=7)
"""After so long without a draft, a tip speaks of coming back."""

SECONDS_FOR_TIP = 5.0
"""How long a summary, or the label of a text, waits for the tip that goes with it."""


class TipPicker:
    """Picks tips, and makes the nudge for a new draft.

    Args:
        store: the open database.
        tips: the tips and quotations that every server has.
        rng: where choices between equal tips come from.
        members: the cache of members.
        reports: says where members stand.
        clock: gives the present, an aware time.
    """

    def __init__(
        self,
        store: Store,
        tips: Tips,
        rng: random.Random,
        members: MemberCache,
        reports: Reports,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._tips = tips
        self._rng = rng
        self._members = members
        self._reports = reports
        self._clock = clock
        self._own: dict[int, Tips] = {}
        self._latest: dict[tuple[int, int | None], str] = {}

    async def nudge(
        self, message: Message, verdict: Verdict, preferences: Preferences, recorded: Recorded
    ) -> Nudge | None:
        """Make the nudge that is due on a new draft, and record it.

        Args:
            message: the draft.
            verdict: its label.
            preferences: its author's.
            recorded: what was decided on it.

        Returns:
            None if another nudge came in between, or the draft is gone.
        """
        guild_id, author_id = message.guild_id, message.author_id
        lacking, quote = verdict.label.other, None
        # Only now: most drafts bring no nudge, and the streak looks far back.
        account = (await self._members.accounts(guild_id)).get(recorded.account_id)
        report = await self._reports.report(guild_id, author_id, account=account)
        before = (await self._store.nudges.times_shown(guild_id, author_id)).get(QUESTION_TIP, 0)
        advice = next_step.from_subject(message.text, verdict.kind, verdict.language, before)
        if advice is None:
            advice, quote = await self.choose(guild_id, author_id, lacking.value, verdict.kind, with_draft=True)
        tip = advice.id if isinstance(advice, Tip) else QUESTION_TIP
        # Recorded before it is shown, and only on the history it was decided on: two drafts at once bring one.
        nudge = StoredNudge(message.message_id, guild_id, author_id, tip, lacking)
        chance = preferences.nudge_policy.held_back
        if not await self._store.nudges.add(nudge, self._clock(), recorded.last, chance):
            return None
        return Nudge(
            message.message_id,
            preferences.nudge_where,
            report.standing,
            advice,
            quote,
            account=account.name,
            shared=account.shared,
        )

    async def nudge_of(self, message_id: int, actor_id: int) -> StoredNudge:
        """The nudge on a draft, for the one it speaks to.

        Raises:
            Refused: it is somebody else's, or there is no such nudge any more.
        """
        shown = await self._store.nudges.find(message_id)
        if shown is None:
            raise Refused(wording_refusals.NUDGE_NO_LONGER_ON_RECORD)
        if shown.author_id != actor_id:
            raise Refused(wording_refusals.ONLY_AUTHOR)
        return shown

    async def another_tip(self, message_id: int, actor_id: int) -> Nudge:
        """Put another tip in the place of the one that a nudge shows.

        Raises:
            Refused: it is somebody else's, or there is no such nudge any more.
        """
        shown = await self.nudge_of(message_id, actor_id)
        guild_id, wanted = shown.guild_id, shown.lacking.value
        draft = await self._store.drafts.get(guild_id, message_id)
        kind = draft.kind if draft is not None else Kind.NONE
        tip, quote = await self.choose(guild_id, actor_id, wanted, kind, with_draft=True)
        if not await self._store.nudges.pass_over(shown, tip.id):
            raise Refused(wording_refusals.NUDGE_JUST_CHANGED)
        preferences = await self._members.preferences(guild_id, actor_id)
        account = (await self._members.accounts(guild_id)).get(draft.account_id if draft is not None else UNNAMED)
        standing = (await self._reports.report(guild_id, actor_id, account=account)).standing
        return Nudge(
            message_id,
            preferences.nudge_where,
            standing,
            tip,
            quote,
            account=account.name,
            shared=account.shared,
        )

    async def withdraw(self, message_id: int) -> None:
        """Take back a nudge that rested on a wrong label."""
        await self._store.nudges.withdraw(message_id)

    async def tip(
        self,
        guild_id: int,
        member_id: int,
        account: Account | None = None,
        hidden: HiddenTallies = NOTHING_HIDDEN,
    ) -> tuple[Report, Tip, Quote | None]:
        """Pick a tip for where a member stands, and count it as shown; arguments as for `Reports.report`."""
        report = await self._reports.report(guild_id, member_id, account=account, hidden=hidden)
        return report, *await self.tip_for(guild_id, member_id, report)

    async def tip_for(self, guild_id: int, member_id: int, report: Report) -> tuple[Tip, Quote | None]:
        """Pick a tip for a member to go with a report, and with their last draft if any, and count it as shown."""
        account_id = report.account.account_id if report.account is not None else None
        last = await self._store.drafts.recent(guild_id, member_id, date.min, 1, account_id)
        kind = last[0].kind if last else Kind.NONE
        wanted = report.standing.wanted
        direction: Lacking = "neither" if wanted is None else wanted.value
        if last and self._clock() - last[0].posted_at >= SILENCE:
            direction = "comeback"
        return await self.choose_to_show(guild_id, member_id, direction, kind, with_draft=False)

    async def tilt(
        self, guild_id: int | None, member_id: int, text: str, verdict: Verdict
    ) -> tuple[str | None, Tip | None, Quote | None]:
        """A step that turns this text towards the other label, and a tip; None for none.

        The tip counts as shown in a server; `guild_id` is None outside of those that the bot is in.
        """
        wanted = verdict.label.other.value
        if guild_id is None:
            tip, quote = self.unrecorded(wanted, verdict.kind, with_draft=True)
        else:
            tip, quote = await tip_in_time(
                self.choose_to_show(guild_id, member_id, wanted, verdict.kind, with_draft=True)
            )
        return next_step.step(text, verdict.kind, verdict.language, self._rng), tip, quote

    async def choose(
        self, guild_id: int, member_id: int | None, wanted: Lacking, kind: Kind, *, with_draft: bool
    ) -> tuple[Tip, Quote | None]:
        """Choose a tip, and the quotation beside it if there is one.

        Args:
            guild_id: the server.
            member_id: whom it speaks to; None for the whole server.
            wanted: what is lacking.
            kind: the kind of their last draft.
            with_draft: whether the tip is shown with that draft.
        """
        tips = await self.tips_of(guild_id)
        shown = await self._store.nudges.times_shown(guild_id, member_id)
        outcomes = await self._store.nudges.outcomes(guild_id)
        latest = self._latest.pop((guild_id, member_id), None)
        tip = tips.choose(wanted, kind, shown, outcomes, self._rng, with_draft=with_draft, latest=latest)
        if len(self._latest) == MOST_LATEST:
            del self._latest[next(iter(self._latest))]
        self._latest[guild_id, member_id] = tip.id
        return tip, tips.quote_of(tip)

    async def choose_to_show(
        self, guild_id: int, member_id: int | None, wanted: Lacking, kind: Kind, *, with_draft: bool
    ) -> tuple[Tip, Quote | None]:
        """Choose a tip to show outside of a nudge, and count it as shown; arguments as for `choose`."""
        tip, quote = await self.choose(guild_id, member_id, wanted, kind, with_draft=with_draft)
        await self._store.nudges.note_shown(guild_id, member_id, tip.id)
        return tip, quote

    def unrecorded(
        self, wanted: Lacking = "neither", kind: Kind = Kind.NONE, *, with_draft: bool = False
    ) -> tuple[Tip, Quote | None]:
        """Choose a tip for somebody of whom nothing is known and nothing kept; arguments as for `choose`."""
        tip = self._tips.choose(wanted, kind, {}, {}, self._rng, with_draft=with_draft)
        return tip, self._tips.quote_of(tip)

    async def tips_of(self, guild_id: int | None) -> Tips:
        """The tips of a server, its own among them; of no server, the shipped ones."""
        if guild_id is None:
            return self._tips
        if guild_id in self._own:
            return self._own[guild_id]
        source = await self._store.server_tips.get(guild_id)
        try:
            tips = await self._with_own(source)
        except SettingsError as error:
            # An earlier version took them; a shipped tip may have the same id in this one.
            log.warning("server %s: its own tips are left out: %s", guild_id, error)
            tips = self._tips
        # Tips that were set in the meantime stay.
        return self._own.setdefault(guild_id, tips)

    async def set_own(self, guild_id: int, source: str | None) -> int:
        """Give a server tips of its own, in place of those it had; None takes them away.

        Args:
            guild_id: the server.
            source: a file's text, in the form of `config/tips.yaml`.

        Returns:
            How many tips of its own it has now.

        Raises:
            Refused: an entry is not as it should be; the sentence names its line.
        """
        try:
            tips = await self._with_own(source)
        except SettingsError as error:
            raise Refused(wording_refusals.bad_tips_file(error)) from None
        own = len(tips.tips) - len(self._tips.tips)
        if own > MOST_OWN:
            raise Refused(wording_refusals.too_many_tips(own, MOST_OWN))
        await self._store.server_tips.put(guild_id, source)
        self._own[guild_id] = tips
        return own

    async def _with_own(self, source: str | None) -> Tips:
        """The tips that every server has, and those of a server's own file; off the event loop.

        The largest file that is taken keeps the thread busy for half a second.
        """
        return self._tips if source is None else await asyncio.to_thread(self._tips.with_more, source, OWN_FILE)


async def tip_in_time(choosing: Awaitable[tuple[Tip, Quote | None]]) -> tuple[Tip | None, Quote | None]:
    """A tip that goes with something that matters more: None if choosing it fails or takes too long."""
    try:
        async with asyncio.timeout(SECONDS_FOR_TIP):
            return await choosing
    except Exception as error:
        log.warning("no tip can be had: %s", type(error).__name__)
        return None, None
