"""The daily summary: when it is due, who is in it, and the claim that keeps it from being sent twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from coach.balance import Tally
from coach.coach import Coach, Report
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
class Claim:
    """A summary taken on: what was due, what to send, and when the next one is due."""

    due: Due
    digest: Digest
    following: datetime


class Summaries:
    """Decides what is due and composes it; the sending is the caller's."""

    def __init__(self, coach: Coach) -> None:
        self._coach = coach
        self._store = coach.store

    async def compose(self, guild_id: int, member_id: int | None) -> Digest | None:
        """The summary of today's local date so far; None where nobody who is to be listed drafted."""
        terms = await self._coach.terms(guild_id, member_id)
        return await self._compose(guild_id, member_id, terms.day_of(self._coach.clock()))

    async def take_due(self) -> list[Claim]:
        """Claim every summary whose time has come.

        One that is overdue by more than the grace time is let go; a day without drafts sends nothing.

        Returns:
            The claims, each committed. The caller sends each and calls `sent` or `failed`.
        """
        now = self._coach.clock()
        grace = timedelta(hours=self._coach.settings.summary.grace_hours)
        claims: list[Claim] = []
        for due in await self._store.summaries.due(now):
            terms = await self._coach.terms(due.guild_id, due.member_id)
            following = terms.next_summary(now)
            day = terms.day_of(due.due)
            digest = await self._compose(due.guild_id, due.member_id, day) if now - due.due <= grace else None
            if digest is None:
                await self._store.summaries.skip(due, following)
            elif await self._store.summaries.claim(due, day, now, following):
                claims.append(Claim(due, digest, following))
        return claims

    async def sent(self, claim: Claim) -> None:
        """Note that Discord has taken the message."""
        await self._store.summaries.sent(claim.due, claim.digest.day, self._coach.clock())

    async def failed(self, claim: Claim) -> None:
        """Discord refused the message for now: the next tick tries again, until the grace time is over."""
        await self._store.summaries.release(claim.due, claim.digest.day, claim.following)

    async def _compose(self, guild_id: int, member_id: int | None, day: date) -> Digest | None:
        authors = await self._store.drafts.authors_of(guild_id, day)
        if member_id is not None:
            authors = [(author, tally) for author, tally in authors if author == member_id]
        else:
            hidden = await self._store.members.outside_server_summary(guild_id)
            authors = [(author, tally) for author, tally in authors if author not in hidden]
        if not authors:
            return None
        entries = [
            Entry(author, tally, await self._coach.report(guild_id, author))
            for author, tally in authors[:MOST_MEMBERS]
        ]
        report = entries[0].report if member_id is not None else await self._coach.server_report(guild_id)
        tip, quote = await self._coach.tip_for(guild_id, report)
        return Digest(guild_id, member_id, day, report, tuple(entries), len(authors) - len(entries), tip, quote)
