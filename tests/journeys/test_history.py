"""Journeys through /history: first words, pages, unsure drafts, and what is not a draft."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from cogs.support import first_words
from cogs.support.history import PAGE
from tests.support.acting import Who, entry_of, items, press
from tests.support.drafts import ASKS, FOREIGN, TELLS
from tests.support.room import Room, unsure, words_of


def offered(shown: Any, place: int) -> list[str]:
    """What the menu offers for the draft in a place."""
    labels = [option["label"] for option in items(shown)[0]["options"]]
    return [label.partition(": ")[2] for label in labels if label.startswith(f"{place}:")]


def button(shown: Any, says: str) -> dict[str, Any]:
    [found] = [item for item in items(shown) if item.get("label") == says]
    return found


def reads(room: Room, since: int) -> list[str]:
    """The requests for messages that were made since then."""
    return [call.path for call in room.env.http_requests[since:] if call.method == "GET"]


async def shown_to_ann(room: Room) -> Any:
    return (await room.ann.slash(room.drafts, "history")).response


async def test_the_first_words_of_each_draft_are_shown_and_nothing_is_laid_out_by_them(room: Room) -> None:
    await room.ann.send(room.drafts, f"**Draft** for ~~Monday~~\n# {TELLS}")
    await room.ann.send(room.drafts, "", attachments=[("letter.txt", ASKS.encode())])
    await room.caught_up()
    since = len(room.env.http_requests)
    shown = await shown_to_ann(room)
    said = shown.embeds[0].description
    assert "> letter.txt" in said
    assert "> \\*\\*Draft\\*\\* for \\~\\~Monday\\~\\~ # " in said and said.rstrip().endswith("…")
    assert len(reads(room, since)) == 1
    described = [option.get("description") for option in items(shown)[0]["options"]]
    assert described[0] == "letter.txt" and described[2].startswith("**Draft** for ~~Monday~~")


async def test_words_are_read_from_each_channel_with_few_requests(room: Room) -> None:
    parent = await room.ann.send(room.drafts, TELLS)
    ideas = room.guild.create_text_channel("ideas")
    await room.owner.slash(room.drafts, "setup channel", channel=ideas)
    await room.ann.send(ideas, ASKS)
    channel = room.bot.get_channel(room.drafts.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.create_thread(name="more", message=discord.Object(parent.id))
    await room.env.settle()
    await room.ann.send(room.drafts.threads[0], TELLS)
    for _ in range(first_words.PAGE + 5):
        room.env.backend.create_message(room.drafts.id, room.ben.id, "// talk")
    await room.env.settle()
    await room.ann.send(room.drafts, ASKS)
    await room.caught_up()
    since = len(room.env.http_requests)
    shown = await shown_to_ann(room)
    assert shown.embeds[0].description.count("\n> ") == 4
    # The drafts channel is asked twice: more than a hundred messages lie between the two drafts.
    assert len(reads(room, since)) == 4


@pytest.mark.parametrize(("status", "code"), [(403, 50001), (500, 0)])
async def test_without_the_words_the_list_is_as_useful_as_ever(room: Room, status: int, code: int) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    await room.caught_up()
    room.env.inject_error("GET", f"/channels/{room.drafts.id}/messages", status=status, code=code, times=None)
    shown = await shown_to_ann(room)
    assert "**Content**" in shown.embeds[0].description and "> " not in shown.embeds[0].description
    await room.ann.select(shown, [entry_of(shown, message.id, "aside")])
    assert await room.counts() == (0, 0)


async def test_an_answer_does_not_wait_for_words_that_do_not_come(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.ann.send(room.drafts, TELLS)
    monkeypatch.setattr(first_words, "SECONDS", 0)
    assert "> " not in (await shown_to_ann(room)).embeds[0].description


async def test_no_words_are_stored(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    await shown_to_ann(room)
    export = await room.bot.coach.store.members.export(room.guild.id, room.ann.id)
    assert TELLS[:20] not in str(export)


async def test_pages_are_turned_there_and_back_even_after_a_restart(room: Room) -> None:
    drafts = [await room.ann.send(room.drafts, TELLS) for _ in range(2 * PAGE + 1)]
    newest_first = [str(draft.id) for draft in reversed(drafts)]
    ann, shown = Who(room.ann, room.guild, room.drafts), await shown_to_ann(room)
    assert [item["label"] for item in items(shown) if "label" in item] == ["Older"]

    def listed(said: str) -> list[str]:
        return [one for one in newest_first if f"/{room.drafts.id}/{one})" in said]

    assert listed(words_of(shown)) == newest_first[:PAGE]
    await room.restart()
    second = await press(room, ann, shown, button(shown, "Older"))
    assert listed(second.words) == newest_first[PAGE : 2 * PAGE] and "page 2" in second.words
    shown = room.env.backend.get_message(room.drafts.id, shown.id)
    ben = await press(room, Who(room.ben, room.guild, room.drafts), shown, button(shown, "Older"))
    assert "somebody else" in ben.words
    third = await press(room, ann, shown, button(shown, "Older"))
    assert listed(third.words) == newest_first[2 * PAGE :]
    shown = room.env.backend.get_message(room.drafts.id, shown.id)
    assert [item["label"] for item in items(shown) if "label" in item] == ["Newer"]
    # The only draft of this page goes: the one before is shown instead.
    await room.ann.delete(drafts[0])
    stays = await press(room, ann, shown, items(shown)[0], [f"aside:{drafts[1].id}"])
    assert listed(stays.words) == newest_first[PAGE : 2 * PAGE] and "Set aside" in stays.words
    shown = room.env.backend.get_message(room.drafts.id, shown.id)
    assert [item["label"] for item in items(shown) if "label" in item] == ["Newer", "Undo"]


async def test_a_draft_is_set_aside_from_the_list_and_counted_again(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    shown = await shown_to_ann(room)
    assert offered(shown, 1) == ["content → conversation", "not a draft"]
    await room.ann.select(shown, [entry_of(shown, message.id, "aside")])
    assert room.signs(message) == [] and await room.counts() == (0, 0)
    shown = await shown_to_ann(room)
    assert offered(shown, 1) == ["set aside → counted again"]
    await room.ann.select(shown, [entry_of(shown, message.id)])
    assert room.signs(message) == ["📣"] and await room.counts() == (1, 0)


@pytest.mark.parametrize("place", ["reply", "history"])
async def test_a_draft_that_could_be_either_is_answered_from_the_list(room: Room, place: str) -> None:
    await room.ann.slash(room.drafts, "nudges questions", place=place)
    message = await room.ann.send(room.drafts, unsure())
    [sign] = room.signs(message)
    label = {"📣": "content", "💬": "conversation"}[sign]
    assert len(room.said()) == (place == "reply")
    shown = await shown_to_ann(room)
    assert "❔" in words_of(shown) and "is that right?" in words_of(shown)
    assert len(offered(shown, 1)) == 3 and f"{label}, as I guessed" in offered(shown, 1)
    await room.ann.select(shown, [entry_of(shown, message.id, label)])
    assert room.said() == [] and room.signs(message) == [sign]
    shown = await shown_to_ann(room)
    assert "set by hand" in words_of(shown) and "❔" not in words_of(shown)


async def test_whoever_wants_no_questions_sees_none_in_the_list(room: Room) -> None:
    await room.ann.slash(room.drafts, "nudges questions", place="off")
    await room.ann.send(room.drafts, unsure())
    shown = await shown_to_ann(room)
    assert "❔" not in words_of(shown) and len(offered(shown, 1)) == 2


async def test_a_full_page_of_the_longest_entries_fits_into_a_message(room: Room) -> None:
    await room.ann.slash(room.drafts, "nudges questions", place="history")
    for text in (FOREIGN, unsure()) * PAGE:
        await room.ann.send(room.drafts, f"{text} {'*' * 200}")
    shown = await shown_to_ann(room)
    assert len(items(shown)[0]["options"]) <= 25 and len(shown.embeds[0].description) <= 4096
