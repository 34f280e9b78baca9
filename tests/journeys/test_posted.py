"""Journeys of posted drafts: marked by sign or menu, counted alone if so chosen, and the reminder to answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import discord
import pytest

from coach import wording_posted
from coach.accounts import Form
from coach.settings import Settings
from coach.store import Place, StoredDraft
from tests.support.drafts import ASKS, TELLS
from tests.support.journeys import journey_settings, stored_about
from tests.support.room import Room, words_of

SAID = wording_posted.COME_BACK


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """The defaults, but for what a test asks for."""
    changed: dict[str, str] = getattr(request, "param", {})
    return journey_settings(tmp_path, **changed)


async def react(room: Room, member: Any, message: discord.Message, added: bool = True) -> None:
    room.env.backend.set_reaction(message.channel.id, message.id, "✅", member.id, added)
    await room.env.settle()


async def is_posted(room: Room, message: discord.Message) -> bool:
    draft = await room.bot.coach.store.drafts.get(room.guild.id, message.id)
    return draft is not None and draft.out_at is not None


async def later(room: Room, **by: float) -> None:
    """Skip some time and let the bot look for reminders once."""
    tick = cast(Any, room.bot.get_cog("PostedCog")).tick
    tick.cancel()
    await room.turn_clock(**by)
    await tick()
    await room.env.settle()


def reminders(room: Room, channel: Any = None) -> list[discord.Message]:
    return [message for message in room.said(channel) if SAID in message.content]


async def posted_content(room: Room) -> discord.Message:
    """A draft of ann's, who wants to be reminded, marked as posted."""
    await room.ann.slash(room.drafts, "nudges comeback", choice="on")
    message = await room.ann.send(room.drafts, TELLS)
    await react(room, room.ann, message)
    assert await is_posted(room, message)
    return message


