"""Catching up without Discord's library: only what is gone leaves the record, and it can be put back."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from coach.intake.catch_up import CatchUpResult
from coach.intake.gaps import would_remove
from coach.intake.intake import MANY
from coach.labels import Label
from coach.store import ByHand
from tests.support.catching_up import HOUR, NOW, Bot, ids
from tests.support.memory import SERVER


async def test_what_was_missed_is_read_and_what_was_deleted_is_asked_for_and_goes(bot: Bot) -> None:
    kept, gone = await bot.hears(bot.drafts), await bot.hears(bot.drafts)
    del bot.drafts.messages[gone.message_id]
    missed = [bot.memory.post(bot.drafts) for _ in range(12)]
    assert await bot.restart() == CatchUpResult()
    assert await bot.record() == ids(kept, *missed)
    assert bot.memory.asked.count(("is_gone", bot.drafts.place.channel_id)) == 1
    assert await bot.cursor(bot.drafts) == missed[-1].message_id


@pytest.mark.parametrize("how", ["empty", "left out"])
async def test_a_page_that_leaves_messages_out_removes_nothing_and_is_read_again(bot: Bot, how: str) -> None:
    drafted = [await bot.hears(bot.drafts) for _ in range(4)]
    missed = bot.memory.post(bot.drafts)
    if how == "empty":
        bot.memory.empty = {bot.drafts.place.channel_id}
    else:
        bot.memory.left_out = {drafted[1].message_id}
    outcome = await bot.restart()
    assert outcome.again == {bot.drafts.place.channel_id}
    assert await bot.record() >= ids(*drafted)
    # A draft that arrives in the meantime moves no cursor past what has not been seen.
    live = await bot.hears(bot.drafts)
    assert (await bot.cursor(bot.drafts) or 0) < missed.message_id
    bot.memory.empty, bot.memory.left_out = set(), set()
    assert await bot.catch_up(bot.drafts.place.channel_id) == CatchUpResult()
    assert await bot.record() == ids(*drafted, missed, live)


@pytest.mark.parametrize("restart", [False, True])
async def test_a_hidden_channel_goes_on_from_its_cursor_when_it_is_seen_again(bot: Bot, restart: bool) -> None:
    first = await bot.hears(bot.drafts)
    # Discord doesn't give its name, so whether it is watched is unknown.
    bot.memory.set(bot.drafts, visible=False, readable=False, watched=False)
    bot.coach.progress.hold_channels(SERVER, [bot.drafts.place.channel_id])
    missed = bot.memory.post(bot.drafts)
    if restart:
        assert (await bot.restart()).unreadable == {bot.drafts.place.channel_id}
    bot.memory.set(bot.drafts, visible=True, readable=True, watched=True)
    live = await bot.hears(bot.drafts)
    await bot.catch_up(bot.drafts.place.channel_id)
    assert await bot.record() == ids(first, missed, live)


async def test_a_channel_that_the_session_does_not_show_is_gone_only_if_discord_says_so(bot: Bot) -> None:
    kept, lost = bot.memory.open(), bot.memory.open()
    await bot.catch_up()
    drafts = [await bot.hears(room) for room in (bot.drafts, kept, lost)]
    kept.in_cache = lost.in_cache = False
    bot.memory.fails = {("place", lost.place.channel_id)}
    assert (await bot.restart()).again == {lost.place.channel_id}
    assert await bot.record() == ids(*drafts)
    bot.memory.fails.clear()
    del bot.memory.rooms[lost.place.channel_id]
    await bot.restart()
    assert await bot.record() == ids(*drafts[:2])


async def test_a_deleted_thread_takes_its_messages_in_progress_with_it(bot: Bot) -> None:
    thread = bot.memory.open(bot.drafts)
    message = bot.memory.post(thread)
    # No event says that it was deleted.
    del bot.memory.rooms[thread.place.channel_id]
    with bot.coach.progress.in_progress(SERVER, message.channel_id, message.message_id):
        await bot.catch_up()
        await bot.coach.intake.consider(message)
    assert await bot.record() == set()


@pytest.mark.parametrize("what", ["the message", "its edit"])
async def test_a_message_deleted_without_an_event_while_in_progress_does_not_stay_on_record(
    bot: Bot, what: str
) -> None:
    message = bot.memory.post(bot.drafts, "An offer." if what == "the message" else "// what do you think?")
    edited = replace(message, text="An offer.", edited_at=bot.memory.now)
    del bot.drafts.messages[message.message_id]
    progress = bot.coach.progress
    if what == "the message":
        with progress.in_progress(SERVER, message.channel_id, message.message_id):
            await bot.catch_up()
            await bot.coach.intake.consider(message)
    else:
        with progress.editing(SERVER, message.channel_id, message.message_id):
            await bot.catch_up()
            await bot.coach.intake.edited(edited)
    assert await bot.record() == set()


async def test_a_channel_that_comes_back_is_recorded_again(bot: Bot) -> None:
    await bot.hears(bot.drafts)
    await bot.coach.intake.channel_removed(SERVER, bot.drafts.place.channel_id)
    assert await bot.record() == set()
    await bot.catch_up()
    message = await bot.hears(bot.drafts)
    assert await bot.record() == ids(message)


async def test_a_thread_outlives_the_message_that_it_was_started_from(bot: Bot) -> None:
    starter = await bot.hears(bot.drafts)
    thread = bot.memory.open(bot.drafts)
    thread.place = replace(thread.place, channel_id=starter.message_id)
    await bot.coach.intake.removed(SERVER, [starter.message_id])
    message = await bot.hears(thread)
    assert await bot.record() == ids(message)


async def test_a_watched_channel_without_drafts_goes_on_from_where_it_was_first_seen(bot: Bot) -> None:
    missed = bot.memory.post(bot.drafts)
    await bot.restart()
    assert await bot.record() == ids(missed)


async def test_an_edit_that_a_page_shows_of_a_message_in_progress_is_followed(bot: Bot) -> None:
    first = bot.memory.post(bot.drafts)
    bot.memory.now += HOUR
    bot.memory.edit(bot.drafts, first, "// what do you think?")
    with bot.coach.progress.in_progress(SERVER, first.channel_id, first.message_id):
        await bot.catch_up()
        assert await bot.coach.intake.consider(first) is None
    assert await bot.record() == set()


@pytest.mark.parametrize("count", [MANY, MANY + 1])
async def test_many_that_go_at_once_are_copied_for_a_day_and_can_be_put_back(
    bot: Bot, caplog: pytest.LogCaptureFixture, count: int
) -> None:
    drafted = [await bot.hears(bot.drafts, "Why?" if n % 2 else "An offer.") for n in range(600)]
    await bot.store.corrections.correct(SERVER, drafted[0].message_id, lambda _: Label.CONVERSATION, NOW)
    for message in drafted[:count]:
        del bot.drafts.messages[message.message_id]
    caplog.set_level(logging.INFO)
    assert await would_remove(bot.store, NOW, bot.memory) == (ids(*drafted[:count]), set())
    await bot.restart()
    assert await bot.record() == ids(*drafted[count:])
    assert f"{count} drafts off the record: gone in Discord (404)" in caplog.text
    assert (f"{count} of its 600 drafts" in caplog.text) == (count > MANY)
    assert await bot.store.removals.put_back() == (count if count > MANY else 0)
    if count > MANY:
        assert await bot.record() == ids(*drafted)
        stored = await bot.store.drafts.get(SERVER, drafted[0].message_id)
        assert stored is not None and (stored.label, stored.labelled_by) == (Label.CONVERSATION, "member")
    assert await bot.store.removals.put_back() == 0


async def test_a_copy_goes_with_its_author_and_after_a_day(bot: Bot) -> None:
    for author in (7, 8):
        await bot.hears(bot.drafts, author=author)
    bot.drafts.messages.clear()
    bot.memory.now += HOUR
    await bot.restart()
    assert await bot.record() == set()
    await bot.store.members.forget(SERVER, 7, b"who", 0)
    assert len((await bot.store.members.export(SERVER, 8))["removed_drafts"]) == 1
    assert await bot.store.removals.erase_copies(NOW) == 0
    assert await bot.store.removals.erase_copies(NOW + 2 * HOUR) == 1


async def test_a_reply_to_a_draft_of_ones_own_stays_a_draft_when_that_one_is_gone(bot: Bot) -> None:
    reply = await bot.hears(bot.drafts)
    edited = bot.memory.edit(bot.drafts, replace(reply, replies_to=0), "An offer, mended?")
    advice = await bot.coach.intake.edited(edited)
    assert advice is not None and advice.label is Label.CONVERSATION
    assert await bot.record() == ids(reply)


async def test_what_was_called_gone_and_is_shown_again_counts_again_with_what_was_set_by_hand(bot: Bot) -> None:
    drafted = [await bot.hears(bot.drafts) for _ in range(4)]
    by_hand, set_aside = (draft.message_id for draft in drafted[:2])
    await bot.store.corrections.correct(SERVER, by_hand, lambda _: Label.CONVERSATION, NOW)
    await bot.store.corrections.correct(SERVER, set_aside, lambda _: ByHand.SET_ASIDE, NOW)
    there, bot.drafts.messages = bot.drafts.messages, {}
    await bot.catch_up()
    assert await bot.record() == set()
    bot.drafts.messages = there
    await bot.catch_up()
    assert await bot.record() == ids(*drafted)
    assert await bot.store.removals.put_back() == 2
    assert await bot.record() == ids(*drafted)
    labels = [await bot.store.drafts.get(SERVER, draft.message_id) for draft in drafted]
    assert [draft and draft.label for draft in labels] == [Label.CONVERSATION, None, Label.CONTENT, Label.CONTENT]


@pytest.mark.parametrize("all_of_the_channel", [False, True])
async def test_a_copy_goes_when_an_event_says_that_its_message_was_deleted(
    bot: Bot, all_of_the_channel: bool
) -> None:
    drafted = [await bot.hears(bot.drafts) for _ in range(4)]
    bot.drafts.messages.clear()
    await bot.catch_up()
    if all_of_the_channel:
        await bot.coach.intake.channel_removed(SERVER, bot.drafts.place.channel_id)
    else:
        await bot.coach.intake.removed(SERVER, [drafted[0].message_id])
    assert await bot.store.removals.put_back() == (0 if all_of_the_channel else 3)
