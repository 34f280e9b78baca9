"""Journeys of a past that members bring: the form, the progress, the balance by month, and what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any, cast

import discord
import pytest
import simcord

from coach.errors import Refused
from cogs.imports import ImportsCog, Work
from tests.support.acting import Who, items, press, rows_of
from tests.support.drafts import TELLS
from tests.support.exports import POSTS, Made, any_csv, json_lines, outbox, tweets, zipped
from tests.support.journeys import erase, stored_about
from tests.support.room import Room, words_of

MORE = (*POSTS, Made(20, "The oven is warm and the doors are open at eight today"))


async def bring(room: Room, *files: tuple[str, bytes], **more: Any) -> simcord.InteractionResult:
    """Use /import with its form, and return what the bot says in the end."""
    shown = await room.ann.slash(room.drafts, "import")
    if shown.modal is None:
        assert shown.response is not None
        shown = await room.ann.click(shown.response, label="Bring more")
    return await room.ann.submit_modal(shown, {"files": list(files)} | more)


async def past(room: Room) -> list[dict[str, Any]]:
    """What is stored of ann's past, import by import."""
    return (await stored_about(room, room.ann)).get("imports", [])


async def counts(room: Room) -> dict[str, int]:
    """All months of ann's past together."""
    rows = (await stored_about(room, room.ann)).get("past_months", [])
    return {name: sum(row[name] for row in rows) for name in ("replies", "reposts", "judged", "threads", "unread")}


def labels_of(result: simcord.InteractionResult) -> list[str]:
    return [item.get("label") or item["placeholder"] for item in items(result.response)]


async def test_the_form_says_what_is_wanted_and_how_big_it_may_be(room: Room) -> None:
    shown = await room.ann.slash(room.drafts, "import")
    assert shown.modal is not None
    said = str(shown.modal)
    assert "**25 MB**" in said and "data/tweets.js" in said and "Shares.csv" in said
    assert "no words and no links" in said
    assert "'account'" not in said  # This server has no accounts.


