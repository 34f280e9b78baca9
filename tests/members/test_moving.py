"""Whoever moves to another time zone, or whose server does, still sees every draft of today."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from coach.balance.kinds import kinds_in
from coach.balance.standing import Tally, window_sum
from coach.coach import Coach
from coach.labelling.labeller import Labeller
from coach.labels import Label
from coach.nudging.tips import Tips
from coach.settings import Settings
from coach.store import NewDraft, Store
from coach.wording import chart_text
from tests.support.databases import IN_MEMORY, put_new
from tests.support.examples import examples
from tests.support.verdicts import VERDICTS

GUILD, MEMBER = 1, 100
TIPS = Tips.load()
ZONES = st.sampled_from(
    ["Pacific/Kiritimati", "Pacific/Auckland", "Asia/Kolkata", "Europe/London", "UTC", "America/St_Johns",
     "America/Los_Angeles", "Pacific/Honolulu", "Pacific/Pago_Pago"]
)  # fmt: skip
# Among them hours that a clock skips or shows twice.
MARCH = datetime(2026, 3, 1, tzinfo=UTC)
INSTANTS = st.timedeltas(timedelta(), timedelta(days=300)).map(lambda since: MARCH + since)


@dataclass
class Clock:
    """A clock that is set by hand."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def coach_at(clock: Clock) -> AsyncGenerator[Coach]:
    async def labeller() -> Labeller:
        raise NotImplementedError

    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        store = await Store.open(put_new(Path(folder) / "test.db"), clock.now)
        try:
            yield Coach(Settings(), store, labeller, TIPS, clock, b"key", random.Random(1))
        finally:
            await store.close()


async def draft_one_of_each(coach: Coach, posted_at: datetime, number: int) -> date:
    """Record a draft of each label, as it would be recorded when it is posted; return its day."""
    day = (await coach.members.preferences(GUILD, MEMBER)).day_of(posted_at)
    for place, (label, verdict) in enumerate(VERDICTS.items()):
        draft = NewDraft(
            message_id=2 * number + place + 1,
            guild_id=GUILD,
            channel_id=10,
            parent_id=None,
            author_id=MEMBER,
            posted_at=posted_at,
            local_day=day,
            verdict=verdict,
            length=20,
            text_hash=label.encode(),
            text=None,
        )
        assert await coach.store.drafts.record(draft) is not None
    return day


async def moved(now: datetime, hours: list[float], old: str, new: str, *, server: bool) -> None:
    clock = Clock(now)
    whose = None if server else MEMBER
    async with coach_at(clock) as coach:
        await coach.choices.set_zone(GUILD, whose, old)
        posted = sorted(now - timedelta(hours=back) for back in hours)
        days = [await draft_one_of_each(coach, moment, number) for number, moment in enumerate(posted)]
        today = (await coach.choices.set_zone(GUILD, whose, new)).day_of(now)
        all_of_them = Tally(len(posted), len(posted))
        of_today = sum(day >= today for day in days)

        report = await coach.reports.report(GUILD, MEMBER)
        goal = report.standing.goal
        assert report.today == today and report.standing.tally == all_of_them
        assert max(report.days) <= today
        assert report.days.get(today, Tally()) == Tally(of_today, of_today)
        # The chart draws these days, and its description counts them.
        assert window_sum(report.days, today, goal.window_days) == all_of_them
        assert f"{len(posted)} content, {len(posted)} conversation" in chart_text(report.days, today, goal)
        kinds = kinds_in(report.kinds, today, goal.window_days)
        assert sum(kinds.known.values()) == all_of_them.drafts and not kinds.by_hand
        assert report.standing.streak == len({min(day, today) for day in days})

        assert len(await coach.reports.history(GUILD, MEMBER, 1, 100)) == 2 * of_today
        assert len(await coach.reports.history(GUILD, MEMBER, 3, 100)) == all_of_them.drafts
        week = await coach.summaries.look_back(GUILD, MEMBER)
        assert week is not None and week.week.tally == all_of_them

        own = await coach.summaries.compose(GUILD, MEMBER)
        assert (own.entries[0].today if own else Tally()) == Tally(of_today, of_today)
        if server:
            listed = await coach.summaries.compose(GUILD, None, (), MEMBER)
            assert (listed.entries[0].today if listed else Tally()) == Tally(of_today, of_today)
            assert (listed.report.standing.tally if listed and listed.report else all_of_them) == all_of_them


@examples(2)
@given(INSTANTS, st.lists(st.floats(0, 30), min_size=1, max_size=4), ZONES, ZONES, st.booleans())
def test_no_draft_of_today_is_hidden_by_a_move(
    now: datetime, hours: list[float], old: str, new: str, server: bool
) -> None:
    asyncio.run(moved(now, hours, old, new, server=server))


def test_what_was_drafted_in_auckland_is_of_today_in_los_angeles() -> None:
    now = datetime(2026, 11, 20, 20, tzinfo=UTC)  # the 21st in Auckland, the 20th in Los Angeles
    asyncio.run(moved(now, [1, 2, 3], "Pacific/Auckland", "America/Los_Angeles", server=False))
    asyncio.run(moved(now, [1, 2, 3], "Pacific/Auckland", "America/Los_Angeles", server=True))


def test_the_day_of_a_member_further_east_waits_for_the_servers_summary_of_that_day() -> None:
    async def run() -> None:
        clock = Clock(datetime(2026, 11, 20, 20, tzinfo=UTC))
        async with coach_at(clock) as coach:
            await coach.choices.set_zone(GUILD, MEMBER, "Pacific/Auckland")
            await draft_one_of_each(coach, clock.now, 1)
            # There it is the 21st already, and has been for hours: nothing of the server's 20th.
            assert await coach.summaries.compose(GUILD, None) is None
            clock.now += timedelta(hours=12)
            digest = await coach.summaries.compose(GUILD, None, (), MEMBER)
            assert digest is not None and digest.entries[0].today == Tally(1, 1)

    asyncio.run(run())


def test_a_label_set_by_hand_takes_the_kind_of_the_other_label_away() -> None:
    async def run() -> None:
        clock = Clock(datetime(2026, 11, 20, 12, tzinfo=UTC))
        async with coach_at(clock) as coach:
            await draft_one_of_each(coach, clock.now, 0)
            told = (await coach.reports.history(GUILD, MEMBER, 1, 10))[-1]
            assert told.label is Label.CONTENT
            await coach.store.corrections.correct(GUILD, told.message_id, lambda _: Label.CONVERSATION, clock.now)
            report = await coach.reports.report(GUILD, MEMBER)
            kinds = kinds_in(report.kinds, report.today, 14)
            assert report.standing.tally == Tally(0, 2)
            assert kinds.by_hand == {Label.CONVERSATION: 1} and sum(kinds.known.values()) == 1

    asyncio.run(run())
