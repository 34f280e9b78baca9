"""The real program as a process of its own on the loopback Discord, with a town for each test."""

from __future__ import annotations

import signal
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.support.loopback.town import Town, open_town


@pytest.fixture
async def town(tmp_path: Path) -> AsyncGenerator[Town]:
    """A town whose bot has not been started yet."""
    async with open_town(tmp_path) as opened:
        yield opened
        discord, bot = opened.discord, opened.bot
        if bot.process is not None:
            await bot.end(signal.SIGKILL)
        print(bot.log.decode())  # noqa: T201  # pytest shows it where a test failed
        assert discord.errors == []
