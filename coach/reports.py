"""Reports: a member's or a server's standing with the days it rests on, reading no more days than it takes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from coach.balance.kinds import KindCount
from coach.balance.standing import Days, Goal, Standing, Tally, standing, up_to
from coach.balance.week import WEEK
from coach.members.cache import MemberCache
from coach.settings import Balance, Counts
from coach.store import Account, Store, StoredDraft
from coach.store.tallies import WentOut

FIRST_LOOK_DAYS = 60
"""How far back a streak is followed at first: most end sooner."""

STREAK_DAYS = 400
"""Local days that a streak is followed at most."""

SLOW_COMMANDS, SLOW_COMMANDS_SECONDS = 5, 30.0
"""How often a member may use a command that takes long (it draws or explains) within how many seconds."""

HiddenTallies = Mapping[tuple[int, int], Days]
"""What a report leaves out, by author and account, and local day: drafts in channels its readers may not view."""

NOTHING_HIDDEN: HiddenTallies = {}


@dataclass(frozen=True, slots=True)
class Report:
    """The standing of a member, or of all who draft for an account, with the days it rests on.

    Attributes:
        member_id: the member; None for all who draft for the account.
        today: the local day of the report.
        days: their tallies, none of them after `today`: drafts of a day that has not come yet count as today's.
        standing: where they stand.
        people: how many people the conversation drafts in the window name; None if that was not asked for.
        account: the account; None for a member's drafts for all accounts together.
        kinds: the kinds of a member's drafts by local day, like `days`, for the window and two weeks at least;
            nothing is left out of them as hidden, so they are for the member alone.
        counts: what counts: everything that was drafted, or only what was posted; "mixed" if some of the accounts
            in it count the one and some the other.
    """

    member_id: int | None
    today: date
    days: Days
    standing: Standing
    people: int | None = None
    kinds: tuple[KindCount, ...] = ()
    account: Account | None = None
    counts: Counts | Literal["mixed"] = "drafted"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A report that is asked for."""

    member_id: int
    today: date
    goal: Goal
    account: Account | None


