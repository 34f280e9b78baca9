"""What several journeys need: settings, an outage, a full disk, an erasure, a model that is slow or broken."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Generator, Sequence
from pathlib import Path
from typing import Any, cast

import discord
import pytest
import simcord

from coach.labelling.labeller import Labeller
from coach.settings import Settings, load
from tests.support import limits
from tests.support.databases import put_new
from tests.support.limits import spoken
from tests.support.room import Room

MARK = "quokkafish"
MARKED = f"Our {MARK} course starts on Monday, and our {MARK} course is free for all who come."


def journey_settings(folder: Path, **changed: str) -> Settings:
    """The defaults with a database of its own, and what a journey changes, such as `KEEP_TEXT="true"`.

    Drafts are not compared, as most journeys write the same often, no nudges are held back, and the bot does not
    introduce itself.
    """
    usual = {
        "THOUGHTS_WINDOW_HOURS": "0",
        "NUDGES_HELD_BACK": "0",
        "INTRODUCTIONS": "false",
        "DATABASE": str(put_new(folder / "journey.db")),
        "FILES": str(folder / "journey"),
    }
    named = {f"SQUAREDEAL_{name}": value for name, value in (usual | changed).items()}
    return load(None, named)


@contextlib.asynccontextmanager
async def outage(room: Room) -> AsyncGenerator[None]:
    """End the bot's process for a while; then start a new one on the same database."""
    await room.bot.close()
    room.env.backend.subscribers.clear()
    yield
    await room.restart()
    await caught_up(room)


async def caught_up(room: Room) -> None:
    """Wait until nothing is being caught up any more."""
    await room.env.settle()
    running = cast(Any, room.bot.get_cog("CatchUpCog"))._running
    while running:
        await asyncio.wait(running.values())
        await asyncio.sleep(0)
    await room.env.settle()


async def try_again(room: Room) -> None:
    cog = cast(Any, room.bot.get_cog("CatchUpCog"))
    await cog.try_again()
    await caught_up(room)


@contextlib.contextmanager
def full_disk(room: Room) -> Generator[None]:
    """Let no write succeed for a while."""

    async def refuse(*_: object, **__: object) -> object:
        raise OSError("the disk is full")

    room.expected = (OSError,)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room.bot.coach.store.database, "write", refuse)
        yield


async def said(room: Room, says: str) -> None:
    """Wait until the bot has said something."""
    while not any(says in spoken(message) for message, _ in limits.messages(room.env.http_requests)):  # noqa: ASYNC110
        await asyncio.sleep(0.01)


def hold_labels_until(room: Room, says: str) -> None:
    """Keep drafts in progress until the bot has said something, as happens while its model is being loaded."""
    bot = cast(Any, room.bot)

    async def loading(labeller: Labeller) -> Labeller:
        await said(room, says)
        return labeller

    bot._loading = asyncio.ensure_future(loading(bot._loading.result()))


async def stored_about(room: Room, member: simcord.MemberActor) -> dict[str, list[dict[str, Any]]]:
    export = await room.bot.coach.store.members.export(room.guild.id, member.id)
    return {table: rows for table, rows in export.items() if rows}


async def erase(room: Room, member: simcord.MemberActor) -> None:
    """Have everything about a member erased, as they would."""
    shown = await member.slash(room.drafts, "privacy forget")
    assert shown.response is not None
    await member.click(shown.response, label="Erase everything")


class Broken:
    """A labeller that fails, with the draft in its error message."""

    version = "0"

    def label(self, texts: Sequence[str], *_: object) -> None:
        """Fail."""
        raise ValueError(f"cannot read {texts}")

    def explain(self, text: str, *_: object) -> None:
        """Fail because of another failure."""
        try:
            self.label([text])
        except ValueError as error:
            raise RuntimeError(f"no reasons for {text}") from error

    def lesson(self, text: str, _: object = None) -> None:
        """Fail."""
        raise KeyError(text)


def own_role(room: Room) -> int:
    """Give the bot the role that Discord makes for each bot; return its id."""
    role_id = room.guild.create_role("Square Deal").id
    guild = room.bot.get_guild(room.guild.id)
    assert guild is not None
    role = guild.get_role(role_id)
    assert role is not None
    role.tags = discord.RoleTags({"bot_id": str(room.bot.own_id)})
    return role_id
