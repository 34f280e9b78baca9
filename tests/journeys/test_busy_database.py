"""Another program locks the database: whoever asks for a change gets an acknowledgement in time."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from tests.support.drafts import TELLS
from tests.support.room import Room, words_of

pytestmark = pytest.mark.sqlite

CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("target", {"share": "40%"}),
    ("timezone", {"zone": "Europe/Berlin"}),
    ("nudges where", {"place": "summary"}),
    ("nudges off", {}),
    ("nudges snooze", {"hours": 3}),
    ("nudges pace", {"hours": 3}),
    ("nudges trial", {"choice": "off"}),
    ("nudges quiet", {"start": "22:00", "end": "7:00"}),
    ("summary where", {"place": "off"}),
    ("summary off", {}),
    ("summary time", {"at": "19:00"}),
    ("summary weekly", {"day": "Friday"}),
    ("privacy pause", {}),
    ("privacy resume", {}),
    ("setup here", {}),
    ("setup zone", {"zone": "Europe/Berlin"}),
    ("setup summary", {"on": True, "at": "19:00"}),
]


@contextlib.asynccontextmanager
async def held(room: Room) -> AsyncGenerator[None]:
    """Lock the database until the bot has answered Discord, which it has to do within two seconds."""
    path = Path(room.bot.coach.settings.database)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    before = len(room.env.http_requests)

    async def let_go() -> bool:
        answered = False
        for _ in range(200):
            calls = room.env.http_requests[before:]
            if answered := any(call.path.endswith("/callback") for call in calls):
                break
            await asyncio.sleep(0.01)
        other.execute("ROLLBACK")
        other.close()
        return answered

    letting_go = asyncio.ensure_future(let_go())
    yield
    assert await letting_go


async def test_a_change_is_acknowledged_first(room: Room) -> None:
    for command, options in CHANGES:
        async with held(room):
            result = await room.owner.slash(room.drafts, command, **options)
        assert result.ephemeral and words_of(result).strip(), command


async def test_setting_up_a_channel_is_acknowledged_first(room: Room) -> None:
    plain = room.guild.create_text_channel("ideas")
    async with held(room):
        result = await room.owner.slash(room.drafts, "setup channel", channel=plain, watch=True)
    assert "I'll look for drafts in" in words_of(result)


@pytest.mark.parametrize("button", ["Another tip", "Wrong label", "Snooze today", "Nudge me less"])
async def test_clicks_on_a_nudges_buttons_are_acknowledged_first(room: Room, button: str) -> None:
    for _ in range(6):
        await room.ann.send(room.drafts, TELLS)
    [nudge] = room.said()
    async with held(room):
        await room.ann.click(nudge, label=button)


async def test_an_erasure_is_acknowledged_first(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    shown = await room.ann.slash(room.drafts, "privacy forget")
    assert shown.response is not None
    async with held(room):
        await room.ann.click(shown.response, label="Erase everything")
    assert await room.counts() == (0, 0)


async def test_a_command_that_came_too_late_changes_nothing_and_is_logged(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    room.env.inject_error("POST", "/interactions/*", status=404, code=10062, times=1)
    room.expected = (Exception,)
    with contextlib.suppress(Exception):
        await room.ann.slash(room.drafts, "target", share="40")
    assert "error in target" in caplog.text
    assert (await room.bot.coach.members.preferences(room.guild.id, room.ann.id)).goal.target == 0.5
