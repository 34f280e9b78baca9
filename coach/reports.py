"""Reports: a member's or a server's standing with the days it rests on, reading no more days than it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from coach.balance.standing import Days, Goal, Standing, Tally, standing, up_to
from coach.settings import Balance
from coach.store import Store

FIRST_LOOK_DAYS = 60
"""How far back a streak is followed at first: most end sooner."""

STREAK_DAYS = 400
"""Local days that a streak is followed at most."""


@dataclass(frozen=True, slots=True)
class Report:
    """The standing of a member, or of a whole server (`member_id` None), with the days it rests on.

    `days` has no day after `today`: drafts of a day that has not come yet count as today's.
    `people` counts those whom the conversation drafts in the window name; None where it was not asked for.
    """

    member_id: int | None
    today: date
    days: Days
    standing: Standing
    people: int | None = None


MOST_ASKED, PER_SECONDS = 5, 30.0
"""How often a member may ask for what takes long (a chart, reasons) in so many seconds."""

Hidden = Mapping[int, Mapping[date, Tally]]
"""What a report leaves out, by author and local day: drafts in channels that its readers may not view."""

NOTHING_HIDDEN: Hidden = {}


async def of_members(
    store: Store, evidence: Balance, guild_id: int, asked: Sequence[tuple[int, date, Goal]], hidden: Hidden
) -> list[Report]:
    """Members' reports, in the order in which they are asked for.

    Args:
        store: the open database.
        evidence: what it takes to be judged.
        guild_id: the server.
        asked: each member, once, with their today and their goal.
        hidden: what is left out.
    """
    found = {one.member_id: one for one in await _read(store, evidence, guild_id, asked, hidden, FIRST_LOOK_DAYS)}
    # A streak that has not ended by then may go on: only for those all of the days are read.
    longer = [one for one in asked if _may_go_on(found[one[0]])]
    if longer:
        read = await _read(store, evidence, guild_id, longer, hidden, STREAK_DAYS)
        found |= {one.member_id: one for one in read}
    return [found[member_id] for member_id, _, _ in asked]


async def of_server(
    store: Store, evidence: Balance, guild_id: int, today: date, goal: Goal, hidden: Hidden
) -> Report:
    """The report of all of a server's members together; arguments as for `of_members`."""
    days = await store.tallies.server_days(guild_id, _first(today, goal, STREAK_DAYS))
    for theirs in hidden.values():
        days = less(days, theirs)
    days = up_to(days, today)
    return Report(None, today, days, standing(days, today, goal, evidence))


def less(days: Mapping[date, Tally], hidden: Mapping[date, Tally]) -> dict[date, Tally]:
    """Tallies by local day without what is hidden of them."""
    # A draft may have been recorded, or deleted, between the two looks at the store.
    return {
        day: Tally(max(0, tally.content - out.content), max(0, tally.conversation - out.conversation))
        for day, tally in days.items()
        for out in (hidden.get(day, Tally()),)
    }


async def _read(
    store: Store,
    evidence: Balance,
    guild_id: int,
    asked: Sequence[tuple[int, date, Goal]],
    hidden: Hidden,
    streak_days: int,
) -> list[Report]:
    found = await store.tallies.days_and_people(
        guild_id,
        [
            (member_id, _first(today, goal, streak_days), today - timedelta(days=goal.window_days - 1))
            for member_id, today, goal in asked
        ],
    )
    return [
        Report(member_id, today, days, standing(days, today, goal, evidence), people)
        for (member_id, today, goal), (read, people) in zip(asked, found, strict=True)
        for days in (up_to(less(read, hidden[member_id]) if member_id in hidden else read, today),)
    ]


def _first(today: date, goal: Goal, streak_days: int) -> date:
    """The first local day that tells of so many days' streak, and has the chart's first window in it."""
    return today - timedelta(days=max(streak_days, goal.window_days) + goal.window_days)


def _may_go_on(report: Report) -> bool:
    """Whether a streak reaches all days that were read with their whole windows."""
    first = report.today - timedelta(days=FIRST_LOOK_DAYS)
    followed = sum(1 for day, tally in report.days.items() if tally.drafts and first <= day <= report.today)
    return report.standing.streak >= followed
