"""Journeys of drafts: labelled, edited, deleted, in threads, escaped, corrected, and through a restart."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import discord
import pytest
from simcord.results import to_discord_message

from coach.labels import Label
from cogs.support.replies import take_down
from tests.support.drafts import ASKS, FOREIGN, TELLS, THANKS
from tests.support.journeys import caught_up, hold_labels_until
from tests.support.room import Room, unsure, words_of
from tests.support.waiting import LONGEST_WAIT


async def test_a_draft_gets_its_sign_and_is_counted(room: Room) -> None:
    told = await room.ann.send(room.drafts, TELLS)
    asked = await room.ann.send(room.drafts, ASKS)
    assert room.signs(told) == ["📣"]
    assert room.signs(asked) == ["💬"]
    assert await room.counts() == (1, 1)


async def test_the_sign_comes_only_after_the_commit(room: Room) -> None:
    async def refuse(*_: object, **__: object) -> object:
        raise OSError("the disk is gone")

    room.bot.coach.store.database.write = refuse  # type: ignore[method-assign,assignment]
    told = await room.ann.send(room.drafts, TELLS)
    assert room.signs(told) == []
    assert [type(error) for error in room.env.errors] == [OSError]
    room.expected = (OSError,)


@pytest.mark.parametrize("name", ["general", "drafts-archive"])
async def test_other_channels_are_left_alone(room: Room, name: str) -> None:
    elsewhere = room.guild.create_text_channel(name)
    message = await room.ann.send(elsewhere, TELLS)
    assert room.signs(message) == []
    assert await room.counts() == (0, 0)


async def test_messages_that_are_not_drafts_are_left_alone(room: Room) -> None:
    told = await room.ann.send(room.drafts, TELLS)
    for text, reply_to in (
        ("// this is talk", None),
        ("🎉🎉🎉", None),
        ("https://example.org/only-a-link", None),
        (f"<@{room.bot.user.id}> about", None),  # type: ignore[union-attr]
    ):
        assert room.signs(await room.ann.send(room.drafts, text, reply_to=reply_to)) == []
    assert room.signs(await room.ben.send(room.drafts, "I like that one a lot.", reply_to=told)) == []
    assert await room.counts() == (1, 0)
    assert await room.counts(room.ben) == (0, 0)


async def test_bots_and_webhooks_are_left_alone(room: Room) -> None:
    robot = room.guild.add_member(room.env.create_user("robot", bot=True))
    await robot.send(room.drafts, TELLS)
    await room.guild.create_webhook(room.drafts).send(TELLS)
    assert room.said() == []
    assert await room.counts(robot) == (0, 0)


async def test_a_thread_of_own_posts_counts_once(room: Room) -> None:
    first = await room.ann.send(room.drafts, TELLS)
    second = await room.ann.send(room.drafts, ASKS, reply_to=first)
    assert room.signs(first) == room.signs(second)
    assert sum(await room.counts()) == 1


async def test_a_long_paste_is_read_from_its_attachment(room: Room) -> None:
    text = (TELLS + "\n") * 60
    message = await room.ann.send(room.drafts, "", attachments=[("message.txt", text.encode())])
    assert room.signs(message) == ["📣"]
    picture = await room.ann.send(room.drafts, "", attachments=[("cat.png", b"\x89PNG\r\n")])
    assert room.signs(picture) == []


async def test_a_byte_order_mark_hides_no_escape(room: Room) -> None:
    for text, signs in ((f"// {TELLS}", []), (TELLS, ["📣"])):
        file = ("message.txt", text.encode("utf-8-sig"))
        assert room.signs(await room.ann.send(room.drafts, "", attachments=[file])) == signs
    assert await room.counts() == (1, 0)
    [draft] = await room.bot.coach.reports.history(room.guild.id, room.ann.id, 1, 5)
    assert draft.length == len(TELLS)


async def test_an_edit_moves_sign_and_count(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    await room.ann.edit(message, ASKS)
    assert room.signs(message) == ["💬"]
    assert await room.counts() == (0, 1)


async def test_an_edit_that_escapes_takes_the_draft_out_and_back(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    await room.ann.edit(message, "// " + TELLS)
    assert await room.counts() == (0, 0)
    assert room.signs(message) == []
    await room.ann.edit(message, TELLS)
    assert await room.counts() == (1, 0)
    assert room.signs(message) == ["📣"]


async def test_a_draft_that_an_edit_escapes_while_it_is_in_progress_is_not_recorded(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    hold_labels_until(room, "Nudges come")
    backend = room.env.backend
    talk, back = [backend.create_message(room.drafts.id, room.ann.id, ASKS) for _ in range(2)]
    for message in (talk, back):
        backend.edit_message(room.drafts.id, message.id, {"content": f"// {ASKS}"})
    backend.clock.advance(1)
    backend.edit_message(room.drafts.id, back.id, {"content": ASKS})
    await room.ann.slash(room.drafts, "nudges show")
    assert room.signs(to_discord_message(room.env, talk)) == []
    assert room.signs(to_discord_message(room.env, back)) == ["💬"]
    assert await room.counts() == (1, 1)


async def test_what_was_set_aside_is_not_counted_after_an_edit_that_escapes_and_one_back(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    await room.owner.context_menu(room.drafts, "Not a draft", message)
    for text in (f"// {TELLS}", TELLS, ASKS):
        await room.turn_clock(seconds=1)
        await room.ann.edit(message, text)
        assert await room.counts() == (0, 0)
        assert room.signs(message) == []
    await room.owner.context_menu(room.drafts, "Not a draft", message)
    assert await room.counts() == (0, 1)
    assert room.signs(message) == ["💬"]


async def test_deletions_leave_the_count(room: Room) -> None:
    one, two, three = [await room.ann.send(room.drafts, TELLS) for _ in range(3)]
    await room.ann.delete(one)
    assert await room.counts() == (2, 0)
    room.env.backend.bulk_delete_messages(room.drafts.id, [two.id, three.id])
    await room.env.settle()
    assert await room.counts() == (0, 0)


async def test_a_deleted_channel_takes_its_drafts_along(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    room.env.backend.delete_channel(room.drafts.id)
    await room.env.settle()
    assert await room.counts() == (0, 0)


async def test_threads_and_forum_posts_of_a_watched_channel_count(room: Room) -> None:
    parent = await room.ann.send(room.drafts, TELLS)
    channel = room.bot.get_channel(room.drafts.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.create_thread(name="more", message=discord.Object(parent.id))
    await room.env.settle()
    [thread] = room.drafts.threads
    assert room.signs(await room.ann.send(thread, ASKS)) == ["💬"]
    assert await room.counts() == (1, 1)
    room.env.backend.delete_channel(thread.id)
    await room.env.settle()
    assert await room.counts() == (1, 0)


async def probability(room: Room, message: discord.Message) -> float:
    stored = await room.bot.coach.store.drafts.get(room.guild.id, message.id)
    assert stored is not None
    return stored.probability


async def test_drafts_that_stand_where_answers_are_drafted_are_likelier_to_be_answers(room: Room) -> None:
    parent = await room.ann.send(room.drafts, TELLS)
    alone = await probability(room, parent)
    channel = room.bot.get_channel(room.drafts.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.create_thread(name="Replies", message=discord.Object(parent.id))
    await room.env.settle()
    [thread] = room.drafts.threads
    in_thread = await room.ann.send(thread, TELLS)
    assert await probability(room, in_thread) > alone
    elsewhere = room.guild.create_text_channel("elsewhere")
    told = await room.ben.send(elsewhere, ASKS)
    link = await room.ann.send(room.drafts, "<https://example.org/a-post>")
    post = await room.ann.send(room.drafts, f"// {ASKS}")
    for above in (await room.ann.forward(told, room.drafts), link, post):
        assert await probability(room, await room.ann.send(room.drafts, TELLS, reply_to=above)) > alone
    remark = await room.ann.send(room.drafts, "// for Monday:")
    assert await probability(room, await room.ann.send(room.drafts, TELLS, reply_to=remark)) == alone


async def test_an_edit_leaves_a_draft_where_answers_are_drafted(room: Room) -> None:
    link = await room.ann.send(room.drafts, "https://example.org/a-post")
    answer = await room.ann.send(room.drafts, ASKS, reply_to=link)
    await room.ann.edit(answer, TELLS)
    assert await probability(room, answer) > await probability(room, await room.ann.send(room.drafts, TELLS))


async def test_a_forum_is_watched_by_its_name(room: Room, settings: object) -> None:
    forum = room.guild.create_forum_channel("drafts")
    channel = room.bot.get_channel(forum.id)
    assert isinstance(channel, discord.ForumChannel)
    await channel.create_thread(name="a post", content="opened by the bot")
    await room.env.settle()
    [post] = forum.threads
    assert room.signs(await room.ann.send(post, THANKS)) == ["💬"]


async def test_a_channel_renamed_to_drafts_is_watched_from_then_on(room: Room) -> None:
    plain = room.guild.create_text_channel("ideas")
    await room.ann.send(plain, TELLS)
    channel = room.bot.get_channel(plain.id)
    assert isinstance(channel, discord.TextChannel)
    await room.ann.send(plain, TELLS)
    room.env.backend.edit_channel(plain.id, {"name": "drafts"})
    await room.env.settle()
    assert room.signs(await room.ann.send(plain, TELLS)) == ["📣"]


async def test_an_unsure_draft_asks_its_author_and_the_answer_survives_a_restart(room: Room) -> None:
    message = await room.ann.send(room.drafts, unsure())
    [question] = room.said()
    assert "content" in question.content and "conversation" in question.content
    assert await room.counts() in ((1, 0), (0, 1))
    await room.restart()
    other = await room.ben.click(question, label="Conversation")
    assert other.ephemeral and "author" in words_of(other)
    await room.ann.click(question, label="Conversation")
    assert await room.counts() == (0, 1)
    assert room.signs(message) == ["💬"]
    assert "because you say so" in room.said()[0].content
    # Somebody who pressed the wrong button can change it.
    await room.ann.click(room.said()[0], label="Change to content")
    assert await room.counts() == (1, 0)
    assert room.signs(message) == ["📣"]
    assert "Counted as content" in room.said()[0].content


async def test_what_was_drafted_while_the_bot_was_away_is_counted_without_a_nudge(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    await room.bot.close()
    room.env.backend.subscribers.clear()
    away = [await room.ann.send(room.drafts, TELLS) for _ in range(9)]
    await room.restart()
    assert await room.counts() == (10, 0)
    assert all(room.signs(message) == ["📣"] for message in away)
    assert room.said() == []


async def test_a_missing_permission_is_said_once_and_loses_no_draft(room: Room) -> None:
    room.env.inject_error("PUT", "/channels/*/reactions/*", status=403, code=50013, times=None)
    for _ in range(3):
        await room.ann.send(room.drafts, TELLS)
    assert await room.counts() == (3, 0)
    [said] = room.said()
    assert "Add Reactions" in said.content and f"<#{room.drafts.id}>" in said.content


ODD = {
    # Discord itself turns a paste of this length into an attachment, unless the author pays for Nitro.
    "4,000 characters": (TELLS * 60)[:4000],
    "only emoji": "🎉🎊✨",
    "Japanese": "新しい窯が届きました。明日から使います。",
    "500 mentions": " ".join(["<@123456789012345678>"] * 500) + " thank you all for coming",
    "every Unicode space": (
        "We\u00a0open\u1680from\u2000Monday\u2003on\u2009at\u202fnine\u205fin\u3000the\u2028early\u2029morning"
    ),
}


@pytest.mark.parametrize("name", ODD)
async def test_odd_drafts_are_handled_without_an_error(
    room: Room, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    caplog.set_level(logging.INFO)
    text = ODD[name]
    if len(text) > 2000:
        message = await room.ann.send(room.drafts, "", attachments=[("message.txt", text.encode())])
    else:
        message = await room.ann.send(room.drafts, text)
    counted = int(name not in ("only emoji", "Japanese"))
    assert len(room.signs(message)) == counted
    assert sum(await room.counts()) == counted
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_an_ordinary_draft_gets_no_reply(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    assert room.said() == []
    assert (await room.bot.coach.reports.history(room.guild.id, room.ann.id, 1, 5))[0].label is Label.CONTENT


async def test_a_question_that_is_settled_while_it_is_being_sent_is_deleted(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, begun, settled = room.bot.http.send_message, asyncio.Event(), asyncio.Event()

    async def slowly(*args: Any, **kwargs: Any) -> Any:
        begun.set()
        await settled.wait()
        return await send(*args, **kwargs)

    async def label() -> Label | None:
        stored = await room.bot.coach.store.drafts.get(room.guild.id, message.id)
        return stored.label if stored is not None else None

    monkeypatch.setattr(room.bot.http, "send_message", slowly)
    await caught_up(room)  # which asks for the channel's messages
    backend, before = room.env.backend, len(room.env.http_requests)
    message = backend.create_message(room.drafts.id, room.ann.id, FOREIGN)
    await asyncio.wait_for(begun.wait(), LONGEST_WAIT)
    backend.edit_message(room.drafts.id, message.id, {"content": ASKS})
    async with asyncio.timeout(LONGEST_WAIT):
        while await label() is not Label.CONVERSATION:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    settled.set()
    await room.env.settle()
    assert room.said() == []
    calls = [call.method for call in room.env.http_requests[before:] if "/reactions/" not in call.path]
    assert [method for method in calls if method != "GET"] == ["POST", "DELETE"]


async def test_many_replies_deleted_at_once_are_each_deleted_once(room: Room) -> None:
    asked = [await room.ann.send(room.drafts, unsure()) for _ in range(3)]
    assert len(room.said()) == 3
    await room.bot.coach.store.removals.sweep(room.guild.id, [message.id for message in asked], ())
    before = len(room.env.http_requests)
    await asyncio.gather(*(take_down(room.bot, room.guild.id) for _ in range(3)))
    assert room.said() == []
    assert [call.method for call in room.env.http_requests[before:]] == ["DELETE"] * 3
