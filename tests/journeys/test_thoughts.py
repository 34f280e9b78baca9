"""Journeys of drafts that count once: variants, threads, and what is changed by hand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import discord
import pytest

from coach.nudging.policy import Silence
from coach.settings import Settings
from coach.wording_nudges import nudge_here, silence_line
from tests.support.acting import menu_of
from tests.support.drafts import ASKS, TELLS
from tests.support.journeys import caught_up, journey_settings, outage, stored_about
from tests.support.room import Room, unsure, words_of

LONG = (
    "Our winter opening hours start on Monday. From then on, we are open on weekdays from nine to five, and "
    "closed at weekends, so that everybody in the workshop gets a rest after a long autumn. Orders that you place "
    "online are sent out as always."
)
SHORT = "X: Our winter opening hours start on Monday: weekdays from nine to five, closed at weekends."
OPENING = "1/3 How we learned to mend bicycles in a village without a shop. A short history."
MIDDLE = "2/3 It started with a broken chain."
NEWS = (
    "The new catalogue is out: 120 pages of tools, paints and timber.",
    "Anna Berg joins us as head of the workshop on the first of December.",
    "Our app has a dark mode now. Update it in the store.",
    "Read our guide to sharpening knives on the website.",
    "The car park behind the hall is closed for repairs this week.",
)
CLOSE = "3/3 Today we mend 40 bicycles a month, and the workshop is open every Saturday."


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The defaults, with a database of its own, and no nudges held back."""
    return journey_settings(tmp_path, THOUGHTS_WINDOW_HOURS="24")


def link(message: discord.Message) -> str:
    assert message.guild is not None
    return f"https://discord.com/channels/{message.guild.id}/{message.channel.id}/{message.id}"


async def place(room: Room, message: discord.Message) -> str:
    return words_of(await room.ann.context_menu(room.drafts, "Why this label?", message))


async def test_one_announcement_for_three_places_counts_once(room: Room) -> None:
    first = await room.ann.send(room.drafts, LONG)
    second = await room.ann.send(room.drafts, SHORT)
    third = await room.ann.send(room.drafts, LONG.replace("everybody in the workshop", "the whole workshop"))
    assert await room.counts() == (1, 0)
    assert [room.signs(draft) for draft in (first, second, third)] == [["📣"]] * 3
    assert "one of three variants" in await place(room, second)
    await room.ann.delete(third)
    assert "one of two variants" in await place(room, second)
    await room.ann.delete(second)
    assert "counts on its own" in await place(room, first)
    assert await room.counts() == (1, 0)
    await room.ann.delete(first)
    assert await room.counts() == (0, 0)


async def test_an_edit_that_says_something_else_counts_again(room: Room) -> None:
    await room.ann.send(room.drafts, LONG)
    draft = await room.ann.send(room.drafts, SHORT)
    assert await room.counts() == (1, 0)
    await room.ann.edit(draft, ASKS)
    assert await room.counts() == (1, 1)
    await room.ann.edit(draft, SHORT)
    assert await room.counts() == (1, 0)


async def test_a_thread_of_replies_has_one_label(room: Room) -> None:
    opening = await room.ann.send(room.drafts, TELLS)
    part = await room.ann.send(room.drafts, "It started with a broken printer.", reply_to=opening)
    last = await room.ann.send(room.drafts, "Plan to join soon!", reply_to=part)
    await caught_up(room)
    assert await room.counts() == (1, 0)
    assert [room.signs(draft) for draft in (opening, part, last)] == [["📣"]] * 3
    assert "part 2 of 3" in await place(room, part)


async def test_numbered_parts_are_a_thread_live_and_after_an_outage(room: Room) -> None:
    opening = await room.ann.send(room.drafts, OPENING)
    async with outage(room):
        middle = await room.ann.send(room.drafts, MIDDLE)
    close = await room.ann.send(room.drafts, CLOSE)
    await caught_up(room)
    assert await room.counts() == (1, 0)
    assert [room.signs(draft) for draft in (opening, middle, close)] == [["📣"]] * 3


