"""The daily summary: when it is due, who is in it, and the claim that keeps it from being sent twice."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b

from coach.balance.standing import LACKING, Tally, up_to
from coach.balance.week import Week, week_of
from coach.labels import Kind
from coach.members.cache import MemberCache
from coach.nudging.tips import Lacking, Quote, Tip
from coach.reports import NOTHING_HIDDEN, STREAK_DAYS, HiddenTallies, Report, Reports, without
from coach.settings import Summary
from coach.shards import Shards
from coach.store import Claim, Due, KnownChannel, Store
from coach.tip_picker import TipPicker, tip_in_time

log = logging.getLogger(__name__)

MOST_MEMBERS = 10

FURTHEST = timedelta(days=2)
"""No summary is due later than this: a due time beyond it comes from a look at a wrong clock."""

CLOCK_ERROR = timedelta(hours=1)
"""How far this machine's clock, by which a claim is dated, may be from Discord's, by which its message is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One member's line in a summary: the day's counts and where they stand."""

    member_id: int
    today: Tally
    report: Report


@dataclass(frozen=True, slots=True)
class Digest:
    """A summary of one local date, for a server (`member_id` None) or for one member.

    Attributes:
        guild_id: the server.
        member_id: the member whose own summary it is.
        day: the local date.
        report: the standing of the whole server, or of the one member.
        entries: those who drafted, most drafts first, `MOST_MEMBERS` at most.
        more: how many more drafted.
        tip: one tip for the day; None if none can be had.
        quote: the quotation beside it.
    """

    guild_id: int
    member_id: int | None
    day: date
    report: Report
    entries: tuple[Entry, ...]
    more: int
    tip: Tip | None
    quote: Quote | None


@dataclass(frozen=True, slots=True)
class LookBack:
    """A member's week: the days, where they stand at its end, and one tip, if one can be had."""

    guild_id: int
    member_id: int
    week: Week
    report: Report
    tip: Tip | None
    quote: Quote | None


@dataclass(frozen=True, slots=True)
class Pending:
    """A summary to send: what was due, of which local day, what to send, and when the next one is due.

    A member's may hold the day, the week on the weekday that they chose, or both. `claim` is that of an earlier
    attempt, of which it isn't known whether Discord took the message; None for the first.
    """

    due: Due
    day: date
    digest: Digest | None
    week: LookBack | None
    following: tuple[date, datetime]
    claim: Claim | None

    @property
    def look_from(self) -> datetime | None:
        """Since when an earlier attempt may stand in its channel; None if there was none."""
        return None if self.claim is None else self.claim.claimed_at - CLOCK_ERROR

    @property
    def nonce(self) -> str:
        """24 characters that are the same whenever this summary is sent again."""
        name = f"{self.due.guild_id} {self.due.member_id} {self.day}"
        return blake2b(name.encode(), digest_size=12).hexdigest()


