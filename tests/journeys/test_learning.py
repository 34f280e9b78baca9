"""Journeys of learning: an author's corrections change their own labels, nobody else's, and can be taken back."""

from __future__ import annotations

from coach.labelling.personal import FEATURES
from tests.support.acting import entry_of, menu_of
from tests.support.drafts import ASKS, FOREIGN, TELLS
from tests.support.room import Room, words_of


async def test_the_next_draft_like_a_corrected_one_follows_its_author(room: Room) -> None:
    told = await room.ann.send(room.drafts, TELLS)
    await room.ann.context_menu(room.drafts, "Change label", told)
    again = await room.ann.send(room.drafts, TELLS)
    assert room.signs(again) == ["💬"]
    assert room.signs(await room.ann.send(room.drafts, ASKS)) == ["💬"]
    assert room.signs(await room.ben.send(room.drafts, TELLS)) == ["📣"]
    why = words_of(await room.ann.context_menu(room.drafts, "Why this label?", again))
    assert "labels of drafts like this one" in why


async def test_a_correction_is_listed_and_taken_back_in_history(room: Room) -> None:
    told = await room.ann.send(room.drafts, TELLS)
    await room.ann.context_menu(room.drafts, "Change label", told)
    shown = await room.ann.slash(room.drafts, "history")
    assert "set by hand" in words_of(shown)
    assert shown.response is not None
    menu = menu_of(shown.response)
    await room.ann.select(shown.response, [entry_of(shown.response, told.id)], custom_id=menu)
    assert room.signs(told) == ["📣"]
    assert "set by hand" not in words_of(await room.ann.slash(room.drafts, "history"))
    assert room.signs(await room.ann.send(room.drafts, TELLS)) == ["📣"]


async def test_a_managers_correction_teaches_the_authors_model_nothing(room: Room) -> None:
    told = await room.ann.send(room.drafts, TELLS)
    await room.owner.context_menu(room.drafts, "Change label", told)
    assert room.signs(told) == ["💬"]
    assert room.signs(await room.ann.send(room.drafts, TELLS)) == ["📣"]


async def test_forgetting_unlearns(room: Room) -> None:
    told = await room.ann.send(room.drafts, TELLS)
    await room.ann.context_menu(room.drafts, "Change label", told)
    shown = await room.ann.slash(room.drafts, "privacy forget")
    assert shown.response is not None
    await room.ann.click(shown.response, label="Erase everything")
    assert room.signs(await room.ann.send(room.drafts, TELLS)) == ["📣"]


async def test_a_correction_whose_text_is_gone_still_counts(room: Room) -> None:
    await room.ann.send(room.drafts, FOREIGN)
    [question] = room.said()
    room.env.inject_error("GET", "/channels/*/messages/*", status=404, code=10008)
    await room.ann.click(question, label="Conversation")
    assert await room.counts() == (0, 1)


async def test_what_is_learned_holds_no_text_and_is_exported(room: Room) -> None:
    told = await room.ann.send(room.drafts, TELLS)
    await room.ann.context_menu(room.drafts, "Change label", told)
    export = await room.bot.coach.store.members.export(room.guild.id, room.ann.id)
    [correction] = export["corrections"]
    assert len(bytes.fromhex(correction["traits"])) == FEATURES
    assert "opening" not in str(export)


async def test_an_author_who_paused_the_bot_corrects_without_teaching(room: Room) -> None:
    told = await room.ann.send(room.drafts, TELLS)
    await room.ann.slash(room.drafts, "privacy pause")
    await room.ann.context_menu(room.drafts, "Change label", told)
    assert await room.counts() == (0, 1)
    await room.ann.slash(room.drafts, "privacy resume")
    assert room.signs(await room.ann.send(room.drafts, TELLS)) == ["📣"]


async def test_a_label_set_by_hand_outlives_being_set_aside(room: Room) -> None:
    told = await room.ann.send(room.drafts, TELLS)
    for entry in ("Change label", "Not a draft", "Not a draft"):
        await room.ann.context_menu(room.drafts, entry, told)
    assert (await room.counts(), room.signs(told)) == ((0, 1), ["💬"])