async def test_a_thread_that_changes_is_read_again(room: Room) -> None:
    opening = await room.ann.send(room.drafts, OPENING)
    middle = await room.ann.send(room.drafts, MIDDLE)
    await room.ann.edit(opening, "1/3 How do you mend a bicycle where you live? I would love to hear what works.")
    await room.ann.edit(middle, "2/3 Which tools do you use for it, and who showed you how?")
    await caught_up(room)
    assert await room.counts() == (0, 1)
    assert [room.signs(draft) for draft in (opening, middle)] == [["💬"]] * 2


async def test_a_part_put_on_its_own_is_judged_by_itself_and_can_go_back(room: Room) -> None:
    opening = await room.ann.send(room.drafts, TELLS)
    part = await room.ann.send(room.drafts, ASKS, reply_to=opening)
    shown = await room.ann.context_menu(room.drafts, "Why this label?", part)
    assert "part 2 of 2" in words_of(shown)
    assert shown.response is not None
    await room.ann.click(shown.response, label="Count it on its own")
    await caught_up(room)
    assert await room.counts() == (1, 1)
    assert "counts on its own" in words_of(shown.response)
    await room.restart()
    await room.ann.click(shown.response, label="Undo")
    await caught_up(room)
    assert sum(await room.counts()) == 1
    assert "part 2 of 2" in await place(room, part)


async def test_a_label_set_by_hand_on_one_part_is_that_of_the_thread(room: Room) -> None:
    parts = [await room.ann.send(room.drafts, text) for text in (OPENING, MIDDLE, CLOSE)]
    changed = await room.ann.context_menu(room.drafts, "Change label", parts[0])
    assert "the others follow" in words_of(changed)
    assert [room.signs(part) for part in parts] == [["💬"]] * 3
    assert await room.counts() == (0, 1)
    why = words_of(await room.ann.context_menu(room.drafts, "Why this label?", parts[1]))
    assert "part 2 of 3" in why and "Because" not in why
    await room.ann.context_menu(room.drafts, "Change label", parts[0])
    assert [room.signs(part) for part in parts] == [["📣"]] * 3
    assert await room.counts() == (1, 0)


async def test_history_says_what_counts_together_and_changes_it(room: Room) -> None:
    first = await room.ann.send(room.drafts, TELLS)
    second = await room.ann.send(room.drafts, ASKS)
    shown = await room.ann.slash(room.drafts, "history")
    assert shown.response is not None
    await room.ann.select(shown.response, [f"before:{second.id}"], custom_id=menu_of(shown.response, "thoughts"))
    assert await room.counts() == (0, 1)
    assert "one of two variants" in words_of(shown.response)
    assert any(f"Counted together with {link(first)}" in answer for answer in answers(room))
    # An edit does not overrule it.
    await room.ann.edit(second, "What is your favourite apple, and what do you bake with it?")
    assert await room.counts() == (0, 1)
    await room.ann.select(shown.response, [f"own:{second.id}"], custom_id=menu_of(shown.response, "thoughts"))
    assert await room.counts() == (1, 1)


async def test_there_has_to_be_a_draft_before(room: Room) -> None:
    draft = await room.ann.send(room.drafts, TELLS)
    shown = await room.ann.context_menu(room.drafts, "Why this label?", draft)
    assert shown.response is not None
    await room.ann.click(shown.response, label="Same thought as the one before")
    assert any("no earlier draft" in answer for answer in answers(room))


def answers(room: Room) -> list[str]:
    return [str(call.json) for call in room.env.http_requests if "/webhooks/" in call.path]


async def react(room: Room, message: discord.Message, emoji: str, *, added: bool = True) -> None:
    room.env.backend.set_reaction(message.channel.id, message.id, emoji, room.ann.id, added)
    await room.env.settle()


def bots_signs(room: Room, message: discord.Message) -> list[str]:
    assert room.bot.user is not None
    stored: Any = room.env.backend.get_message(message.channel.id, message.id)
    return [one.emoji for one in stored.reactions if room.bot.user.id in one.user_ids]


