"""Journeys of Undo: below the answer to a change, in the list of /history, and on the bot's own question."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from cogs.support.replies import take_down_everywhere, take_off_old_signs
from tests.support.acting import Who, entry_of, items, press
from tests.support.drafts import ASKS, FOREIGN, TELLS
from tests.support.journeys import erase, stored_about
from tests.support.room import Room, unsure


async def everything(room: Room) -> dict[str, Any]:
    """What is stored about ann, but for what can be undone and what the bot said."""
    stored = await stored_about(room, room.ann)
    return {table: rows for table, rows in stored.items() if table not in ("undos", "replies")}


async def press_undo(room: Room, who: Who, shown: Any) -> str:
    [item] = [item for item in items(shown) if item.get("label") == "Undo"]
    return (await press(room, who, shown, item)).words


def ann_of(room: Room) -> Who:
    return Who(room.ann, room.guild, room.drafts)


@pytest.mark.parametrize("entry", ["Change label", "Not a draft"])
async def test_what_the_menu_did_is_undone_below_its_answer_even_after_a_restart(room: Room, entry: str) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    before = await everything(room)
    shown = (await room.ann.context_menu(room.drafts, entry, message)).response
    assert room.signs(message) != ["📣"]
    await room.restart()
    assert "Undone: counted as **content**, as before." in await press_undo(room, ann_of(room), shown)
    assert room.signs(message) == ["📣"] and await room.counts() == (1, 0)
    assert await everything(room) == before


async def test_only_the_last_change_can_be_undone(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    first = (await room.ann.context_menu(room.drafts, "Change label", message)).response
    await room.ann.context_menu(room.drafts, "Not a draft", message)
    assert "changed again since" in await press_undo(room, ann_of(room), first)
    assert room.signs(message) == []


async def test_a_manager_undoes_what_they_did_while_they_may_manage(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    max_ = room.guild.add_member(
        room.env.create_user("max"),
        roles=[room.guild.create_role("x", permissions=discord.Permissions(manage_guild=True))],
    )
    one, two = [(await max_.context_menu(room.drafts, "Change label", message)).response for _ in range(2)]
    assert "changed again since" in await press_undo(room, Who(max_, room.guild, room.drafts), one)
    ben = Who(room.ben, room.guild, room.drafts)
    assert "Only its author" in await press_undo(room, ben, two)
    assert "Undone" in await press_undo(room, Who(max_, room.guild, room.drafts), two)
    assert room.signs(message) == ["💬"]


async def test_an_answer_is_undone_into_the_question_that_it_answered(room: Room) -> None:
    message = await room.ann.send(room.drafts, unsure())
    before, signs = await everything(room), room.signs(message)
    [question] = room.said()
    asked = question.content
    for label in ("Content", "Conversation"):
        await room.ann.click(room.said()[0], label=label)
        assert "because you say so" in room.said()[0].content
        await room.restart()
        assert "author" in await press_undo(room, Who(room.owner, room.guild, room.drafts), room.said()[0])
        await press_undo(room, ann_of(room), room.said()[0])
        assert [said.content for said in room.said()] == [asked]
        assert (await everything(room), room.signs(message)) == (before, signs)
    await room.ann.delete(message)
    assert room.said() == []


async def test_a_change_of_an_answer_is_undone_into_the_answer(room: Room) -> None:
    message = await room.ann.send(room.drafts, unsure())
    await room.ann.click(room.said()[0], label="Conversation")
    await room.ann.click(room.said()[0], label="Change to content")
    await press_undo(room, ann_of(room), room.said()[0])
    assert room.signs(message) == ["💬"] and await room.counts() == (0, 1)


async def test_an_answer_by_direct_message_is_undone_there(room: Room) -> None:
    await room.ann.slash(room.drafts, "nudges questions", place="dm")
    message = await room.ann.send(room.drafts, FOREIGN)
    direct = room.ann.user.dm_channel
    [question] = room.said(direct)
    await room.ann.user.click(question, label="Conversation")
    assert room.signs(message) == ["💬"]
    await press_undo(room, Who(room.ann.user, None, direct), room.said(direct)[0])
    assert room.signs(message) == [] and await room.counts() == (0, 0)
    assert room.said(direct)[0].content == question.content
    await room.ann.user.click(room.said(direct)[0], label="Skip other languages here")
    assert room.said(direct) == []


async def test_a_choice_in_the_history_is_undone_in_the_list(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    before = await everything(room)
    shown = (await room.ann.slash(room.drafts, "history")).response
    assert shown is not None
    for does in ("conversation", "aside"):
        chosen = await press(room, ann_of(room), shown, items(shown)[0], [entry_of(shown, message.id, does)])
        assert "Undo" in chosen.words
        assert room.signs(message) != ["📣"]
        ben = Who(room.ben, room.guild, room.drafts)
        shown = room.env.backend.get_message(room.drafts.id, shown.id)
        assert "Only the author" in await press_undo(room, ben, shown)
        said = await press_undo(room, ann_of(room), shown)
        assert "Your drafts of the last seven days" in said and "Undo" not in said
        assert room.signs(message) == ["📣"] and await everything(room) == before


async def test_what_was_said_about_a_draft_goes_when_it_is_set_aside_or_changed_elsewhere(room: Room) -> None:
    for entry in ("Not a draft", "Change label"):
        message = await room.ann.send(room.drafts, unsure())
        await room.ann.click(room.said()[0], label="Conversation")
        assert "because you say so" in room.said()[0].content
        await room.ann.context_menu(room.drafts, entry, message)
        assert room.said() == []


async def test_what_was_said_about_a_draft_that_grew_too_old_goes(room: Room) -> None:
    await room.ann.send(room.drafts, unsure())
    [question] = room.said()
    room.env.inject_error("DELETE", f"/channels/{room.drafts.id}/messages/{question.id}", status=503)
    await room.turn_clock(days=3)
    await room.bot.coach.store.retention.erase_old(room.env.now())
    await take_down_everywhere(room.bot)
    assert len(room.said()) == 1
    await room.restart()
    await take_down_everywhere(room.bot)
    assert room.said() == []


async def test_a_draft_asked_about_is_edited_into_talk_or_deleted_with_its_thread(room: Room) -> None:
    parent = await room.ann.send(room.drafts, ASKS)
    channel = room.bot.get_channel(room.drafts.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.create_thread(name="more", message=discord.Object(parent.id))
    await room.env.settle()
    [thread] = room.drafts.threads
    await room.ann.slash(room.drafts, "nudges questions", place="dm")
    await room.ann.send(thread, unsure())
    edited = await room.ann.send(room.drafts, unsure())
    direct = room.ann.user.dm_channel
    assert len(room.said(direct)) == 2
    await room.ann.edit(edited, f"// {unsure()}")
    assert len(room.said(direct)) == 1
    room.env.backend.delete_channel(thread.id)
    await room.env.settle()
    assert room.said(direct) == []


async def test_the_signs_of_erased_drafts_are_taken_off(room: Room) -> None:
    drafts = [await room.ann.send(room.drafts, text) for text in (TELLS, ASKS)]
    kept = await room.ben.send(room.drafts, TELLS)
    await erase(room, room.ann)
    assert [room.signs(draft) for draft in drafts] == [["📣"], ["💬"]]
    room.env.inject_error("DELETE", "/channels/*/reactions/*", status=503)
    for _ in range(2):
        await take_off_old_signs(room.bot)
    assert [room.signs(draft) for draft in drafts] == [[], []]
    assert room.signs(kept) == ["📣"] and not room.bot.old_signs
