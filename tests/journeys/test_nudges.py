"""Journeys of nudges: both directions, silence when it is right, and what members choose."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import Any

import discord
import pytest

from coach.errors import Refused
from coach.intake.drafts import ATTACHMENT_LIMIT
from coach.nudging.next_step import QUESTION_TIP
from coach.nudging.tips import OWN_FILES
from coach.store.nudges import nudges_of
from coach.tip_picker import MOST_OWN
from tests.support.drafts import ASKS, TELLS
from tests.support.room import Room, words_of


async def nudges(room: Room) -> list[str]:
    return [message.content for message in room.said() if "in 14 days" in message.content]


def buttons(message: discord.Message) -> list[Any]:
    return [button for row in message.components for button in getattr(row, "children", ())]


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
    assert "0 content, 6 conversation" in text


async def test_an_author_in_balance_gets_no_nudge(room: Room) -> None:
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
    assert first.partition(" in 14 days.")[2] != second.partition(" in 14 days.")[2]


async def test_no_nudge_in_quiet_hours(room: Room) -> None:
    await room.ann.slash(room.drafts, "nudges quiet", start="8:00", end="20:00")
    for _ in range(9):
        await room.ann.send(room.drafts, TELLS)
    assert room.said() == []


@pytest.mark.parametrize("choice", ["off", "summary"])
async def test_nudges_can_be_turned_off(room: Room, choice: str) -> None:
    told = await room.ann.slash(room.drafts, "nudges where", place=choice)
    assert told.ephemeral and "No nudges" in words_of(told)
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


async def test_a_tip_on_request_fits_the_members_balance(room: Room) -> None:
    for _ in range(8):
        await room.ann.send(room.drafts, ASKS)
    said = words_of(await room.ann.slash(room.drafts, "tip"))
    assert "useful post" in said and "100% conversation over the last 14 days" in said


async def test_no_tip_on_request_returns_before_the_others_had_their_turn(room: Room) -> None:
    tips = await room.bot.coach.tips.tips_of(room.guild.id)
    fitting = {tip.id for tip in tips.tips if tip.lacking == "neither"}
    for _ in range(len(fitting)):
        await room.ann.slash(room.drafts, "tip")
    shown = await room.bot.coach.store.nudges.times_shown(room.guild.id, room.ann.id)
    assert shown == dict.fromkeys(fitting, 1)
    await room.ann.slash(room.drafts, "tip")
    shown = await room.bot.coach.store.nudges.times_shown(room.guild.id, room.ann.id)
    assert sorted(shown.values()) == [*[1] * (len(fitting) - 1), 2]
    # Each member has turns of their own, and the export includes them.
    assert await room.bot.coach.store.nudges.times_shown(room.guild.id, room.ben.id) == {}
    exported = await room.bot.coach.store.members.export(room.guild.id, room.ann.id)
    assert sum(row["times"] for row in exported["shown_tips"]) == len(fitting) + 1


async def test_no_tip_on_request_comes_twice_in_a_row(room: Room) -> None:
    for _ in range(6):
        await room.ann.send(room.drafts, TELLS)
    given = [words_of(await room.ann.slash(room.drafts, "tip")) for _ in range(60)]
    # Few enough tips fit for each to come round several times.
    assert len(set(given)) < 10
    assert all(one != other for one, other in pairwise(given))


async def test_a_tip_without_a_draft_beside_it_does_not_speak_of_this_one(room: Room) -> None:
    tips = {tip.id: tip for tip in (await room.bot.coach.tips.tips_of(room.guild.id)).tips}
    for _ in range(8):
        await room.ann.send(room.drafts, TELLS)
    assert await room.bot.coach.store.nudges.times_shown(room.guild.id, room.ann.id) == {QUESTION_TIP: 1}
    for _ in range(6):
        await room.ann.slash(room.drafts, "tip")
    shown = await room.bot.coach.store.nudges.times_shown(room.guild.id, room.ann.id)
    del shown[QUESTION_TIP]
    assert not any(tips[tip].on_draft for tip in shown)
    assert {tips[tip].lacking for tip in shown} == {"conversation"}


async def test_another_tip_takes_the_place_of_the_first_also_after_a_restart(room: Room) -> None:
    for _ in range(6):
        await room.ann.send(room.drafts, TELLS)
    [nudge] = room.said()
    assert [button.label for button in buttons(nudge)] == [
        "Another tip",
        "Wrong label",
        "Snooze today",
        "Nudge me less",
    ]
    await room.restart()
    other = await room.ben.click(nudge, label="Another tip")
    assert other.ephemeral and "Only the author" in words_of(other)
    before = nudge.content
    await room.ann.click(nudge, label="Another tip")
    [after] = room.said()
    assert after.content != before and "6 content, 0 conversation" in after.content
    shown = await room.bot.coach.store.nudges.times_shown(room.guild.id, room.ann.id)
    assert sorted(shown.values()) == [1, 1]


async def test_wrong_label_corrects_the_draft_and_takes_the_nudge_back(room: Room) -> None:
    drafts = [await room.ann.send(room.drafts, TELLS) for _ in range(6)]
    [nudge] = room.said()
    await room.ann.click(nudge, label="Wrong label")
    assert await room.counts() == (5, 1)
    assert room.signs(drafts[-1]) == ["💬"]
    assert "because you say so" in room.said()[0].content
    assert [button.label for button in buttons(room.said()[0])] == ["Change to content", "Undo"]
    store = room.bot.coach.store
    assert await store.database.read(lambda raw: nudges_of(raw, room.guild.id, room.ann.id)) == []


async def test_a_wrong_label_that_was_right_after_all_is_changed_back(room: Room) -> None:
    drafts = [await room.ann.send(room.drafts, TELLS) for _ in range(6)]
    await room.ann.click(room.said()[0], label="Wrong label")
    await room.ann.click(room.said()[0], label="Change to content")
    assert await room.counts() == (6, 0)
    assert room.signs(drafts[-1]) == ["📣"]


async def test_snooze_today_lasts_until_the_day_ends(room: Room) -> None:
    for _ in range(6):
        await room.ann.send(room.drafts, TELLS)
    answer = await room.ann.click(room.said()[0], label="Snooze today")
    assert answer.ephemeral and "No more nudges today" in words_of(answer)
    await room.turn_clock(hours=5)
    await room.ann.send(room.drafts, TELLS)
    assert len(await nudges(room)) == 1
    await room.turn_clock(hours=18)
    await room.ann.send(room.drafts, TELLS)
    assert len(await nudges(room)) == 2


async def test_nudge_me_less_widens_the_gap_and_ends_in_the_summary(room: Room) -> None:
    for _ in range(6):
        await room.ann.send(room.drafts, TELLS)
    [nudge] = room.said()
    for said in ("eight hours", "16 hours", "32 hours", "daily summary"):
        assert said in words_of(await room.ann.click(nudge, label="Nudge me less"))
    await room.ann.slash(room.drafts, "nudges where", place="reply")
    await room.turn_clock(hours=31)
    await room.ann.send(room.drafts, TELLS)
    assert len(await nudges(room)) == 1
    await room.ann.slash(room.drafts, "nudges pace", hours=4)
    await room.ann.send(room.drafts, TELLS)
    assert len(await nudges(room)) == 2


async def test_the_buttons_work_in_direct_messages_too(room: Room) -> None:
    await room.ann.slash(room.drafts, "nudges where", place="dm")
    for _ in range(6):
        await room.ann.send(room.drafts, TELLS)
    [nudge] = room.said(room.ann.user.dm_channel)
    await room.ann.user.click(nudge, label="Another tip")
    [after] = room.said(room.ann.user.dm_channel)
    assert after.content != nudge.content and after.content.startswith("On http")
    await room.ann.user.click(after, label="Wrong label")
    assert await room.counts() == (5, 1)
    [word] = room.said(room.ann.user.dm_channel)
    assert word.content.startswith("On http")
    await room.ann.user.click(word, label="Change to content")
    assert await room.counts() == (6, 0)


async def test_a_nudge_is_a_question_to_copy_from_the_drafts_subject_and_nothing_else(room: Room) -> None:
    for _ in range(6):
        await room.ann.send(room.drafts, TELLS)
    [text] = await nudges(room)
    reason, question = text.splitlines()
    assert reason.startswith("**6 content, 0 conversation** in 14 days. ") and reason.endswith(":")
    assert question.startswith("> What ") and question.endswith("our winter opening hours?")
    shown = await room.bot.coach.store.nudges.times_shown(room.guild.id, room.ann.id)
    assert shown == {QUESTION_TIP: 1}


async def test_without_a_subject_it_is_one_tip_and_nothing_else(room: Room) -> None:
    tips = {tip.id: tip for tip in (await room.bot.coach.tips.tips_of(room.guild.id)).tips}
    for _ in range(6):
        await room.ann.send(room.drafts, ASKS)
    [text] = await nudges(room)
    [shown] = await room.bot.coach.store.nudges.times_shown(room.guild.id, room.ann.id)
    tip = tips[shown]
    assert text.splitlines()[0] == f"**0 content, 6 conversation** in 14 days. {tip.advice} {tip.reason}"
    assert len(text.splitlines()) == 1 + (tip.quote is not None)


OWN_TIPS = """
tips:
  - id: ours
    lacking: conversation
    kinds: []
    advice: Call on a neighbour.
    reason: Neighbours call back.
