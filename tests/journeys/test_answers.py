"""Journeys of answers: where typed commands are answered, /help for a command, and how a pause is shown."""

from __future__ import annotations

import pytest

from tests.support.drafts import TELLS
from tests.support.room import Room, words_of


@pytest.mark.parametrize(
    "typed", ["balance", "tip", "history", "nudges", "summary", "summary now", "summary week", "target", "privacy"]
)
async def test_personal_answers_to_typed_commands_are_not_shown_in_a_channel(room: Room, typed: str) -> None:
    assert room.bot.user is not None
    await room.ann.send(room.drafts, TELLS)
    await room.ann.send(room.drafts, f"{room.bot.user.mention} {typed}")
    assert room.said() == []
    assert len(room.said(room.ann.user.dm_channel)) == 1


async def test_members_with_closed_direct_messages_are_pointed_to_the_slash_command(room: Room) -> None:
    assert room.bot.user is not None
    await room.ann.send(room.drafts, TELLS)
    room.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    await room.ann.send(room.drafts, f"{room.bot.user.mention} tip")
    [said] = room.said()
    assert "Use the slash command" in said.content and "%" not in said.content


@pytest.mark.parametrize("typed", ["help", "about"])
async def test_answers_about_nobody_in_particular_are_given_in_the_channel(room: Room, typed: str) -> None:
    assert room.bot.user is not None
    await room.ann.send(room.drafts, f"{room.bot.user.mention} {typed}")
    assert "Square Deal" in words_of(room.said()[-1])


async def test_help_tells_how_a_command_is_used(room: Room) -> None:
    said = words_of(await room.ann.slash(room.drafts, "help", command="/target"))
    assert "**/target [preset] [share] [band] [window] [account]**" in said
    assert "**share**: conversation to aim for, such as 50%" in said
    assert "square-deal, thirds" in said
    group = words_of(await room.ann.slash(room.drafts, "help", command="Nudges"))
    assert (
        "**/nudges where place**" in group and "(reply, dm, summary, off)" in group and "**/nudges off**" in group
    )
    assert "no command" in words_of(await room.ann.slash(room.drafts, "help", command="dance"))
    assert await room.ann.autocomplete(room.drafts, "help", "command", "setup s") == []
    offered = await room.owner.autocomplete(room.drafts, "help", "command", "setup s")
    assert offered == [{"name": "/setup summary", "value": "setup summary"}]


async def test_a_value_that_is_not_understood_is_answered_with_the_help_that_there_is(room: Room) -> None:
    assert room.bot.user is not None
    await room.ann.send(room.drafts, f"{room.bot.user.mention} nudges snooze soon")
    assert "**/help nudges snooze**" in room.said()[-1].content
    await room.ann.send(room.drafts, f"{room.bot.user.mention} help nudges snooze")
    assert "**hours**: for how long" in words_of(room.said()[-1])


async def test_every_command_has_its_help(room: Room) -> None:
    commands = list(room.bot.tree.walk_commands())
    assert len(commands) > 20
    for command in commands:
        said = words_of(await room.ann.slash(room.drafts, "help", command=command.qualified_name))
        assert f"/{command.qualified_name}" in said and "…" not in said


async def test_members_who_have_paused_the_bot_are_shown_that(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    looks = ("history", "nudges show", "privacy what")
    for look in looks:
        assert "Paused" not in words_of(await room.ann.slash(room.drafts, look))
    await room.ann.slash(room.drafts, "privacy pause")
    for look in (*looks, "balance"):
        assert "Paused: I'm not reading your drafts" in words_of(await room.ann.slash(room.drafts, look))
    await room.ann.slash(room.drafts, "privacy resume")
    assert "Paused" not in words_of(await room.ann.slash(room.drafts, "balance"))
