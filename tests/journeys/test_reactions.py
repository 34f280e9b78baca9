"""Journeys of reactions: an author sets a label by adding its sign, and takes that back by removing it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import discord
import pytest

from coach.settings import Settings
from tests.support.drafts import ASKS, FOREIGN, TELLS
from tests.support.journeys import journey_settings, stored_about
from tests.support.room import Room, unsure


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """The defaults, but for what a test asks for."""
    changed: dict[str, str] = getattr(request, "param", {})
    return journey_settings(tmp_path, **changed)


async def react(room: Room, member: Any, message: discord.Message, emoji: str) -> None:
    room.env.backend.set_reaction(message.channel.id, message.id, emoji, member.id, True)
    await room.env.settle()


async def unreact(room: Room, member: Any, message: discord.Message, emoji: str) -> None:
    room.env.backend.set_reaction(message.channel.id, message.id, emoji, member.id, False)
    await room.env.settle()


def own_signs(room: Room, message: discord.Message) -> list[str]:
    """The bot's own reactions on a message."""
    assert room.bot.user is not None
    return [one.emoji for one in stored_of(room, message).reactions if room.bot.user.id in one.user_ids]


def stored_of(room: Room, message: discord.Message) -> Any:
    return room.env.backend.get_message(message.channel.id, message.id)


async def everything(room: Room) -> dict[str, Any]:
    stored = await stored_about(room, room.ann)
    return {table: rows for table, rows in stored.items() if table != "undos"}


async def test_the_other_sign_flips_the_label_and_without_it_all_is_as_it_was(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    before = await everything(room)
    await react(room, room.ann, message, "💬")
    assert own_signs(room, message) == ["💬"] and await room.counts() == (0, 1)
    [correction] = (await stored_about(room, room.ann))["corrections"]
    assert (correction["to_label"], correction["taught"]) == ("conversation", "conversation")
    await room.restart()
    await unreact(room, room.ann, message, "💬")
    assert own_signs(room, message) == ["📣"] and await room.counts() == (1, 0)
    assert await everything(room) == before


async def test_a_label_set_by_a_sign_survives_an_edit(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    await react(room, room.ann, message, "💬")
    await room.ann.edit(message, f"{TELLS} See you there.")
    assert own_signs(room, message) == ["💬"] and await room.counts() == (0, 1)


async def test_nobody_elses_reactions_and_no_other_emoji_say_anything(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    before = await everything(room)
    for member in (room.ben, room.owner):
        await react(room, member, message, "💬")
        await unreact(room, member, message, "💬")
    for emoji in ("📣", "🎉", "✅"):
        await react(room, room.ann, message, emoji)
        await unreact(room, room.ann, message, emoji)
    talk = await room.ann.send(room.drafts, "// talk")
    await react(room, room.ann, talk, "💬")
    assert await everything(room) == before and own_signs(room, message) == ["📣"]


async def test_a_sign_removed_after_something_else_was_done_changes_nothing(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    await react(room, room.ann, message, "💬")
    await room.ann.context_menu(room.drafts, "Not a draft", message)
    await unreact(room, room.ann, message, "💬")
    assert own_signs(room, message) == [] and await room.counts() == (0, 0)
    await react(room, room.ann, message, "💬")
    assert own_signs(room, message) == ["💬"] and await room.counts() == (0, 1)


async def test_signs_added_and_removed_quickly_are_followed_in_their_order(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    backend, place = room.env.backend, (room.drafts.id, message.id)
    for added in (True, False, True, False, True):
        backend.set_reaction(*place, "💬", room.ann.id, added)
    await room.env.settle()
    assert own_signs(room, message) == ["💬"] and await room.counts() == (0, 1)
    for added in (False, True, False):
        backend.set_reaction(*place, "💬", room.ann.id, added)
    await room.env.settle()
    assert own_signs(room, message) == ["📣"] and await room.counts() == (1, 0)


async def test_both_signs_of_an_author_the_last_one_counts(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    await react(room, room.ann, message, "💬")
    await react(room, room.ann, message, "📣")
    assert own_signs(room, message) == ["📣"]
    await unreact(room, room.ann, message, "📣")
    assert own_signs(room, message) == ["💬"]
    await room.bot.coach.store.tallies.recount()


async def test_an_event_that_comes_twice_or_without_its_other_half_does_no_harm(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    before = await everything(room)
    await unreact(room, room.ann, message, "💬")
    backend = cast(Any, room.env.backend)
    for event in ("ADD", "ADD"):
        backend._emit_reaction(f"MESSAGE_REACTION_{event}", stored_of(room, message), "💬", room.ann.id)
        await room.env.settle()
    assert await room.counts() == (0, 1)
    await react(room, room.ann, message, "💬")
    await unreact(room, room.ann, message, "💬")
    assert await room.counts() == (1, 0) and await everything(room) == before


async def test_the_sign_that_is_there_answers_a_question_and_the_question_goes(room: Room) -> None:
    message = await room.ann.send(room.drafts, unsure())
    assert len(room.said()) == 1
    [sign] = own_signs(room, message)
    await react(room, room.ann, message, sign)
    assert room.said() == [] and own_signs(room, message) == [sign]
    [draft] = (await stored_about(room, room.ann))["drafts"]
    assert draft["labelled_by"] == "member"
    await unreact(room, room.ann, message, sign)
    [draft] = (await stored_about(room, room.ann))["drafts"]
    assert draft["labelled_by"] == "model"


async def test_a_sign_counts_a_draft_in_another_language(room: Room) -> None:
    message = await room.ann.send(room.drafts, FOREIGN)
    await react(room, room.ann, message, "💬")
    assert own_signs(room, message) == ["💬"] and await room.counts() == (0, 1)
    await unreact(room, room.ann, message, "💬")
    assert own_signs(room, message) == [] and await room.counts() == (0, 0)


async def test_nothing_is_read_of_members_who_paused_the_bot(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    await room.ann.slash(room.drafts, "privacy pause")
    await react(room, room.ann, message, "💬")
    assert own_signs(room, message) == ["📣"] and await room.counts() == (1, 0)


async def test_a_label_whose_draft_may_not_be_read_again_is_set_all_the_same(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    room.env.inject_error("GET", f"/channels/{room.drafts.id}/messages/{message.id}", status=403, code=50001)
    await react(room, room.ann, message, "💬")
    assert own_signs(room, message) == ["💬"] and await room.counts() == (0, 1)


@pytest.mark.parametrize("settings", [{"REACTIONS_CONVERSATION": "❤️"}], indirect=True)
async def test_a_sign_is_known_however_its_emoji_is_written(room: Room) -> None:
    for emoji in ("❤", "❤️"):
        message = await room.ann.send(room.drafts, TELLS)
        await react(room, room.ann, message, emoji)
    assert await room.counts() == (0, 2)


@pytest.mark.parametrize("settings", [{"REACTIONS_BY_AUTHOR": "false"}], indirect=True)
async def test_reactions_are_not_asked_for_where_they_are_switched_off(room: Room) -> None:
    assert not room.bot.intents.guild_reactions
    message = await room.ann.send(room.drafts, ASKS)
    await react(room, room.ann, message, "📣")
    assert own_signs(room, message) == ["💬"] and await room.counts() == (0, 1)
