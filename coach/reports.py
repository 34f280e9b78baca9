"""Reports: a member's or a server's standing with the days it rests on, reading no more days than it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from coach.balance.kinds import KindCount
from coach.balance.standing import Days, Goal, Standing, Tally, standing, up_to
from coach.balance.week import WEEK
from coach.members.cache import MemberCache
from coach.settings import Balance
from coach.store import Store, StoredDraft

FIRST_LOOK_DAYS = 60
"""How far back a streak is followed at first: most end sooner."""

STREAK_DAYS = 400
"""Local days that a streak is followed at most."""

SLOW_COMMANDS, SLOW_COMMANDS_SECONDS = 5, 30.0
"""How often a member may use a command that takes long (it draws or explains) within how many seconds."""

HiddenTallies = Mapping[int, Mapping[date, Tally]]
"""What a report leaves out, by author and local day: drafts in channels that its readers may not view."""

NOTHING_HIDDEN: HiddenTallies = {}


@dataclass(frozen=True, slots=True)
class Report:
    """The standing of a member, or of a whole server, with the days it rests on.

    Attributes:
        member_id: the member; None for a whole server.
        today: the local day of the report.
        days: their tallies, none of them after `today`: drafts of a day that has not come yet count as today's.
        standing: where they stand.
        people: how many people the conversation drafts in the window name; None if that was not asked for.
        kinds: the kinds of a member's drafts by local day, like `days`, for the window and two weeks at least;
            nothing is left out of them as hidden, so they are for the member alone.
    """

    member_id: int | None
    today: date
    days: Days
    standing: Standing
    people: int | None = None
    kinds: tuple[KindCount, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A report that is asked for."""

    member_id: int
    today: date
    goal: Goal


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

    async def report(self, guild_id: int, member_id: int, window_days: int | None = None) -> Report:
        """A member's report, over their own window or one of `window_days` local days."""
        [report] = await self.reports(guild_id, [member_id], window_days)
        return report

    async def reports(
        self,
        guild_id: int,
        member_ids: Sequence[int],
        window_days: int | None = None,
        hidden: HiddenTallies = NOTHING_HIDDEN,
    ) -> list[Report]:
        """The reports of several members, each once, in the order in which they are given.

        Args:
            guild_id: the server.
            member_ids: the members.
            window_days: local days; None for each member's own window.
            hidden: what is left out.
        """
        asked: list[_Asked] = []
        for member_id in member_ids:
            preferences = await self._members.preferences(guild_id, member_id)
            goal = preferences.goal
            if window_days is not None:
                goal = replace(goal, window_days=window_days)
            asked.append(_Asked(member_id, preferences.day_of(self._clock()), goal))
        found = {one.member_id: one for one in await self._read(guild_id, asked, hidden, FIRST_LOOK_DAYS)}
        # A streak that has not ended by then may go on: only for those all of the days are read.
        longer = [one for one in asked if _may_go_on(found[one.member_id])]
        if longer:
            found |= {one.member_id: one for one in await self._read(guild_id, longer, hidden, STREAK_DAYS)}
        return [found[one.member_id] for one in asked]

    async def server_report(self, guild_id: int, hidden: HiddenTallies) -> Report:
        """The report of all of a server's members together, by the server's goal, without what is hidden."""
        preferences = await self._members.preferences(guild_id, None)
        today, goal = preferences.day_of(self._clock()), preferences.goal
        days: Days = await self._store.tallies.server_days(guild_id, _first_day(today, goal, STREAK_DAYS))
        for theirs in hidden.values():
            days = without(days, theirs)
        days = up_to(days, today)
        return Report(None, today, days, standing(days, today, goal, self._evidence))

    async def history(
        self, guild_id: int, member_id: int, days: int, limit: int, skip: int = 0
    ) -> list[StoredDraft]:
        """A member's drafts of the last local days, newest first, `limit` at most after the first `skip`."""
        preferences = await self._members.preferences(guild_id, member_id)
        since = preferences.day_of(self._clock()) - timedelta(days=days - 1)
        return (await self._store.drafts.recent(guild_id, member_id, since, skip + limit))[skip:]

    async def _read(
        self, guild_id: int, asked: Sequence[_Asked], hidden: HiddenTallies, streak_days: int
    ) -> list[Report]:
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
        )
        reports: list[Report] = []
        for one, (read, people, counts) in zip(asked, found, strict=True):
            days = up_to(without(read, hidden.get(one.member_id, {})), one.today)
            stands = standing(days, one.today, one.goal, self._evidence)
            kinds = tuple(count._replace(day=min(count.day, one.today)) for count in counts)
            reports.append(Report(one.member_id, one.today, days, stands, people, kinds))
        return reports


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
