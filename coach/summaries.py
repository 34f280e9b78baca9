"""The daily summary: when it is due, who is in it, and the claim that keeps it from being sent twice."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import reduce

from coach.balance.standing import LACKING, Position, Tally, add, up_to
from coach.balance.week import WEEK, week_of
from coach.digests import MOST_ACCOUNTS, MOST_LINES, MOST_MEMBERS, AccountEntry, Digest, Entry, LookBack
from coach.labels import Kind, Label
from coach.members.cache import MemberCache
from coach.nudging.tips import Lacking
from coach.reports import NOTHING_HIDDEN, HiddenTallies, Reports, without
from coach.settings import Summary
from coach.shards import Shards
from coach.store import Account, Claim, Due, KnownChannel, Store
from coach.store.claims import nonce_of
from coach.tip_picker import TipPicker, tip_in_time

log = logging.getLogger(__name__)

FEWEST_TOGETHER = 3
"""Figures together are shown if those of so many people at least, or of nobody, can't be shown one by one.

Of two, each could tell the other's.
"""

FURTHEST = timedelta(days=2)
"""No summary is due later than this: a due time beyond it comes from a look at a wrong clock."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A summary to send: what was due, of which local day, what to send, and when the next one is due.

    A member's may hold the day, the week on the weekday that they chose, or both. From `prepare`, `claim` is that
    of an earlier attempt, of which it isn't known whether Discord took the message; None for the first.
    """

    due: Due
    day: date
    digest: Digest | None
    week: LookBack | None
    following: tuple[date, datetime]
    claim: Claim | None

    @property
    def nonce(self) -> str:
        """The same whenever this summary is sent again."""
        return nonce_of(self.due.guild_id, self.due.member_id, self.day)


class Summaries:
    """Decides what is due and composes it; the sending is the caller's.

    The path of a summary: `due`, `prepare`, `claim` right before it is sent, then `note_sent`; or `give_back` if
    Discord says no. If there's no answer it stays due, and the next `prepare`, here or elsewhere, gives the claim
    by which to look for it in its channel. If it stands there, `note_sent` follows; else `give_back` and `claim`.

    Of several runs of the bot, one after the other or at the same time, only one holds a summary's claim. For a
    minute (`LEFT_ALONE`) a claim is left to the run that made it. That run begins the request within 20 seconds of
    the claim (`BEGIN_WITHIN`) or not at all, and gives it up after another 30. So a run that was stopped, and goes
    on when another one has taken over, finds that its time is up. The exception is one that was stopped between
    the last look at the clock and the first byte of the request: there, Discord's nonce keeps a second message
    away for some minutes.

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

    async def compose(
        self, guild_id: int, member_id: int | None, unseen: Collection[int] = (), reader: int | None = None
    ) -> Digest | None:
        """The summary of today's local date so far; None if nobody drafted who may be named.

        Args:
            guild_id: the server.
            member_id: whose own it is; None for the server's.
            unseen: the channels and threads that its readers may not view; a member's own leaves nothing out.
            reader: the only one who reads it, who sees their own figures; None for everybody.
        """
        preferences = await self._members.preferences(guild_id, member_id)
        day = preferences.day_of(self._clock())
        if member_id is not None:
            return await self._of_member(guild_id, member_id, day)
        return await self._of_server(guild_id, day, unseen, reader)

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
            grace time; it is then skipped. None too while another run of the bot may be sending it.
        """
        preferences = await self._members.preferences(due.guild_id, due.member_id)
        day = due.day or preferences.day_of(due.due)
        claim = await self._store.summaries.claimed(due, day)
        if claim is not None and claim.is_left_alone(self._store.run, self._clock()):
            return None
        digest = week = None
        if self._clock() - due.due <= self._grace and not (claim is not None and claim.sent):
            digest, week = await self._of_day(due, day, unseen)
        if digest is None and week is None:
            await self.skip(due)
            return None
        return Pending(due, day, digest, week, await self._following(due), claim)

    async def claim(self, pending: Pending, channel_id: int) -> Pending | None:
        """Put on record, right before it is sent, where a summary goes.

        Returns:
            The summary with its claim; None if it must not be sent: it's no longer due, or another run of the bot
            sees to it.
        """
        claim = await self._store.summaries.claim(pending.due, pending.day, channel_id, self._clock())
        return replace(pending, claim=claim) if claim is not None else None

    async def note_sent(self, pending: Pending) -> None:
        """Record that Discord has taken the message."""
        await self._store.summaries.note_sent(pending.due, pending.day, self._clock(), pending.following)

    async def give_back(self, pending: Pending) -> bool:
        """Take a summary's claim back, as Discord has refused the message or doesn't have it: it is still due.

        Returns:
            False if its claim is another one by now: another run of the bot sees to it.
        """
        assert pending.claim is not None  # noqa: S101
        return await self._store.summaries.give_back(pending.due, pending.day, pending.claim)

    async def skip(self, due: Due) -> None:
        """Leave a summary out: the next day's is the next that is due."""
        await self._store.summaries.skip(due, await self._following(due))

    async def look_back(
        self,
        guild_id: int,
        member_id: int,
        last: date | None = None,
        account: Account | None = None,
        hidden: HiddenTallies = NOTHING_HIDDEN,
    ) -> LookBack | None:
        """A member's seven local days up to `last` (today unless said otherwise); None without a draft in them.

        With an account, only their drafts for it, or those of all, without the hidden ones, if it is shared.
        """
        report = await self._reports.report(guild_id, member_id, account=account, hidden=hidden)
        last = last or report.today
        week = week_of(report.days, last)
        if not week.tally.drafts:
            return None
        by_account: list[tuple[str, Tally]] = []
        if account is None:
            by_account = await self._reports.by_account(guild_id, member_id, last - timedelta(days=WEEK - 1), last)
        tip, quote = await tip_in_time(self._tips.tip_for(guild_id, member_id, report))
        went_out = await self._reports.went_out(guild_id, member_id, WEEK, last, account)
        return LookBack(guild_id, member_id, week, report, tuple(by_account), went_out, tip, quote)

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
            return await self._of_server(due.guild_id, day, unseen), None
        member = await self._store.members.get(due.guild_id, due.member_id)
        digest = week = None
        if member.dm is not None:
            return None, None
        if member.summary_where == "dm":
            digest = await self._of_member(due.guild_id, due.member_id, day)
        if member.weekly_on == day.weekday():
            week = await self.look_back(due.guild_id, due.member_id, day)
        return digest, week

    async def _of_server(
        self, guild_id: int, day: date, unseen: Collection[int], reader: int | None = None
    ) -> Digest | None:
        hidden = await self._reports.hidden(guild_id, unseen, day)
        book = await self._members.accounts(guild_id)
        drafts = await self._drafts_of(guild_id, day, hidden)
        drafted: dict[int, Tally] = {}
        for (author, _), tally in drafts.items():
            drafted[author] = add(drafted.get(author, Tally()), tally)
        outside = await self._store.members.outside_server_summary(guild_id)
        authors = sorted(drafted.keys() - outside, key=lambda one: (-drafted[one].drafts, one))
        if not authors:
            return None
        shown_to = _Readers(await self._store.members.showing_figures(guild_id), reader)
        for_accounts: dict[int, dict[int, Tally]] = {}
        for (author, account_id), tally in drafts.items():
            for_accounts.setdefault(account_id, {})[author] = tally
        entries = [
            await self._entry(book.get(account_id), each, hidden, shown_to)
            for account_id, each in sorted(
                for_accounts.items(), key=lambda one: (-_together(one[1].values()).drafts, one[0])
            )
        ]
        listed = authors[:MOST_MEMBERS]
        shown = [one for one in listed if shown_to.see(one)][: MOST_LINES - len(entries[:MOST_ACCOUNTS])]
        reports = await self._reports.reports(guild_id, shown, hidden=hidden)
        tip, quote = await tip_in_time(
            self._tips.choose_to_show(guild_id, None, shared_direction(entries), Kind.NONE, with_draft=False)
        )
        return Digest(
            guild_id,
            None,
            day,
            next((entry.report for entry in entries if entry.charted), None),
            tuple(entries[:MOST_ACCOUNTS]),
            bool(book.accounts),
            tuple(listed),
            len(authors) - len(listed),
            tuple(Entry(report.member_id or 0, drafted[report.member_id or 0], report) for report in reports),
            (),
            tip,
            quote,
            (await self._members.guild(guild_id)).tell_of_figures,
        )

    async def _drafts_of(self, guild_id: int, day: date, hidden: HiddenTallies) -> dict[tuple[int, int], Tally]:
        """What each author drafted for each account on a local day, without what is hidden.

        A later day that has not come yet for its author is part of this one: they have moved to a zone further
        west, or their server has.
        """
        drafts: dict[tuple[int, int], Tally] = {}
        posted = await self._members.posted_only(guild_id)
        for key, all_days in (await self._store.tallies.authors_since(guild_id, day, posted)).items():
            days = without(all_days, hidden.get(key, {}))
            if max(days, default=day) > day:
                today = (await self._members.preferences(guild_id, key[0])).day_of(self._clock())
                days = up_to(days, max(day, today))
            if (tally := days.get(day, Tally())).drafts:
                drafts[key] = tally
        return drafts

    async def _entry(
        self, account: Account, today: Mapping[int, Tally], hidden: HiddenTallies, readers: _Readers
    ) -> AccountEntry:
        """An account's line for a day; `today` has the day's counts of each who drafted for it, by their id."""
        report, counts = await self._reports.of_account(account, hidden), _together(today.values())
        if account.shared:
            return AccountEntry(account, counts, report, opposed=False, charted=True)
        goal = report.standing.goal
        first = report.today - timedelta(days=goal.window_days - 1)
        each: dict[int, Tally] = {}
        posted = await self._members.posted_only(account.guild_id)
        since = await self._store.tallies.authors_from(account.guild_id, first, posted)
        for (author, account_id), tally in since.items():
            if account_id == account.account_id:
                out = _together(out for day, out in hidden.get((author, account_id), {}).items() if day >= first)
                each[author] = without({first: tally}, {first: out})[first]
        authors = {author for author, tally in each.items() if tally.drafts}
        if not readers.see_together(authors):
            return AccountEntry(account, None, None, opposed=False, charted=False)
        leaning = {goal.misses(tally) for tally in each.values()}
        opposed = report.standing.position is Position.INSIDE and leaning.issuperset(Label)
        return AccountEntry(
            account,
            counts if readers.see_together(today) else None,
            report,
            opposed,
            charted=not opposed and all(readers.see(author) for author in authors),
        )

    async def _of_member(self, guild_id: int, member_id: int, day: date) -> Digest | None:
        report = await self._reports.report(guild_id, member_id)
        today = report.days.get(day, Tally())
        if not today.drafts:
            return None
        by_account = await self._reports.by_account(guild_id, member_id, day, day)
        tip, quote = await tip_in_time(self._tips.tip_for(guild_id, member_id, report))
        entries = (Entry(member_id, today, report),)
        return Digest(
            guild_id, member_id, day, report, (), False, (member_id,), 0, entries, tuple(by_account), tip, quote
        )


def _together(tallies: Iterable[Tally]) -> Tally:
    """All of some tallies together."""
    return reduce(add, tallies, Tally())


@dataclass(frozen=True, slots=True)
class _Readers:
    """Whose figures those who read a summary may see.

    Attributes:
        agreeing: the members who let theirs be shown.
        reader: the only one who reads it, who sees their own; None for everybody.
    """

    agreeing: Collection[int]
    reader: int | None

    def see(self, author: int) -> bool:
        """Whether they may see somebody's figures."""
        return author in self.agreeing or author == self.reader

    def see_together(self, authors: Iterable[int]) -> bool:
        """Whether the figures of some people together tell of nobody whose own they may not see."""
        silent = set(authors) - set(self.agreeing)
        return silent.issubset({self.reader}) or len(silent) >= FEWEST_TOGETHER


def shared_direction(entries: Sequence[AccountEntry]) -> Lacking:
    """What all accounts that lack something lack; "neither" if some lack one label and some the other."""
    positions = {entry.report.standing.position for entry in entries if entry.report is not None}
    wanted = {LACKING.get(position) for position in positions} - {None}
    [lacking] = wanted if len(wanted) == 1 else [None]
    return "neither" if lacking is None else lacking.value
