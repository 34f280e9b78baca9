"""When summaries come: over every zone and two years, and through outages, new zones and late day ends."""

from __future__ import annotations

import asyncio
import random
import tempfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.balance.standing import Tally, standing
from coach.coach import Coach
from coach.labelling.labeller import Labeller
from coach.labels import Kind, Label, Verdict
from coach.members.preferences import Preferences, preferences_of
from coach.nudging.tips import Tips
from coach.settings import Settings
from coach.store import Guild, NewDraft, Placing, Store, Words
from tests.support.databases import put_new
from tests.support.examples import examples
from tests.support.thoughts import WINDOW, relate

FIRST, DAYS = date(2026, 1, 1), 730
TIMES = (time(18), time(2, 30), time(0), time(23, 59), time(0, 30), time(1, 59))
ENDS = (time(0), time(3), time(4, 30))
ZONES = sorted(available_timezones())
VERDICT = Verdict(Label.CONTENT, 0.1, Kind.INFORM, False, ())
START = datetime(2026, 3, 27, 6, tzinfo=UTC)


def preferences(zone: str, at: time, ends: time) -> Preferences:
    return preferences_of(Settings(day_ends_at=ends), Guild(1, timezone=zone, summary_at=at))


@pytest.mark.parametrize(
    "zones",
    [
        pytest.param(ZONES[::20], id="a-sample"),
        *(pytest.param(ZONES[shift::4], id=f"all-{shift}", marks=pytest.mark.slow) for shift in range(4)),
    ],
)
def test_every_local_day_of_two_years_has_its_summary_in_every_zone(zones: list[str]) -> None:
    assert len(zones) >= 25
    for number, zone in enumerate(zones):
        at, ends = TIMES[number % len(TIMES)], ENDS[number % len(ENDS)]
        own = preferences(zone, at, ends)
        day, due = own.next_summary(own.summary_moment(FIRST) - timedelta(seconds=1))
        for passed in range(DAYS):
            assert day == FIRST + timedelta(days=passed), zone
            local = due.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            wanted = datetime.combine(day + timedelta(days=at < ends), at)
            assert local >= wanted, zone
            if local > wanted:  # the clock skipped it: a minute earlier it showed a time before
                earlier = (due - timedelta(minutes=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
                assert earlier < wanted, zone
            day, due = own.next_summary(due, day)


@given(
    st.sampled_from(ZONES),
    st.lists(st.tuples(st.integers(1, 60), st.sampled_from(ZONES)), min_size=1, max_size=25),
    st.sampled_from(ENDS),
)
def test_a_streak_counts_each_active_local_day_once_through_any_zones(
    zone: str, drafts: list[tuple[int, str]], ends: time
) -> None:
    now, days = START, dict[date, Tally]()
    for hours, moved_to in drafts:
        now += timedelta(hours=hours)
        zone = moved_to if hours % 5 == 0 else zone
        day = preferences(zone, time(18), ends).day_of(now)
        before = days.get(day, Tally())
        days[day] = Tally(before.content + 1, before.conversation + 1)
    own = preferences(zone, time(18), ends)
    today = max(own.day_of(now), *days)
    assert standing(days, today, own.goal, Settings().balance).streak == len(days)


class World:
    """A coach with a clock that the test sets; somebody drafts every hour that the bot is up."""

    def __init__(self, store: Store, ends: time) -> None:
        self.now = START
        self.coach = Coach(
            Settings(day_ends_at=ends),
            store,
            self._no_labeller,
            Tips.load(),
            lambda: self.now,
            b"x",
            random.Random(1),
        )
        self.summaries, self.choices = self.coach.summaries, self.coach.choices
        self.claimed: list[date] = []
        self.expected: set[date] = set()
        self.drafts = 0

    async def _no_labeller(self) -> Labeller:
        raise NotImplementedError

    async def pending(self) -> date:
        day = (await self.coach.members.guild(1)).summary_day
        assert day is not None
        return day

    async def draft(self) -> None:
        self.drafts += 1
        day = (await self.coach.members.preferences(1, None)).day_of(self.now)
        await self.coach.store.drafts.record(
            NewDraft(self.drafts, 1, 10, None, 100, self.now, day, VERDICT, 5, b"h", None)
        )
        # Drafts of a day that has already had its summary are in no summary.
        if day >= await self.pending():
            self.expected.add(day)

    async def tick(self) -> None:
        for due in await self.summaries.due():
            pending = await self.summaries.prepare(due)
            if pending is not None:
                assert pending.digest is not None
                assert await self.summaries.claim(pending, 10)
                await self.summaries.note_sent(pending)
                self.claimed.append(pending.day)

    async def act(self, event: tuple[str, Any]) -> None:
        match event:
            case "hours", int(count):
                for _ in range(count):
                    await self.draft()
                    self.now += timedelta(hours=1)
                    await self.tick()
            case "zone", str(zone):
                await self.choices.set_zone(1, None, zone)
            case "time", str(at):
                await self.choices.set_server_summary(1, at=at)
            case _, count:
                self.now += timedelta(hours=count)
                await self.tick()


hours = st.tuples(st.just("hours"), st.integers(1, 30))
moves = st.tuples(st.just("zone"), st.sampled_from([zone for zone in ZONES if "/" in zone]))
retimed = st.tuples(st.just("time"), st.sampled_from(["0:10", "2:30", "12:00", "18:00", "23:50"]))
short = st.tuples(st.just("down"), st.just(3))
long = st.tuples(st.just("down"), st.just(72))


async def lived_through(events: list[tuple[str, Any]], ends: time) -> tuple[World, date]:
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(put_new(Path(folder) / "times.db"), START)
        try:
            world = World(store, ends)
            await world.coach.members.note_guild(1)
            for event in events:
                await world.act(event)
            await world.act(("hours", 30))
            return world, await world.pending()
        finally:
            await store.close()


@examples(0.12)
@given(st.lists(st.one_of(hours, hours, moves, retimed, short), max_size=8), st.sampled_from(ENDS))
def test_each_local_day_with_drafts_has_exactly_one_summary(events: list[tuple[str, Any]], ends: time) -> None:
    world, pending = asyncio.run(lived_through(events, ends))
    assert world.claimed == sorted(day for day in world.expected if day < pending)


@examples(0.08)
@given(st.lists(st.one_of(hours, moves, short, long), max_size=8), st.sampled_from(ENDS))
def test_after_a_long_outage_no_day_comes_twice_or_late(events: list[tuple[str, Any]], ends: time) -> None:
    world, pending = asyncio.run(lived_through(events, ends))
    assert world.claimed == sorted(set(world.claimed))
    assert set(world.claimed) <= {day for day in world.expected if day < pending}


async def test_what_is_written_again_before_a_late_summary_is_in_the_next_days(tmp_path: Path) -> None:
    store = await Store.open(put_new(tmp_path / "late.db"), START)
    try:
        world = World(store, ENDS[0])
        await world.coach.members.note_guild(1)
        await world.act(("time", "23:50"))
        placing = Placing(Words(b"the same", None), WINDOW, relate)
        # The bot is away when the summary is due, and reads the second draft before it sends it.
        for number, hour in ((1, time(23)), (2, time(0, 20))):
            world.now = datetime.combine(START.date() + timedelta(days=number - 1), hour, UTC)
            day = world.now.date()
            new = NewDraft(number, 1, 10, None, 100, world.now, day, VERDICT, 5, b"h", None, placing=placing)
            await store.drafts.record(new)
        await world.tick()
        assert world.claimed == [] and await world.pending() == day
        world.now = datetime.combine(day, time(23, 55), UTC)
        await world.tick()
        assert world.claimed == [day]
    finally:
        await store.close()


async def seen_from(ahead: timedelta, path: Path) -> list[date]:
    """The days that have summaries in a week in which the clock was once ahead, on the second day."""
    store = await Store.open(put_new(path), START)
    try:
        world = World(store, ENDS[0])
        await world.coach.members.note_guild(1)
        await world.act(("hours", 30))
        right, world.now = world.now, world.now + ahead
        await world.tick()
        world.now = right
        await world.act(("hours", 24 * 6))
        return world.claimed
    finally:
        await store.close()


@pytest.mark.parametrize("days", [1, 40, 3650])
async def test_one_look_at_a_fast_clock_silences_no_summary_for_long(days: int, tmp_path: Path) -> None:
    claimed = await seen_from(timedelta(days=days), tmp_path / "ahead.db")
    first = START.date()
    expected = [first + timedelta(days=passed) for passed in range(7)]
    # Summaries not yet sent on that day may be skipped if the clock was a day or two ahead.
    assert claimed == sorted(set(claimed)) and set(claimed) <= set(expected)
    assert len(claimed) >= len(expected) - (2 if days < 3 else 0)
