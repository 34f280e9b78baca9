"""Journeys of drafts in languages that the bot doesn't know: asked about once, and never counted by a guess."""

from __future__ import annotations

from typing import Any

import discord
import pytest
import simcord

from cogs.support.history import PAGE
from tests.support.acting import entry_of, items, menu_of
from tests.support.drafts import ASKS, FOREIGN, TELLS
from tests.support.journeys import erase, outage, stored_about
from tests.support.room import Room, words_of

DANISH = "Tak for i dag!"
LEAVE = "Skip other languages here"


def asked(room: Room, where: simcord.ChannelHandle | None = None) -> int:
    """How many questions about other languages there are in a channel."""
    return sum("doesn't look like English" in said.content for said in room.said(where))


async def test_a_draft_in_another_language_counts_once_its_author_says_what_it_is(room: Room) -> None:
    message = await room.ann.send(room.drafts, DANISH)
    [question] = room.said()
    assert "doesn't look like English, German, French, Spanish, Portuguese, Italian or Dutch" in question.content
    assert "I ask only once" in question.content
    assert room.signs(message) == []
    assert await room.counts() == (0, 0)
    await room.restart()
    assert (await room.ben.click(question, label="Conversation")).ephemeral
    await room.ann.click(question, label="Conversation")
    assert room.signs(message) == ["💬"]
    assert await room.counts() == (0, 1)
    await room.ann.click(room.said()[0], label="Change to content")
    assert room.signs(message) == ["📣"]
    assert await room.counts() == (1, 0)


@pytest.mark.parametrize("text", ["Danke euch allen!", "Merci à tous", "¿Quién viene?", "Obrigada, gente"])
async def test_a_draft_in_a_language_that_was_measured_is_counted(room: Room, text: str) -> None:
    message = await room.ann.send(room.drafts, text)
    assert len(room.signs(message)) == 1
    assert sum(await room.counts()) == 1
    assert "doesn't look like" not in "".join(said.content for said in room.said())


