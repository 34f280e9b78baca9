"""Journeys of nudges: both directions, silence where it belongs, and what members choose."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import ASKS, TELLS, Room, words_of


async def nudges(room: Room) -> list[str]:
    return [message.content for message in room.said() if "in 14 days" in message.content]


async def test_a_broadcaster_is_nudged_once_and_silently(room: Room) -> None:
    for _ in range(9):
        await room.ann.send(room.drafts, TELLS)
    [text] = await nudges(room)
    assert "6 content, 0 conversation" in text
    [message] = room.said()
    assert message.flags.suppress_notifications
    assert message.reference is not None
    assert message.mentions == []


async def test_a_chatterbox_is_nudged_the_other_way(room: Room) -> None:
    for _ in range(7):
        await room.ann.send(room.drafts, ASKS)
    [text] = await nudges(room)
    assert "0 content, 6 conversation" in text and "useful post" in text


async def test_balance_is_met_with_silence(room: Room) -> None:
    for n in range(20):
        await room.ann.send(room.drafts, TELLS if n % 2 else ASKS)
    assert room.said() == []


async def test_the_next_nudge_waits_for_the_gap_and_brings_another_tip(room: Room) -> None:
    for _ in range(7):
        await room.ann.send(room.drafts, TELLS)
    await room.turn_clock(hours=3)
    await room.ann.send(room.drafts, TELLS)
    assert len(await nudges(room)) == 1
    await room.turn_clock(hours=1.1)
    await room.ann.send(room.drafts, TELLS)
    first, second = await nudges(room)
    assert first.splitlines()[1] != second.splitlines()[1]


async def test_no_nudge_in_quiet_hours(room: Room) -> None:
    await room.ann.slash(room.drafts, "nudges quiet", start="8:00", end="20:00")
    for _ in range(9):
        await room.ann.send(room.drafts, TELLS)
    assert room.said() == []


@pytest.mark.parametrize("choice", ["off", "summary"])
async def test_nudges_can_be_turned_off(room: Room, choice: str) -> None:
    assert "ephemeral" not in words_of(await room.ann.slash(room.drafts, "nudges where", place=choice))
    for _ in range(9):
        await room.ann.send(room.drafts, TELLS)
    assert room.said() == []


async def test_a_snooze_is_kept_and_ends(room: Room) -> None:
    await room.ann.slash(room.drafts, "nudges snooze", hours=5)
    for _ in range(8):
        await room.ann.send(room.drafts, TELLS)
    assert room.said() == []
    assert "Snoozed until" in words_of(await room.ann.slash(room.drafts, "nudges show"))
    await room.turn_clock(hours=5.1)
    await room.ann.send(room.drafts, TELLS)
    assert len(await nudges(room)) == 1


async def test_a_nudge_by_direct_message(room: Room) -> None:
    await room.ann.slash(room.drafts, "nudges where", place="dm")
    for _ in range(6):
        await room.ann.send(room.drafts, TELLS)
    assert room.said() == []
    assert "6 content" in room.said(room.ann.user.dm_channel)[0].content


async def test_closed_direct_messages_lose_nothing(room: Room) -> None:
    await room.ann.slash(room.drafts, "nudges where", place="dm")
    for _ in range(5):
        await room.ann.send(room.drafts, TELLS)
    room.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    message = await room.ann.send(room.drafts, TELLS)
    assert room.signs(message) == ["📣"]
    assert await room.counts() == (6, 0)
    assert room.said() == []


async def test_a_tip_on_request_speaks_of_where_one_stands(room: Room) -> None:
    for _ in range(8):
        await room.ann.send(room.drafts, ASKS)
    said = words_of(await room.ann.slash(room.drafts, "tip"))
    assert "useful post" in said and "100 % conversation over the last 14 days" in said