async def test_a_past_is_shown_by_month_and_kept_apart_from_drafts(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    result = await bring(room, ("outbox.json", outbox()))
    assert result.ephemeral and result.response is not None
    told = words_of(result)
    assert "From January 2023 to March 2023 you were at" in told and "conversation" in told
    assert "2 conversation (replies)\n1 content (reposts)" in told
    assert "1 continuing a post of yours" in told
    assert [file.filename for file in result.response.attachments] == ["before.png"]
    assert "2 replies and 1 reposts known" in (result.response.attachments[0].description or "")
    assert await counts(room) == {"replies": 2, "reposts": 1, "judged": 2, "threads": 1, "unread": 0}
    assert await room.counts() == (1, 0)

    balance = await room.ann.slash(room.drafts, "balance")
    assert balance.response is not None
    live, before = balance.response.embeds
    assert "(one draft)" in (live.description or "") and "January 2023" in (before.description or "")
    assert [file.filename for file in balance.response.attachments] == ["balance.png", "before.png"]
    # It is for nobody else's eyes, even if they manage the server.
    others = await room.owner.slash(room.drafts, "balance", member=room.ann)
    assert others.response is not None and len(others.response.embeds) == 1


async def test_no_words_are_kept(room: Room) -> None:
    await bring(room, ("outbox.json", outbox()))
    kept = str(await rows_of(room))
    assert not [one.text for one in POSTS if one.text in kept] and "baker.example" not in kept


async def test_the_same_file_twice_changes_nothing(room: Room) -> None:
    await bring(room, ("outbox.json", outbox()))
    before = await stored_about(room, room.ann)
    again = await bring(room, ("by another name.json", outbox()))
    assert "that very file already" in words_of(again) and "January 2023" in words_of(again)
    assert await stored_about(room, room.ann) == before


@pytest.mark.parametrize(("choice", "kept"), [("Replaces", 1), ("New", 2)])
async def test_a_newer_export_takes_the_place_of_the_earlier_one_or_counts_beside_it(
    room: Room, choice: str, kept: int
) -> None:
    await bring(room, ("outbox.json", outbox()))
    asked = await bring(room, ("newer.zip", zipped({"outbox.json": outbox(MORE)})))
    assert "posts from Mastodon before" in words_of(asked)
    [stop, menu] = items(asked.response)
    assert stop["label"] == "Stop" and len(await past(room)) == 1
    [value] = [option["value"] for option in menu["options"] if option["label"].startswith(choice)]
    assert asked.response is not None
    done = await room.ann.select(asked.response, [value])
    assert "From January 2023" in words_of(done)
    assert len(await past(room)) == kept
    assert (await counts(room))["judged"] == 3 + 2 * (kept - 1)


@pytest.mark.parametrize(("name", "data"), [("mine.csv", any_csv()), ("mine.jsonl", json_lines())])
async def test_guessed_columns_are_shown_and_confirmed_before_anything_is_kept(
    room: Room, name: str, data: bytes
) -> None:
    asked = await bring(room, (name, data))
    told = words_of(asked)
    assert "this is a guess" in told and "bakery opens at seven" in told and "Is that right?" in told
    assert labels_of(asked) == ["Yes, read it", "Stop"] and await past(room) == []
    assert asked.response is not None
    left = await room.ann.click(asked.response, label="Stop")
    assert "Nothing was kept" in words_of(left) and await past(room) == []

    asked = await bring(room, (name, data))
    assert asked.response is not None
    done = await room.ann.click(asked.response, label="Yes, read it")
    assert "From January 2023" in words_of(done)
    assert await counts(room) == {"replies": 2, "reposts": 0, "judged": 2, "threads": 0, "unread": 0}


async def test_a_question_that_nobody_answers_is_let_go(room: Room) -> None:
    asked = await bring(room, ("mine.csv", any_csv()))
    cog = cast(ImportsCog, room.bot.get_cog("ImportsCog"))
    await cog.sweep()
    assert len(cog.works) == 1
    room.env.backend.clock.advance(timedelta(minutes=15).total_seconds())
    await cog.sweep()
    assert cog.works == {} and await past(room) == []
    assert asked.response is not None
    assert "Nothing is being read any more" in words_of(await room.ann.click(asked.response, label="Yes, read it"))


async def test_it_is_listed_removed_exported_and_forgotten(room: Room) -> None:
    first = await bring(room, ("outbox.json", outbox()))
    await bring(room, ("tweets.js", tweets()))
    shown = await room.ann.slash(room.drafts, "import")
    told = words_of(shown)
    assert "Mastodon: 5 posts, from January 2023 to March 2023" in told and "X: " in told
    menu = items(shown.response)[1]
    [value] = [option["value"] for option in menu["options"] if option["label"].startswith("X")]
    assert shown.response is not None
    assert "Removed: X" in words_of(await room.ann.select(shown.response, [value]))
    assert [row["source"] for row in await past(room)] == ["Mastodon"]
    shown = await room.ann.slash(room.drafts, "import")
    assert shown.response is not None and first.response is not None
    [value] = [option["value"] for option in items(shown.response)[1]["options"]]
    assert "Removed: Mastodon" in words_of(await room.ann.select(shown.response, [value]))
    assert "gone already" in words_of(await room.ann.click(first.response, label="Remove it"))
    assert await past(room) == [] and await counts(room) == dict.fromkeys(await counts(room), 0)
    balance = await room.ann.slash(room.drafts, "balance")
    assert balance.response is not None and len(balance.response.embeds) == 1

    await bring(room, ("outbox.json", outbox()))
    await erase(room, room.ann)
    assert await stored_about(room, room.ann) == {}


async def test_it_counts_for_the_account_that_was_chosen(room: Room) -> None:
    shop = await room.owner.slash(room.drafts, "account add")
    values = {"name": "Shop", "channels": [room.drafts], "goal": "30", "whose": "own"}
    await room.owner.submit_modal(shop, values)
    done = await bring(room, ("outbox.json", outbox()), account=["1"])
    assert "Before, for Shop" in words_of(done) and "(15% to 45%)" in words_of(done)
    other = room.guild.create_text_channel("elsewhere")
    for channel, more in ((room.drafts, {}), (other, {"account": "Shop"})):
        assert "Before, for Shop" in words_of(await room.ann.slash(channel, "balance", **more))
    # The same file for something else is a question: it may have gone to the wrong account.
    asked = await bring(room, ("outbox.json", outbox()), account=["0"])
    assert "is it new?" in words_of(asked)
    assert asked.response is not None
    await room.ann.select(asked.response, [items(asked.response)[1]["options"][1]["value"]])
    assert [row["account_id"] for row in await past(room)] == [0]
    assert len((await room.ann.slash(room.drafts, "balance")).response.embeds) == 1  # type: ignore[union-attr]

    await bring(room, ("tweets.js", tweets()), account=["1"])
    gone = await room.owner.slash(room.drafts, "account remove", account="Shop")
    assert gone.response is not None
    await room.owner.select(gone.response, ["0"])
    assert [row["account_id"] for row in await past(room)] == [0, 0]


async def test_what_can_not_be_read_is_said_and_nothing_is_kept(room: Room) -> None:
    for name, data, told in (
        ("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(99), "is not an export that I know"),
        ("outbox.json", outbox()[:-900], "download it again"),
        ("outbox.json", outbox(POSTS[6:]), "nothing to count"),
        ("a.zip", zipped({"note.txt": b"hello"}), "I find no posts in"),
    ):
        assert told in words_of(await bring(room, (name, data)))
    assert await past(room) == [] and works(room) == []


async def test_a_file_that_discord_has_deleted_is_asked_for_again(room: Room) -> None:
    shown = await room.ann.slash(room.drafts, "import")
    fetched = room.bot.pieces

    async def deleted(bot: discord.Client, upload: discord.Attachment) -> AsyncGenerator[bytes]:
        cast(Any, room.env.backend.cdn)._blobs.clear()
        async for piece in fetched(bot, upload):
            yield piece

    room.bot.pieces = deleted
    result = await room.ann.submit_modal(shown, {"files": [("outbox.json", outbox())]})
    assert "no longer has that file" in words_of(result) and await past(room) == []


async def test_whoever_has_paused_the_bot_is_not_read(room: Room) -> None:
    await room.ann.slash(room.drafts, "privacy pause")
    assert "You have paused me" in words_of(await room.ann.slash(room.drafts, "import"))


def works(room: Room) -> list[Work]:
    """The imports that are on their way."""
    return list(cast(ImportsCog, room.bot.get_cog("ImportsCog")).works.values())


@pytest.mark.parametrize(
    ("happens", "told"),
    [
        ("pause", "as you have paused me or had everything erased"),
        ("erase", "as you have paused me or had everything erased"),
        ("leave", "no longer in that server"),
        ("stop", "Stopped. Nothing was kept."),
        ("end", "I was switched off in the middle"),
    ],
)
async def test_nothing_is_kept_of_what_is_cut_short(room: Room, happens: str, told: str) -> None:
    cog, coach = cast(Any, room.bot.get_cog("ImportsCog")), room.bot.coach
    read, guild_id, member_id = coach.imports.read, room.guild.id, room.ann.id
    acts: set[asyncio.Task[None]] = set()

    async def interrupted(*of: Any) -> Any:
        found, [work] = await read(*of), works(room)
        match happens:
            case "pause":
                await coach.choices.pause(guild_id, member_id)
            case "erase":
                await coach.choices.forget(guild_id, member_id, work.import_id + 1)
            case "leave":
                await coach.expiry.note_left(guild_id)
            case _:
                end = cog.stop(work.interaction, work.import_id) if happens == "stop" else cog.cog_unload()
                acts.add(asyncio.create_task(end))
                await asyncio.Event().wait()
        return found

    cast(Any, coach.imports).read = interrupted
    assert told in words_of(await bring(room, ("outbox.json", outbox())))
    assert works(room) == [] and await past(room) == []


async def test_one_past_of_a_member_is_read_at_a_time(room: Room) -> None:
    cog, imports = cast(ImportsCog, room.bot.get_cog("ImportsCog")), cast(Any, room.bot.coach.imports)
    read, refused = imports.read, list[str]()

    async def asked_again(*of: Any) -> Any:
        [work] = works(room)
        with pytest.raises(Refused) as told:
            await cog.open_form(work.interaction)
        refused.append(str(told.value))
        return await read(*of)

    imports.read = asked_again
    await bring(room, ("outbox.json", outbox()))
    assert len(refused) == 1 and "still reading what you brought before" in refused[0]
    assert len(await past(room)) == 1


@pytest.mark.parametrize("closed", [False, True])
async def test_what_takes_longer_than_discord_waits_is_told_by_direct_message(room: Room, closed: bool) -> None:
    shown = await room.ann.slash(room.drafts, "import")
    if closed:
        room.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    slow = room.bot.pieces

    async def slowly(bot: discord.Client, upload: discord.Attachment) -> AsyncGenerator[bytes]:
        room.env.backend.clock.advance(timedelta(minutes=14.5).total_seconds())
        async for piece in slow(bot, upload):
            yield piece

    room.bot.pieces = slowly
    await room.ann.submit_modal(shown, {"files": [("outbox.json", outbox())]})
    told = room.said(room.ann.user.dm_channel)
    assert len(told) == (0 if closed else 1)
    assert all("January 2023" in words_of(message) for message in told)
    assert len(await past(room)) == 1


async def test_what_stands_below_is_for_whose_past_it_is_alone(room: Room) -> None:
    done = await bring(room, ("outbox.json", outbox()))
    shown = await room.ann.slash(room.drafts, "import")
    before = await rows_of(room)
    for actor in (room.ben, room.owner):
        who = Who(actor, room.guild, room.drafts)
        for result in (done, shown):
            for item in items(result.response):
                values = [option["value"] for option in item.get("options", [])][:1] or None
                told = await press(room, who, result.response, item, values)
                assert told.words == "That is for somebody else." and told.hidden
    assert await rows_of(room) == before
