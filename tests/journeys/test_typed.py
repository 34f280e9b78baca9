"""Journeys of what people type: commands in every form, and drafts in text files."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import discord
import pytest

from cogs.support.messages import COMMANDS
from tests.support.drafts import ASKS, TELLS, THANKS
from tests.support.journeys import own_role
from tests.support.room import Room, words_of


@pytest.mark.parametrize(
    "form", ["<@{}> tip", "<@!{}> tip", "<@{}> Tip", "<@{}>  tip", "<@{}>\ntip", "<@{}>tip", "role"]
)
async def test_a_command_is_obeyed_in_every_form(room: Room, form: str) -> None:
    text = f"<@&{own_role(room)}> TIP" if form == "role" else form.format(room.bot.own_id)
    for answered, channel in enumerate((room.drafts, room.guild.create_text_channel("general")), 1):
        message = await room.ann.send(channel, text)
        answers = room.said(room.ann.user.dm_channel)
        assert len(answers) == answered and room.said(channel) == []
        answer = answers[-1]
        assert answer.content or answer.embeds
        assert "don't know" not in answer.content
        assert room.signs(message) == []
    assert await room.counts() == (0, 0)


async def test_a_command_within_a_group_is_obeyed_in_capitals(room: Room) -> None:
    await room.ann.send(room.drafts, f"<@{room.bot.own_id}> Privacy What")
    assert "never its text" in words_of(room.said(room.ann.user.dm_channel)[0])


async def test_a_slash_command_that_arrives_as_text_is_not_a_draft_and_gets_one_hint(room: Room) -> None:
    for text in ("/balance", "/Summary now", "/check text: Our new shop opens on Monday", "／tip"):
        assert room.signs(await room.ann.send(room.drafts, text)) == []
    [hint] = room.said()
    assert "**/balance**" in hint.content
    assert await room.counts() == (0, 0)
    for text in ("/opt is full again, and the backups with it.", "/tips for a rainy day: soup."):
        await room.ann.send(room.drafts, text)
    assert sum(await room.counts()) == 2
    assert [said.id for said in room.said() if "That came as text" in said.content] == [hint.id]


async def test_the_commands_known_as_text_are_the_ones_that_exist(room: Room) -> None:
    commands = [
        command
        for command in room.bot.tree.get_commands()
        if not isinstance(command, discord.app_commands.ContextMenu)
    ]
    assert {command.name for command in commands} == COMMANDS


@pytest.mark.parametrize("text", ["// talk", "／／ talk", "\u200b// talk", "\u2060 // talk"])
async def test_talk_is_left_alone_however_the_slashes_are_typed(room: Room, text: str) -> None:
    message = await room.ann.send(room.drafts, text + " " + TELLS, attachments=[("message.txt", ASKS.encode())])
    assert room.signs(message) == []
    assert await room.counts() == (0, 0)


@pytest.mark.parametrize(
    ("words", "files", "length"),
    [
        (THANKS, [ASKS.encode()], len(THANKS) + 2 + len(ASKS)),
        ("📝", [ASKS.encode()], len(ASKS)),
        ("", [b"", ASKS.encode()], len(ASKS)),
        ("", [b"\xef\xbb\xbf", b"  \n", ASKS.encode()], len(ASKS)),
        ("", [ASKS.encode(), b"", THANKS.encode()], len(ASKS) + 2 + len(THANKS)),
        ("", [ASKS.encode("utf-16")], len(ASKS)),
        ("", [b"\xfe\xff" + ASKS.encode("utf-16-be")], len(ASKS)),
        ("", [b"a " * 40_000, ASKS.encode()], len(ASKS)),
        ("", [(ASKS + "\n").encode() * 600] * 2, len(ASKS + "\n") * 600),
    ],
    ids=["words too", "a sign", "empty", "blank", "two", "UTF-16", "big end", "too long", "too much"],
)
async def test_all_text_files_of_a_draft_are_read_in_order(
    room: Room, words: str, files: list[bytes], length: int
) -> None:
    names = [f"part{number}.txt" for number in range(len(files))]
    message = await room.ann.send(room.drafts, words, attachments=list(zip(names, files, strict=True)))
    assert room.signs(message) == ["💬"]
    [draft] = await room.bot.coach.reports.history(room.guild.id, room.ann.id, 1, 5)
    assert draft.length == length


@pytest.mark.parametrize(
    ("status", "recorded"), [(400, True), (404, True), (410, True), (415, True), (429, False), (500, False)]
)
async def test_a_file_that_cannot_be_fetched_leaves_the_rest(
    room: Room, monkeypatch: pytest.MonkeyPatch, status: int, recorded: bool
) -> None:
    fetch = room.bot.http.get_from_cdn
    answers = {404: discord.NotFound, 500: discord.DiscordServerError}

    async def refuse(url: str) -> bytes:
        if "gone" not in url:
            return await fetch(url)
        response: Any = SimpleNamespace(status=status, reason="refused")
        raise answers.get(status, discord.HTTPException)(response, "refused")

    monkeypatch.setattr(room.bot.http, "get_from_cdn", refuse)
    files = [("gone.txt", b"Gone."), ("message.txt", ASKS.encode())]
    message = await room.ann.send(room.drafts, "", attachments=files)
    assert room.signs(message) == (["💬"] if recorded else [])
    room.expected = () if recorded else (discord.HTTPException,)
