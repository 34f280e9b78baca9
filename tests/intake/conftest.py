"""For each test, a bot that has already looked once at its server in memory."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from coach.store import Store
from tests.support.catching_up import NOW, Bot
from tests.support.databases import put_new


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncGenerator[Bot]:
    store = await Store.open(put_new(tmp_path / "test.db"), NOW)
    town = Bot(store)
    await town.catch_up()
    yield town
    await store.close()
