"""Journeys of drafts that an application such as PluralKit posts again for their authors."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import discord
import pytest
import simcord

from coach import wording_posted
from coach.intake import proxies
from coach.settings import Settings
from tests.support.drafts import ASKS, TELLS
from tests.support.journeys import erase, journey_settings, outage, stored_about
from tests.support.room import Room, unsure, words_of

LONG = 1_000.0
"""Seconds that a journey lets pass by itself."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The defaults, with sketches of drafts."""
    return journey_settings(tmp_path, THOUGHTS_WINDOW_HOURS="24")


class Proxy:
    """An application with a webhook, which posts members' messages again, as PluralKit does."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.member = room.guild.add_member(room.env.create_user("PluralKit", bot=True))
        self.hook = room.guild.create_webhook(room.drafts)

    async def posts(self, text: str, channel: Any = None) -> discord.Message:
        """Post a message in some member's name."""
        if channel is None:
            return await self.hook.send(text, username="Jo")
        message = self.room.env.backend.create_message(channel.id, self.hook.id, text, webhook_id=self.hook.id)
        await self.room.env.settle()
        return simcord.results.to_discord_message(self.room.env, message)

    async def posts_again(self, original: discord.Message, text: str) -> discord.Message:
        """Post a message again, and delete it a second later."""
        message = await self.posts(text, None if original.channel.id == self.room.drafts.id else original.channel)
        await self.deletes(original)
        return message

    async def deletes(self, message: discord.Message) -> None:
        self.room.env.backend.delete_message(message.channel.id, message.id)
        await self.room.env.settle()

    async def edits(self, message: discord.Message, text: str) -> None:
        self.room.env.backend.edit_message(message.channel.id, message.id, {"content": text})
        await self.room.env.settle()


@pytest.fixture
async def proxy(room: Room, monkeypatch: pytest.MonkeyPatch) -> Proxy:
    """An application that the server named."""
    monkeypatch.setattr(proxies, "SECONDS_TO_WAIT", 0.0)
    proxy = Proxy(room)
    init: Any = discord.Message.__init__

    def with_application(self: Any, *, data: Any, **rest: Any) -> None:
        # SimCord does not say whose a webhook is; Discord does.
        if data.get("webhook_id") == str(proxy.hook.id):
            data = {**data, "application_id": str(proxy.member.id)}
        init(self, data=data, **rest)

    monkeypatch.setattr(discord.Message, "__init__", with_application)
    await room.owner.slash(room.drafts, "setup proxy", bot=proxy.member)
    return proxy


async def recorded(room: Room, member: simcord.MemberActor | None = None) -> list[int]:
    rows = (await stored_about(room, member or room.ann)).get("drafts", [])
    return [row["message_id"] for row in rows]


async def test_a_draft_that_is_posted_again_keeps_its_author_its_count_and_its_sign(
    room: Room, proxy: Proxy
) -> None:
    original = await room.ann.send(room.drafts, f"[{TELLS}]")
    assert room.signs(original) == ["📣"]
    message = await proxy.posts_again(original, TELLS)
    assert room.signs(message) == ["📣"]
    assert await recorded(room) == [message.id] and await room.counts() == (1, 0)
    assert f"/{message.id}" in words_of(await room.ann.slash(room.drafts, "history"))
    await proxy.edits(message, ASKS)
    assert room.signs(message) == ["💬"] and await room.counts() == (0, 1)
    await proxy.deletes(message)
    assert await room.counts() == (0, 0)


async def test_only_whoever_wrote_the_draft_changes_the_message_that_repeats_it(room: Room, proxy: Proxy) -> None:
    message = await proxy.posts_again(await room.ann.send(room.drafts, f"[{TELLS}]"), TELLS)
    refused = await room.ben.context_menu(room.drafts, "Change label", message)
    assert "Only its author" in words_of(refused)
    await room.ann.context_menu(room.drafts, "Change label", message)
    assert room.signs(message) == ["💬"] and await room.counts() == (0, 1)
    why = words_of(await room.ann.context_menu(room.drafts, "Why this label?", message))
    assert "**Conversation**, set by hand" in why
    [correction] = (await stored_about(room, room.ann))["corrections"]
    assert (correction["message_id"], correction["taught"]) == (message.id, "conversation")
    await room.ann.react(message, "📣")
    assert await room.counts() == (1, 0)


async def test_without_the_application_being_named_nothing_moves(room: Room, proxy: Proxy) -> None:
    said = words_of(await room.owner.slash(room.drafts, "setup proxy", bot=proxy.member, use=False))
    assert "No application's messages count here" in said
    message = await proxy.posts_again(await room.ann.send(room.drafts, TELLS), TELLS)
    assert room.signs(message) == [] and await room.counts() == (0, 0)


async def test_a_person_is_no_such_application(room: Room, proxy: Proxy) -> None:
    refused = words_of(await room.owner.slash(room.drafts, "setup proxy", bot=room.ann))
    assert "Choose the bot" in refused
    said = words_of(await room.owner.slash(room.drafts, "setup proxy"))
    assert f"<@{proxy.member.id}>" in said and "stays the draft of whoever wrote it" in said


