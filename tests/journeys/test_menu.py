"""Journeys through the message menu."""

from __future__ import annotations

import pytest

from tests.support.drafts import ASKS, TELLS
from tests.support.room import Room, words_of


async def test_why_names_label_and_reasons(room: Room) -> None:
    asked = await room.ann.send(room.drafts, ASKS)
    result = await room.ann.context_menu(room.drafts, "Why this label?", asked)
    assert result.ephemeral
    assert "Conversation" in words_of(result) and "Because:" in words_of(result)


async def test_change_label_there_and_back(room: Room) -> None:
    told = await room.ann.send(room.drafts, TELLS)
    await room.ann.context_menu(room.drafts, "Change label", told)
    assert (await room.counts(), room.signs(told)) == ((0, 1), ["💬"])
    await room.ann.context_menu(room.drafts, "Change label", told)
    assert (await room.counts(), room.signs(told)) == ((1, 0), ["📣"])


async def test_a_label_set_by_hand_survives_an_edit(room: Room) -> None:
    told = await room.ann.send(room.drafts, TELLS)
    await room.ann.context_menu(room.drafts, "Change label", told)
    await room.ann.edit(told, TELLS + " See you there.")
    assert (await room.counts(), room.signs(told)) == ((0, 1), ["💬"])


async def test_not_a_draft_and_its_undo(room: Room) -> None:
    told = await room.ann.send(room.drafts, TELLS)
    said = words_of(await room.ann.context_menu(room.drafts, "Not a draft", told))
    assert "counts on its own" not in said
    assert (await room.counts(), room.signs(told)) == ((0, 0), [])
    await room.ann.edit(told, ASKS)
    assert (await room.counts(), room.signs(told)) == ((0, 0), [])
    await room.ann.context_menu(room.drafts, "Not a draft", told)
    # Put back, it counts by its present words.
    assert (await room.counts(), room.signs(told)) == ((0, 1), ["💬"])


async def test_the_menu_says_why_a_message_is_not_a_draft(room: Room) -> None:
    draft = await room.ann.send(room.drafts, TELLS)
    lobby = room.guild.create_text_channel("lobby")
    for says, channel, message in (
        ("starts with //, so it is talk", room.drafts, await room.ann.send(room.drafts, "// talk")),
        ("it has no words", room.drafts, await room.ann.send(room.drafts, "🎉")),
        ("to somebody else's message", room.drafts, await room.ben.send(room.drafts, ASKS, reply_to=draft)),
        ("I don't look for drafts in this channel", lobby, await room.ann.send(lobby, TELLS)),
    ):
        told = words_of(await room.ann.context_menu(channel, "Why this label?", message))
        assert "That message is not counted as a draft: " in told and says in told, told
    await room.ann.slash(room.drafts, "privacy pause")
    unread = await room.ann.send(room.drafts, "// and nobody reads it")
    for asks in (room.ann, room.ben):
        told = words_of(await asks.context_menu(room.drafts, "Why this label?", unread))
        assert "so it is talk" not in told and "didn't read this channel or its author" in told


@pytest.mark.parametrize("entry", ["Why this label?", "Change label", "Not a draft"])
async def test_a_message_that_is_not_a_draft_has_no_label(room: Room, entry: str) -> None:
    talk = await room.ann.send(room.drafts, "// talk")
    assert "not counted as a draft" in words_of(await room.ann.context_menu(room.drafts, entry, talk))
