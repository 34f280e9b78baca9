"""Reports read few days if few are enough, and give the same standing as with all days."""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from coach.balance.standing import Tally, standing
from coach.coach import Coach
from coach.labelling.labeller import Labeller
from coach.nudging.tips import Tips
from coach.reports import STREAK_DAYS
from coach.settings import Settings
from coach.store import Store
from coach.store.connection import Connection
from tests.support.databases import put_new

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
async def coach(tmp_path: Path) -> AsyncGenerator[Coach]:
    async def labeller() -> Labeller:
        raise NotImplementedError

    store = await Store.open(put_new(tmp_path / "test.db"), NOW)
    yield Coach(Settings(), store, labeller, Tips.load(), lambda: NOW, b"key", random.Random(1))
    await store.close()


def drafted(member: int, rng: random.Random) -> dict[date, Tally]:
    """The days of one member: steady for a while, then not, with gaps of all lengths."""
    days: dict[date, Tally] = {}
    day, steady = TODAY, rng.randint(0, 500)
    while day > TODAY - timedelta(days=550):
        if (TODAY - day).days < steady:
            days[day] = Tally(1, 1)
        else:
            days[day] = Tally(rng.randint(0, 3), rng.randint(0, 3))
        day -= timedelta(days=rng.choice((1, 1, 1, 2, 5, 40)) if member % 3 else 1)
    return days


@pytest.mark.parametrize("window", [1, 14, 90])
async def test_a_report_is_the_same_as_with_all_days_read(coach: Coach, window: int) -> None:
    rng = random.Random(window)
    members = {member: drafted(member, rng) for member in range(40)}
    members[40], members[41] = {}, {TODAY - timedelta(days=200): Tally(1, 1)}

    def fill(raw: Connection) -> None:
        raw.executemany(
            "INSERT INTO tallies (guild_id, author_id, local_day, content, conversation) VALUES (1, ?, ?, ?, ?)",
            [(member, day.isoformat(), *tally) for member, days in members.items() for day, tally in days.items()],
        )

    await coach.store.database.write(fill)
    reports = await coach.reports.reports(1, list(members), window)
    assert [report.member_id for report in reports] == list(members)
    for report, days in zip(reports, members.values(), strict=True):
        goal = report.standing.goal
        all_days = standing(days, TODAY, goal, coach.settings.balance)
        if all_days.streak == report.standing.streak:
            assert report.standing == all_days
        else:  # A streak is counted no further back than this.
            first = TODAY - timedelta(days=STREAK_DAYS)
            assert report.standing.streak >= sum(1 for day, tally in days.items() if day > first and tally.drafts)
        shown = TODAY - timedelta(days=2 * window - 2)
        assert {
            day: tally for day, tally in days.items() if day >= shown and tally.drafts
        }.items() <= report.days.items()