"""


async def test_a_server_can_add_tips_of_its_own(room: Room) -> None:
    added = await room.owner.slash(room.drafts, "setup tips", file=("tips.yaml", OWN_TIPS.encode()))
    assert added.ephemeral and "has one tip of its own" in words_of(added)
    refused = await room.owner.slash(room.drafts, "setup tips", file=("tips.yaml", b"tips:\n  - id: X"))
    assert "your file:2: id" in words_of(refused)
    await room.restart()
    own = await room.bot.coach.tips.tips_of(room.guild.id)
    assert own.tips[-1].id == "ours"
    others = await room.bot.coach.tips.tips_of(room.guild.id + 1)
    assert "ours" not in {tip.id for tip in others.tips}
    await room.owner.slash(room.drafts, "setup tips")
    assert "ours" not in {tip.id for tip in (await room.bot.coach.tips.tips_of(room.guild.id)).tips}


async def test_a_full_file_of_tips_is_accepted_and_the_bot_keeps_working_while_it_is_read(room: Room) -> None:
    entry = (
        "  - {id: ours-%03d, lacking: conversation, kinds: [], advice: Ask your neighbours first., reason: %s.}\n"
    )
    full = "tips:\n" + "".join(entry % (number, "They know" + " more" * 4) for number in range(MOST_OWN))
    assert ATTACHMENT_LIMIT * 0.9 < len(full) <= ATTACHMENT_LIMIT
    # If it were read on the event loop, it would be refused before anything else had its turn.
    reading = asyncio.create_task(room.bot.coach.tips.set_own(room.guild.id, full + "  - none"))
    for _ in range(10):
        await asyncio.sleep(0)
        assert not reading.done()
    with pytest.raises(Refused, match=f"your file:{MOST_OWN + 2}: entry"):
        await reading
    added = await room.owner.slash(room.drafts, "setup tips", file=("tips.yaml", full.encode()))
    assert "500 tips of its own" in words_of(added)
    await room.restart()
    assert len((await room.bot.coach.tips.tips_of(room.guild.id)).tips) > MOST_OWN


async def test_tips_that_can_no_longer_be_read_stop_nothing(room: Room) -> None:
    # A tip shipped with a later version may have the same id as a server's own.
    await room.bot.coach.store.server_tips.put(room.guild.id, OWN_TIPS.replace("ours", "two-options"))
    drafts = [await room.ann.send(room.drafts, TELLS) for _ in range(6)]
    assert room.signs(drafts[-1]) == ["📣"]
    assert len(await nudges(room)) == 1
    assert "conversation over the last" in words_of(await room.ann.slash(room.drafts, "tip"))


async def test_a_refusal_that_quotes_a_long_file_is_still_told(room: Room) -> None:
    long = OWN_TIPS.replace("ours", "x" * 5000)
    refused = await room.owner.slash(room.drafts, "setup tips", file=("tips.yaml", long.encode()))
    assert "your file:3: id" in words_of(refused)
    unreadable = ("tips: " + "[" * 30_000).encode()
    refused = await room.owner.slash(room.drafts, "setup tips", file=("tips.yaml", unreadable))
    assert "nest" in words_of(refused)


async def test_a_file_that_would_unfold_is_refused_and_the_next_are_not_read_at_once(room: Room) -> None:
    bomb = "x0: &x0 [a,a,a,a,a,a,a,a,a]\n" + "".join(
        f"x{n}: &x{n} [{','.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 12)
    )
    source = f"{bomb}tips:\n- {{id: a, lacking: content, kinds: *x11, advice: x, reason: y}}\n".encode()
    for _ in range(OWN_FILES):
        refused = await room.owner.slash(room.drafts, "setup tips", file=("tips.yaml", source))
        assert refused.ephemeral and "your file:1: &x0: anchors and aliases are not accepted" in words_of(refused)
    refused = await room.owner.slash(room.drafts, "setup tips", file=("tips.yaml", source))
    assert refused.ephemeral and "That was quick" in words_of(refused)


@pytest.mark.parametrize(
    ("spoiled", "says"),
    [
        (OWN_TIPS.replace("conversation", "talk"), "your file:4: lacking"),
        (OWN_TIPS.replace("    reason: Neighbours call back.\n", ""), "your file:3: reason"),
        (OWN_TIPS.replace("ours", "two-options"), "your file:3: there is already a tip named two-options"),
        (OWN_TIPS + "  - id: [", "your file:"),
        ("tips: 3", "your file:1"),
    ],
)
async def test_a_bad_tip_is_refused_with_its_line(room: Room, spoiled: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        await room.bot.coach.tips.set_own(room.guild.id, spoiled)
    assert await room.bot.coach.store.server_tips.get(room.guild.id) is None


async def test_no_tip_of_a_server_can_have_the_name_of_the_question(room: Room) -> None:
    with pytest.raises(Refused, match="there is already a tip named"):
        await room.bot.coach.tips.set_own(room.guild.id, OWN_TIPS.replace("ours", QUESTION_TIP))
