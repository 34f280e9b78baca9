"""Drafts that an application posts again for their authors move to its message, in whatever order that is told."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from coach.errors import Refused
from coach.intake.drafts import Message
from coach.intake.proxies import MOST_PROXIES, REPOSTED_WITHIN, repeats
from coach.labels import Label
from coach.store.keys import member_hash
from tests.support.catching_up import HOUR, Bot, ids
from tests.support.memory import PROXY, SERVER

SECOND = timedelta(seconds=1)
TEXT = "Our bakery opens at seven on Saturday."
ANN, BEN = 7, 8


@pytest.fixture
async def town(bot: Bot) -> Bot:
    await bot.coach.proxies.name(SERVER, PROXY, True)
    return bot


async def authors(bot: Bot) -> dict[int, int]:
    """The messages on record with their authors; the tallies agree with them."""
    assert await bot.store.tallies.recount() == []
    rows = await bot.store.database.read(
        lambda raw: raw.execute("SELECT message_id, author_id FROM drafts").fetchall()
    )
    return {row[0]: row[1] for row in rows}


async def told(bot: Bot, message: Message) -> None:
    """The bot is told of a message."""
    with bot.coach.progress.in_progress(SERVER, message.channel_id, message.message_id):
        await bot.coach.intake.consider(message)


async def deleted(bot: Bot, *messages: Message) -> set[int]:
    for message in messages:
        bot.drafts.messages.pop(message.message_id, None)
    return await bot.coach.intake.removed(SERVER, ids(*messages))


async def posted_again(bot: Bot, text: str = TEXT, *, tagged: str | None = None, author: int = ANN) -> Message:
    """A member writes, and an application posts it again and deletes the original, as PluralKit does."""
    original = await bot.hears(bot.drafts, tagged or text, author)
    message = bot.memory.repost(bot.drafts, text)
    await told(bot, message)
    assert await deleted(bot, original) == set()
    return message


@pytest.mark.parametrize(
    ("text", "original"),
    [
        (TEXT, f"[{TEXT}]"),
        (TEXT, f"{{{TEXT}}}"),
        (TEXT, f"J: {TEXT}"),
        (TEXT, f"J:{TEXT}"),
        (TEXT, f"j{TEXT}"),
        (TEXT, f"{TEXT} -Q"),
        (TEXT, f"🌸 {TEXT} 🌸"),
        (f"<@123> {TEXT}", f"<@123> J: {TEXT}"),
        (f"[{TEXT}]", f"[{TEXT}]"),
        ("<https://example.org> is open.", "A: https://example.org is open."),
        ("Thanks!", "[Thanks!]"),
        ("Line one\nLine two", "- Line one\nLine two"),
        ("今日は", "甲：今日は"),
    ],
)
def test_what_an_application_takes_off_makes_no_other_text(text: str, original: str) -> None:
    assert repeats(text, original)


@pytest.mark.parametrize(
    ("text", "original"),
    [
        ("", "[]"),
        ("🌸", "🌸"),
        ("Our bakery opens at eight on Saturday.", TEXT),
        (TEXT, "Our bakery opens."),
        ("ok", "A book of verse"),
        ("seven", " ".join(["word"] * 9) + " seven"),
        ("Saturday seven at", TEXT),
    ],
)
def test_other_words_are_another_text(text: str, original: str) -> None:
    assert not repeats(text, original)


Step = Callable[[], Awaitable[Any]]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("tagged", [TEXT, f"Jo: {TEXT}"])
async def test_a_draft_moves_in_whatever_order_the_bot_is_told(
    town: Bot, order: Sequence[int], tagged: str
) -> None:
    original = town.memory.post(town.drafts, tagged, author=ANN)
    message = town.memory.repost(town.drafts, TEXT)
    steps: list[Step] = [
        lambda: told(town, original),
        lambda: told(town, message),
        lambda: deleted(town, original),
    ]
    for step in order:
        await steps[step]()
    await town.coach.intake.removed(SERVER, ids(original), for_good=True)
    assert await authors(town) == {message.message_id: ANN}
    # Whatever is told twice, or found once more, changes nothing.
    await told(town, message)
    await deleted(town, original)
    await town.restart()
    assert await authors(town) == {message.message_id: ANN}


async def test_nothing_moves_unless_the_server_named_the_application(bot: Bot) -> None:
    original = await bot.hears(bot.drafts, TEXT)
    await told(bot, bot.memory.repost(bot.drafts, TEXT))
    assert await deleted(bot, original) == set()
    assert await authors(bot) == {}


async def test_another_application_is_left_alone(town: Bot) -> None:
    original = await town.hears(town.drafts, TEXT)
    await told(town, town.memory.repost(town.drafts, TEXT, application=PROXY + 1))
    waiting = await deleted(town, original)
    await town.coach.intake.removed(SERVER, waiting, for_good=True)
    assert await authors(town) == {}


async def test_a_draft_that_is_only_deleted_leaves_the_record_after_a_while(town: Bot) -> None:
    original = await town.hears(town.drafts, TEXT)
    assert await deleted(town, original) == ids(original)
    assert await authors(town) == {original.message_id: ANN}
    assert await town.coach.intake.removed(SERVER, ids(original), for_good=True) == set()
    assert await authors(town) == {}
    # What comes too late is nobody's.
    await told(town, town.memory.repost(town.drafts, TEXT))
    assert await authors(town) == {}


async def test_a_draft_stays_where_it_is_if_it_is_not_deleted(town: Bot) -> None:
    original = await town.hears(town.drafts, TEXT)
    message = town.memory.repost(town.drafts, TEXT)
    await told(town, message)
    assert await authors(town) == {original.message_id: ANN}
    town.memory.now += timedelta(minutes=2)
    assert await deleted(town, original) == set()
    assert await authors(town) == {}


async def test_what_is_posted_much_later_is_another_message(town: Bot) -> None:
    original = town.memory.post(town.drafts, TEXT, ago=REPOSTED_WITHIN + SECOND)
    await told(town, original)
    await told(town, town.memory.repost(town.drafts, TEXT))
    await deleted(town, original)
    await town.coach.intake.removed(SERVER, ids(original), for_good=True)
    assert await authors(town) == {}


async def test_the_same_in_another_channel_is_another_message(town: Bot) -> None:
    elsewhere = town.memory.open()
    original = await town.hears(town.drafts, TEXT)
    await told(town, town.memory.repost(elsewhere, TEXT))
    assert await deleted(town, original) == ids(original)


async def test_two_members_who_write_the_same_are_never_mistaken(town: Bot) -> None:
    ann = await town.hears(town.drafts, f"[{TEXT}]", ANN)
    ben = await town.hears(town.drafts, TEXT, BEN)
    message = town.memory.repost(town.drafts, TEXT)
    await told(town, message)
    await deleted(town, ann)
    await town.coach.intake.removed(SERVER, ids(ann), for_good=True)
    assert await authors(town) == {ben.message_id: BEN}


async def test_a_burst_of_drafts_moves_each_to_its_own_message(town: Bot) -> None:
    said = [f"Workshop {n} begins at {n} o'clock." for n in range(1, 6)]
    originals = [await town.hears(town.drafts, f"[{text}]", ANN + n % 2) for n, text in enumerate(said)]
    messages = [town.memory.repost(town.drafts, text) for text in reversed(said)]
    for message in messages:
        await told(town, message)
    await deleted(town, *originals)
    assert await authors(town) == {message.message_id: ANN + n % 2 for n, message in enumerate(reversed(messages))}


async def test_the_same_twice_by_one_author_moves_in_order(town: Bot) -> None:
    first, second = [await town.hears(town.drafts, TEXT) for _ in range(2)]
    messages = [town.memory.repost(town.drafts, TEXT) for _ in range(2)]
    await told(town, messages[0])
    await deleted(town, second)
    await told(town, messages[1])
    await deleted(town, first)
    assert await authors(town) == dict.fromkeys(ids(*messages), ANN)


async def test_an_edit_before_it_is_posted_again_is_followed(town: Bot) -> None:
    original = await town.hears(town.drafts, "Our bakery opens at eight.")
    edited = town.memory.edit(town.drafts, original, f"[{TEXT}]")
    await town.coach.intake.edited(edited)
    message = town.memory.repost(town.drafts, TEXT)
    await told(town, message)
    await deleted(town, original)
    assert await authors(town) == {message.message_id: ANN}


async def test_label_correction_and_count_move_with_the_draft(town: Bot) -> None:
    original = await town.hears(town.drafts, f"[{TEXT}]")
    corrections = town.coach.corrections
    draft = await corrections.find(SERVER, original.message_id, ANN)
    await corrections.change(draft, Label.CONVERSATION, ANN, change="click-1")
    message = town.memory.repost(town.drafts, TEXT)
    await told(town, message)
    await deleted(town, original)
    moved = await corrections.find(SERVER, message.message_id, ANN)
    assert (moved.label, moved.labelled_by, moved.length) == (Label.CONVERSATION, "member", len(TEXT))
    assert (await corrections.undo(moved, "click-1")).label is Label.CONTENT
    with pytest.raises(Refused):
        await corrections.find(SERVER, message.message_id, BEN)


async def test_an_edit_of_the_message_is_the_members(town: Bot) -> None:
    message = await posted_again(town)
    edited = replace(message, text="Shall we open at eight?", edited_at=town.memory.now + SECOND)
    await town.coach.intake.edited(edited)
    draft = await town.coach.corrections.find(SERVER, message.message_id, ANN)
    assert draft.label is Label.CONVERSATION
    assert await authors(town) == {message.message_id: ANN}


async def test_what_is_posted_anew_under_another_name_moves_on(town: Bot) -> None:
    first = await posted_again(town)
    town.memory.now += 40 * SECOND
    second = town.memory.repost(town.drafts, TEXT)
    await told(town, second)
    await deleted(town, first)
    assert await authors(town) == {second.message_id: ANN}
    # By a reaction, the application deletes it for good.
    await deleted(town, second)
    await town.coach.intake.removed(SERVER, ids(second), for_good=True)
    assert await authors(town) == {}


async def test_both_go_if_somebody_else_deleted_the_original(town: Bot) -> None:
    original = await town.hears(town.drafts, TEXT)
    message = town.memory.repost(town.drafts, TEXT)
    # PluralKit finds the original gone, and deletes what it has posted.
    assert await deleted(town, message) == set()
    await deleted(town, original)
    await told(town, message)
    await town.coach.intake.removed(SERVER, ids(original), for_good=True)
    assert await authors(town) == {}


async def test_what_is_no_draft_is_none_when_it_is_posted_again(town: Bot) -> None:
    comment = replace(town.memory.post(town.drafts, f"[{TEXT}]"), replies_to=BEN)
    await told(town, comment)
    await told(town, town.memory.repost(town.drafts, TEXT))
    await deleted(town, comment)
    await town.coach.intake.removed(SERVER, ids(comment), for_good=True)
    assert await authors(town) == {}


async def test_nothing_moves_for_whoever_has_paused_the_bot(town: Bot) -> None:
    original = await town.hears(town.drafts, TEXT)
    await town.coach.choices.pause(SERVER, ANN)
    await told(town, town.memory.repost(town.drafts, TEXT))
    await deleted(town, original)
    await town.coach.intake.removed(SERVER, ids(original), for_good=True)
    assert await authors(town) == {}
    await posted_again(town, "Another draft for everybody here.")
    assert await authors(town) == {}


@pytest.mark.parametrize("when", ["before", "between", "after"])
async def test_nothing_ties_the_message_to_whoever_is_erased(town: Bot, when: str) -> None:
    original = await town.hears(town.drafts, TEXT)
    message = town.memory.repost(town.drafts, TEXT)
    if when == "before":
        await town.coach.choices.forget(SERVER, ANN, town.memory.id())
    await told(town, message)
    if when == "between":
        await town.coach.choices.forget(SERVER, ANN, town.memory.id())
    await deleted(town, original)
    if when == "after":
        await town.coach.choices.forget(SERVER, ANN, town.memory.id())
    again = town.memory.repost(town.drafts, TEXT)
    await told(town, again)
    await deleted(town, message)
    await town.coach.intake.edited(replace(again, text=f"{TEXT} Really.", edited_at=town.memory.now))
    await town.restart()
    assert await authors(town) == {}
    who = member_hash(SERVER, ANN, b"key")
    assert await town.store.erasures.is_erased(SERVER, who, again.message_id) is False


async def test_a_draft_that_was_deleted_before_it_was_recorded_is_recorded_where_it_stays(town: Bot) -> None:
    original = town.memory.post(town.drafts, f"[{TEXT}]")
    message = town.memory.repost(town.drafts, TEXT)
    await deleted(town, original)
    await told(town, message)
    assert await authors(town) == {}
    await told(town, original)
    assert await authors(town) == {message.message_id: ANN}


TAGS = ("{}", "[{}]", "Jo: {}", "{} -k")


@pytest.mark.parametrize("seed", range(20))
async def test_each_message_is_its_authors_in_any_order_of_any_events(town: Bot, seed: int) -> None:
    rng = random.Random(seed)
    memory, steps, gone, wanted = town.memory, list[Step](), set[int](), dict[int, int]()
    repetitive = seed % 3 == 0
    for number in range(rng.randint(2, 8)):
        author = rng.choice((ANN, BEN))
        text = f"Author {author} opens shop number {number % 2 if repetitive else number} today."
        original = memory.post(town.drafts, rng.choice(TAGS).format(text), author=author)
        steps.append(partial(told, town, original))
        memory.now += timedelta(milliseconds=rng.randint(0, 300))
        fate = rng.choice(("posted again", "posted again", "deleted", "stays", "posted again and again"))
        if fate == "stays":
            wanted[original.message_id] = author
            continue
        steps.append(partial(deleted, town, original))
        gone.add(original.message_id)
        if fate == "deleted":
            continue
        message = memory.repost(town.drafts, text)
        steps.append(partial(told, town, message))
        if fate == "posted again and again":
            again = memory.repost(town.drafts, text)
            steps += [partial(told, town, again), partial(deleted, town, message)]
            gone.add(message.message_id)
            message = again
        wanted[message.message_id] = author
    rng.shuffle(steps)
    running: list[asyncio.Future[Any]] = []
    for step in steps:
        running.append(asyncio.ensure_future(step()))
        # Some come while others are still being handled.
        if rng.random() < 0.6:
            await asyncio.gather(*running)
            assert await town.store.tallies.recount() == []
    await asyncio.gather(*running)
    await town.coach.intake.removed(SERVER, gone, for_good=True)
    found = await authors(town)
    assert found.items() <= wanted.items()
    # If somebody says the same over and over and the order is wrong, one may be taken for another and be lost.
    assert repetitive or found == wanted


@pytest.mark.parametrize("seed", range(6))
async def test_two_who_write_the_same_are_never_mistaken_in_any_order(town: Bot, seed: int) -> None:
    rng = random.Random(seed)
    originals = {town.memory.post(town.drafts, f"[{TEXT}]", author=author): author for author in (ANN, BEN)}
    messages = {town.memory.repost(town.drafts, TEXT).message_id: author for author in (ANN, BEN)}
    for original in originals:
        await told(town, original)
    steps: list[Step] = [partial(deleted, town, original) for original in originals]
    steps += [partial(told, town, town.drafts.messages[message_id]) for message_id in messages]
    rng.shuffle(steps)
    for step in steps:
        await step()
    await town.coach.intake.removed(SERVER, ids(*originals), for_good=True)
    await town.restart()
    assert (await authors(town)).items() <= messages.items()


# After the bot was away


@pytest.mark.parametrize("tagged", [TEXT, f"Jo: {TEXT}"])
async def test_a_draft_that_moved_while_the_bot_was_away_is_found(town: Bot, tagged: str) -> None:
    original = await town.hears(town.drafts, tagged)
    town.memory.now += SECOND
    message = town.memory.repost(town.drafts, TEXT)
    del town.drafts.messages[original.message_id]
    town.memory.now += HOUR
    await town.restart()
    assert await authors(town) == {message.message_id: ANN}
    assert [draft.message_id for draft in town.coach.intake.reposts.take_moved(SERVER)] == [message.message_id]
    await town.restart()
    assert await authors(town) == {message.message_id: ANN}


async def test_what_is_told_right_after_a_start_is_compared_with_the_record(town: Bot) -> None:
    original = await town.hears(town.drafts, f"[{TEXT}]")
    await town.restart()
    message = town.memory.repost(town.drafts, TEXT)
    await told(town, message)
    assert await deleted(town, original) == set()
    assert await authors(town) == {message.message_id: ANN}


async def test_whose_a_message_is_stays_unknown_if_the_bot_never_saw_the_original(town: Bot) -> None:
    town.memory.repost(town.drafts, TEXT)
    await town.restart()
    assert await authors(town) == {}


async def test_two_who_wrote_the_same_while_the_bot_was_away_are_never_mistaken(town: Bot) -> None:
    ann = await town.hears(town.drafts, TEXT, ANN)
    ben = await town.hears(town.drafts, TEXT, BEN)
    town.memory.repost(town.drafts, TEXT)
    del town.drafts.messages[ann.message_id]
    await town.restart()
    assert await authors(town) == {ben.message_id: BEN}


async def test_many_that_moved_while_the_bot_was_away_leave_no_copies(town: Bot) -> None:
    said = [f"Workshop {word} begins in the {word} room." for word in ("elm", "oak", "fir", "yew", "ash", "bay")]
    messages: dict[int, int] = {}
    for text in said:
        original = await town.hears(town.drafts, f"[{text}]")
        messages[town.memory.repost(town.drafts, text).message_id] = ANN
        del town.drafts.messages[original.message_id]
        town.memory.now += timedelta(minutes=1)
    await town.restart()
    assert await authors(town) == messages
    assert await town.store.removals.put_back() == 0


# What a server names


async def test_a_server_names_applications_and_takes_them_off_again(bot: Bot) -> None:
    proxies = bot.coach.proxies
    assert await proxies.named(SERVER) == set()
    assert await proxies.name(SERVER, 5, True) == {5}
    assert await proxies.name(SERVER, 5, True) == {5}
    assert await proxies.name(SERVER, PROXY, True) == {5, PROXY}
    bot.start()
    assert await bot.coach.proxies.named(SERVER) == {5, PROXY}
    assert await bot.coach.proxies.named(2) == set()
    assert await bot.coach.proxies.name(SERVER, 5, False) == {PROXY}
    for application in range(1, MOST_PROXIES):
        await bot.coach.proxies.name(SERVER, application, True)
    with pytest.raises(Refused):
        await bot.coach.proxies.name(SERVER, 99, True)