class Summaries:
    """Decides what is due and composes it; the sending is the caller's.

    The path of a summary: `due`, `prepare`, `claim` right before it is sent, then `note_sent`; or `note_refused`
    if Discord says no. If there's no answer it stays due, and the next `prepare` gives the claim by which to find
    it.

    Args:
        settings: the grace time.
        store: the open database.
        members: the cache of members.
        reports: says where members and servers stand.
        tips: picks the tip of the day.
        clock: gives the present, an aware time.
        shards: the servers that this process serves; None for all.
    """

    def __init__(
        self,
        settings: Summary,
        store: Store,
        members: MemberCache,
        reports: Reports,
        tips: TipPicker,
        clock: Callable[[], datetime],
        shards: Shards | None = None,
    ) -> None:
        self._store = store
        self._members = members
        self._reports = reports
        self._tips = tips
        self._clock = clock
        self._shards = shards
        self._grace = timedelta(hours=settings.grace_hours)

    async def compose(self, guild_id: int, member_id: int | None, unseen: Collection[int] = ()) -> Digest | None:
        """The summary of today's local date so far; None if nobody drafted who may be listed.

        Args:
            guild_id: the server.
            member_id: whose own it is; None for the server's.
            unseen: the channels and threads that its readers may not view; a member's own leaves nothing out.
        """
        preferences = await self._members.preferences(guild_id, member_id)
        return await self._compose(guild_id, member_id, preferences.day_of(self._clock()), unseen)

    async def places(self, guild_id: int) -> dict[int, KnownChannel]:
        """The channels and threads of a server in which drafts were looked for, by id."""
        return await self._store.channels.places(guild_id)

    async def note_private(self, guild_id: int, threads: Mapping[int, bool]) -> None:
        """Record which threads are private and which are not."""
        if threads:
            await self._store.channels.note_private(guild_id, threads)

    async def due(self) -> list[Due]:
        """Every summary whose time has come, longest overdue first."""
        now = self._clock()
        found: list[Due] = []
        for due in await self._store.summaries.due(now, now + FURTHEST):
            if self._shards is not None and not self._shards.covers(due.guild_id):
                continue  # Another process sends it.
            found.append(due if due.due <= now else await self._put_right(due))
        return [due for due in found if due.due <= now]

    async def prepare(self, due: Due, unseen: Collection[int] = ()) -> Pending | None:
        """Compose a summary that is due.

        Args:
            due: as `due` gave it.
            unseen: as for `compose`.

        Returns:
            None if there's nothing to send: nobody drafted, it was sent before, or it is overdue by more than the
            grace time. It is then skipped.
        """
        preferences = await self._members.preferences(due.guild_id, due.member_id)
        day = due.day or preferences.day_of(due.due)
        claim = await self._store.summaries.claimed(due, day)
        digest = week = None
        if self._clock() - due.due <= self._grace and not (claim is not None and claim.sent):
            digest, week = await self._of_day(due, day, unseen)
        if digest is None and week is None:
            await self.skip(due)
            return None
        return Pending(due, day, digest, week, await self._following(due), claim)

    async def claim(self, pending: Pending, channel_id: int) -> bool:
        """Put on record, right before it is sent, where a summary goes.

        Returns:
            False if it must not be sent: it's no longer due.
        """
        now = self._clock()
        return await self._store.summaries.claim(pending.due, pending.day, channel_id, now)

    async def note_sent(self, pending: Pending) -> None:
        """Record that Discord has taken the message."""
        await self._store.summaries.note_sent(pending.due, pending.day, self._clock(), pending.following)

    async def note_refused(self, pending: Pending) -> None:
        """Record that Discord has refused the message: the claim is given back, and the summary is still due."""
        await self._store.summaries.give_back(pending.due, pending.day)

    async def skip(self, due: Due) -> None:
        """Leave a summary out: the next day's is the next that is due."""
        await self._store.summaries.skip(due, await self._following(due))

    async def look_back(self, guild_id: int, member_id: int, last: date | None = None) -> LookBack | None:
        """A member's seven local days up to `last` (today unless said otherwise); None without a draft in them."""
        report = await self._reports.report(guild_id, member_id)
        week = week_of(report.days, last or report.today)
        if not week.tally.drafts:
            return None
        tip, quote = await tip_in_time(self._tips.tip_for(guild_id, report))
        return LookBack(guild_id, member_id, week, report, tip, quote)

    async def _following(self, due: Due) -> tuple[date, datetime]:
        """The local day of the summary after a due one, and when that is due."""
        preferences = await self._members.preferences(due.guild_id, due.member_id)
        # After an outage the first day to come is one whose grace time is not over yet.
        return preferences.next_summary(self._clock() - self._grace, due.day or preferences.day_of(due.due))

    async def _put_right(self, due: Due) -> Due:
        """Work out anew, by the clock as it is now, a due time that lies too far ahead."""
        preferences = await self._members.preferences(due.guild_id, due.member_id)
        now = self._clock()
        last = await self._store.summaries.last_day(due, preferences.day_of(now) + timedelta(days=1))
        day, moment = preferences.next_summary(now - self._grace, last)
        if (day, moment) != (due.day, due.due):
            log.warning("server %s: a summary was due on %s, too far ahead; now %s", due.guild_id, due.due, moment)
            await self._store.summaries.skip(due, (day, moment))
        return Due(due.guild_id, due.member_id, moment, day)

    async def _of_day(self, due: Due, day: date, unseen: Collection[int]) -> tuple[Digest | None, LookBack | None]:
        """What a due summary holds: for a server its digest, for a member what they asked for."""
        if due.member_id is None:
            return await self._compose(due.guild_id, None, day, unseen), None
        member = await self._store.members.get(due.guild_id, due.member_id)
        digest = week = None
        if member.dm is not None:
            return None, None
        if member.summary_where == "dm":
            digest = await self._compose(due.guild_id, due.member_id, day, ())
        if member.weekly_on == day.weekday():
            week = await self.look_back(due.guild_id, due.member_id, day)
        return digest, week

    async def _compose(
        self, guild_id: int, member_id: int | None, day: date, unseen: Collection[int]
    ) -> Digest | None:
        hidden = NOTHING_HIDDEN
        if member_id is None and unseen:
            # As far back as a report looks at most.
            since = day - timedelta(days=2 * STREAK_DAYS)
            hidden = await self._store.tallies.in_channels(guild_id, unseen, since)
        authors = await self._authors_of(guild_id, day, hidden)
        if member_id is not None:
            authors = [(author, tally) for author, tally in authors if author == member_id]
        else:
            outside = await self._store.members.outside_server_summary(guild_id)
            authors = [(author, tally) for author, tally in authors if author not in outside]
        if not authors:
            return None
        listed = authors[:MOST_MEMBERS]
        reports = await self._reports.reports(guild_id, [author for author, _ in listed], hidden=hidden)
        entries = [Entry(author, tally, report) for (author, tally), report in zip(listed, reports, strict=True)]
        more = len(authors) - len(entries)
        if member_id is not None:
            tip, quote = await tip_in_time(self._tips.tip_for(guild_id, entries[0].report))
            return Digest(guild_id, member_id, day, entries[0].report, tuple(entries), more, tip, quote)
        report = await self._reports.server_report(guild_id, hidden)
        direction = shared_direction(reports)
        tip, quote = await tip_in_time(
            self._tips.choose_to_show(guild_id, None, direction, Kind.NONE, with_draft=False)
        )
        return Digest(guild_id, None, day, report, tuple(entries), more, tip, quote)

    async def _authors_of(self, guild_id: int, day: date, hidden: HiddenTallies) -> list[tuple[int, Tally]]:
        """Who drafted on a local day, without what is hidden, most drafts first.

        A later day that has not come yet for its author is part of this one: they have moved to a zone further
        west, or their server has.
        """
        authors: list[tuple[int, Tally]] = []
        for author, all_days in (await self._store.tallies.authors_since(guild_id, day)).items():
            days = without(all_days, hidden.get(author, {}))
            if max(days) > day:
                today = (await self._members.preferences(guild_id, author)).day_of(self._clock())
                days = up_to(days, max(day, today))
            if (tally := days.get(day, Tally())).drafts:
                authors.append((author, tally))
        return sorted(authors, key=lambda one: (-one[1].drafts, one[0]))


def shared_direction(reports: Sequence[Report]) -> Lacking:
    """What all members who lack something lack; "neither" if some lack one label and some the other."""
    wanted = {LACKING.get(report.standing.position) for report in reports} - {None}
    [lacking] = wanted if len(wanted) == 1 else [None]
    return "neither" if lacking is None else lacking.value
