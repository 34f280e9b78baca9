"""Choices: a choice and the due time that follows from it are stored together or not at all."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coach.coach import Coach
from coach.labelling.labeller import Labeller
from coach.members.choices import Choices
from coach.nudging.tips import Tips
from coach.settings import Settings
from coach.store import Guild, Member, Store
from coach.store.connection import Connection
from tests.support.databases import put_new

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
GUILD, MEMBER = 1, 100
CHOICES: dict[str, Callable[[Choices], Awaitable[object]]] = {
    "a member's zone": lambda choices: choices.set_zone(GUILD, MEMBER, "Asia/Tokyo"),
    "a member's time": lambda choices: choices.set_summary(GUILD, MEMBER, at="9:00"),
    "a member's summary": lambda choices: choices.set_summary(GUILD, MEMBER, where="off"),
    "a server's zone": lambda choices: choices.set_zone(GUILD, None, "Asia/Tokyo"),
    "a server's time": lambda choices: choices.set_server_summary(GUILD, at="9:00"),
    "a server's summary": lambda choices: choices.set_server_summary(GUILD, on=False),
}


@pytest.fixture
async def coach(tmp_path: Path) -> AsyncGenerator[Coach]:
    async def labeller() -> Labeller:
        raise NotImplementedError

    store = await Store.open(put_new(tmp_path / "test.db"), NOW)
    coach = Coach(Settings(), store, labeller, Tips.load(), lambda: NOW, b"key", random.Random(1))
    await coach.members.note_guild(GUILD)
    await coach.choices.set_summary(GUILD, MEMBER, where="dm")
    yield coach
    await store.close()


async def stored(coach: Coach) -> tuple[Guild, Member]:
    return await coach.members.guild(GUILD), (await coach.members.get(GUILD, MEMBER)).member


async def due_times(coach: Coach) -> tuple[datetime | None, datetime | None]:
    guild, member = await stored(coach)
    return guild.summary_due, member.summary_due


@pytest.mark.parametrize("choice", CHOICES.values(), ids=CHOICES)
@pytest.mark.sqlite
async def test_if_the_due_time_cannot_be_written_the_choice_is_not_either(
    coach: Coach, choice: Callable[[Choices], Awaitable[object]]
) -> None:
    def refuse(raw: Connection) -> None:
        for table in ("guilds", "members"):
            raw.execute(
                f"CREATE TRIGGER full_{table} BEFORE UPDATE OF summary_due ON {table}"
                " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
            )

    before = await stored(coach)
    await coach.store.database.write(refuse)
    with pytest.raises(sqlite3.IntegrityError, match="full"):
        await choice(coach.choices)
    assert await stored(coach) == before


@pytest.mark.parametrize("choice", CHOICES.values(), ids=CHOICES)
async def test_a_choice_and_the_due_time_that_follows_are_one_write(
    coach: Coach, choice: Callable[[Choices], Awaitable[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, write = await due_times(coach), coach.store.database.write
    units: list[object] = []

    async def counted(unit: Callable[[Connection], object], *, keeps_members: bool = False) -> object:
        units.append(unit)
        return await write(unit, keeps_members=keeps_members)

    monkeypatch.setattr(coach.store.database, "write", counted)
    await choice(coach.choices)
    assert len(units) == 1
    assert await due_times(coach) != before


async def test_a_server_is_put_on_record_once_and_asking_for_it_writes_nothing(coach: Coach) -> None:
    changes = coach.store.database.changes
    assert (await coach.members.guild(2)).summary_due is None
    assert await coach.store.guilds.get(2) is None and coach.store.database.changes == changes
    await coach.members.note_guild(2)
    noted = await coach.store.guilds.get(2)
    assert noted is not None and noted.summary_due is not None and noted.summary_due - NOW < timedelta(days=1)
    await coach.members.note_guild(2)
    assert await coach.store.guilds.get(2) == noted


async def test_of_two_commands_at_once_one_tells_that_no_direct_message_arrives(coach: Coach) -> None:
    await coach.choices.note_dm_refused(GUILD, MEMBER)
    asked = [coach.choices.note_told_of_refused_dm(GUILD, MEMBER) for _ in range(2)]
    assert sorted(await asyncio.gather(*asked)) == [False, True]
    assert not await coach.choices.note_told_of_refused_dm(GUILD, MEMBER)
