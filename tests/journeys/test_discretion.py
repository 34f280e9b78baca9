"""What the bot says pings nobody, and what members draft is in no log, no error and no table."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path
from typing import Any

import discord
import pytest

from coach.settings import Settings
from coach.wording_help import WENT_WRONG
from cogs.support.errors import log_error
from tests.support import limits
from tests.support.acting import Listener, Told, entry_of, menu_of
from tests.support.databases import rows_of
from tests.support.drafts import TELLS
from tests.support.journeys import MARK, MARKED, Broken, journey_settings
from tests.support.room import Room, words_of

ROOT = Path(__file__).resolve().parents[2]

UNSURE = f"{MARK}。今日は新しい花の話をしましょう。"

LOUD = "**@everyone** <@1> ||x||"


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """The defaults, but drafts are not compared; texts are kept if a test says so."""
    kept = str(getattr(request, "param", False)).lower()
    return journey_settings(tmp_path, KEEP_TEXT=kept)


async def test_no_mention_in_a_draft_a_name_a_tip_or_a_channel_pings_anybody(room: Room) -> None:
    role = room.guild.create_role("helpers", mentionable=True)
    loud = room.guild.add_member(room.env.create_user("loud", global_name="@here"), nick=LOUD)
    named = room.guild.create_text_channel("everyone-drafts")
    await room.owner.slash(room.drafts, "setup channel", channel=named)
    calls = f"@everyone @here {room.ben.mention} <@&{role.id}>"
    tip = (
        f"tips:\n  - {{id: ours, lacking: conversation, kinds: [], advice: 'Call {calls}.', reason: They answer.}}"
    )
    await room.owner.slash(room.drafts, "setup tips", file=("tips.yaml", tip.encode()))
    drafts = [await loud.send(named, f"{calls} {TELLS}") for _ in range(8)]
    await loud.send(named, f"{calls} 今日は新しい花の話をしましょう。")
    [nudge, question] = room.said(named)
    await loud.click(nudge, label="Another tip")
    await loud.click(question, label="Content")
    for entry in ("Why this label?", "Change label"):
        await loud.context_menu(named, entry, drafts[0])
    for command, options in (
        ("check", {"text": f"What do you think, {calls}?"}),
        ("history", {}),
        ("tip", {}),
        ("summary week", {}),
        ("timezone", {"zone": calls}),
        ("nudges quiet", {"start": "@everyone", "end": "@here"}),
    ):
        await loud.slash(named, command, **options)
    balance = words_of(await room.owner.slash(named, "balance", member=loud))
    shown = r"\*\*@everyone\*\* <@1> \|\|x\|\|"
    assert f"Balance of {shown}" in balance
    assert room.bot.user is not None
    for typed in (f"timezone {calls}", f"target {calls}", f"{calls}", f"balance {room.ben.mention}"):
        await loud.send(named, f"{room.bot.user.mention} {typed}")
    await room.turn_clock(hours=9.1)
    [summary] = [message for message in room.said() + room.said(named) if message.embeds]
    assert shown in words_of(summary)

    said = [message for message, _ in limits.messages(room.env.http_requests)]
    assert len(said) >= 20
    assert [message for message in said if limits.may_ping(message)] == []
    by_bot = [
        message
        for channel in (room.drafts, named)
        for message in room.env.backend.messages[channel.id].values()
        if message.author_id == room.bot.user.id
    ]
    assert any(f"@everyone @here {room.ben.mention}" in message.content for message in by_bot)
    for message in by_bot:
        assert not (message.ping_user_ids or message.ping_role_ids or message.mention_everyone)


def test_no_call_sets_aside_the_rule_that_nobody_is_pinged() -> None:
    files = [ROOT / "bot.py", *(ROOT / "cogs").rglob("*.py")]
    sources = {path: path.read_text(encoding="utf-8") for path in files}
    bot = ROOT / "cogs" / "support" / "bot.py"
    assert [path for path, source in sources.items() if "allowed_mentions" in source] == [bot]
    assert sources[bot].count("allowed_mentions=discord.AllowedMentions.none()") == 1
    assert not any("mention_author=True" in source for source in sources.values())


async def provoke(room: Room) -> list[Told]:
    """Draft, and make everything fail that can on its way; return the bot's answers to commands and clicks."""
    env, ann, drafts = room.env, room.ann, room.drafts
    told: list[Told] = []
    listener = Listener(room)

    async def hear(act: Any) -> None:
        listener.start()
        await act
        told.append(listener.told())

    first = await ann.send(drafts, MARKED)
    for status, code in ((403, 50013), (404, 10008), (500, 0)):
        env.inject_error("PUT", "/channels/*/reactions/*", status=status, code=code)
        await ann.send(drafts, MARKED)
        env.inject_error("POST", "/channels/*/messages", status=status, code=code)
        await ann.send(drafts, UNSURE)
        env.inject_error("GET", "/channels/*/messages/*", status=status, code=code)
        shown = await ann.slash(drafts, "history")
        # The list shows first words, to their author alone.
        menu = menu_of(shown.response)
        await ann.select(shown.response, [entry_of(shown.response, first.id)], custom_id=menu)  # type: ignore[arg-type]
    env.backend.faults.clear()
    await ann.send(drafts, "", attachments=[("message.txt", MARKED.encode())])
    await ann.edit(first, MARKED + " Come all.")
    for _ in range(3):
        await ann.send(drafts, MARKED)

    labelling = room.bot.coach.labelling
    working, labelling.labeller = labelling.labeller, broken
    await ann.send(drafts, MARKED)
    await ann.edit(first, MARKED)
    await hear(ann.slash(drafts, "check", text=MARKED))
    assert room.bot.user is not None
    await hear(ann.send(drafts, f"{room.bot.user.mention} check {MARKED}"))
    for entry in ("Why this label?", "Change label", "Change label"):
        await hear(ann.context_menu(drafts, entry, first))
    labelling.labeller = working

    writing = room.bot.coach.store.database.write
    room.bot.coach.store.database.write = full  # type: ignore[method-assign,assignment]
    await ann.send(drafts, MARKED)
    await ann.edit(first, MARKED + " Come, all of you.")
    await hear(ann.context_menu(drafts, "Change label", first))
    room.bot.coach.store.database.write = writing

    for words in (MARK, f"dance {MARKED}", f"target {MARKED}", f'summary time "{MARKED}', f"balance @{MARK}"):
        await hear(ann.send(drafts, f"{room.bot.user.mention} {words}"))
    channel = room.bot.get_channel(drafts.id)
    assert isinstance(channel, discord.TextChannel)
    # Discord suggests a message's first words as the name of a thread started from it.
    await channel.create_thread(name=MARKED[:50], message=discord.Object(first.id))
    await env.settle()
    await ann.send(drafts.threads[0], MARKED)
    env.inject_error("GET", "/channels/*/messages", status=403, code=50001, times=None)
    await room.restart()
    return told


