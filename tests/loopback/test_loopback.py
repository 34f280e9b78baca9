"""The real program over real sockets: drafts, commands, broken connections, refused requests, and its end."""

from __future__ import annotations

from time import monotonic

import discord
import pytest

from tests.support.drafts import ASKS, TELLS
from tests.support.loopback.server import TOKEN, Fault
from tests.support.loopback.town import Bot, Town
from tests.support.loopback.truth import EPHEMERAL


@pytest.mark.slow
async def test_a_day_on_real_sockets(town: Town) -> None:
    loopback, bot = town.discord, town.bot
    await bot.start()
    told = await loopback.post(town.drafts, town.ann, TELLS)
    asked = await loopback.post(town.drafts, town.ben, ASKS)
    await town.signed(told, "📣")
    await town.signed(asked, "💬")
    assert bot.labels() == {told.id: "content", asked.id: "conversation"}

    await loopback.edit(told, ASKS)
    await town.signed(told, "💬")
    await loopback.delete(asked)
    await loopback.until(lambda: bot.labels() == {told.id: "conversation"}, "deletion")

    answer = await loopback.slash(town.drafts, town.ann, "balance")
    assert answer.messages[0].flags & EPHEMERAL
    assert "Balance" in str(answer.messages[0].fields["embeds"])

    for lose in (loopback.gateway.drop, loopback.gateway.reconnect, loopback.gateway.invalidate):
        before = loopback.gateway.identified + loopback.gateway.resumed
        lose()
        missed = await loopback.post(town.drafts, town.ann, TELLS)
        await loopback.until(
            lambda before=before: loopback.gateway.identified + loopback.gateway.resumed > before, "session", 30
        )
        await town.signed(missed, "📣")
        assert bot.labels()[missed.id] == "content"

    for fault in (
        Fault("PUT", "/channels/*/reactions/*", 429, retry_after=0.1),
        Fault("PUT", "/channels/*/reactions/*", 502),
    ):
        loopback.faults = [fault]
        await town.signed(await loopback.post(town.drafts, town.ann, TELLS), "📣")
    assert len(bot.labels()) == 6
    began = monotonic()
    assert await bot.end() == 0, bot.log
    assert monotonic() - began < 5
    assert b"Traceback" not in bot.log, bot.log.decode()


@pytest.mark.slow
async def test_missed_messages_are_handled_at_the_next_start(town: Town) -> None:
    loopback, bot = town.discord, town.bot
    await bot.start()
    kept, changed, gone = [await loopback.post(town.drafts, town.ann, TELLS) for _ in range(3)]
    for message in (kept, changed, gone):
        await town.signed(message, "📣")
    assert await bot.end() == 0
    missed = [await loopback.post(town.drafts, town.ann, f"{ASKS} {number}") for number in range(150)]
    await loopback.edit(changed, ASKS)
    await loopback.delete(gone)
    thread = loopback.add_channel(town.guild, "more", town.drafts)
    within = await loopback.post(thread, town.ann, ASKS)
    await bot.start()
    await loopback.until(lambda: all(message.reactions for message in (*missed, within)), "signs")
    await town.signed(changed, "💬")
    town.agrees()
    assert bot.labels().keys() == {message.id for message in (kept, changed, within, *missed)}
    assert await bot.end() == 0


@pytest.mark.slow
async def test_a_sign_request_that_is_never_answered_holds_up_no_other_and_is_repeated_later(town: Town) -> None:
    loopback, bot = town.discord, town.bot
    bot.settings = {"LOOPBACK_PATIENCE": "1"}
    await bot.start()
    loopback.faults = [Fault("PUT", "/channels/*/reactions/*", "silence")]
    hung = await loopback.post(town.drafts, town.ann, TELLS)
    await loopback.until(lambda: not loopback.faults[0].times, "request for the sign")
    await town.signed(await loopback.post(town.drafts, town.ann, ASKS), "💬")
    # If it is told to wait, it waits, however long.
    loopback.faults = [Fault("PUT", "/channels/*/reactions/*", 429, retry_after=2, everywhere=True)]
    await town.signed(await loopback.post(town.drafts, town.ann, ASKS), "💬")
    assert await bot.end() == 0
    assert f"no sign on message {hung.id} for now: TimeoutError" in bot.log.decode()
    await bot.start()
    await town.signed(hung, "📣")
    town.agrees()