class Reports:
    """Makes reports.

    Args:
        store: the open database.
        members: the cache of members.
        evidence: how many drafts and how much certainty it takes to judge.
        clock: gives the present, an aware time.
    """

    def __init__(
        self, store: Store, members: MemberCache, evidence: Balance, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._members = members
        self._evidence = evidence
        self._clock = clock

    async def report(
        self,
        guild_id: int,
        member_id: int,
        window_days: int | None = None,
        account: Account | None = None,
        hidden: HiddenTallies = NOTHING_HIDDEN,
    ) -> Report:
        """Where a member stands, over their own window or one of `window_days` local days.

        Args:
            guild_id: the server.
            member_id: the member.
            window_days: local days; None for the usual window.
            account: only their drafts for this account; if its balance is shared, those of all who draft for it.
                None for all accounts together.
            hidden: what is left out of a shared balance.
        """
        if account is not None and account.shared:
            return await self.of_account(account, hidden, window_days)
        [report] = await self.reports(guild_id, [member_id], window_days, account=account)
        return report

    async def reports(
        self,
        guild_id: int,
        member_ids: Sequence[int],
        window_days: int | None = None,
        hidden: HiddenTallies = NOTHING_HIDDEN,
        account: Account | None = None,
    ) -> list[Report]:
        """The reports of several members, each once, in the order in which they are given.

        Args:
            guild_id: the server.
            member_ids: the members.
            window_days: local days; None for each member's own window.
            hidden: what is left out.
            account: only their drafts for this account; None for all together.
        """
        asked: list[_Asked] = []
        for member_id in member_ids:
            preferences = await self._members.preferences(guild_id, member_id)
            goal = preferences.goal
            if account is not None:
                goal = await self._members.goal(guild_id, member_id, account)
            if window_days is not None:
                goal = replace(goal, window_days=window_days)
            asked.append(_Asked(member_id, preferences.day_of(self._clock()), goal, account))
        found = {one.member_id: one for one in await self._read(guild_id, asked, hidden, FIRST_LOOK_DAYS)}
        # A streak that has not ended by then may go on: only for those all of the days are read.
        longer = [one for one in asked if _may_go_on(found[one.member_id])]
        if longer:
            found |= {one.member_id: one for one in await self._read(guild_id, longer, hidden, STREAK_DAYS)}
        return [found[one.member_id] for one in asked]

    async def of_account(
        self, account: Account, hidden: HiddenTallies = NOTHING_HIDDEN, window_days: int | None = None
    ) -> Report:
        """The report of all who draft for an account together, by its goal, without what is hidden."""
        guild_id = account.guild_id
        today = (await self._members.preferences(guild_id, None)).day_of(self._clock())
        goal = await self._members.goal(guild_id, None, account)
        if window_days is not None:
            goal = replace(goal, window_days=window_days)
        since = _first_day(today, goal, STREAK_DAYS)
        posted = await self._members.posted_only(guild_id)
        days: Days = await self._store.tallies.account_days(guild_id, account.account_id, since, posted)
        for theirs in hidden_of(hidden, account=account.account_id):
            days = without(days, theirs)
        days = up_to(days, today)
        stands = standing(days, today, goal, self._evidence)
        counts = await self._members.counts(guild_id, account)
        return Report(None, today, days, stands, account=account, counts=counts)

    async def hidden(self, guild_id: int, unseen: Collection[int], today: date) -> HiddenTallies:
        """What was drafted in channels and threads that somebody may not view, as far back as a report looks."""
        if not unseen:
            return NOTHING_HIDDEN
        posted = await self._members.posted_only(guild_id)
        since = today - timedelta(days=2 * STREAK_DAYS)
        return await self._store.tallies.in_channels(guild_id, unseen, since, posted)

    async def by_account(self, guild_id: int, member_id: int, first: date, last: date) -> list[tuple[str, Tally]]:
        """What a member drafted for each account in some local days, most first; empty if it was for one alone.

        Each account by its name, which is empty for the unnamed one.
        """
        book = await self._members.accounts(guild_id)
        if not book.accounts:
            return []
        posted = await self._members.posted_only(guild_id)
        found = await self._store.tallies.by_account(guild_id, member_id, first, last, posted)
        return [(book.get(account).name, tally) for account, tally in found] if len(found) > 1 else []

    async def history(
        self, guild_id: int, member_id: int, days: int, limit: int, skip: int = 0, account: Account | None = None
    ) -> list[StoredDraft]:
        """A member's drafts of the last local days, newest first, `limit` at most after the first `skip`.

        With an account, only those for it.
        """
        preferences = await self._members.preferences(guild_id, member_id)
        since = preferences.day_of(self._clock()) - timedelta(days=days - 1)
        account_id = account.account_id if account is not None else None
        found = await self._store.drafts.recent(guild_id, member_id, since, skip + limit, account_id)
        return found[skip:]

    async def went_out(
        self, guild_id: int, member_id: int, days: int, last: date | None = None, account: Account | None = None
    ) -> WentOut:
        """How much of what a member drafted in some local days was posted.

        Args:
            guild_id: the server.
            member_id: the member.
            days: how many days.
            last: the last of them; None for today, with those that have not come yet.
            account: only their drafts for this account; None for all together.
        """
        today = (await self._members.preferences(guild_id, member_id)).day_of(self._clock())
        first = (last or today) - timedelta(days=days - 1)
        until = last if last is not None and last < today else date.max
        account_id = account.account_id if account is not None else None
        return await self._store.tallies.went_out(guild_id, member_id, first, until, account_id)

    async def _read(
        self, guild_id: int, asked: Sequence[_Asked], hidden: HiddenTallies, streak_days: int
    ) -> list[Report]:
        account = next((one.account for one in asked if one.account is not None), None)
        posted, what = await self._members.posted_only(guild_id), await self._members.counts(guild_id, account)
        found = await self._store.tallies.days_people_and_kinds(
            guild_id,
            [
                (
                    one.member_id,
                    _first_day(one.today, one.goal, streak_days),
                    one.today - timedelta(days=one.goal.window_days - 1),
                    # The week that a look-back of yesterday speaks of, too.
                    one.today - timedelta(days=max(one.goal.window_days, 2 * WEEK) - 1),
                )
                for one in asked
            ],
            account.account_id if account is not None else None,
            posted,
        )
        reports: list[Report] = []
        for one, (read, people, counts) in zip(asked, found, strict=True):
            days: Days = read
            for out in hidden_of(
                hidden, one.member_id, one.account.account_id if one.account is not None else None
            ):
                days = without(days, out)
            days = up_to(days, one.today)
            stands = standing(days, one.today, one.goal, self._evidence)
            kinds = tuple(count._replace(day=min(count.day, one.today)) for count in counts)
            reports.append(Report(one.member_id, one.today, days, stands, people, kinds, one.account, what))
        return reports


def hidden_of(hidden: HiddenTallies, author: int | None = None, account: int | None = None) -> list[Days]:
    """What is hidden of an author's drafts, of an account's, or of one's for the other."""
    return [
        days
        for (who, what), days in hidden.items()
        if (author is None or who == author) and (account is None or what == account)
    ]


def without(days: Days, hidden: Days) -> Days:
    """Tallies by local day without what is hidden of them."""
    if not hidden:
        return days
    # A draft may have been recorded, or deleted, between the two looks at the store.
    return {
        day: Tally(max(0, tally.content - out.content), max(0, tally.conversation - out.conversation))
        for day, tally in days.items()
        for out in (hidden.get(day, Tally()),)
    }


def _first_day(today: date, goal: Goal, streak_days: int) -> date:
    """The first local day to read, to follow a streak for so many days and to draw the chart."""
    return today - timedelta(days=max(streak_days, goal.window_days) + goal.window_days)


def _may_go_on(report: Report) -> bool:
    """Whether a streak reaches all days that were read with their whole windows."""
    first = report.today - timedelta(days=FIRST_LOOK_DAYS)
    followed = sum(1 for day, tally in report.days.items() if any(tally) and first <= day <= report.today)
    return report.standing.streak >= followed