async def broken() -> Any:
    """Return a labeller that fails."""
    return Broken()


async def full(*_: object, **__: object) -> object:
    """Write nothing."""
    raise sqlite3.OperationalError("database or disk is full")


@pytest.mark.parametrize("settings", [False, True], indirect=True, ids=["texts-not-kept", "texts-kept"])
async def test_a_drafts_text_is_in_no_log_no_error_and_no_table(
    room: Room, settings: Settings, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    for logger in ("squaredeal", "cogs", "coach"):
        caplog.set_level(logging.DEBUG, logger=logger)
    told = await provoke(room)
    room.expected = (Exception,)
    await room.bot.close()

    assert sum(record.levelno >= logging.ERROR for record in caplog.records) >= 7
    assert "ValueError" in caplog.text and "labeller" in caplog.text
    assert "OperationalError: database or disk is full" in caplog.text
    assert MARK not in caplog.text
    assert [record for record in caplog.records if MARK in repr((record.args, record.exc_info))] == []
    assert sum(WENT_WRONG in answer.texts for answer in told) >= 5
    assert [answer for answer in told if MARK in answer.words] == []
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())  # noqa: ASYNC240
    content += repr(await rows_of(settings.database)).encode()
    assert (MARK.encode() in content) is settings.keep_text


def test_an_error_is_logged_with_its_traceback_and_its_causes(caplog: pytest.LogCaptureFixture) -> None:
    try:
        try:
            Broken().explain(MARKED)
        except RuntimeError as error:
            raise OSError("the disk is gone") from error
    except OSError as error:
        log_error("on_message", error)
    assert "error in on_message" in caplog.text and "test_discretion.py" in caplog.text
    assert "OSError: the disk is gone" in caplog.text
    assert caplog.text.index("OSError") < caplog.text.index("RuntimeError") < caplog.text.index("ValueError")
    assert MARK not in caplog.text
