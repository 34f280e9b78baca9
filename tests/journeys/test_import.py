"""Journeys of a past that members bring: the form, the progress, the balance by month, and what becomes of it."""

from __future__ import annotations

from typing import Any

from tests.support.exports import outbox
from tests.support.room import Room, words_of


async def bring(room: Room, *files: tuple[str, bytes], who: Any = None, **more: Any) -> Any:
    """Use /import with its form, and return what the bot says then."""
    member = who or room.ann
    shown = await member.slash(room.drafts, "import")
    return await member.submit_modal(shown, {"files": list(files)} | more)


async def test_an_export_is_read(room: Room) -> None:
    result = await bring(room, ("outbox.json", outbox()))
    print(words_of(result))
    assert "conversation" in words_of(result)
