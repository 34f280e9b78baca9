"""Journeys of what Discord refuses: who is told, what is tried again, and what is not."""

from __future__ import annotations

from typing import Any, cast

import discord
import pytest

from tests.support.acting import Who, items, press
from tests.support.drafts import ASKS, FOREIGN, TELLS
from tests.support.journeys import outage
from tests.support.room import Room, unsure, words_of


async def minute(room: Room) -> None:
    """Let the bot try once more what it could not do earlier."""
    for cog in ("DraftsCog", "CatchUpCog"):
        await cast(Any, room.bot.get_cog(cog)).try_again()
    await room.env.settle()


def asked(room: Room, method: str, path: str) -> int:
    return sum(call.method == method and path in call.path for call in room.env.http_requests)


async def test_nobody_hears_that_a_member_blocked_the_bot(room: Room) -> None:
    room.env.inject_error("PUT", "/channels/*/reactions/*", status=403, code=90001, times=None)
    await room.ann.send(room.drafts, TELLS)
    await minute(room)
    assert room.said() == []
    assert await room.counts() == (1, 0)
    assert asked(room, "PUT", "/reactions/") == 1


@pytest.mark.parametrize("code", [10014, 30010, 50083])
async def test_a_final_refusal_is_logged_and_not_tried_again(
    room: Room, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    await room.caught_up()
    room.env.inject_error("PUT", "/channels/*/reactions/*", status=400, code=code, times=None)
    await room.ann.send(room.drafts, TELLS)
    read = asked(room, "GET", "/messages")
    for _ in range(3):
        await minute(room)
    assert asked(room, "PUT", "/reactions/") == 1
    assert asked(room, "GET", "/messages") == read
    assert room.said() == []
    assert await room.counts() == (1, 0)
    assert f"400, code {code}" in caplog.text


async def test_a_temporary_refusal_is_tried_again_without_reading_the_channel(room: Room) -> None:
    room.env.inject_error("PUT", "/channels/*/reactions/*", status=503, times=3)
    drafts = [await room.ann.send(room.drafts, TELLS) for _ in range(2)]
    assert [room.signs(draft) for draft in drafts] == [[], []]
    read = asked(room, "GET", "/messages")
    for _ in range(2):
        await minute(room)
    assert [room.signs(draft) for draft in drafts] == [["📣"], ["📣"]]
    assert asked(room, "GET", "/messages") == read


async def test_a_permission_that_is_granted_and_lost_again_is_said_again(room: Room) -> None:
    for _ in range(2):
        room.env.inject_error("PUT", "/channels/*/reactions/*", status=403, code=50013, times=2)
        for _ in range(3):
            await room.ann.send(room.drafts, TELLS)
    assert sum("**Add Reactions** is missing" in message.content for message in room.said()) == 2


async def test_a_permission_is_named_by_what_discord_says(room: Room) -> None:
    room.env.inject_error("POST", f"/channels/{room.drafts.id}/messages", status=403, code=160002, times=1)
    await room.ann.send(room.drafts, FOREIGN)
    [said] = room.said()
    assert "Read Message History" in said.content


@pytest.mark.parametrize("code", [50007, 50278])
async def test_closed_direct_messages_are_tried_once_and_their_owner_is_told(room: Room, code: int) -> None:
    await room.ann.slash(room.drafts, "nudges where", place="dm")
    room.env.inject_error("POST", "/channels/*/messages", status=403, code=code, times=None)
    drafts = [await room.ann.send(room.drafts, TELLS) for _ in range(12)]
    assert all(room.signs(draft) == ["📣"] for draft in drafts)
    assert await room.counts() == (12, 0)
    assert asked(room, "POST", "/messages") == 1
    room.env.backend.faults.clear()
    await room.restart()
    await room.ann.send(room.drafts, TELLS)
    assert room.said() == []
    shown = await room.ann.slash(room.drafts, "nudges show")
    assert "daily summary says what is due" in words_of(shown)
    told = [call.json["content"] for call in room.env.http_requests if "/webhooks/" in call.path and call.json]
    assert sum("won't let me write to you directly" in text for text in told) == 1
    await room.ann.slash(room.drafts, "tip")
    told = [call.json for call in room.env.http_requests if "/webhooks/" in call.path and call.json]
    assert sum("won't let me write to you directly" in str(body.get("content")) for body in told) == 1
    # Once they choose it again, it is tried again.
    await room.ann.slash(room.drafts, "nudges where", place="dm")
    await room.ann.send(room.drafts, TELLS)
    assert "content" in room.said(room.ann.user.dm_channel)[0].content


async def test_a_summary_that_closed_direct_messages_refuse_is_not_tried_day_after_day(room: Room) -> None:
    await room.ann.slash(room.drafts, "summary where", place="dm")
    room.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, times=None)
    for _ in range(2):
        await room.ann.send(room.drafts, TELLS)
        await room.turn_clock(hours=9.1)
        await room.turn_clock(hours=14.9)
    assert asked(room, "POST", "/messages") == 1
    assert "won't let me write to you directly" in words_of(await room.ann.slash(room.drafts, "summary show"))


