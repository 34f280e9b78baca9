"""Signs over real sockets while Discord is slow with them: whatever happens, they agree with the record."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.drafts import ASKS, FOREIGN, TELLS
from tests.support.loopback.interactions import STRING_SELECT, walk
from tests.support.loopback.server import Fault
from tests.support.loopback.town import SIGNS, Town
from tests.support.loopback.truth import Message


@pytest.mark.slow
async def test_an_edit_and_back_while_reactions_are_slow(town: Town) -> None:
    loopback = town.discord
    await town.bot.start()
    for put, remove in ((0.5, 0.0), (0.0, 0.5), (0.0, 0.0)):
        message = await loopback.post(town.drafts, town.ann, TELLS)
        await town.signed(message, "📣")
        loopback.faults = [
            Fault("PUT", "/channels/*/reactions/*", delay=put),
            Fault("DELETE", "/channels/*/reactions/*", delay=remove),
        ]
        for text, label in ((ASKS, "conversation"), (f"{TELLS} Edited back.", "content")):
            await loopback.edit(message, text)
            await loopback.until(lambda: town.bot.labels()[message.id] == label, "label")  # noqa: B023
        await asyncio.sleep(put + remove + 0.3)
        assert message.reactions == ["📣"]
    assert await town.bot.end() == 0
    town.agrees()


async def test_two_buttons_pressed_within_milliseconds(town: Town) -> None:
    loopback = town.discord
    await town.bot.start()
    draft = await loopback.post(town.drafts, town.ann, FOREIGN)

    def questions() -> list[str]:
        return [one.content for one in town.drafts.messages.values() if one.reply_to is draft]

    await loopback.until(lambda: bool(questions()), "question")
    [question] = [one for one in town.drafts.messages.values() if one.reply_to is draft]
    # The first has to wait longer for the draft's text than the second.
    loopback.faults = [Fault("GET", f"/channels/*/messages/{draft.id}", delay=0.5)]
    first = asyncio.create_task(loopback.click(question, town.ann, f"label:content:{draft.id}"))
    await asyncio.sleep(0.005)
    await loopback.click(question, town.ann, f"label:conversation:{draft.id}")
    await first
    await town.signed(draft, SIGNS["conversation"])
    await asyncio.sleep(0.7)
    assert town.bot.labels() == {draft.id: "conversation"}
    assert draft.reactions == [SIGNS["conversation"]]
    assert ["Counted as conversation" in text for text in questions()] == [True]


async def test_the_sign_follows_the_record_though_no_answer_gets_through(town: Town) -> None:
    loopback = town.discord
    await town.bot.start()
    asked = await loopback.post(town.drafts, town.ann, FOREIGN)
    listed = await loopback.post(town.drafts, town.ann, TELLS)
    flipped = await loopback.post(town.drafts, town.ann, f"Once more. {TELLS}")
    for draft in (listed, flipped):
        await town.signed(draft, "📣")

    def questions() -> list[Message]:
        return [one for one in town.drafts.messages.values() if one.reply_to is asked]

    await loopback.until(lambda: bool(questions()), "question")
    shown = (await loopback.slash(town.drafts, town.ann, "history")).messages[0]
    menu, _ = (one for one in walk(shown.fields["components"]) if one["type"] == STRING_SELECT)
    loopback.faults = [Fault(method, "/webhooks/*", 404, times=9, code=10015) for method in ("PATCH", "POST")]
    other = "content" if town.bot.labels()[asked.id] == "conversation" else "conversation"
    await loopback.click(questions()[0], town.ann, f"label:{other}:{asked.id}")
    await loopback.choose(shown, town.ann, menu["custom_id"], f"conversation:{listed.id}")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await loopback.menu(flipped, town.ann, "Change label")
    await town.signed(asked, SIGNS[other])
    await town.signed(listed, "💬")
    await town.signed(flipped, "💬")
    assert await town.bot.end() == 0
    town.agrees()


async def test_a_thread_that_is_opened_again_gets_the_signs_it_missed(town: Town) -> None:
    loopback = town.discord
    await town.bot.start()
    thread = await loopback.open_thread(town.drafts, "more")
    loopback.faults = [Fault("PUT", "/channels/*/reactions/*", delay=0.5)]
    first = await loopback.post(thread, town.ann, TELLS)
    await loopback.until(lambda: first.id in town.bot.labels(), "draft on record")
    await loopback.archive(thread)
    await asyncio.sleep(1)
    assert first.reactions == []
    await town.signed(await loopback.post(thread, town.ben, ASKS), "💬")
    await town.signed(first, "📣")
    assert await town.bot.end() == 0
    town.agrees()


@pytest.mark.slow
async def test_a_sign_that_waits_does_not_hold_up_the_end_and_is_put_at_the_next_start(town: Town) -> None:
    loopback = town.discord
    await town.bot.start()
    loopback.faults = [Fault("PUT", "/channels/*/reactions/*", 429, retry_after=60)]
    message = await loopback.post(town.drafts, town.ann, TELLS)
    await loopback.until(lambda: not loopback.faults[0].times, "request for the sign")
    await asyncio.sleep(0.1)
    assert await asyncio.wait_for(town.bot.end(), 5) == 0
    await town.bot.start()
    await town.signed(message, "📣")
    assert b"Traceback" not in town.bot.log, town.bot.log.decode()


async def test_no_sign_is_requested_while_discord_turns_the_machine_away(town: Town) -> None:
    loopback = town.discord
    await town.bot.start()
    loopback.faults = [Fault("PUT", "/channels/*/reactions/*", "ban", retry_after=900, times=9)]
    drafts = [await loopback.post(town.drafts, town.ann, TELLS) for _ in range(5)]
    await loopback.until(lambda: town.bot.labels().keys() == {one.id for one in drafts}, "drafts")
    await asyncio.sleep(0.3)
    assert sum(one.method == "PUT" and "/reactions/" in one.path for one in loopback.requests) == 1
