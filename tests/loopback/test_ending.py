"""How the real program starts and ends if something goes wrong: signals, refused logins, odd events."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from contextlib import closing
from time import monotonic
from typing import Any

import pytest

from tests.support.drafts import TELLS
from tests.support.loopback.faults import Fault
from tests.support.loopback.interactions import BUTTON, walk
from tests.support.loopback.server import TOKEN
from tests.support.loopback.town import Bot, Town
from tests.support.loopback.truth import MEMBER
from tests.support.waiting import LONGEST_WAIT


async def end_of(bot: Bot, *numbers: signal.Signals) -> None:
    """End it with signals in quick succession: it has to end with status 0, within 5 seconds, and quietly."""
    assert bot.process is not None
    began = monotonic()
    for number in numbers[:-1]:
        bot.process.send_signal(number)
        await asyncio.sleep(0.2)
    assert await bot.end(numbers[-1]) == 0, bot.log.decode()
    assert monotonic() - began < 5.5
    assert b"Traceback" not in bot.log, bot.log.decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_login_that_has_to_wait_does_not_hold_up_the_end(town: Town, number: signal.Signals) -> None:
    town.discord.faults = [Fault("GET", "/users/@me", 429, retry_after=60)]
    await town.bot.start(ready=False)
    await town.discord.until(lambda: bool(town.discord.requests), "login")
    await asyncio.sleep(0.2)
    await end_of(town.bot, number)


async def test_commands_that_were_not_registered_before_the_end_are_registered_at_the_next_start(
    town: Town,
) -> None:
    loopback = town.discord
    loopback.faults = [Fault("PUT", "/applications/*/commands", "silence")]
    await town.bot.start(ready=False)
    await loopback.until(lambda: not loopback.faults[0].times, "commands")
    await end_of(town.bot, signal.SIGTERM)
    await town.bot.start()
    assert loopback.commands


@pytest.mark.slow
async def test_a_locked_database_does_not_hold_up_the_end_nor_does_a_second_signal_change_it(town: Town) -> None:
    with closing(sqlite3.connect(town.bot.database, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("BEGIN IMMEDIATE")
        await town.bot.start(ready=False)
        await town.discord.until(lambda: len(town.discord.requests) >= 2, "login")
        await asyncio.sleep(0.3)
        await end_of(town.bot, signal.SIGTERM, signal.SIGINT, signal.SIGTERM)


async def test_a_click_right_before_the_end_is_answered(town: Town) -> None:
    loopback = town.discord
    await town.bot.start()
    [question] = (await loopback.slash(town.drafts, town.ann, "privacy forget")).messages
    [erase, _] = [one for one in walk(question.fields["components"]) if one["type"] == BUTTON]
    loopback.faults = [Fault("PATCH", "/webhooks/*", delay=0.5)]
    await loopback.click(question, town.ann, erase["custom_id"])
    await end_of(town.bot, signal.SIGTERM)
    assert question.content.startswith("Erased")


async def refused(town: Town, *says: str) -> None:
    """Check that the program has ended by itself, with a sentence and without a traceback or the token."""
    assert await asyncio.wait_for(town.bot.wait(), LONGEST_WAIT) == 1, town.bot.log.decode()
    log = town.bot.log.decode()
    assert "Traceback" not in log and TOKEN not in log
    assert all(part in log.splitlines()[-1] for part in says), log


@pytest.mark.parametrize("token", [f"{TOKEN[:20]}\n{TOKEN[20:]}", f"Bot {TOKEN}", f"“{TOKEN}”"])
async def test_a_token_with_extra_characters_is_refused_at_once(town: Town, token: str) -> None:
    town.bot.settings = {"DISCORD_TOKEN": token}
    await town.bot.start(ready=False)
    await refused(town, "DISCORD_TOKEN does not look like a token")
    assert town.discord.requests == []


async def test_a_ban_of_the_address_says_how_long_not_to_start_again(town: Town) -> None:
    town.discord.faults = [Fault("GET", "/users/@me", "ban", retry_after=900)]
    await town.bot.start(ready=False)
    await refused(town, "do not start again for 15 minutes")


@pytest.mark.slow
@pytest.mark.parametrize("nonsense", ["html", "half"])
async def test_an_answer_that_is_not_discords_ends_a_start_in_words_and_holds_up_no_other(
    town: Town, nonsense: str
) -> None:
    loopback = town.discord
    loopback.faults = [Fault("GET", "/gateway/bot", nonsense)]
    await town.bot.start(ready=False)
    await refused(town, "Discord cannot be reached")
    town.bot.log = b""
    loopback.faults = [Fault("PUT", "/applications/*", nonsense), Fault("PUT", "/channels/*", nonsense)]
    await town.bot.start()
    message = await loopback.post(town.drafts, town.ann, TELLS)
    await loopback.until(lambda: message.id in town.bot.labels(), "draft on record")
    assert await town.bot.end() == 0
    assert b"Traceback" not in town.bot.log
    await town.bot.start()
    await town.signed(message, "📣")


@pytest.mark.parametrize(
    ("code", "says"),
    [(4004, "no longer takes the bot's token"), (4011, "more servers"), (4014, "Message Content Intent")],
)
async def test_a_connection_that_is_closed_for_good_says_why(town: Town, code: int, says: str) -> None:
    await town.bot.start()
    await town.discord.gateway.close(code)
    await refused(town, says)


async def test_odd_events_are_dropped_and_the_next_draft_is_labelled(town: Town) -> None:
    loopback = town.discord
    await town.bot.start()
    first = await loopback.post(town.drafts, town.ann, TELLS)
    await town.signed(first, "📣")
    base: dict[str, Any] = first.payload() | {"guild_id": str(town.guild.id), "member": MEMBER}
    odd: list[tuple[str, Any]] = [
        ("MESSAGE_CREATE", base | {"id": str(loopback.snowflake()), "content": None}),
        ("MESSAGE_CREATE", {key: value for key, value in base.items() if key != "author"}),
        ("MESSAGE_CREATE", None),
        ("MESSAGE_UPDATE", {"id": base["id"], "channel_id": base["channel_id"], "content": None}),
        ("CHANNEL_CREATE", {"id": "1", "guild_id": base["guild_id"], "type": 99}),
        ("GUILD_UPDATE", {"id": base["guild_id"], "name": "x"}),
        ("MESSAGE_DELETE", {}),
        ("INTERACTION_CREATE", {"id": "1", "type": 77}),
        ("THREAD_CREATE", {"guild_id": base["guild_id"]}),
    ]
    for event, payload in odd:
        loopback.gateway.dispatch(event, payload, town.guild)
    second = await loopback.post(town.drafts, town.ann, TELLS)
    await town.signed(second, "📣")
    assert await town.bot.end() == 0
    assert "event MESSAGE_CREATE, which is dropped" in town.bot.log.decode()
    assert TELLS not in town.bot.log.decode()