async def test_the_authors_sign_marks_a_draft_and_taking_it_off_takes_that_back(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    for member in (room.ben, room.owner):
        await react(room, member, message)
        assert not await is_posted(room, message)
    await react(room, room.ann, message)
    assert await is_posted(room, message)
    await room.ann.edit(message, f"{TELLS} See you there.")
    await react(room, room.ben, message, added=False)
    assert await is_posted(room, message) and await room.counts() == (1, 0)
    await react(room, room.ann, message, added=False)
    assert not await is_posted(room, message) and await room.counts() == (1, 0)


async def test_the_menu_marks_a_draft_and_used_again_takes_that_back(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    assert "Marked as posted" in words_of(await room.ann.context_menu(room.drafts, wording_posted.MENU, message))
    assert await is_posted(room, message)
    assert "✅ posted" in words_of(await room.ann.slash(room.drafts, "history"))
    assert "no longer" in words_of(await room.ann.context_menu(room.drafts, wording_posted.MENU, message))
    assert not await is_posted(room, message)
    refused = await room.ben.context_menu(room.drafts, wording_posted.MENU, message)
    assert "Only its author" in words_of(refused)
    await room.owner.context_menu(room.drafts, wording_posted.MENU, message)
    assert await is_posted(room, message)
    await room.ann.delete(message)
    assert await room.counts() == (0, 0)


@pytest.mark.parametrize("settings", [{"REACTIONS_BY_AUTHOR": "false"}], indirect=True)
async def test_without_reactions_the_menu_alone_marks(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    await react(room, room.ann, message)
    assert not await is_posted(room, message)
    said = words_of(await room.ann.context_menu(room.drafts, wording_posted.MENU, message))
    assert await is_posted(room, message) and "✅" not in said


@pytest.mark.parametrize("settings", [{"THOUGHTS_WINDOW_HOURS": "24"}], indirect=True)
async def test_a_balance_may_count_only_what_was_posted(room: Room) -> None:
    told = [await room.ann.send(room.drafts, f"{TELLS} Number {number}.") for number in "ab"]
    await room.ann.send(room.drafts, ASKS)
    assert await room.counts() == (1, 1)
    chosen = await room.owner.slash(room.drafts, "setup counts", what="posted")
    assert "counts only what is posted" in words_of(chosen)
    assert await room.counts() == (0, 0)
    said = words_of(await room.ann.slash(room.drafts, "balance"))
    assert "No drafts" in said and "Only drafts that are marked as posted count" in said
    for command in ("summary week", "summary now"):
        said = words_of(await room.ann.slash(room.drafts, command))
        assert "Nothing that counts" in said and "Only drafts that are marked as posted count" in said
    assert "Only drafts that are marked as posted count" in words_of(await room.ann.slash(room.drafts, "why"))
    assert "Posted: none of two drafts." in words_of(await room.ann.slash(room.drafts, "history"))
    await react(room, room.ann, told[0])
    # Both say the same, so one of them stands for both.
    assert await room.counts() == (1, 0)
    await react(room, room.ann, told[1])
    await react(room, room.ann, told[0], added=False)
    assert await room.counts() == (1, 0)
    assert "Posted: one of two drafts." in words_of(await room.ann.slash(room.drafts, "history"))
    assert "Posted: one of two drafts." in words_of(await room.ann.slash(room.drafts, "summary week"))
    summary = words_of(await room.ann.slash(room.drafts, "summary now"))
    assert "1 content" in summary and "0 conversation" in summary
    await room.owner.slash(room.drafts, "setup counts", what="drafted")
    assert await room.counts() == (1, 1)


async def test_the_week_of_a_shared_balance_says_what_its_reader_posted(room: Room) -> None:
    form = Form("Shop", "", True, frozenset({Place(room.drafts.id)}))
    await room.bot.coach.accounts.save(room.guild.id, None, form)
    await react(room, room.ann, await room.ann.send(room.drafts, TELLS))
    await room.ben.send(room.drafts, ASKS)
    week = words_of(await room.ann.slash(room.drafts, "summary week", account="Shop"))
    assert "1 content, 1 conversation" in week and "You posted one of one draft." in week
    assert "posted" not in words_of(await room.ben.slash(room.drafts, "summary week", account="Shop"))


@pytest.mark.parametrize("settings", [{"BALANCE_COUNTS": "posted"}], indirect=True)
async def test_the_operator_may_choose_what_counts_where_a_server_has_not(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    assert await room.counts() == (0, 0)
    await react(room, room.ann, message)
    assert await room.counts() == (1, 0)
    assert "marked as posted" in words_of(await room.owner.slash(room.drafts, "setup list"))


async def test_whoever_posted_is_reminded_once_to_come_back_and_answer(room: Room) -> None:
    message = await posted_content(room)
    await later(room, hours=3.9)
    assert reminders(room) == []
    await later(room, hours=0.2)
    [reminder] = reminders(room)
    assert reminder.reference is not None and reminder.reference.message_id == message.id
    await room.restart()
    await later(room, hours=1)
    # Nor is there another one if it is marked once more.
    await react(room, room.ann, message, added=False)
    assert reminders(room) == []
    await react(room, room.ann, message)
    await later(room, hours=5)
    assert reminders(room) == []


async def test_nobody_who_did_not_ask_for_it_is_reminded(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    await react(room, room.ann, message)
    await later(room, hours=5)
    assert reminders(room) == []
    await room.ann.slash(room.drafts, "nudges comeback", choice="on")
    talk = await room.ann.send(room.drafts, ASKS)
    await react(room, room.ann, talk)
    await later(room, hours=1)
    await later(room, hours=4)
    assert reminders(room) == []


@pytest.mark.parametrize("by", ["deleted", "unposted", "paused", "switched off", "nudges off", "forgotten"])
async def test_a_reminder_is_dropped_when_its_reason_is_gone(room: Room, by: str) -> None:
    message = await posted_content(room)
    match by:
        case "deleted":
            await room.ann.delete(message)
        case "unposted":
            await react(room, room.ann, message, added=False)
        case "paused":
            await room.ann.slash(room.drafts, "privacy pause")
        case "switched off":
            await room.ann.slash(room.drafts, "nudges comeback", choice="off")
        case "nudges off":
            await room.ann.slash(room.drafts, "nudges off")
        case _:
            await room.bot.coach.choices.forget(room.guild.id, room.ann.id, 0)
    await later(room, hours=5)
    assert reminders(room) == []
    assert "comebacks" not in await stored_about(room, room.ann)


@pytest.mark.parametrize("by", ["deleted", "unposted"])
async def test_a_reminder_that_was_shown_goes_with_the_draft_or_its_mark(room: Room, by: str) -> None:
    message = await posted_content(room)
    await later(room, hours=5)
    assert len(reminders(room)) == 1
    if by == "deleted":
        await room.ann.delete(message)
    else:
        await react(room, room.ann, message, added=False)
    await room.env.settle()
    assert reminders(room) == []


async def test_quiet_hours_and_a_snooze_put_a_reminder_off_for_a_day_at_most(room: Room) -> None:
    await room.ann.slash(room.drafts, "nudges quiet", start="12:00", end="15:00")
    await posted_content(room)
    await later(room, hours=4.5)
    assert reminders(room) == []
    await later(room, hours=2)
    assert len(reminders(room)) == 1
    message = await room.ann.send(room.drafts, "Our spring catalogue is out, with forty new roses.")
    await react(room, room.ann, message)
    await room.ann.slash(room.drafts, "nudges snooze", hours=48)
    await later(room, hours=5)
    await later(room, hours=44)
    assert len(reminders(room)) == 1


@pytest.mark.parametrize("settings", [{"NUDGES_DAILY_CAP": "1"}], indirect=True)
async def test_a_reminder_counts_towards_the_days_cap_of_nudges(room: Room) -> None:
    await posted_content(room)
    other = await room.ann.send(room.drafts, "Our spring catalogue is out, with forty new roses.")
    await react(room, room.ann, other)
    await later(room, hours=5)
    await later(room, hours=1)
    assert len(reminders(room)) == 1
    # The next day has room for it, once the quiet hours are over.
    await later(room, hours=17)
    assert len(reminders(room)) == 2


@pytest.mark.parametrize("settings", [{"THOUGHTS_WINDOW_HOURS": "24"}], indirect=True)
async def test_variants_of_one_thought_bring_one_reminder(room: Room) -> None:
    first = await posted_content(room)
    again = await room.ann.send(room.drafts, f"LinkedIn: {TELLS}")
    await react(room, room.ann, again)
    await later(room, hours=5)
    await later(room, minutes=1)
    assert len(reminders(room)) == 1
    # The others wait for nothing, and Discord is not asked for them again and again.
    assert len((await stored_about(room, room.ann))["comebacks"]) == 1
    one_more = await room.ann.send(room.drafts, f"Bluesky: {TELLS}")
    await react(room, room.ann, one_more)
    await later(room, hours=5)
    assert len((await stored_about(room, room.ann))["comebacks"]) == 1
    await room.ann.delete(first)
    await later(room, hours=5)
    assert reminders(room) == []


async def test_a_reminder_goes_where_nudges_go(room: Room) -> None:
    await room.ann.slash(room.drafts, "nudges where", place="dm")
    message = await posted_content(room)
    await later(room, hours=5)
    assert reminders(room) == []
    sent = [one for one in room.said(room.ann.user.dm_channel) if SAID in one.content]
    assert len(sent) == 1 and message.jump_url in sent[0].content


async def claimed_and_killed(room: Room) -> StoredDraft:
    """The process ends between the claim of a reminder and its request."""
    room.env.backend.clock.advance(5 * 3600)
    [(comeback, _)] = await room.bot.coach.posted.due()
    assert await room.bot.coach.posted.claim(comeback.draft, room.drafts.id)
    await room.restart()
    return comeback.draft


async def test_a_reminder_that_was_claimed_and_never_sent_comes_once(room: Room) -> None:
    await posted_content(room)
    await claimed_and_killed(room)
    await later(room)
    # The other process may still be sending it.
    assert reminders(room) == []
    for _ in range(3):
        await later(room, minutes=1.1)
        assert len(reminders(room)) == 1


@pytest.mark.parametrize("place", ["reply", "dm"])
async def test_a_reminder_whose_answer_is_lost_is_found_and_goes_with_its_mark(room: Room, place: str) -> None:
    if place == "dm":
        await room.ann.slash(room.drafts, "nudges where", place="dm")
    message = await posted_content(room)
    await later(room, hours=5)
    where = room.ann.user.dm_channel if place == "dm" else room.drafts
    assert len(reminders(room, where)) == 1
    # Killed before the answer: the database knows of no message.
    await room.bot.coach.store.database.write(
        lambda raw: raw.execute("UPDATE replies SET channel_id = NULL, reply_id = NULL").rowcount
    )
    await room.restart()
    await later(room, minutes=2)
    await later(room, minutes=2)
    assert len(reminders(room, where)) == 1
    await room.ann.context_menu(room.drafts, "Posted or not", message)
    assert reminders(room, where) == []


async def test_a_reminder_that_cannot_be_looked_for_is_not_sent_again(room: Room) -> None:
    await posted_content(room)
    draft = await claimed_and_killed(room)
    room.env.inject_error("GET", "/channels/*/messages", status=403, code=50001)
    await later(room, minutes=2)
    await later(room, minutes=2)
    assert reminders(room) == [] and await room.bot.coach.posted.unanswered() == []
    assert await room.bot.coach.store.replies.find(draft.message_id) is None


async def test_a_reminder_is_tried_again_once_discord_answers(room: Room) -> None:
    await posted_content(room)
    room.env.inject_error("POST", "/channels/*/messages", status=500, times=None)
    await later(room, hours=5)
    assert reminders(room) == []
    room.env.backend.faults.clear()
    await later(room, minutes=1)
    assert len(reminders(room)) == 1


async def test_a_reminder_that_cannot_be_sent_is_not_tried_again(room: Room) -> None:
    await posted_content(room)
    room.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
    await later(room, hours=5)
    await later(room, minutes=1)
    assert reminders(room) == []
