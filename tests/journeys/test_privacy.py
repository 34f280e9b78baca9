"""Journeys through /privacy: what is stored, exporting it, pausing, erasing."""

from __future__ import annotations

import io
import json
import logging
import secrets
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.results import to_discord_message

from tests.support.drafts import ASKS, TELLS
from tests.support.journeys import hold_labels_until, stored_about
from tests.support.room import Room, words_of


async def test_privacy_says_in_plain_words_what_is_stored(room: Room) -> None:
    said = words_of(await room.ann.slash(room.drafts, "privacy what"))
    assert "never its text" in said and "/privacy forget" in said


@pytest.mark.sqlite
async def test_kept_texts_are_erased_once_keeping_them_is_turned_off(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    def anywhere() -> bool:
        path = Path(room.bot.coach.settings.database)
        files = [path, path.with_name(f"{path.name}-wal")]
        return any(TELLS.encode() in file.read_bytes() for file in files if file.exists())

    off = room.settings
    room.settings = off.model_copy(update={"keep_text": True})
    await room.restart()
    await room.ann.send(room.drafts, TELLS)
    assert "keeps its text" in words_of(await room.ann.slash(room.drafts, "privacy what")) and anywhere()
    room.settings = off
    await room.restart()
    assert "never its text" in words_of(await room.ann.slash(room.drafts, "privacy what")) and not anywhere()
    assert "texts that were stored are erased, 1 in all" in caplog.text
    assert await room.counts() == (1, 0)


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


async def test_an_export_too_large_for_discord_comes_in_parts(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    ids = set(range(message.id - 110, message.id + 1))

    def fill(raw: Any) -> None:
        row = dict(raw.execute("SELECT * FROM drafts").fetchone())
        for number in ids - {message.id}:
            # Random data compresses badly: half of these 22 MB remains.
            new = row | {"message_id": number, "text": secrets.token_hex(100_000)}
            raw.execute(f"INSERT INTO drafts VALUES ({', '.join('?' * len(new))})", list(new.values()))  # noqa: S608

    assert room.bot.user is not None
    await room.bot.coach.store.database.write(fill)
    await room.ann.send(room.drafts, f"{room.bot.user.mention} privacy export")
    sent = [file for said in room.said(room.ann.user.dm_channel) for file in said.attachments]
    assert [file.filename for file in sent] == [f"squaredeal-export-{n}-of-2.zip" for n in (1, 2)]
    assert all(file.size <= discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES for file in sent)
    found: list[int] = []
    for file in sent:
        with zipfile.ZipFile(io.BytesIO(await file.read())) as archive:
            document = json.loads(archive.read("squaredeal-export.json"))
            found += [row["message_id"] for row in document["drafts"]]
    assert sorted(found) == sorted(ids)


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


@pytest.mark.parametrize("minutes", [5, -5])
async def test_a_wrong_clock_loses_nothing_and_reads_nothing_written_during_a_pause(
    room: Room, minutes: int
) -> None:
    room.bot.coach.clock = lambda: room.env.now() + timedelta(minutes=minutes)
    await room.ann.slash(room.drafts, "privacy pause")
    paused = await room.ann.send(room.drafts, TELLS)
    await room.ann.slash(room.drafts, "privacy resume")
    assert room.signs(await room.ann.send(room.drafts, ASKS)) == ["💬"]
    await room.turn_clock(seconds=1)
    await room.ann.edit(paused, f"{TELLS} A word changed.")
    assert room.signs(paused) == []
    assert await room.counts() == (0, 1)


async def test_a_typed_resume_counts_from_its_own_message(room: Room) -> None:
    assert room.bot.user is not None
    for command in ("pause", "resume"):
        await room.ann.send(room.drafts, f"{room.bot.user.mention} privacy {command}")
    assert room.signs(await room.ann.send(room.drafts, ASKS)) == ["💬"]


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


async def test_a_draft_in_progress_while_its_author_has_everything_erased_is_not_recorded(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    shown = await room.ann.slash(room.drafts, "privacy forget")
    assert shown.response is not None
    hold_labels_until(room, "Erased")
    backend = room.env.backend
    in_hand = backend.create_message(room.drafts.id, room.ann.id, ASKS)
    others = backend.create_message(room.drafts.id, room.ben.id, ASKS)
    await room.ann.click(shown.response, label="Erase everything")
    assert await stored_about(room, room.ann) == {}
    assert room.signs(to_discord_message(room.env, in_hand)) == []
    assert room.signs(to_discord_message(room.env, others)) == ["💬"]
    assert await room.counts(room.ben) == (0, 1)
    assert room.signs(await room.ann.send(room.drafts, TELLS)) == ["📣"]
    assert await room.counts() == (1, 0)


async def test_nothing_in_progress_is_recorded_once_the_author_has_paused(room: Room) -> None:
    before = await room.ann.send(room.drafts, TELLS)
    [recorded] = await room.bot.coach.reports.history(room.guild.id, room.ann.id, 1, 5)
    hold_labels_until(room, "Paused")
    backend = room.env.backend
    in_hand = backend.create_message(room.drafts.id, room.ann.id, ASKS)
    backend.edit_message(room.drafts.id, before.id, {"content": ASKS})
    await room.ann.slash(room.drafts, "privacy pause")
    assert await room.bot.coach.reports.history(room.guild.id, room.ann.id, 1, 5) == [recorded]
    assert await room.counts() == (1, 0)
    assert room.signs(before) == ["📣"]
    assert room.signs(to_discord_message(room.env, in_hand)) == []


async def test_about_and_help_answer(room: Room) -> None:
    about = words_of(await room.ann.slash(room.drafts, "about"))
    assert "0.1.0" in about and "Attributed to Theodore Roosevelt" in about
    usage = words_of(await room.owner.slash(room.drafts, "help"))
    for command in ("/balance", "/check", "/history", "/tip", "/summary", "/target", "/privacy", "/setup"):
        assert f"**{command}" in usage


async def test_every_command_that_discord_offers_has_a_name_of_its_own_and_a_description(room: Room) -> None:
    commands = await room.bot.tree.fetch_commands()
    names = [(command.type, command.name) for command in commands]
    assert len(names) == len(set(names)) > 10
    assert all(command.description for command in commands if command.type.value == 1)


async def test_an_error_of_the_program_is_told_in_one_sentence_and_logged(room: Room) -> None:
    async def break_down(*_: object) -> None:
        raise ZeroDivisionError

    room.bot.coach.corrections.check = break_down  # type: ignore[method-assign,assignment]
    result = await room.ann.slash(room.drafts, "check", text="anything")
    assert result.ephemeral and "Please try again" in words_of(result)
    room.expected = (Exception,)