async def test_each_member_is_asked_once_in_each_channel_and_its_threads(room: Room) -> None:
    first = await room.ann.send(room.drafts, DANISH)
    later = [await room.ann.send(room.drafts, text) for text in (FOREIGN, DANISH)]
    channel = room.bot.get_channel(room.drafts.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.create_thread(name="more", message=discord.Object(first.id))
    await room.env.settle()
    [thread] = room.drafts.threads
    later.append(await room.ann.send(thread, DANISH))
    assert asked(room) == 1 and asked(room, thread) == 0
    assert [room.signs(message) for message in later] == [[]] * 3
    assert await room.counts() == (0, 0)
    await room.restart()
    await room.ann.send(room.drafts, DANISH)
    assert asked(room) == 1
    await room.ben.send(room.drafts, DANISH)
    assert asked(room) == 2
    ideas = room.guild.create_text_channel("ideas")
    await room.owner.slash(room.drafts, "setup channel", channel=ideas)
    await room.ann.send(ideas, DANISH)
    assert asked(room, ideas) == 1


async def test_the_offer_to_leave_them_alone_ends_the_question_and_can_be_undone(room: Room) -> None:
    message = await room.ann.send(room.drafts, DANISH)
    [question] = room.said()
    assert "author" in words_of(await room.ben.click(question, label=LEAVE))
    answer = await room.ann.click(question, label=LEAVE)
    assert answer.ephemeral and "skip drafts in other languages" in words_of(answer)
    assert room.said() == []
    assert room.signs(message) == [] and await room.counts() == (0, 0)
    await room.ann.send(room.drafts, DANISH)
    assert room.said() == []
    shown = words_of(await room.ann.slash(room.drafts, "nudges show"))
    assert f"In <#{room.drafts.id}> I asked about a draft in a language I don't know" in shown
    await room.ann.slash(room.drafts, "nudges questions", place="reply")
    assert "languages" not in words_of(await room.ann.slash(room.drafts, "nudges show"))
    await room.ann.send(room.drafts, DANISH)
    assert len(room.said()) == 1


async def test_the_offer_holds_for_whoever_switched_questions_on_after_the_question(room: Room) -> None:
    await room.ann.send(room.drafts, DANISH)
    [question] = room.said()
    await room.ann.slash(room.drafts, "nudges questions", place="reply")
    await room.ann.click(question, label=LEAVE)
    await room.ann.send(room.drafts, DANISH)
    assert room.said() == []


async def test_a_question_that_the_bot_did_not_get_to_send_is_asked_by_its_next_run(room: Room) -> None:
    message = await room.ann.send(room.drafts, DANISH)
    # As if the process had ended before it could send the question.
    await room.bot.coach.store.database.write(lambda raw: raw.execute("UPDATE replies SET reply_id = NULL"))
    await room.restart()
    await room.ann.send(room.drafts, DANISH)
    assert asked(room) == 2
    await room.ann.context_menu(room.drafts, "Change label", message)
    assert len(room.signs(message)) == 1


async def test_the_offer_works_in_a_direct_message(room: Room) -> None:
    await room.ann.slash(room.drafts, "nudges where", place="dm")
    await room.ann.send(room.drafts, DANISH)
    assert room.said() == []
    [question] = room.said(room.ann.user.dm_channel)
    answer = await room.ann.user.click(question, label=LEAVE)
    assert "skip drafts in other languages" in words_of(answer)
    assert room.said(room.ann.user.dm_channel) == []


async def test_a_draft_that_was_left_alone_is_counted_by_its_menu_or_the_history(room: Room) -> None:
    one, two = [await room.ann.send(room.drafts, DANISH) for _ in range(2)]
    assert "Not counted" in words_of(await room.ann.context_menu(room.drafts, "Why this label?", two))
    for _ in range(2):
        await room.ann.context_menu(room.drafts, "Change label", two)
        assert len(room.signs(two)) == 1 and sum(await room.counts()) == 1
    assert "Set aside" in words_of(await room.ann.context_menu(room.drafts, "Not a draft", two))
    assert room.signs(two) == []
    assert "again" in words_of(await room.ann.context_menu(room.drafts, "Not a draft", two))
    assert len(room.signs(two)) == 1
    shown = await room.ann.slash(room.drafts, "history")
    assert "Not counted" in words_of(shown)
    assert shown.response is not None
    menu, *_ = items(shown.response)
    offered = [option["label"] for option in menu["options"] if option["label"].startswith("2:")]
    assert offered == ["2: not counted → content", "2: not counted → conversation", "2: not a draft"]
    entry = entry_of(shown.response, one.id, "conversation")
    await room.ann.select(shown.response, [entry], custom_id=menu_of(shown.response))
    assert room.signs(one) == ["💬"] and sum(await room.counts()) == 2


async def test_not_a_draft_stays_so_whatever_an_edit_makes_of_it_until_it_is_taken_back(room: Room) -> None:
    message = await room.ann.send(room.drafts, DANISH)
    assert "Set aside" in words_of(await room.ann.context_menu(room.drafts, "Not a draft", message))
    assert room.said() == []
    shown = await room.ann.slash(room.drafts, "history")
    assert "Set aside" in words_of(shown)
    assert items(shown.response)[0]["options"][0]["label"] == "1: set aside → as it was before"
    assert "Not counted" in words_of(await room.ann.context_menu(room.drafts, "Not a draft", message))
    assert "Set aside" in words_of(await room.ann.context_menu(room.drafts, "Not a draft", message))
    await room.ann.edit(message, ASKS)
    assert room.signs(message) == [] and await room.counts() == (0, 0)
    await room.ann.context_menu(room.drafts, "Not a draft", message)
    assert room.signs(message) == ["💬"] and await room.counts() == (0, 1)


async def test_the_question_goes_with_an_edit_after_which_it_is_no_longer_a_draft(room: Room) -> None:
    message = await room.ann.send(room.drafts, DANISH)
    await room.ann.edit(message, "// note to self")
    assert room.said() == []
    assert "No drafts" in words_of(await room.ann.slash(room.drafts, "history"))


async def test_a_history_of_many_drafts_in_other_languages_fits_into_a_message(room: Room) -> None:
    await room.ann.slash(room.drafts, "nudges questions", place="off")
    last = [await room.ann.send(room.drafts, DANISH) for _ in range(PAGE + 1)][-1]
    # The ids of the simulated Discord are as long as real ones are.
    assert len(str(last.id)) >= 18
    shown = (await room.ann.slash(room.drafts, "history")).response
    assert shown is not None

    def fits(message: Any) -> bool:
        [embed] = message.embeds
        return len(embed.description or "") <= 4096

    said = words_of(shown)
    assert fits(shown) and said.count("Not counted: another language") == PAGE
    assert "To count a draft in another language, choose it below." in said
    chosen = await room.ann.select(shown, [entry_of(shown, last.id)], custom_id=menu_of(shown))
    assert fits(chosen.response or shown) and sum(await room.counts()) == 1


async def test_check_gives_no_reasons_for_a_guess_and_says_that_it_would_not_count(room: Room) -> None:
    said = words_of(await room.ann.slash(room.drafts, "check", text=DANISH))
    assert "I would guess" in said and "wouldn't count until you choose" in said
    assert "Because" not in said and "as a whole" not in said
    message = await room.ann.send(room.drafts, DANISH)
    await room.ann.context_menu(room.drafts, "Change label", message)
    said = words_of(await room.ann.context_menu(room.drafts, "Why this label?", message))
    assert "By its words alone" in said and "I would guess" in said
    assert "Because" not in said and "as a whole" not in said


async def test_an_edit_into_another_language_leaves_the_count_and_one_back_returns(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    await room.ann.edit(message, DANISH)
    assert room.signs(message) == [] and await room.counts() == (0, 0)
    assert room.said() == []
    await room.ann.edit(message, ASKS)
    assert room.signs(message) == ["💬"] and await room.counts() == (0, 1)


async def test_what_was_drafted_in_another_language_meanwhile_is_not_counted(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    async with outage(room):
        away = await room.ann.send(room.drafts, DANISH)
    assert room.signs(away) == [] and await room.counts() == (1, 0)
    assert room.said() == []


async def test_no_question_is_used_up_by_one_that_does_not_get_through(room: Room) -> None:
    room.env.inject_error("POST", f"/channels/{room.drafts.id}/messages", status=500, times=1)
    await room.ann.send(room.drafts, DANISH)
    assert room.said() == []
    await room.ann.send(room.drafts, DANISH)
    assert len(room.said()) == 1


async def test_nobody_is_asked_who_switched_questions_off(room: Room) -> None:
    await room.ann.slash(room.drafts, "nudges questions", place="off")
    message = await room.ann.send(room.drafts, DANISH)
    assert room.said() == [] and room.signs(message) == []
    assert await room.counts() == (0, 0)


async def test_where_somebody_was_asked_is_exported_and_erased(room: Room) -> None:
    message = await room.ann.send(room.drafts, DANISH)
    [row] = (await stored_about(room, room.ann))["other_languages"]
    assert (row["channel_id"], row["message_id"]) == (room.drafts.id, message.id)
    await erase(room, room.ann)
    assert await stored_about(room, room.ann) == {}
