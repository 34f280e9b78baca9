"""What Discord does not show is not gone: late servers, outages, hidden channels, and asking before removing."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import pytest

from tests.support.drafts import ASKS, TELLS
from tests.support.loopback.server import Fault
from tests.support.loopback.town import Bot, Town
from tests.support.loopback.truth import Message


def recorded(town: Town, *messages: Message) -> bool:
    return {one.id for one in messages} <= town.bot.labels().keys()


async def drafted(town: Town, count: int = 3) -> list[Message]:
    """A town with a running bot and drafts on record."""
    await town.bot.start()
    found = [await town.discord.post(town.drafts, town.ann, f"{TELLS} {number}") for number in range(count)]
    for one in found:
        await town.signed(one, "📣")
    return found


@pytest.mark.slow
async def test_a_server_that_comes_late_keeps_everything_and_is_caught_up_when_it_comes(town: Town) -> None:
    loopback, bot = town.discord, town.bot
    before = await drafted(town)
    assert await bot.end() == 0
    missed = await loopback.post(town.drafts, town.ben, ASKS)
    await loopback.delete(before.pop())
    town.guild.late = True
    await bot.start()
    early = await loopback.post(town.drafts, town.ben, ASKS)
    # discord.py reports a session as ready two seconds after the last server has arrived.
    await asyncio.sleep(3)
    assert recorded(town, *before)
    await loopback.arrive(town.guild)
    await town.signed(missed, "💬")
    await town.signed(early, "💬")
    later = await loopback.post(town.drafts, town.ann, TELLS)
    await town.signed(later, "📣")
    await loopback.until(lambda: len(bot.labels()) == 5, "deletion")
    town.agrees()


async def test_an_outage_in_a_session_is_caught_up_when_the_server_is_back(town: Town) -> None:
    loopback = town.discord
    first, *_ = await drafted(town)
    await loopback.outage(town.guild)
    with loopback.withhold():
        missed = await loopback.post(town.drafts, town.ben, ASKS)
        await loopback.delete(first)
    await loopback.arrive(town.guild)
    await town.signed(missed, "💬")
    await loopback.until(lambda: first.id not in town.bot.labels(), "deletion")
    town.agrees()


@pytest.mark.slow
async def test_a_channel_that_was_hidden_is_caught_up_and_checked_by_name(town: Town) -> None:
    loopback, bot = town.discord, town.bot
    before = await drafted(town, 1)
    await loopback.hide(town.drafts)
    with loopback.withhold():
        missed = await loopback.post(town.drafts, town.ben, ASKS)
    assert await bot.end() == 0
    await bot.start()
    await loopback.until(lambda: len(loopback.commands) > 0, "commands")
    await asyncio.sleep(0.5)
    await loopback.show(town.drafts)
    await town.signed(missed, "💬")
    assert recorded(town, *before)
    town.agrees()


async def test_history_that_may_not_be_read_is_read_once_a_role_allows_it(town: Town) -> None:
    loopback, bot = town.discord, town.bot
    await drafted(town, 2)
    assert await bot.end() == 0
    missed = await loopback.post(town.drafts, town.ben, ASKS)
    await loopback.deny(town.drafts, read_message_history=True)
    await bot.start()
    await loopback.until(lambda: any(one.author.bot for one in town.drafts.messages.values()), "word of it")
    assert len(bot.labels()) == 2
    await loopback.deny(town.drafts, read_message_history=False)
    await town.signed(missed, "💬")
    assert len(bot.labels()) == 3


async def test_a_channel_hidden_by_a_deleted_role_is_read_once_it_is_shown_again(town: Town) -> None:
    loopback, guild = town.discord, town.guild
    role = loopback.add_role(guild, "readers", loopback.bot, view_channel=True, read_message_history=True)
    for permissions in (guild.everybody, *(one.permissions for one in guild.roles if one is not role)):
        permissions.update(view_channel=False)
    await drafted(town)
    await loopback.drop_role(guild, role)
    with loopback.withhold():
        missed = await loopback.post(town.drafts, town.ben, ASKS)
    await asyncio.sleep(0.5)
    await loopback.grant(guild, view_channel=True)
    await town.signed(missed, "💬")
    town.agrees()


@pytest.mark.slow
async def test_a_resume_does_not_start_catching_up_again(town: Town) -> None:
    loopback, bot = town.discord, town.bot
    await drafted(town, 1)
    assert await bot.end() == 0
    missed = await loopback.post(town.drafts, town.ben, ASKS)
    history = Fault("GET", f"/channels/{town.drafts.id}/messages", delay=2)
    loopback.faults = [history]
    await bot.start()
    await loopback.until(lambda: not history.times, "request")
    # However often it resumes, requests that are under way are waited for.
    loopback.faults = [Fault("GET", history.path, "silence", times=100)]
    loopback.gateway.drop()
    await loopback.until(lambda: loopback.gateway.resumed > 0, "resume")
    await town.signed(missed, "💬")


async def test_a_message_that_comes_before_its_thread_is_read_and_so_are_the_next(town: Town) -> None:
    loopback = town.discord
    await drafted(town, 1)
    thread = await loopback.open_thread(town.drafts, "more", announced=False)
    first = await loopback.post(thread, town.ben, ASKS)
    await loopback.announce(thread)
    await town.signed(first, "💬")
    await town.signed(await loopback.post(thread, town.ben, ASKS), "💬")


async def test_nothing_is_read_from_while_the_bot_was_not_in_the_server(town: Town) -> None:
    loopback, bot = town.discord, town.bot
    await drafted(town, 1)
    await loopback.leave(town.guild)
    with loopback.withhold():
        away = await loopback.post(town.drafts, town.ben, ASKS)
    await asyncio.sleep(0.01)
    await loopback.join(town.guild)
    back = await loopback.post(town.drafts, town.ben, ASKS)
    await town.signed(back, "💬")
    assert await bot.end() == 0
    await bot.start()
    later = await loopback.post(town.drafts, town.ben, ASKS)
    await town.signed(later, "💬")
    assert not recorded(town, away)


async def run(town: Town, *arguments: str) -> str:
    """Run another process of the program; return what it printed."""
    other = Bot(town.discord, town.bot.database, arguments)
    await other.start(ready=False)
    await other.wait()
    return other.log.decode()


@pytest.mark.slow
async def test_the_doctor_says_what_will_be_removed_and_many_removals_can_be_undone(town: Town) -> None:
    loopback, bot = town.discord, town.bot
    other = loopback.add_channel(town.guild, "drafts")
    first, *rest = await drafted(town, 3)
    elsewhere = await loopback.post(other, town.ann, TELLS)
    await town.signed(elsewhere, "📣")
    assert await bot.end() == 0
    await loopback.delete(first)
    await loopback.remove(other)
    told = await run(town, "doctor")
    assert (
        f"takes 1 of its 4 drafts off the record, as Discord says that their messages are gone: {first.id}."
        in told
    )
    assert (
        f"takes 1 of its 4 drafts off the record, as Discord says that their channel {other.id} is gone." in told
    )
    assert len(bot.labels()) == 4
    await bot.start()
    await loopback.until(lambda: bot.labels().keys() == {one.id for one in rest}, "deletion")
    assert "Drafts put back: 2." in await run(town, "undelete")
    assert recorded(town, first, elsewhere)
    assert await bot.end() == 0
    assert "2 of its 4 drafts are gone in Discord" in bot.log.decode()


@pytest.mark.slow
async def test_data_is_erased_only_if_discord_says_that_the_bot_is_not_in_its_server(town: Town) -> None:
    loopback, bot = town.discord, town.bot
    await drafted(town, 1)
    assert await bot.end() == 0
    asked = f"/guilds/{town.guild.id}"

    async def tidied() -> None:
        """Start the bot after it has been out of the server for longer than data is kept."""
        with closing(sqlite3.connect(bot.database)) as raw:
            raw.execute("UPDATE guilds SET left_at = 1").connection.commit()
        before = sum(one.path == asked for one in loopback.requests)
        await bot.start()
        await loopback.until(lambda: sum(one.path == asked for one in loopback.requests) > before, "question")
        await asyncio.sleep(0.2)
        assert await bot.end() == 0

    # Invited back while it was down: the server arrives late, but Discord says that the bot is in it.
    town.guild.late = True
    await tidied()
    assert bot.rows("SELECT left_at FROM guilds") == [(None,)]
    del loopback.guilds[town.guild.id]
    loopback.faults = [Fault("GET", asked, 403)]
    await tidied()
    assert len(bot.labels()) == 1
    await tidied()
    assert not bot.labels()
