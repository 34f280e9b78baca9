"""Journeys after /privacy forget: what was erased stays erased, however often old messages are read again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, cast

import discord
import pytest
from simcord.results import to_discord_message

from coach.store.keys import key_file, load_key
from tests.support.drafts import ASKS, TELLS
from tests.support.journeys import (
    caught_up,
    erase,
    full_disk,
    hold_labels_until,
    outage,
    said,
    stored_about,
    try_again,
)
from tests.support.room import Room, words_of


def database_of(room: Room) -> Path:
    return room.bot.coach.settings.beside


async def edited_before(room: Room) -> discord.Message:
    message = await room.ann.send(room.drafts, TELLS)
    await room.turn_clock(seconds=2)
    await room.ann.edit(message, f"{TELLS} Typo fixed.")
    return message


async def behind_a_cursor_that_is_held_back(room: Room) -> discord.Message:
    with full_disk(room):
        await room.ben.send(room.drafts, ASKS)
    return await room.ann.send(room.drafts, TELLS)


async def several_at_once(room: Room) -> discord.Message:
    posts = [room.env.backend.create_message(room.drafts.id, room.ann.id, f"{TELLS} {n}") for n in range(5)]
    await room.env.settle()
    return to_discord_message(room.env, posts[0])


@pytest.mark.parametrize("written", [edited_before, behind_a_cursor_that_is_held_back, several_at_once])
async def test_what_was_erased_stays_erased(
    room: Room, written: Callable[[Room], Coroutine[Any, Any, discord.Message]]
) -> None:
    message = await written(room)
    await erase(room, room.ann)
    assert await stored_about(room, room.ann) == {}
    await try_again(room)
    async with outage(room):
        pass
    assert await stored_about(room, room.ann) == {}
    # The edits come after the erasure, but the messages they change are older.
    await room.turn_clock(minutes=1)
    await room.ann.edit(message, f"{TELLS} A word more.")
    async with outage(room):
        await room.ann.edit(message, f"{TELLS} And another.")
    assert await stored_about(room, room.ann) == {}
    assert room.signs(await room.ann.send(room.drafts, ASKS)) == ["💬"]
    assert await room.counts() == (0, 1)


async def test_a_pause_outlasts_an_erasure(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    await room.ann.slash(room.drafts, "privacy pause")
    message = await room.ann.send(room.drafts, TELLS)
    shown = await room.ann.slash(room.drafts, "privacy forget")
    assert shown.response is not None
    await room.ann.click(shown.response, label="Erase everything")
    assert "you have paused me" in shown.response.content
    assert room.signs(await room.ann.send(room.drafts, TELLS)) == []
    async with outage(room):
        await room.ann.edit(message, f"{TELLS} A word more.")
    kept = await stored_about(room, room.ann)
    assert kept.keys() == {"members"}
    assert kept["members"][0]["paused"] == 1
    await room.ann.slash(room.drafts, "privacy resume")
    assert room.signs(await room.ann.send(room.drafts, ASKS)) == ["💬"]
    assert await room.counts() == (0, 1)


async def test_one_members_erasure_touches_nobody_else(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    async with outage(room):
        await room.ben.send(room.drafts, TELLS)
        await room.ann.send(room.drafts, TELLS)
        room.env.inject_error("GET", f"/channels/{room.drafts.id}/messages", status=500, times=1)
    await erase(room, room.ann)
    await try_again(room)
    assert await stored_about(room, room.ann) == {}
    assert await room.counts(room.ben) == (1, 0)


async def test_an_erasure_while_catching_up_holds_for_the_rest_of_it(room: Room) -> None:
    await room.ben.send(room.drafts, TELLS)
    subscribers = room.env.backend.subscribers
    listening = [*subscribers]
    subscribers.clear()
    for n in range(3):
        await room.ann.send(room.drafts, f"{TELLS} {n}")
    await room.ben.send(room.drafts, ASKS)
    subscribers.extend(listening)
    hold_labels_until(room, "Erased")
    cast(Any, room.bot.get_cog("CatchUpCog"))._start(room.bot.get_guild(room.guild.id))
    await erase(room, room.ann)
    await caught_up(room)
    assert await stored_about(room, room.ann) == {}
    assert await room.counts(room.ben) == (1, 1)


async def test_with_the_key_lost_what_was_erased_still_stays_erased(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    await erase(room, room.ann)
    path = database_of(room)
    before = load_key(path)
    async with outage(room):
        key_file(path).unlink()
        await room.ben.send(room.drafts, ASKS)
    assert load_key(path) != before
    assert await stored_about(room, room.ann) == {}
    assert await room.counts(room.ben) == (0, 1)


async def test_with_the_key_lost_the_log_says_so_and_what_is_on_record_stays(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    by_hand = await room.ann.send(room.drafts, TELLS)
    await room.ann.context_menu(room.drafts, "Change label", by_hand)
    named = await room.ann.send(room.drafts, f"@zoe {ASKS}")
    async with outage(room):
        key_file(database_of(room)).unlink()
    assert "another key than before" in caplog.text
    assert room.signs(by_hand) == room.signs(named) == ["💬"]
    assert await room.counts() == (0, 2)
    assert len((await stored_about(room, room.ann))["addressed"]) == 1


@pytest.mark.sqlite
async def test_while_another_program_reads_the_answer_says_that_traces_are_left(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    shown = await room.ann.slash(room.drafts, "privacy forget")
    assert shown.response is not None
    with contextlib.closing(sqlite3.connect(database_of(room), isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM drafts").fetchone()
        click = asyncio.create_task(room.ann.click(shown.response, label="Erase everything"))
        await said(room, "Erased.")
    assert "traces of what was erased are left" in words_of(await click)
    assert await stored_about(room, room.ann) == {}


async def test_an_export_says_what_is_left_of_an_erasure(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    for erased in (False, True):
        if erased:
            await erase(room, room.ann)
        result = await room.ann.slash(room.drafts, "privacy export")
        assert result.response is not None
        upto = json.loads(await result.response.attachments[0].read())["erased_upto"]
        assert upto > message.id if erased else upto is None


@pytest.mark.sqlite
async def test_the_database_file_alone_does_not_tell_who_was_erased(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    await erase(room, room.ann)

    def held(raw: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in raw.execute("SELECT guild_id, who FROM erased")]

    [(guild_id, who)] = await room.bot.coach.store.database.read(held)
    assert guild_id == room.guild.id
    assert len(who) == 16 and room.ann.id.to_bytes(8, "big") not in who
    path = database_of(room)
    await room.bot.close()
    assert room.ann.id.to_bytes(8, "big") not in path.read_bytes()
    assert load_key(path) not in path.read_bytes()


async def test_what_the_bot_said_to_who_is_erased_goes_too(room: Room) -> None:
    await room.ann.send(room.drafts, "今日は新しい花の話をしましょう。")
    bens = await room.ben.send(room.drafts, "今日は新しい花の話をしましょう。")
    assert len(room.said()) == 2
    await erase(room, room.ann)
    [left] = room.said()
    assert left.reference is not None and left.reference.message_id == bens.id
