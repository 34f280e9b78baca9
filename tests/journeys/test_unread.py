"""Attachments that may not be read are not fetched: of paused members, of bots, and of what is not a draft."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tests.support.drafts import ASKS, TELLS
from tests.support.journeys import erase, outage
from tests.support.room import Room, words_of

FILE = ("message.txt", TELLS.encode())


class Shelf:
    """Discord's store of attachments, which notes what is fetched from it."""

    def __init__(self, room: Room) -> None:
        self._get = room.env.backend.cdn.get
        self.fetched: list[str] = []
        room.env.backend.cdn.get = self.get  # type: ignore[method-assign]

    def get(self, url: str) -> Any:
        self.fetched.append(url)
        return self._get(url)


async def paused(room: Room) -> None:
    await room.ann.slash(room.drafts, "privacy pause")
    await room.ann.send(room.drafts, "", attachments=[FILE])
    await room.ann.edit(await room.ann.send(room.drafts, "", attachments=[FILE]), "// talk")


async def resumed_later(room: Room) -> None:
    await paused(room)
    await room.ann.slash(room.drafts, "privacy resume")


async def escaped(room: Room) -> None:
    await room.ann.send(room.drafts, "// only for you", attachments=[FILE])


async def a_comment(room: Room) -> None:
    told = await room.ben.send(room.drafts, TELLS)
    await room.ann.send(room.drafts, "", reply_to=told, attachments=[FILE])


async def of_a_bot(room: Room) -> None:
    robot = room.guild.add_member(room.env.create_user("robot", bot=True))
    await robot.send(room.drafts, "", attachments=[FILE])


@pytest.mark.parametrize("sent", [paused, resumed_later, escaped, a_comment, of_a_bot])
async def test_its_attachment_is_not_fetched(
    room: Room, sent: Callable[[Room], Coroutine[Any, Any, None]]
) -> None:
    shelf = Shelf(room)
    await sent(room)
    async with outage(room):
        pass
    assert shelf.fetched == []
    assert await room.counts() == (0, 0)


async def test_what_was_erased_is_not_fetched_again(room: Room) -> None:
    shelf = Shelf(room)
    await room.ann.send(room.drafts, "", attachments=[FILE])
    before = [*shelf.fetched]
    assert before
    await erase(room, room.ann)
    async with outage(room):
        await room.ben.send(room.drafts, ASKS)
    assert shelf.fetched == before
    assert await room.counts() == (0, 0)


async def test_others_who_ask_why_do_not_get_a_paused_authors_message_read(room: Room) -> None:
    message = await room.ann.send(room.drafts, TELLS)
    asked = await room.owner.context_menu(room.drafts, "Why this label?", message)
    assert "Because" in words_of(asked)
    await room.ann.slash(room.drafts, "privacy pause")
    asked = await room.owner.context_menu(room.drafts, "Why this label?", message)
    assert "Content" in words_of(asked) and "Because" not in words_of(asked)
    asked = await room.ann.context_menu(room.drafts, "Why this label?", message)
    assert "Because" in words_of(asked)
