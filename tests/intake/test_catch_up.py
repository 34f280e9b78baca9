"""Catching up by the rules alone: what is read, from where on, and that only what is gone leaves the record."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from coach.coach import Coach
from coach.intake.catch_up import Outcome
from coach.intake.drafts import Message
from coach.intake.gaps import look
from coach.intake.intake import MANY
from coach.labelling.labeller import Labeller
from coach.labels import Kind, Label, Verdict
from coach.nudging.tips import Tips
from coach.settings import Settings
from coach.store import ByHand, Store
from tests.support.databases import put_new
from tests.support.memory import SERVER, Memory, Room

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Asks:
    """Labels without the model: what holds a question mark is conversation."""

    def label(self, texts: list[str], _: object) -> list[Verdict]:
        return [
            Verdict(Label.CONVERSATION, 0.9, Kind.ASK, False, ())
            if "?" in text
            else Verdict(Label.CONTENT, 0.1, Kind.INFORM, False, ())
            for text in texts
        ]


def report(where: str, error: BaseException) -> None:
    logging.warning("%s: %r", where, error)


class Bot:
    """The bot between Discord and its store, with a server in memory."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.memory = Memory(NOW)
        self.drafts = self.memory.open()
        self.start()

    def start(self) -> None:
        """A new process on the same database."""

        async def labeller() -> Labeller:
            return cast(Labeller, Asks())

        clock: Callable[[], datetime] = lambda: self.memory.now  # noqa: E731
        self.coach = Coach(Settings(), self.store, labeller, Tips.load(), clock, b"key", random.Random(1))

    async def catch_up(self, *only: int) -> Outcome:
        """Look at the server, or at some channels."""
        return await self.coach.catch_up.run(self.memory, report, only or None)

    async def restart(self) -> Outcome:
        """A new process, caught up."""
        self.start()
        return await self.catch_up()

    async def hears(self, room: Room, text: str = "An offer.", author: int = 7) -> Message:
        """Somebody writes, and the bot is told."""
        message = self.memory.post(room, text, author=author)
        with self.coach.progress.in_progress(SERVER, message.channel_id, message.message_id):
            await self.coach.intake.consider(message)
        return message

    async def record(self) -> set[int]:
        """The messages on record; the tallies agree with them."""
        assert await self.store.tallies.recount() == []
        return await self.store.database.read(
            lambda raw: {row[0] for row in raw.execute("SELECT message_id FROM drafts")}
        )

    async def cursor(self, room: Room) -> int | None:
        return (await self.store.channels.marks(SERVER))[room.place.channel_id].cursor


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncGenerator[Bot]:
    store = await Store.open(put_new(tmp_path / "test.db"), NOW)
    town = Bot(store)
    await town.catch_up()
    yield town
    await store.close()


def ids(*messages: Message) -> set[int]:
    return {message.message_id for message in messages}


async def test_what_was_missed_is_read_and_what_was_deleted_is_asked_for_and_goes(bot: Bot) -> None:
    kept, gone = await bot.hears(bot.drafts), await bot.hears(bot.drafts)
    del bot.drafts.messages[gone.message_id]
    missed = [bot.memory.post(bot.drafts) for _ in range(12)]
    assert await bot.restart() == Outcome()
    assert await bot.record() == ids(kept, *missed)
    assert bot.memory.asked.count(("is_gone", bot.drafts.place.channel_id)) == 1
    assert await bot.cursor(bot.drafts) == missed[-1].message_id


@pytest.mark.parametrize("how", ["empty", "left out"])
async def test_a_page_that_leaves_out_what_stands_there_removes_nothing_and_is_read_again(
    bot: Bot, how: str
) -> None:
    drafted = [await bot.hears(bot.drafts) for _ in range(4)]
    missed = bot.memory.post(bot.drafts)
    if how == "empty":
        bot.memory.empty = {bot.drafts.place.channel_id}
    else:
        bot.memory.left_out = {drafted[1].message_id}
    outcome = await bot.restart()
    assert outcome.again == {bot.drafts.place.channel_id}
    assert await bot.record() >= ids(*drafted)
    # A draft that arrives meanwhile lets no cursor pass what has not been seen.
    live = await bot.hears(bot.drafts)
    assert (await bot.cursor(bot.drafts) or 0) < missed.message_id
    bot.memory.empty, bot.memory.left_out = set(), set()
    assert await bot.catch_up(bot.drafts.place.channel_id) == Outcome()
    assert await bot.record() == ids(*drafted, missed, live)


async def test_a_single_empty_page_with_nothing_recorded_is_found_out_by_the_newest_message(bot: Bot) -> None:
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


@pytest.mark.parametrize("restart", [False, True])
async def test_a_hidden_channel_goes_on_from_its_cursor_when_it_is_seen_again(bot: Bot, restart: bool) -> None:
    first = await bot.hears(bot.drafts)
    # Discord tells no name of it, so that it is not known as watched.
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


