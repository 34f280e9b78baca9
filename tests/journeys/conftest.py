"""A simulated Discord with the real bot in it, one for each journey."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime
from pathlib import Path

import pytest
import simcord

from coach.labelling.labeller import Labeller
from coach.nudging.tips import Tips
from coach.settings import Settings
from cogs.support.errors import plain_words
from tests.support import limits
from tests.support.journeys import journey_settings
from tests.support.room import START, Room, built, labeller, tips
from tests.support.waiting import LONGEST_WAIT


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The defaults, with a database of its own."""
    return journey_settings(tmp_path)


@pytest.fixture(autouse=True)
def loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the model and the tips, which no journey changes, once for all bots of this process."""
    monkeypatch.setattr(Labeller, "load", labeller)
    monkeypatch.setattr(Tips, "load", tips)


@pytest.fixture
async def room(settings: Settings) -> AsyncGenerator[Room, None]:
    """A running room, at nine on a Friday morning."""

    def clock() -> datetime:
        return env.now()

    bot = built(settings, clock)
    # SimCord's own 5 seconds are too short for a busy machine.
    env = simcord.Env(bot, settle_timeout=LONGEST_WAIT)
    env.backend.clock.advance((START - env.now()).total_seconds())
    await env.start()
    opened: Room | None = None
    try:
        owner = env.create_user("owner")
        guild = env.create_guild("Gardeners", owner=owner)
        drafts = guild.create_text_channel("drafts")
        ann, ben = (guild.add_member(env.create_user(name)) for name in ("ann", "ben"))
        opened = Room(env, bot, settings, guild, drafts, guild.add_member(owner), ann, ben)
        yield opened
    finally:
        await (opened.bot if opened else bot).close()
        await env.shutdown()
    # A refusal that a user is told in plain words is not a fault of the bot; any other error is.
    faults = [error for error in env.errors if plain_words(error) is None]
    assert opened is not None
    assert [error for error in faults if not isinstance(error, opened.expected)] == []
    assert limits.faults(env.http_requests) == []
