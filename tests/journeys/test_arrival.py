"""Journeys of what those see who don't know the bot yet: a server that it joins, a member at their first sign."""

from __future__ import annotations

from pathlib import Path

import discord
import pytest
import simcord

from coach.introductions import GREET_WITHIN
from coach.settings import Settings
from tests.support.drafts import ASKS, FOREIGN, TELLS
from tests.support.journeys import erase, journey_settings, outage
from tests.support.room import Room, unsure, words_of


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The bot introduces itself, and asks an author once a day at most."""
    return journey_settings(tmp_path, INTRODUCTIONS="true", QUESTIONS_DAILY_CAP="2")


async def greetings(room: Room, channel: simcord.ChannelHandle | None = None) -> list[discord.Message]:
    await room.env.settle()
    return [said for said in room.said(channel) if "Hello, I'm Square Deal" in said.content]


def welcomes(room: Room, member: simcord.MemberActor) -> list[discord.Message]:
    return [said for said in room.said(member.user.dm_channel) if "The sign on" in said.content]


async def new_server(room: Room, *names: str) -> tuple[simcord.GuildHandle, list[simcord.ChannelHandle]]:
    """A server that the bot was invited to while it was away."""
    async with outage(room):
        guild = room.env.create_guild("Bakers", owner=room.owner.user)
        channels = [guild.create_text_channel(name) for name in names]
    return guild, channels


async def test_a_server_is_greeted_once_with_the_next_step(room: Room) -> None:
    [greeting] = await greetings(room)
    assert "📣 is **content**" in greeting.content and "💬 is **conversation**" in greeting.content
    assert f"**Next step**: write a draft in <#{room.drafts.id}>" in greeting.content
    assert greeting.flags.silent and not greeting.mentions
    await room.restart()
    async with outage(room):
        pass
    assert [said.id for said in await greetings(room)] == [greeting.id]


async def test_a_server_that_was_joined_while_the_bot_was_away_is_greeted_and_told_to_set_it_up(
    room: Room,
) -> None:
    _, [rules, talk] = await new_server(room, "rules", "talk")
    assert "**/setup here**" in words_of((await greetings(room, rules))[0])
    assert await greetings(room, talk) == []


async def test_the_greeting_goes_where_discord_greets_members_or_else_where_it_may(room: Room) -> None:
    async with outage(room):
        guild = room.env.create_guild("Bakers", owner=room.owner.user)
        first, lobby = (guild.create_text_channel(name) for name in ("first", "lobby"))
        room.env.backend.guilds[guild.id].system_channel_id = lobby.id
    assert (len(await greetings(room, first)), len(await greetings(room, lobby))) == (0, 1)
    room.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=1)
    _, [refused, second] = await new_server(room, "refused", "second")
    assert (len(await greetings(room, refused)), len(await greetings(room, second))) == (0, 1)


async def test_a_greeting_that_fits_nowhere_comes_once_there_is_a_place(room: Room) -> None:
    guild, [] = await new_server(room)
    await room.env.settle()
    talk = guild.create_text_channel("talk")
    await room.restart()
    assert len(await greetings(room, talk)) == 1


async def test_a_greeting_without_an_answer_is_not_sent_again(room: Room) -> None:
    await greetings(room)
    room.env.inject_error("POST", "/channels/*/messages", status=503, times=5)
    _, [talk] = await new_server(room, "talk")
    await room.env.settle()

    assert await greetings(room, talk) == []


async def test_a_server_that_the_bot_joined_long_ago_is_not_greeted(room: Room) -> None:
    await greetings(room)
    guild, [] = await new_server(room)
    await room.turn_clock(seconds=GREET_WITHIN.total_seconds() + 60)
    talk = guild.create_text_channel("talk")
    await room.restart()
    assert await greetings(room, talk) == []


async def test_the_first_sign_is_explained_by_direct_message_once(room: Room) -> None:
    draft = await room.ann.send(room.drafts, TELLS)
    [told] = welcomes(room, room.ann)
    assert draft.jump_url in told.content and "Gardeners" in told.content
    for said in (
        "📣 means",
        "💬 means",
        "add the other sign",
        "**Change label**",
        "**/nudges off**",
        "**/privacy pause**",
    ):
        assert said in told.content
    assert told.flags.silent
    await room.ann.send(room.drafts, ASKS)
    await room.restart()
    await room.ann.send(room.drafts, TELLS)
    assert len(welcomes(room, room.ann)) == 1 and welcomes(room, room.ben) == []
    await room.ben.send(room.drafts, ASKS)
    assert len(welcomes(room, room.ben)) == 1
    assert len(room.said()) == len(await greetings(room))


async def test_whoever_gets_no_direct_messages_is_told_below_the_draft(room: Room) -> None:
    await greetings(room)
    room.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    draft = await room.ann.send(room.drafts, TELLS)
    [told] = [said for said in room.said() if "The sign on your draft is mine" in said.content]
    assert told.reference is not None and told.reference.message_id == draft.id and told.flags.silent
    await room.ann.send(room.drafts, ASKS)
    assert len(room.said()) == 2
    # It speaks of the draft, and goes with it.
    await room.ann.delete(draft)
    assert [said.id for said in room.said()] == [said.id for said in await greetings(room)]


async def test_a_question_about_the_first_draft_comes_with_the_explanation(room: Room) -> None:
    await greetings(room)
    await room.ann.send(room.drafts, unsure())
    assert len(welcomes(room, room.ann)) == 1
    assert len(room.said()) == 2
    room.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    await room.ben.send(room.drafts, unsure())
    [both] = room.said()[2:]
    assert "The sign on your draft is mine" in both.content and both.components


async def test_the_explanation_counts_as_one_of_the_days_questions(room: Room) -> None:
    await greetings(room)
    for _ in range(3):
        await room.ann.send(room.drafts, unsure())
    # Of two that are allowed, the explanation was one; the first draft's question came before it.
    assert len(room.said()) == 2 and len(welcomes(room, room.ann)) == 1


async def test_nothing_is_explained_about_drafts_that_were_caught_up_with(room: Room) -> None:
    async with outage(room):
        await room.ann.send(room.drafts, TELLS)
    assert await room.counts() == (1, 0)
    await room.ann.send(room.drafts, ASKS)
    assert welcomes(room, room.ann) == []


async def test_a_draft_without_a_sign_explains_nothing_yet(room: Room) -> None:
    await room.ann.send(room.drafts, FOREIGN)
    assert welcomes(room, room.ann) == []
    await room.ann.send(room.drafts, TELLS)
    assert len(welcomes(room, room.ann)) == 1


async def test_whoever_had_everything_erased_is_not_told_again(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    await erase(room, room.ann)
    await room.ann.send(room.drafts, ASKS)
    assert len(welcomes(room, room.ann)) == 1
    assert await room.counts() == (0, 1)


async def test_whoever_turned_nudges_off_is_left_alone(room: Room) -> None:
    await room.ann.slash(room.drafts, "nudges off")
    await room.ann.send(room.drafts, TELLS)
    assert welcomes(room, room.ann) == []