@pytest.mark.slow
async def test_the_doctor_asks_discord_and_names_what_is_missing(town: Town) -> None:
    town.bot.arguments = ("doctor",)
    await town.bot.start(ready=False)
    assert await town.bot.wait() == 0, town.bot.log.decode()
    assert f"channel {town.drafts.id}: nothing is missing" in town.bot.log.decode()
    town.drafts.denied = discord.Permissions(add_reactions=True).value
    await town.bot.start(ready=False)
    assert await town.bot.wait() == 1
    assert "Add Reactions, to show a draft's label" in town.bot.log.decode()
    assert TOKEN not in town.bot.log.decode()


async def test_the_doctor_names_a_sign_that_no_server_has(town: Town) -> None:
    town.bot.arguments = ("doctor",)
    town.bot.settings = {"SQUAREDEAL_REACTIONS_CONTENT": "<:news:123456789012345678>"}
    await town.bot.start(ready=False)
    assert await town.bot.wait() == 1
    assert "The sign <:news:123456789012345678> is in no server of the bot's" in town.bot.log.decode()


@pytest.mark.slow
async def test_the_commands_are_registered_when_asked(town: Town) -> None:
    town.bot.arguments = ("sync",)
    # Once, whether or not they have changed since the last time.
    for times in (1, 2):
        await town.bot.start(ready=False)
        assert await town.bot.wait() == 0, town.bot.log.decode()
        assert {command["name"] for command in town.discord.commands} >= {"balance", "check", "setup"}
        asked = [one for one in town.discord.requests if one.method == "PUT" and one.path.endswith("/commands")]
        assert len(asked) == times
    town.discord.faults = [Fault("PUT", "/applications/*", 400)]
    await town.bot.start(ready=False)
    assert await town.bot.wait() == 1
    assert "Discord cannot be reached" in town.bot.log.decode()


@pytest.mark.slow
async def test_two_processes_share_the_servers_and_do_nothing_twice(town: Town) -> None:
    loopback = town.discord
    halves = [Bot(loopback, town.bot.database, ("--shards", f"{half}/2")) for half in (0, 1)]
    # Their ids belong to different shards.
    guilds = [loopback.add_guild(f"half {n}", ((loopback.snowflake() >> 23 << 1) + n) << 22) for n in (0, 1)]
    channels = [loopback.add_channel(guild, "drafts") for guild in guilds]
    try:
        for half in halves:
            await half.start()
        sent = [await loopback.post(channel, town.ann, TELLS) for channel in channels]
        for message in sent:
            await town.signed(message, "📣")
        third = Bot(loopback, town.bot.database, ("--shards", "0-1/2"))
        await third.start(ready=False)
        assert await third.wait() == 1
        assert b"another process" in third.log
    finally:
        assert [await half.end() for half in halves] == [0, 0]
    town.agrees()
    registered = [one for one in loopback.requests if one.method == "PUT" and one.path.endswith("/commands")]
    reactions = [one for one in loopback.requests if "/reactions/" in one.path]
    assert (len(registered), len(reactions)) == (1, 2)


async def test_a_token_that_is_refused_is_shown_nowhere(town: Town) -> None:
    town.discord.token = "another"  # noqa: S105
    await town.bot.start(ready=False)
    assert await town.bot.wait() == 1
    assert "Discord refuses the token" in town.bot.log.decode()
    assert TOKEN not in town.bot.log.decode()
