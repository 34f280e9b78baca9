"""The daily summary: when it is due, who is in it, and the claim that keeps it from being sent twice."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b

from coach.balance import Tally
from coach.coach import Coach
from coach.lookback import Week, week_of
from coach.reports import Report
from coach.shards import Shards
from coach.store import Due
from coach.tips import Quote, Tip

MOST_MEMBERS = 10


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
        tip: one tip for the day.
        quote: the quotation beside it.
    """

    guild_id: int
    member_id: int | None
    day: date
    report: Report
    entries: tuple[Entry, ...]
    more: int
    tip: Tip
    quote: Quote | None


@dataclass(frozen=True, slots=True)
class LookBack:
    """A member's week: the days, where they stand at its end, and one tip."""

    guild_id: int
    member_id: int
    week: Week
    report: Report
    tip: Tip
    quote: Quote | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A summary taken on: what was due, of which local day, what to send, and when the next one is due.

    A member's may hold the day, the week on the weekday that they chose, or both.
    """

    due: Due
    day: date
    digest: Digest | None
    week: LookBack | None
    following: tuple[date, datetime]

    @property
    def nonce(self) -> str:
        """24 characters that are the same whenever this summary is sent again."""
        name = f"{self.due.guild_id} {self.due.member_id} {self.day}"
        return blake2b(name.encode(), digest_size=12).hexdigest()


class Summaries:
    """Decides what is due and composes it; the sending is the caller's."""

    def __init__(self, coach: Coach, shards: Shards | None = None) -> None:
        self._coach = coach
        self._shards = shards
        self._store = coach.store

    async def compose(self, guild_id: int, member_id: int | None) -> Digest | None:
        """The summary of today's local date so far; None where nobody who is to be listed drafted."""
        terms = await self._coach.terms(guild_id, member_id)
        return await self._compose(guild_id, member_id, terms.day_of(self._coach.clock()))

    async def take_due(self) -> AsyncGenerator[Claim]:
        """Claim every summary whose time has come, one when the one before has been sent.

        One that is overdue by more than the grace time is let go; a day without drafts sends nothing.

        Yields:
            The claims, each committed. The caller sends it and calls `sent` or `failed`.
        """
        now = self._coach.clock()
        grace = timedelta(hours=self._coach.settings.summary.grace_hours)
        for due in await self._store.summaries.due(now):
            if self._shards is not None and not self._shards.covers(due.guild_id):
                continue  # Another process sends it.
            terms = await self._coach.terms(due.guild_id, due.member_id)
            day = due.day or terms.day_of(due.due)
            # After an outage the first day to come is one whose grace time is not over yet.
            following = terms.next_summary(now - grace, day)
            digest = week = None
            if now - due.due <= grace:
                digest, week = await self._of_day(due, day)
            if digest is None and week is None:
                await self._store.summaries.skip(due, following)
            elif await self._store.summaries.claim(due, day, now, following):
                yield Claim(due, day, digest, week, following)

    async def sent(self, claim: Claim) -> None:
        """Note that Discord has taken the message."""
        await self._store.summaries.sent(claim.due, claim.day, self._coach.clock())

    async def failed(self, claim: Claim) -> None:
        """Discord refused the message for now: the next tick tries again, until the grace time is over."""
        await self._store.summaries.release(claim.due, claim.day, claim.following)

    async def look_back(self, guild_id: int, member_id: int, last: date | None = None) -> LookBack | None:
        """A member's seven local days up to `last` (today unless said otherwise); None without a draft in them."""
        report = await self._coach.report(guild_id, member_id)
        week = week_of(report.days, last or report.today)
        if not week.tally.drafts:
            return None
        tip, quote = await self._coach.tip_for(guild_id, report)
        return LookBack(guild_id, member_id, week, report, tip, quote)

    async def _of_day(self, due: Due, day: date) -> tuple[Digest | None, LookBack | None]:
        """What a due summary holds: for a server its digest, for a member what they asked for."""
        if due.member_id is None:
            return await self._compose(due.guild_id, None, day), None
        member = await self._store.members.get(due.guild_id, due.member_id)
        digest = week = None
        if member.dm is not None:
            return None, None
        if member.summary_where == "dm":
            digest = await self._compose(due.guild_id, due.member_id, day)
        if member.weekly_on == day.weekday():
            week = await self.look_back(due.guild_id, due.member_id, day)
        return digest, week

    async def _compose(self, guild_id: int, member_id: int | None, day: date) -> Digest | None:
        authors = await self._store.tallies.authors_of(guild_id, day)
        if member_id is not None:
            authors = [(author, tally) for author, tally in authors if author == member_id]
        else:
            hidden = await self._store.members.outside_server_summary(guild_id)
            authors = [(author, tally) for author, tally in authors if author not in hidden]
        if not authors:
            return None
        listed = authors[:MOST_MEMBERS]
        reports = await self._coach.reports(guild_id, [author for author, _ in listed])
        entries = [Entry(author, tally, report) for (author, tally), report in zip(listed, reports, strict=True)]
        report = entries[0].report if member_id is not None else await self._coach.server_report(guild_id)
        tip, quote = await self._coach.tip_for(guild_id, report)
        return Digest(guild_id, member_id, day, report, tuple(entries), len(authors) - len(entries), tip, quote)
