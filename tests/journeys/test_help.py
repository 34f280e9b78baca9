"""Journeys of /help: what its asker can do, by task, with examples that work as they stand."""

from __future__ import annotations

import re
from typing import Any

import discord
import pytest
from simcord.http import route

from coach.wording_help import HELP_TASKS
from tests.support.drafts import TELLS
from tests.support.journeys import own_role
from tests.support.room import Room, words_of


@route("GET", "/applications/{application_id}/guilds/{guild_id}/commands/permissions")
def all_overrides(ctx: Any) -> Any:
    """What Discord answers and SimCord does not know: a server's overrides of all commands."""
    guild_id = ctx.int_arg("guild_id")
    return [
        {"id": str(command), "application_id": "1", "guild_id": str(guild), "permissions": entries}
        for (guild, command), entries in ctx.backend.command_permissions.items()
        if guild == guild_id
    ]


async def help_of(room: Room, member: Any = None, channel: Any = None) -> str:
    return words_of(await (member or room.ann).slash(channel or room.drafts, "help"))


async def test_help_shows_what_its_asker_may_use_by_task(room: Room) -> None:
    said = await help_of(room)
    assert f"Write a draft in <#{room.drafts.id}>." in said and "📣" in said
    for task in ("See where you stand", "Choose your goal", "Your data"):
        assert task in said
    assert "/setup" not in said and "Run this server" not in said
    managing = await help_of(room, room.owner)
    assert "Run this server" in managing and "**/setup check**" in managing


EXAMPLES = [(name, example) for examples in HELP_TASKS.values() for name, example, _ in examples]


async def test_every_example_works_as_it_stands(room: Room) -> None:
    names = {command.qualified_name for command in room.bot.tree.walk_commands()}
    for name, example in EXAMPLES:
        words, *values = re.split(r" (\w+):", example.removeprefix("/"))
        options: dict[str, Any] = dict(zip(values[::2], values[1::2], strict=True))
        assert words.split()[0] == name and words in names
        if "days" in options:
            options["days"] = int(options["days"])
        shown = await room.owner.slash(room.drafts, words, **options)
        if shown.response is not None:
            said = words_of(shown)
            assert said and not re.search("pick one|no preset|write it|understand|not possible", said), example
        else:
            assert shown.modal is not None, example


async def test_help_leaves_out_what_the_server_denies(room: Room) -> None:
    ids = {command.name: command.id for command in await room.bot.tree.fetch_commands()}
    backend, everyone = room.env.backend, {"id": str(room.guild.id), "type": 1, "permission": False}
    ann: dict[str, Any] = {"id": str(room.ann.id), "type": 2}
    backend.set_command_permissions(room.guild.id, ids["tip"], [everyone])
    backend.set_command_permissions(room.guild.id, ids["history"], [ann | {"permission": False}])
    here = {"id": str(room.drafts.id), "type": 3, "permission": False}
    backend.set_command_permissions(room.guild.id, ids["why"], [here])
    # For one command, a member is excepted from what holds for all.
    backend.set_command_permissions(room.guild.id, ids["check"], [everyone, ann | {"permission": True}])
    said = await help_of(room)
    assert "**/check" in said and not any(f"**{name}**" in said for name in ("/tip", "/history", "/why"))
    said = await help_of(room, room.ben, room.guild.create_text_channel("talk"))
    assert "**/history**" in said and "**/why**" in said and "/tip" not in said and "/check" not in said
    # Whoever administers the server may use all.
    assert "**/tip**" in await help_of(room, room.owner)


async def test_help_comes_if_discord_does_not_say_what_is_denied(room: Room) -> None:
    room.env.inject_error("GET", "/applications/*/permissions", status=403, code=50001)
    assert "**/tip**" in await help_of(room)


@pytest.mark.parametrize("form", ["<@{}>", "<@!{}>", "<@&{}>"])
async def test_a_mention_alone_is_answered_with_the_help(room: Room, form: str) -> None:
    mention = form.format(own_role(room) if "&" in form else room.bot.own_id)
    message = await room.ann.send(room.drafts, mention)
    [said] = room.said()
    assert "How to use Square Deal" in words_of(said) and said.flags.silent
    assert room.signs(message) == [] and await room.counts() == (0, 0)
    talk = room.guild.create_text_channel("talk")
    await room.ann.send(talk, f"{mention} ")
    assert len(room.said(talk)) == 1


async def test_help_says_what_stands_in_the_way(room: Room) -> None:
    await room.owner.slash(room.drafts, "setup channel", channel=room.drafts, watch=False)
    assert "those who manage the server choose one with **/setup here**" in await help_of(room)
    assert "use **/setup here** in the one for drafts" in await help_of(room, room.owner)
    await room.owner.slash(room.drafts, "setup channel", channel=room.drafts)
    await room.ann.send(room.drafts, TELLS)
    await room.ann.slash(room.drafts, "privacy pause")
    assert "You have paused me: **/privacy resume** starts again." in await help_of(room)


async def test_help_fits_into_what_discord_shows(room: Room) -> None:
    shown = await room.owner.slash(room.drafts, "help")
    assert shown.response is not None
    [embed] = shown.response.embeds
    assert isinstance(embed, discord.Embed) and len(embed) < 3000
    assert all(field.value and len(field.value) <= 1024 for field in embed.fields)
