"""Journeys of catching up: outages, missed edits and deletions, threads, and channels that cannot be read."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, cast

import pytest
import simcord

from coach.labels import Label
from cogs.support.live_server import PAGE
from cogs.support.messages import message_facts
from tests.support.drafts import ASKS, TELLS
from tests.support.journeys import MARK, MARKED, Broken, full_disk, outage, try_again
from tests.support.room import Room


async def cursor_of(room: Room, channel: simcord.ChannelHandle) -> int | None:
    return (await room.bot.coach.store.channels.marks(room.guild.id))[channel.id].cursor


async def test_edits_and_deletions_made_during_an_outage_are_followed(room: Room) -> None:
    changed, gone, kept = [await room.ann.send(room.drafts, TELLS) for _ in range(3)]
    talk = await room.ann.send(room.drafts, "// just talk")
    newest = await room.ann.send(room.drafts, ASKS)
    async with outage(room):
        await room.ann.delete(newest)
        await room.ann.edit(changed, ASKS)
        await room.ann.delete(gone)
        await room.ann.edit(talk, ASKS)
    assert await room.counts() == (1, 2)
    assert room.signs(changed) == ["💬"]
    assert room.signs(kept) == ["📣"]
    assert room.signs(talk) == ["💬"]


async def test_what_was_read_before_an_edit_does_not_undo_it(room: Room) -> None:
    message, coach = await room.ann.send(room.drafts, TELLS), room.bot.coach
    before = await message_facts(message, room.bot.own_id, room.bot.coach.intake.reads)
    await room.turn_clock(seconds=1)
    await room.ann.edit(message, ASKS)
    stored = await coach.store.drafts.get(room.guild.id, message.id)
    assert stored is not None and stored.label is Label.CONVERSATION
    assert await coach.intake.follow(before, stored) is None
    assert await room.counts() == (0, 1)


async def test_more_than_a_page_is_read_in_order(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await room.ann.send(room.drafts, TELLS)
    async with outage(room):
        sent = [await room.ann.send(room.drafts, f"{(TELLS, ASKS)[n % 2]} {n}") for n in range(PAGE + 5)]
    assert sum(await room.counts()) == PAGE + 6
    assert all(len(room.signs(message)) == 1 for message in sent)
    assert await cursor_of(room, room.drafts) == sent[-1].id
    assert room.said() == []


async def test_the_cursor_is_at_the_last_draft(room: Room) -> None:
    sent = [await room.ann.send(room.drafts, TELLS) for _ in range(3)]
    assert await cursor_of(room, room.drafts) == sent[-1].id


@pytest.mark.parametrize("archived", [False, True])
async def test_threads_started_during_an_outage_are_read(room: Room, archived: bool) -> None:
    await room.ann.send(room.drafts, TELLS)
    async with outage(room):
        backend = room.env.backend
        record = backend.create_thread(room.drafts.id, name="more", owner_id=room.ann.id)
        [thread] = room.drafts.threads
        asked = await room.ann.send(thread, ASKS)
        if archived:
            assert record.thread_metadata is not None
            record.thread_metadata.archived = True
            record.thread_metadata.archive_timestamp = room.env.now().isoformat()
    assert await room.counts() == (1, 1)
    assert room.signs(asked) == ["💬"]


async def test_a_channel_that_cannot_be_read_holds_up_no_other(room: Room) -> None:
    second = room.guild.create_text_channel("ideas")
    await room.owner.slash(room.drafts, "setup channel", channel=second, watch=True)
    await room.ann.send(room.drafts, TELLS)
    await room.ann.send(second, TELLS)
    async with outage(room):
        await room.ann.send(room.drafts, ASKS)
        await room.ann.send(second, ASKS)
        room.env.inject_error("GET", f"/channels/{room.drafts.id}/messages", status=403, code=50013, times=None)
    assert await room.counts() == (2, 1)
    [said] = [text for text in room.said() if "Read Message History" in text.content]
    assert f"<#{room.drafts.id}>" in said.content


async def test_a_channel_that_fails_for_a_while_is_tried_again(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    async with outage(room):
        missed = await room.ann.send(room.drafts, ASKS)
        room.env.inject_error("GET", f"/channels/{room.drafts.id}/messages", status=500, times=1)
    # A draft that arrives live in the meantime must not move the cursor past the one that was missed.
    await room.ann.send(room.drafts, TELLS)
    await try_again(room)
    assert await room.counts() == (2, 1)
    assert room.signs(missed) == ["💬"]


@pytest.mark.parametrize("nonsense", ["<html>Log in to the network</html>", None, {}, [{"id": "1"}]])
async def test_a_history_of_nonsense_is_asked_for_again(
    room: Room, monkeypatch: pytest.MonkeyPatch, nonsense: object
) -> None:
    http = type(room.bot.http)
    real, answers = http.logs_from, [nonsense]

    async def logs_from(self: Any, *where: Any, **which: Any) -> Any:
        return answers.pop() if answers else await real(self, *where, **which)

    await room.ann.send(room.drafts, TELLS)
    async with outage(room):
        missed = await room.ann.send(room.drafts, ASKS)
        monkeypatch.setattr(http, "logs_from", logs_from)
    await try_again(room)
    assert not answers
    assert await room.counts() == (1, 1)
    assert room.signs(missed) == ["💬"]


async def test_a_draft_that_could_not_be_recorded_is_recorded_later(room: Room) -> None:
    with full_disk(room):
        message = await room.ann.send(room.drafts, TELLS)
    await room.ann.send(room.drafts, ASKS)
    await try_again(room)
    assert await room.counts() == (1, 1)
    assert room.signs(message) == ["📣"]


async def test_a_draft_that_could_not_be_recorded_is_given_up_once_its_author_is_forgotten(room: Room) -> None:
    with full_disk(room):
        message = await room.ann.send(room.drafts, TELLS)
    shown = await room.ann.slash(room.drafts, "privacy forget")
    assert shown.response is not None
    await room.ann.click(shown.response, label="Erase everything")
    await try_again(room)
    assert await room.counts() == (0, 0)
    assert room.signs(message) == []


@pytest.mark.parametrize("what", ["a message", "the channel"])
async def test_a_failure_to_catch_up_is_logged_with_its_traceback_and_without_a_drafts_words(
    room: Room, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    room.env.inject_error("GET", f"/channels/{room.drafts.id}/messages", status=500, times=1)
    async with outage(room):
        await room.ann.send(room.drafts, MARKED)
    bot = cast(Any, room.bot)
    if what == "a message":
        bot._loading = asyncio.get_running_loop().create_future()
        bot._loading.set_result(Broken())
    else:

        async def break_down(*_: object) -> None:
            Broken().label([MARKED])

        bot.coach.store.channels.advance = break_down
    await try_again(room)
    assert "in catching up" in caplog.text or "catching up server" in caplog.text
    assert "ValueError" in caplog.text and "journeys.py" in caplog.text
    assert MARK not in caplog.text
    assert await room.counts() == ((0, 0) if what == "a message" else (1, 0))
    room.expected = (Exception,)


async def test_what_was_written_while_paused_is_never_read(room: Room) -> None:
    await room.ann.slash(room.drafts, "privacy pause")
    await room.ann.send(room.drafts, TELLS)
    await room.turn_clock(minutes=1)
    await room.ann.slash(room.drafts, "privacy resume")
    await room.turn_clock(minutes=1)
    async with outage(room):
        await room.ann.send(room.drafts, ASKS)
    assert await room.counts() == (0, 1)


async def test_a_channel_is_read_from_the_moment_it_is_watched(room: Room) -> None:
    plain = room.guild.create_text_channel("ideas")
    await room.ann.send(plain, TELLS)
    await room.owner.slash(room.drafts, "setup channel", channel=plain, watch=True)
    async with outage(room):
        await room.ann.send(plain, ASKS)
    assert await room.counts() == (0, 1)


async def test_a_channel_deleted_during_an_outage_takes_its_drafts_with_it(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    async with outage(room):
        room.env.backend.delete_channel(room.drafts.id)
    assert await room.counts() == (0, 0)
