"""Catching up without Discord's library: what is read, and from which message on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from coach.intake.catch_up import CatchUpResult
from tests.support.catching_up import DAY, HOUR, NOW, Bot, ids
from tests.support.memory import SERVER


async def test_the_newest_message_shows_that_an_empty_page_is_wrong(bot: Bot) -> None:
    missed = bot.memory.post(bot.drafts, ago=2 * DAY)
    bot.memory.now += 3 * DAY
    missed = bot.memory.post(bot.drafts)
    bot.memory.empty = {bot.drafts.place.channel_id}
    assert (await bot.restart()).again
    bot.memory.empty = set()
    await bot.catch_up(*bot.memory.rooms)
    assert await bot.record() >= ids(missed)


async def test_without_the_permission_to_read_history_nothing_is_asked_and_nothing_is_lost(bot: Bot) -> None:
    drafted = [await bot.hears(bot.drafts) for _ in range(10)]
    bot.memory.set(bot.drafts, readable=False)
    missed = bot.memory.post(bot.drafts)
    bot.memory.asked.clear()
    outcome = await bot.restart()
    assert outcome.unreadable == {bot.drafts.place.channel_id}
    assert bot.memory.asked == []
    live = await bot.hears(bot.drafts)
    bot.memory.set(bot.drafts, readable=True)
    await bot.catch_up(bot.drafts.place.channel_id)
    assert await bot.record() == ids(*drafted, missed, live)


async def test_a_message_that_was_not_found_and_is_shown_again_counts(bot: Bot) -> None:
    message = bot.memory.post(bot.drafts)
    del bot.drafts.messages[message.message_id]
    with bot.coach.progress.in_progress(SERVER, message.channel_id, message.message_id):
        await bot.catch_up()
        await bot.coach.intake.consider(message)
    bot.drafts.messages[message.message_id] = message
    await bot.catch_up()
    assert await bot.record() == ids(message)


async def test_a_newly_watched_channel_is_read_from_its_newest_message(bot: Bot) -> None:
    ideas = bot.memory.open(watched=False)
    old = [bot.memory.post(ideas) for _ in range(40)]
    thread = bot.memory.open(ideas, watched=False)
    await bot.catch_up()
    bot.memory.set(ideas, watched=True)
    bot.memory.set(thread, watched=True)
    await bot.restart()
    assert await bot.record() == set()
    new = bot.memory.post(ideas)
    in_thread = bot.memory.post(thread)
    await bot.restart()
    assert await bot.record() == ids(new, in_thread)
    # Renamed and renamed back: what was said under the other name is not a draft.
    bot.memory.set(ideas, watched=False)
    await bot.restart()
    bot.memory.post(ideas)
    bot.memory.set(ideas, watched=True)
    await bot.restart()
    assert await bot.record() == ids(new, in_thread)
    assert old


async def test_nothing_is_read_from_before_the_bot_came_to_the_server(bot: Bot) -> None:
    first = await bot.hears(bot.drafts)
    bot.memory.now += HOUR
    bot.memory.post(bot.drafts)
    bot.memory.now += HOUR
    bot.memory.joined_at = bot.memory.now
    bot.memory.now += HOUR
    after = bot.memory.post(bot.drafts)
    await bot.restart()
    assert await bot.record() == ids(first, after)


async def test_a_message_of_the_last_day_that_was_never_delivered_is_found(bot: Bot) -> None:
    lost = bot.memory.post(bot.drafts)
    heard = await bot.hears(bot.drafts)
    assert await bot.cursor(bot.drafts) == heard.message_id
    await bot.restart()
    assert await bot.record() == ids(lost, heard)


async def test_a_message_that_an_unseen_edit_made_a_draft_is_found_in_a_channel_without_drafts(bot: Bot) -> None:
    talk = await bot.hears(bot.drafts, "// what do you think?")
    await bot.restart()
    bot.memory.edit(bot.drafts, talk, "An offer.")
    await bot.restart()
    assert await bot.record() == ids(talk)


async def test_a_newer_edit_that_a_page_shows_wins_over_one_that_is_being_recorded(bot: Bot) -> None:
    talk = bot.memory.post(bot.drafts, "// what do you think?")
    older = replace(talk, text="An offer.", edited_at=NOW + timedelta(seconds=1))
    bot.memory.now += HOUR
    bot.memory.edit(bot.drafts, talk, "// no, wait")
    await asyncio.gather(bot.coach.intake.edited(older), bot.catch_up())
    assert await bot.record() == set()


async def test_a_sign_that_a_page_shows_on_a_new_draft_is_not_relied_on(bot: Bot) -> None:
    # It may be the sign of an earlier text, which is being taken off after an edit.
    missed = bot.memory.post(bot.drafts)
    bot.memory.signs = {missed.message_id: frozenset("📣")}
    await bot.restart()
    assert await bot.record() == ids(missed)
    assert bot.memory.mended == [missed.message_id]


async def test_a_sign_on_a_message_that_is_not_on_record_is_removed(bot: Bot) -> None:
    # The bot was killed after it had recorded an edit, before it had removed the sign.
    talk, draft = await bot.hears(bot.drafts, "// what do you think?"), await bot.hears(bot.drafts)
    bot.memory.signs = {talk.message_id: frozenset("📣"), draft.message_id: frozenset("📣")}
    await bot.restart()
    assert bot.memory.mended == [talk.message_id]


@pytest.mark.parametrize("how", ["fails", "is refused"])
async def test_archived_threads_that_cannot_be_listed_hold_up_no_other_channel(bot: Bot, how: str) -> None:
    other = bot.memory.open()
    await bot.catch_up()
    thread = bot.memory.open(bot.drafts)
    thread.archived_at = NOW + HOUR
    missed = [bot.memory.post(room) for room in (bot.drafts, other)]
    within = bot.memory.post(thread)
    if how == "fails":
        bot.memory.fails = {("archived", bot.drafts.place.channel_id)}
    else:
        bot.memory.forbidden = {bot.drafts.place.channel_id}
    assert (await bot.restart()).again == {bot.drafts.place.channel_id}
    assert await bot.record() == ids(*missed)
    # A later draft in the channel does not make the bot forget the thread.
    live = await bot.hears(bot.drafts)
    bot.memory.fails.clear()
    bot.memory.forbidden.clear()
    await bot.restart()
    assert await bot.record() == ids(*missed, within, live)


async def test_an_archived_thread_that_cannot_be_read_is_kept_and_read_after_a_restart(bot: Bot) -> None:
    thread = bot.memory.open(bot.drafts)
    thread.archived_at = NOW + HOUR
    within = bot.memory.post(thread)
    bot.memory.fails = {("page", thread.place.channel_id)}
    assert (await bot.restart()).again == {thread.place.channel_id}
    bot.memory.now += 3 * DAY
    later = await bot.hears(bot.drafts)
    bot.memory.fails.clear()
    assert await bot.restart() == CatchUpResult()
    assert await bot.record() == ids(within, later)


async def test_a_message_that_cannot_be_read_holds_up_no_other_and_is_tried_again(bot: Bot) -> None:
    before, bad, after = (bot.memory.post(bot.drafts) for _ in range(3))
    bot.memory.unreadable = ids(bad)
    await bot.restart()
    assert await bot.record() == ids(before, after)
    assert bot.coach.progress.channels_with_failures() == {bot.drafts.place.channel_id}
    assert (await bot.cursor(bot.drafts) or 0) < bad.message_id
    bot.memory.unreadable = set()
    await bot.catch_up(bot.drafts.place.channel_id)
    assert await bot.record() == ids(before, bad, after)
    assert not bot.coach.progress.channels_with_failures()


async def test_looking_at_one_channel_asks_for_no_other(bot: Bot) -> None:
    other = bot.memory.open()
    bot.memory.post(other)
    bot.memory.asked.clear()
    await bot.catch_up(bot.drafts.place.channel_id)
    assert {channel_id for _, channel_id in bot.memory.asked} == {bot.drafts.place.channel_id}


async def test_the_latest_edit_wins_whichever_is_known_first(bot: Bot) -> None:
    message = await bot.hears(bot.drafts)
    older = replace(message, text="A file, slow to come?", edited_at=NOW + timedelta(seconds=1))
    newer = replace(message, text="The last word.", edited_at=NOW + timedelta(seconds=2))
    bot.coach.progress.note_edit(older.message_id, older.edited_at)
    await bot.coach.intake.edited(newer)
    assert await bot.coach.intake.edited(older) is None
    stored = await bot.store.drafts.get(SERVER, message.message_id)
    assert stored is not None and stored.length == len(newer.text)


async def test_questions_answered_before_one_fails_are_not_asked_again(bot: Bot) -> None:
    drafted = [await bot.hears(bot.drafts) for _ in range(9)]
    bot.drafts.messages.clear()
    bot.memory.fails = {("is_gone", drafted[6].message_id)}
    assert (await bot.restart()).again == {bot.drafts.place.channel_id}
    assert await bot.record() == ids(*drafted[6:])
    bot.memory.fails.clear()
    bot.memory.asked.clear()
    await bot.catch_up()
    assert await bot.record() == set()
    assert bot.memory.asked.count(("is_gone", bot.drafts.place.channel_id)) == 3


async def test_old_posts_of_a_forum_are_not_listed_each_time(bot: Bot) -> None:
    forum = bot.memory.open(has_messages=False)
    await bot.restart()
    posts = [bot.memory.open(forum) for _ in range(4)]
    for post in posts:
        await bot.hears(post)
    await bot.restart()
    for post in posts[:3]:
        post.archived_at = bot.memory.now
    bot.memory.now += DAY * 2
    missed = bot.memory.post(posts[3])
    posts[3].archived_at = bot.memory.now
    await bot.restart()
    assert missed.message_id in await bot.record()
    assert bot.memory.listed == [post.place.channel_id for post in posts]
    bot.memory.listed.clear()
    bot.memory.now += DAY * 2
    await bot.restart()
    assert bot.memory.listed == [posts[3].place.channel_id]
