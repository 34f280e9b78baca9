"""Journeys of /why and of the trial: what is held back, what is told about it, and how a member opts out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest

from coach.nudging.policy import Silence
from coach.nudging.trial import draw
from coach.settings import Settings
from coach.store.keys import load_key
from coach.wording_nudges import nudge_here, silence_line
from tests.support.drafts import ASKS, FOREIGN, TELLS
from tests.support.journeys import journey_settings
from tests.support.room import Room, unsure, words_of


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The defaults, with a database of its own, and half of the nudges held back."""
    return journey_settings(tmp_path, NUDGES_HELD_BACK="0.5")


async def why(room: Room, who: Any = None) -> str:
    told = await (who or room.ann).slash(room.drafts, "why")
    assert told.ephemeral
    return words_of(told)


async def menu(room: Room, who: Any, message: discord.Message) -> str:
    return words_of(await who.context_menu(room.drafts, "Why this label?", message))


async def test_a_nudge_is_held_back_by_its_drafts_lot_and_the_author_can_ask_why(room: Room) -> None:
    key = load_key(room.settings.beside)
    held = shown = False
    for _ in range(4):
        await room.ann.send(room.drafts, TELLS)
    draft = await room.ann.send(room.drafts, TELLS)
    while not (held and shown):
        before = len(room.said())
        draft = await room.ann.send(room.drafts, TELLS)
        silent = draw(draft.id, key) < 0.5
        assert len(room.said()) - before == (not silent)
        assert nudge_here(Silence.HELD_BACK if silent else None) in await menu(room, room.ann, draft)
        assert silence_line(Silence.HELD_BACK if silent else None) in await why(room)
        held, shown = held or silent, shown or not silent
        # The one held back starts the same wait.
        next_one = await room.ann.send(room.drafts, TELLS)
        assert nudge_here(Silence.GAP) in await menu(room, room.ann, next_one)
        await room.turn_clock(days=1)
    # Somebody else is not told, not even whoever manages the server.
    assert "on purpose" not in await menu(room, room.owner, draft)
    assert "on purpose" not in await why(room, room.ben)


async def test_a_member_can_leave_the_trial(room: Room) -> None:
    assert "hold back on purpose" in words_of(await room.ann.slash(room.drafts, "nudges show"))
    told = await room.ann.slash(room.drafts, "nudges trial", choice="off")
    assert told.ephemeral and "No nudge of yours" in words_of(told)
    assert "hold back" not in words_of(await room.ann.slash(room.drafts, "nudges show"))
    for day in range(6):
        for _ in range(5 if day == 0 else 0):
            await room.ann.send(room.drafts, TELLS)
        before = len(room.said())
        await room.ann.send(room.drafts, TELLS)
        assert len(room.said()) == before + 1
        await room.turn_clock(days=1.5)
    assert await room.bot.coach.store.occasions.chance() is None
    assert "About 50%" in words_of(await room.ann.slash(room.drafts, "nudges trial", choice="on"))


async def test_why_tells_the_reasons_of_the_last_drafts(room: Room) -> None:
    assert "no draft of yours" in (await why(room)).lower()
    await room.ann.send(room.drafts, TELLS)
    asked = await room.ann.send(room.drafts, unsure())
    await room.ann.send(room.drafts, FOREIGN)
    skipped = await room.ann.send(room.drafts, FOREIGN)
    said = await why(room)
    for silence in (Silence.TOO_FEW, Silence.QUESTION, Silence.UNKNOWN_LANGUAGE):
        assert silence_line(silence) in said
    assert f"/{asked.id})" in said and f"/{skipped.id})" in said
    assert "At most three a day" in said
    await room.ann.slash(room.drafts, "nudges off")
    await room.ann.send(room.drafts, ASKS)
    said = await why(room)
    assert silence_line(Silence.OFF) in said and "At most" not in said


async def test_why_tells_of_drafts_that_were_read_late(room: Room) -> None:
    await room.bot.close()
    room.env.backend.subscribers.clear()
    await room.ann.send(room.drafts, TELLS)
    await room.restart()
    await room.caught_up()
    assert silence_line(Silence.READ_LATE) in await why(room)


async def test_why_tells_what_discord_refused(room: Room) -> None:
    room.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=None)
    await room.ann.send(room.drafts, unsure())
    told = (await room.bot.coach.past_nudges.decisions(room.guild.id, room.ann.id))[0]
    assert told.silence is Silence.NOT_SENT


async def test_about_says_how_far_the_trial_is(room: Room) -> None:
    said = words_of(await room.ann.slash(room.drafts, "about"))
    assert "Do nudges help? Too early to tell: 0 of 375 occasions to nudge so far." in said


async def test_privacy_tells_that_nudges_are_held_back(room: Room) -> None:
    said = words_of(await room.ann.slash(room.drafts, "privacy what"))
    assert "held back" in said and "/nudges trial" in said