async def test_no_summary_goes_to_somebody_who_has_left(room: Room) -> None:
    await room.ann.slash(room.drafts, "summary where", place="dm")
    await room.ann.send(room.drafts, TELLS)
    room.env.backend.remove_member(room.guild.id, room.ann.id)
    await room.turn_clock(hours=9.1)
    assert asked(room, "POST", "/messages") == 0


@pytest.mark.parametrize("how", ["one", "bulk", "while away"])
async def test_a_nudge_and_a_question_are_deleted_with_their_draft(room: Room, how: str) -> None:
    drafts = [await room.ann.send(room.drafts, TELLS) for _ in range(6)] + [
        await room.ben.send(room.drafts, FOREIGN)
    ]
    assert len(room.said()) == 2
    if how == "one":
        for draft in drafts[-2:]:
            await _delete(room, draft)
    elif how == "bulk":
        room.env.backend.bulk_delete_messages(room.drafts.id, [draft.id for draft in drafts[-2:]])
        await room.env.settle()
    else:
        async with outage(room):
            for draft in drafts[-2:]:
                await _delete(room, draft)
    assert room.said() == []


async def _delete(room: Room, draft: discord.Message) -> None:
    await (room.ann if draft.author.id == room.ann.id else room.ben).delete(draft)


async def test_a_reply_that_cannot_be_deleted_for_now_is_deleted_later(room: Room) -> None:
    draft = await room.ann.send(room.drafts, FOREIGN)
    room.env.inject_error("DELETE", "/channels/*/messages/*", status=503, times=1)
    await room.ann.delete(draft)
    assert len(room.said()) == 1
    await minute(room)
    assert room.said() == []


async def test_a_question_is_deleted_when_an_edit_or_the_menu_settles_it(room: Room) -> None:
    edited, corrected = [await room.ann.send(room.drafts, unsure()) for _ in range(2)]
    assert len(room.said()) == 2
    await room.ann.edit(edited, ASKS)
    assert len(room.said()) == 1
    await room.ann.context_menu(room.drafts, "Change label", corrected)
    assert room.said() == []
    answered = await room.ann.send(room.drafts, FOREIGN)
    await room.ann.click(room.said()[0], label="Content")
    await room.ann.edit(answered, ASKS)
    assert "because you say so" in room.said()[0].content
    await room.ann.delete(answered)
    assert room.said() == []


async def test_a_question_by_direct_message_is_answered_there(room: Room) -> None:
    await room.ann.slash(room.drafts, "nudges where", place="dm")
    assert "by direct message about" in words_of(await room.ann.slash(room.drafts, "nudges show"))
    message = await room.ann.send(room.drafts, unsure())
    assert room.said() == []
    [question] = room.said(room.ann.user.dm_channel)
    assert question.content.startswith("On http") and "Is this one **content**" in question.content
    await room.ann.user.click(question, label="Conversation")
    assert await room.counts() == (0, 1)
    assert room.signs(message) == ["💬"]
    await room.ann.delete(message)
    assert room.said(room.ann.user.dm_channel) == []


async def test_menus_and_buttons_answer_after_hours_and_after_a_restart(room: Room) -> None:
    ann = Who(room.ann, room.guild, room.drafts)
    draft = await room.ann.send(room.drafts, TELLS)
    history: Any = (await room.ann.slash(room.drafts, "history")).response
    forget: Any = (await room.ann.slash(room.drafts, "privacy forget")).response
    await room.restart()
    await room.turn_clock(hours=3)
    [menu], [erase, _] = items(history), items(forget)
    told = await press(room, ann, history, menu, [menu["options"][0]["value"]])
    assert "Your drafts" in told.words
    assert await room.counts() == (0, 1)
    assert room.signs(draft) == ["💬"]
    told = await press(room, ann, forget, erase)
    assert "Use **/privacy forget** again" in told.words
    assert await room.counts() == (0, 1)
    forget = (await room.ann.slash(room.drafts, "privacy forget")).response
    await room.restart()
    assert "Erased" in (await press(room, ann, forget, items(forget)[0])).words
    assert await room.counts() == (0, 0)