async def test_a_thread_that_is_gone_takes_along_what_is_still_in_hand_of_it(bot: Bot) -> None:
    thread = bot.memory.open(bot.drafts)
    message = bot.memory.post(thread)
    # No event tells of its end.
    del bot.memory.rooms[thread.place.channel_id]
    with bot.coach.progress.in_progress(SERVER, message.channel_id, message.message_id):
        await bot.catch_up()
        await bot.coach.intake.consider(message)
    assert await bot.record() == set()


@pytest.mark.parametrize("what", ["the message", "its edit"])
async def test_what_was_deleted_unheard_while_it_was_in_hand_does_not_stay_on_record(bot: Bot, what: str) -> None:
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


async def test_what_was_not_found_once_and_is_shown_again_counts(bot: Bot) -> None:
    message = bot.memory.post(bot.drafts)
    del bot.drafts.messages[message.message_id]
    with bot.coach.progress.in_progress(SERVER, message.channel_id, message.message_id):
        await bot.catch_up()
        await bot.coach.intake.consider(message)
    bot.drafts.messages[message.message_id] = message
    await bot.catch_up()
    assert await bot.record() == ids(message)


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


async def test_a_channel_that_has_come_to_be_watched_begins_at_its_newest_message(bot: Bot) -> None:
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
    # Renamed away, and back: what was said under the other name is nobody's draft.
    bot.memory.set(ideas, watched=False)
    await bot.restart()
    bot.memory.post(ideas)
    bot.memory.set(ideas, watched=True)
    await bot.restart()
    assert await bot.record() == ids(new, in_thread)
    assert old


async def test_a_watched_channel_without_drafts_goes_on_from_where_it_was_first_seen(bot: Bot) -> None:
    missed = bot.memory.post(bot.drafts)
    await bot.restart()
    assert await bot.record() == ids(missed)


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


async def test_talk_that_was_made_a_draft_meanwhile_is_found_in_a_channel_without_drafts(bot: Bot) -> None:
    talk = await bot.hears(bot.drafts, "// what do you think?")
    await bot.restart()
    bot.memory.edit(bot.drafts, talk, "An offer.")
    await bot.restart()
    assert await bot.record() == ids(talk)


async def test_an_edit_that_a_page_shows_of_a_message_in_hand_is_followed(bot: Bot) -> None:
    first = bot.memory.post(bot.drafts)
    bot.memory.now += HOUR
    bot.memory.edit(bot.drafts, first, "// what do you think?")
    with bot.coach.progress.in_progress(SERVER, first.channel_id, first.message_id):
        await bot.catch_up()
        assert await bot.coach.intake.consider(first) is None
    assert await bot.record() == set()


async def test_a_newer_edit_that_a_page_shows_wins_over_one_that_is_being_recorded(bot: Bot) -> None:
    talk = bot.memory.post(bot.drafts, "// what do you think?")
    older = replace(talk, text="An offer.", edited_at=NOW + timedelta(seconds=1))
    bot.memory.now += HOUR
    bot.memory.edit(bot.drafts, talk, "// no, wait")
    await asyncio.gather(bot.coach.intake.edited(older), bot.catch_up())
    assert await bot.record() == set()


async def test_a_sign_on_what_is_not_on_record_is_taken_away(bot: Bot) -> None:
    # The bot was killed after the record of an edit, before the sign was gone.
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
    # A later draft in the channel does not make the thread be forgotten.
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
    assert await bot.restart() == Outcome()
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


@pytest.mark.parametrize("count", [MANY, MANY + 1])
async def test_many_that_go_at_once_are_copied_for_a_day_and_can_be_put_back(
    bot: Bot, caplog: pytest.LogCaptureFixture, count: int
) -> None:
    drafted = [await bot.hears(bot.drafts, "Why?" if n % 2 else "An offer.") for n in range(600)]
    await bot.store.corrections.correct(SERVER, drafted[0].message_id, lambda _: Label.CONVERSATION, NOW)
    for message in drafted[:count]:
        del bot.drafts.messages[message.message_id]
    caplog.set_level(logging.INFO)
    assert await look(bot.store, NOW, bot.memory) == (ids(*drafted[:count]), set())
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


async def test_the_latest_edit_wins_whichever_is_known_first(bot: Bot) -> None:
    message = await bot.hears(bot.drafts)
    older = replace(message, text="A file, slow to come?", edited_at=NOW + timedelta(seconds=1))
    newer = replace(message, text="The last word.", edited_at=NOW + timedelta(seconds=2))
    bot.coach.progress.note_edit(older.message_id, older.edited_at)
    await bot.coach.intake.edited(newer)
    assert await bot.coach.intake.edited(older) is None
    stored = await bot.store.drafts.get(SERVER, message.message_id)
    assert stored is not None and stored.length == len(newer.text)


async def test_what_was_asked_before_a_question_fails_is_not_asked_again(bot: Bot) -> None:
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
