"""An open store in a fresh folder, and drafts to put into it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from coach.labels import Label
from coach.store import NewDraft, Store
from tests.support.databases import put_new
from tests.support.verdicts import NOW, VERDICTS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


@pytest.fixture
async def store(path: Path) -> AsyncGenerator[Store, None]:
    opened = await Store.open(put_new(path), NOW)
    yield opened
    await opened.close()


@pytest.fixture
def draft() -> Callable[..., NewDraft]:
    def build(message_id: int, label: Label = Label.CONTENT, **changes: Any) -> NewDraft:
        facts: dict[str, Any] = {
            "message_id": message_id,
            "guild_id": 1,
            "channel_id": 10,
            "parent_id": None,
            "author_id": 100,
            "posted_at": NOW + timedelta(seconds=message_id),
            "local_day": date(2026, 11, 20),
            "verdict": VERDICTS[label],
            "length": 20,
            "text_hash": message_id.to_bytes(8, "big"),
            "text": None,
        }
        return NewDraft(**(facts | changes))

    return build