async def test_a_sign_added_to_one_part_is_the_label_of_the_thread_until_it_is_removed(room: Room) -> None:
    parts = [await room.ann.send(room.drafts, text) for text in (OPENING, MIDDLE, CLOSE)]
    await react(room, parts[1], "💬")
    await caught_up(room)
    assert [bots_signs(room, part) for part in parts] == [["💬"]] * 3
    assert await room.counts() == (0, 1)
    await room.restart()
    await react(room, parts[1], "💬", added=False)
    await caught_up(room)
    assert [bots_signs(room, part) for part in parts] == [["📣"]] * 3
    assert await room.counts() == (1, 0)


async def test_a_label_set_by_hand_on_a_variant_counts_once_that_is_the_newest(room: Room) -> None:
    first = await room.ann.send(room.drafts, LONG)
    second = await room.ann.send(room.drafts, SHORT)
    changed = await room.ann.context_menu(room.drafts, "Change label", first)
    assert "newest one that has a label counts" in words_of(changed)
    assert (room.signs(first), room.signs(second)) == (["💬"], ["📣"])
    assert await room.counts() == (1, 0)
    await room.ann.delete(second)
    assert await room.counts() == (0, 1)
    assert changed.response is not None
    await room.ann.click(changed.response, label="Undo")
    assert await room.counts() == (1, 0)
    assert await room.bot.coach.store.tallies.recount() == []


async def test_an_answer_about_a_part_holds_for_the_thread_and_can_be_undone(room: Room) -> None:
    opening = await room.ann.send(room.drafts, unsure())
    [question] = room.said()
    await room.ann.click(question, label="Conversation")
    part = await room.ann.send(room.drafts, "The second concert on Saturday is sold out, too.", reply_to=opening)
    await caught_up(room)
    assert room.signs(opening) == room.signs(part) == ["💬"]
    assert await room.counts() == (0, 1)
    await room.ann.click(question, label="Undo")
    await caught_up(room)
    assert room.signs(opening) == room.signs(part) == ["📣"]
    assert await room.counts() == (1, 0)
    # The whole can't be read either way any more.
    assert room.said() == []


async def test_only_the_first_of_a_thought_is_asked_about(room: Room) -> None:
    for _ in range(3):
        await room.ann.send(room.drafts, unsure())
    assert len(room.said()) == 1
    [asked] = (await stored_about(room, room.ann))["questions_asked"]
    assert asked["times"] == 1


async def test_what_says_the_same_or_goes_on_brings_no_nudge_and_answers_none(room: Room) -> None:
    for text in NEWS:
        await room.ann.send(room.drafts, text)
    assert room.said() == []
    nudged = await room.ann.send(room.drafts, LONG)
    assert len(room.said()) == 1
    variant = await room.ann.send(room.drafts, SHORT)
    await room.ann.send(room.drafts, "It is for the winter only.", reply_to=nudged)
    await caught_up(room)
    why = words_of(await room.ann.slash(room.drafts, "why"))
    assert silence_line(Silence.JOINED) in why and f"/{variant.id})" in why
    assert nudge_here(Silence.JOINED) in words_of(
        await room.ann.context_menu(room.drafts, "Why this label?", variant)
    )
    assert (await followed(room, nudged)) == (None, "")
    await room.ann.send(room.drafts, ASKS)
    assert (await followed(room, nudged)) == (1, "conversation")


async def followed(room: Room, nudged: discord.Message) -> tuple[int | None, str]:
    nudges = (await stored_about(room, room.ann))["nudges"]
    [nudge] = [one for one in nudges if one["message_id"] == nudged.id]
    return nudge["heeded"], nudge["followed"]


async def test_the_kinds_in_the_balance_count_a_thought_once(room: Room) -> None:
    for text in (LONG, SHORT):
        await room.ann.send(room.drafts, text)
    assert re.search(r"Kinds 📣 1 [a-z]+\n", words_of(await room.ann.slash(room.drafts, "balance")))
