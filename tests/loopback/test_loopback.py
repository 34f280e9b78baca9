"""The real program over real sockets: drafts, commands, broken connections, refused requests, and its end."""

from __future__ import annotations

import time

from tests.loopback.conftest import ASKS, TELLS, Town
from tests.loopback.server import Fault


async def test_a_day_on_real_sockets(town: Town) -> None:
    discord, bot = town.discord, town.bot
    await bot.start()
    told = await discord.post(town.drafts, town.ann, TELLS)
    asked = await discord.post(town.drafts, town.ben, ASKS)
    await town.signed(told, "📣")
    await town.signed(asked, "💬")
    assert bot.labels() == {told.id: "content", asked.id: "conversation"}

    await discord.edit(told, ASKS)
    await town.signed(told, "💬")
    await discord.delete(asked)
    await discord.until(lambda: bot.labels() == {told.id: "conversation"}, "deletion")

    answer = await discord.slash(town.drafts, town.ann, "balance")
    assert answer.ephemeral
    assert "Balance" in str(answer.messages[0].fields["embeds"])

    for lose in (discord.gateway.drop, discord.gateway.reconnect, discord.gateway.invalidate):
        before = discord.gateway.identified + discord.gateway.resumed
        lose()
        missed = await discord.post(town.drafts, town.ann, TELLS)
        await discord.until(
            lambda before=before: discord.gateway.identified + discord.gateway.resumed > before, "session", 30
        )
        await town.signed(missed, "📣")
        assert bot.labels()[missed.id] == "content"

    for fault in (
        Fault("PUT", "/channels/*/reactions/*", 429, retry_after=0.1),
        Fault("PUT", "/channels/*/reactions/*", 502),
    ):
        discord.faults = [fault]
        await town.signed(await discord.post(town.drafts, town.ann, TELLS), "📣")
    assert len(bot.labels()) == 6
    began = time.monotonic()
    assert await bot.end() == 0, bot.log
    assert time.monotonic() - began < 5
    assert b"Traceback" not in bot.log, bot.log.decode()


async def test_what_was_missed_is_made_good_at_the_next_start(town: Town) -> None:
    discord, bot = town.discord, town.bot
    await bot.start()
    kept, changed, gone = [await discord.post(town.drafts, town.ann, TELLS) for _ in range(3)]
    for message in (kept, changed, gone):
        await town.signed(message, "📣")
    assert await bot.end() == 0
    missed = [await discord.post(town.drafts, town.ann, f"{ASKS} {number}") for number in range(150)]
    await discord.edit(changed, ASKS)
    await discord.delete(gone)
    thread = discord.add_thread(town.drafts, "more", town.ann)
    within = await discord.post(thread, town.ann, ASKS)
    await bot.start()
    await discord.until(lambda: all(message.reactions for message in (*missed, within)), "signs")
    await town.signed(changed, "💬")
    town.agrees()
    assert bot.labels().keys() == {message.id for message in (kept, changed, within, *missed)}
    assert await bot.end() == 0
