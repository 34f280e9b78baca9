"""Journeys of questions: what they say, where they come, and how many in a day."""

from __future__ import annotations

import pytest

from tests.support.drafts import FOREIGN
from tests.support.journeys import stored_about
from tests.support.room import Room, unsure, words_of

MOST = 3


async def test_a_question_says_what_the_draft_counts_as_until_it_is_answered(room: Room) -> None:
    message = await room.ann.send(room.drafts, unsure())
    label = {"📣": "content", "💬": "conversation"}[room.signs(message)[0]]
    [question] = room.said()
    assert f"I'm counting it as {label} until you say." in question.content
    assert sum(await room.counts()) == 1


async def test_no_more_questions_come_in_a_day_than_there_may(room: Room) -> None:
    for _ in range(MOST + 2):
        await room.ann.send(room.drafts, unsure())
    assert len(room.said()) == MOST
    await room.ann.send(room.drafts, FOREIGN)
    assert len(room.said()) == MOST
    await room.ben.send(room.drafts, unsure())
    assert len(room.said()) == MOST + 1
    assert words_of(await room.ann.slash(room.drafts, "history")).count("is that right?") == MOST + 2
    await room.restart()
    await room.turn_clock(hours=24)
    # The one about another language did not count as asked.
    said = len(room.said())
    for text in (FOREIGN, unsure()):
        await room.ann.send(room.drafts, text)
    assert len(room.said()) == said + 2
    [row] = (await stored_about(room, room.ann))["questions_asked"]
    assert row["times"] == 2


async def test_a_question_that_is_not_sent_leaves_room_for_another(room: Room) -> None:
    room.env.inject_error("POST", f"/channels/{room.drafts.id}/messages", status=500, times=1)
    for _ in range(MOST + 1):
        await room.ann.send(room.drafts, unsure())
    assert len(room.said()) == MOST


@pytest.mark.parametrize(
    ("place", "says", "below", "direct"),
    [
        ("reply", "I ask below a draft that could be either", 2, 0),
        ("dm", "I ask by direct message about a draft that could be either", 0, 2),
        ("history", "**/history** marks them", 0, 0),
        ("off", "I don't ask about drafts", 0, 0),
    ],
)
async def test_questions_come_where_they_are_wanted(
    room: Room, place: str, says: str, below: int, direct: int
) -> None:
    said = words_of(await room.ann.slash(room.drafts, "nudges questions", place=place))
    assert says in said and ("/history" in said) is (place == "history")
    await room.restart()
    for text in (unsure(), FOREIGN):
        await room.ann.send(room.drafts, text)
    assert (len(room.said()), len(room.said(room.ann.user.dm_channel))) == (below, direct)
    assert says in words_of(await room.ann.slash(room.drafts, "nudges show"))


async def test_questions_stay_where_they_were_chosen_if_nudges_move(room: Room) -> None:
    await room.ann.slash(room.drafts, "nudges questions", place="history")
    await room.ann.slash(room.drafts, "nudges where", place="dm")
    await room.ann.send(room.drafts, unsure())
    assert room.said() == [] and room.said(room.ann.user.dm_channel) == []


async def test_members_whom_direct_messages_do_not_reach_find_questions_in_the_history(room: Room) -> None:
    await room.ann.slash(room.drafts, "nudges questions", place="dm")
    room.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    for _ in range(2):
        await room.ann.send(room.drafts, unsure())
    assert room.said() == [] and room.said(room.ann.user.dm_channel) == []
    assert words_of(await room.ann.slash(room.drafts, "history")).count("is that right?") == 2
    await room.ann.slash(room.drafts, "nudges questions", place="dm")
    await room.ann.send(room.drafts, unsure())
    assert len(room.said(room.ann.user.dm_channel)) == 1


async def test_a_question_goes_if_an_edit_changes_what_the_draft_counts_as(room: Room) -> None:
    message = await room.ann.send(room.drafts, unsure())
    assert len(room.said()) == 1
    await room.ann.edit(message, FOREIGN)
    assert room.said() == []