async def test_a_question_waits_for_the_message_that_stays(
    room: Room, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxies, "SECONDS_TO_WAIT", LONG)
    original = await room.ann.send(room.drafts, unsure())
    assert room.said() == [] and len(room.signs(original)) == 1
    message = await proxy.posts_again(original, unsure())
    assert room.said() == []
    await room.env.advance_time(LONG)
    [question] = room.said()
    assert question.reference is not None and question.reference.message_id == message.id
    await room.ann.click(question, label="Conversation")
    assert room.signs(message) == ["💬"] and await room.counts() == (0, 1)


async def test_a_question_that_was_asked_too_early_goes(room: Room, proxy: Proxy) -> None:
    original = await room.ann.send(room.drafts, unsure())
    [_] = room.said()
    message = await proxy.posts_again(original, unsure())
    assert room.said() == [] and len(room.signs(message)) == 1
    assert "replies" not in await stored_about(room, room.ann)


async def test_a_draft_that_is_just_deleted_goes_some_seconds_later(
    room: Room, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxies, "SECONDS_TO_WAIT", LONG)
    original = await room.ann.send(room.drafts, TELLS)
    await proxy.deletes(original)
    assert await room.counts() == (1, 0)
    await room.env.advance_time(LONG)
    assert await room.counts() == (0, 0)


async def test_an_application_may_delete_first(room: Room, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxies, "SECONDS_TO_WAIT", LONG)
    original = await room.ann.send(room.drafts, f"Jo: {TELLS}")
    await proxy.deletes(original)
    message = await proxy.posts(TELLS)
    assert room.signs(message) == ["📣"] and await recorded(room) == [message.id]
    await room.env.advance_time(LONG)
    assert await recorded(room) == [message.id] and await room.counts() == (1, 0)


async def test_a_draft_in_a_thread_moves_too(room: Room, proxy: Proxy) -> None:
    parent = await room.owner.send(room.drafts, "// A place for posts")
    channel = room.bot.get_channel(room.drafts.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.create_thread(name="posts", message=discord.Object(parent.id))
    [thread] = room.drafts.threads
    message = await proxy.posts_again(await room.ann.send(thread, f"[{TELLS}]"), TELLS)
    assert message.channel.id == thread.id
    assert room.signs(message) == ["📣"] and await recorded(room) == [message.id]


async def test_what_was_posted_again_while_the_bot_was_away_is_still_the_authors(room: Room, proxy: Proxy) -> None:
    original = await room.ann.send(room.drafts, f"Jo: {TELLS}")
    async with outage(room):
        message = await proxy.posts_again(original, TELLS)
        stranger = await proxy.posts(ASKS)
    assert room.signs(message) == ["📣"] and room.signs(stranger) == []
    assert await recorded(room) == [message.id] and await room.counts() == (1, 0)


async def test_nothing_is_left_of_whoever_has_everything_erased(room: Room, proxy: Proxy) -> None:
    message = await proxy.posts_again(await room.ann.send(room.drafts, f"[{TELLS}]"), TELLS)
    await erase(room, room.ann)
    await proxy.edits(message, ASKS)
    async with outage(room):
        pass
    assert await recorded(room) == [] and await room.counts() == (0, 0)


async def test_a_text_file_is_read_when_it_is_posted_again(room: Room, proxy: Proxy) -> None:
    file = ("message.txt", TELLS.encode())
    original = await room.ann.send(room.drafts, "", attachments=[file])
    message = await proxy.hook.send("", attachments=[file])
    await proxy.deletes(original)
    assert room.signs(message) == ["📣"] and await recorded(room) == [message.id]


@pytest.mark.parametrize("where", ["reply", "dm"])
async def test_the_mark_and_the_reminder_go_with_the_draft(room: Room, proxy: Proxy, where: str) -> None:
    await room.ann.slash(room.drafts, "nudges comeback", choice="on")
    await room.ann.slash(room.drafts, "nudges where", place=where)
    original = await room.ann.send(room.drafts, f"[{TELLS}]")
    await room.ann.react(original, "✅")
    message = await proxy.posts_again(original, TELLS)
    [draft] = (await stored_about(room, room.ann))["drafts"]
    assert draft["message_id"] == message.id and draft["out_at"] is not None
    tick = cast(Any, room.bot.get_cog("PostedCog")).tick
    tick.cancel()
    for hours in (5, 1):
        await room.turn_clock(hours=hours)
        await tick()
        await room.env.settle()
    said = room.said(room.ann.user.dm_channel) if where == "dm" else room.said()
    [reminder] = [one for one in said if wording_posted.COME_BACK in one.content]
    if where == "dm":
        assert message.jump_url in reminder.content
    else:
        assert reminder.reference is not None and reminder.reference.message_id == message.id
    await proxy.deletes(message)
    assert wording_posted.COME_BACK not in "".join(one.content for one in room.said())
    assert "comebacks" in await stored_about(room, room.ann) and await recorded(room) == []
