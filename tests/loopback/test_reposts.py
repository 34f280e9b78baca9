"""The real program and an application that posts members' messages again, over real sockets."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.support.drafts import ASKS, TELLS
from tests.support.loopback.town import Town
from tests.support.loopback.truth import Channel, Message, User

PROXY, WEBHOOK = 466378653216014359, 501


async def posted(town: Town, channel: Channel, text: str) -> Message:
    """The application's webhook posts something."""
    hook = User(WEBHOOK, "Jo", bot=True)
    return await town.discord.post(channel, hook, text, webhook_id=str(WEBHOOK), application_id=str(PROXY))


@pytest.mark.slow
async def test_drafts_move_to_what_an_application_posts(town: Town) -> None:
    loopback, bot = town.discord, town.bot
    await bot.start()
    await loopback.until(lambda: bot.rows("SELECT 1 FROM guilds") != [], "server")
    assert await bot.end() == 0
    with closing(sqlite3.connect(bot.database)) as raw:
        raw.execute("UPDATE guilds SET proxies = ?", (str(PROXY),))
        raw.commit()
    await bot.start()

    original = await loopback.post(town.drafts, town.ann, f"[{TELLS}]")
    await town.signed(original, "📣")
    message = await posted(town, town.drafts, TELLS)
    await loopback.delete(original)
    await town.signed(message, "📣")
    assert bot.labels() == {message.id: "content"}

    # The deletion is told before the message that repeats the draft, and even before the draft itself.
    with loopback.withhold():
        quick = await loopback.post(town.drafts, town.ben, f"Jo: {ASKS}")
        await loopback.delete(quick)
        again = await posted(town, town.drafts, ASKS)
    for event, one in (("MESSAGE_DELETE", quick), ("MESSAGE_CREATE", again), ("MESSAGE_CREATE", quick)):
        loopback.tell(event, one.channel, one.payload() | {"member": town.guild.member(one.author)})
    await town.signed(again, "💬")
    assert bot.labels() == {message.id: "content", again.id: "conversation"}
    authors = {row[0]: row[1] for row in bot.rows("SELECT message_id, author_id FROM drafts")}
    assert authors == {message.id: town.ann.id, again.id: town.ben.id}

    # While the bot is away, too.
    kept = await loopback.post(town.drafts, town.ann, f"{TELLS} Come and see.")
    await town.signed(kept, "📣")
    assert await bot.end() == 0
    moved = await posted(town, town.drafts, f"{TELLS} Come and see.")
    await loopback.delete(kept)
    await bot.start()
    await town.signed(moved, "📣")
    assert bot.labels().keys() == {message.id, again.id, moved.id}
    # It ends at once, whatever it is waiting for.
    await loopback.delete(moved)
    assert await bot.end() == 0
    assert b"Traceback" not in bot.log, bot.log.decode()
