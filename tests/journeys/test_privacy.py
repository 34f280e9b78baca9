"""Journeys through /privacy: what is stored, taking it along, pausing, erasing."""

from __future__ import annotations

import json
from pathlib import Path

from tests.journeys.conftest import ASKS, TELLS, Room, words_of


async def test_what_is_stored_is_told_in_plain_words(room: Room) -> None:
    said = words_of(await room.ann.slash(room.drafts, "privacy what"))
    assert "never its text" in said and "/privacy forget" in said


async def test_an_export_holds_everything_about_the_member_and_nobody_else(room: Room) -> None:
    told = await room.ann.send(room.drafts, TELLS)
    await room.ben.send(room.drafts, ASKS)
    await room.ann.context_menu(room.drafts, "Change label", told)
    result = await room.ann.slash(room.drafts, "privacy export")
    assert result.ephemeral and result.response is not None
    [file] = result.response.attachments
    exported = json.loads(await file.read())
    assert exported["member"] == room.ann.id
    assert [row["message_id"] for row in exported["drafts"]] == [told.id]
    assert exported["corrections"][0]["to_label"] == "conversation"
    assert exported["drafts"][0]["text"] is None
    assert str(room.ben.id) not in json.dumps(exported)


async def test_a_typed_export_goes_by_direct_message(room: Room) -> None:
    assert room.bot.user is not None
    await room.ann.send(room.drafts, f"{room.bot.user.mention} privacy export")
    assert room.said() == []
    assert room.said(room.ann.user.dm_channel)[0].attachments[0].filename == "squaredeal-export.json"


async def test_a_paused_member_is_not_read(room: Room) -> None:
    first = await room.ann.send(room.drafts, TELLS)
    await room.ann.slash(room.drafts, "privacy pause")
    paused = await room.ann.send(room.drafts, TELLS)
    await room.ann.edit(first, ASKS)
    assert room.signs(paused) == []
    assert await room.counts() == (1, 0)
    await room.ann.slash(room.drafts, "privacy resume")
    assert room.signs(await room.ann.send(room.drafts, TELLS)) == ["📣"]


async def test_forgetting_is_confirmed_first_and_leaves_nothing(room: Room, tmp_path: Path) -> None:
    told = await room.ann.send(room.drafts, TELLS)
    await room.ben.send(room.drafts, ASKS)
    shown = await room.ann.slash(room.drafts, "privacy forget")
    assert await room.counts() == (1, 0)
    assert shown.response is not None
    await room.ann.click(shown.response, label="Keep it")
    assert await room.counts() == (1, 0)
    shown = await room.ann.slash(room.drafts, "privacy forget")
    assert shown.response is not None
    await room.ann.click(shown.response, label="Erase everything")
    export = await room.bot.coach.store.members.export(room.guild.id, room.ann.id)
    assert [rows for rows in export.values() if rows] == []
    assert await room.counts(room.ben) == (0, 1)
    assert "not counted as a draft" in words_of(await room.ann.context_menu(room.drafts, "Why this label?", told))


async def test_about_and_help_answer(room: Room) -> None:
    about = words_of(await room.ann.slash(room.drafts, "about"))
    assert "0.1.0" in about and "Attributed to Theodore Roosevelt" in about
    usage = words_of(await room.ann.slash(room.drafts, "help"))
    for command in ("/balance", "/check", "/history", "/tip", "/summary", "/target", "/privacy", "/setup"):
        assert f"`{command}`" in usage


async def test_every_command_that_discord_offers_has_a_name_of_its_own_and_a_description(room: Room) -> None:
    commands = await room.bot.tree.fetch_commands()
    names = [(command.type, command.name) for command in commands]
    assert len(names) == len(set(names))
    assert all(command.description for command in commands if command.type.value == 1)


async def test_an_error_of_the_program_is_told_in_one_sentence_and_logged(room: Room) -> None:
    async def break_down(*_: object) -> None:
        raise ZeroDivisionError

    room.bot.coach.check = break_down  # type: ignore[method-assign,assignment]
    result = await room.ann.slash(room.drafts, "check", text="anything")
    assert result.ephemeral and "Please try again" in words_of(result)
    room.expected = (Exception,)
