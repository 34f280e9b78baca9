"""Journeys of people who added the bot to their account: /check, /tip and /about where the bot itself is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands

from coach import wording_help
from tests.support.acting import Who, menu, send_in, slash
from tests.support.drafts import ASKS, TELLS
from tests.support.journeys import caught_up
from tests.support.roles import ANYWHERE, COMMANDS, MENUS
from tests.support.room import Room

ELSEWHERE = 777_000_000_000_000_000
EVERYWHERE = {"about", "check", "tip", "Check this draft"}
PLACES = ("server", "thread", "forum post", "group", "their direct messages", "direct messages with the bot")


def at(room: Room, place: str) -> Who:
    """Ann where the bot is not, with only what Discord says of such a place."""
    user: dict[str, Any] = {"id": str(room.ann.id), "username": "ann", "discriminator": "0", "avatar": None}
    told: dict[str, Any]
    owner = {"authorizing_integration_owners": {"1": user["id"]}}
    channel: dict[str, Any] = {"id": str(ELSEWHERE + 1), "type": 0, "name": "general", "permissions": "0"}
    channel |= {"position": 1, "nsfw": False, "flags": 0, "parent_id": None, "topic": None}
    channel |= {"rate_limit_per_user": 0, "last_message_id": None, "guild_id": str(ELSEWHERE)}
    post: dict[str, Any] = {"parent_id": str(ELSEWHERE + 2), "owner_id": user["id"], "name": "a post"}
    post |= {"message_count": 1, "member_count": 1, "total_message_sent": 1}
    post |= {"type": 11, "thread_metadata": {"archived": False, "auto_archive_duration": 60, "locked": False}}
    post["thread_metadata"] |= {"archive_timestamp": "2026-11-20T09:00:00+00:00"}
    match place:
        case "direct messages with the bot":
            told = {"context": 1, "authorizing_integration_owners": {"0": "0"}}
        case "their direct messages":
            told = {**owner, "context": 2, "channel": {"id": str(ELSEWHERE + 3), "type": 1}, "user": user}
        case "group":
            group = {"id": str(ELSEWHERE + 4), "type": 3, "name": "replies", "icon": None, "recipients": [user]}
            told = {**owner, "context": 2, "channel": group | {"owner_id": user["id"]}, "user": user}
        case _:
            # A manager there, who has every command's permission.
            member: dict[str, Any] = {
                "user": user,
                "roles": [],
                "joined_at": "2026-01-01T00:00:00+00:00",
                "flags": 0,
            }
            member |= {"deaf": False, "mute": False, "permissions": str(discord.Permissions.all().value)}
            shown = channel if place == "server" else channel | post
            told = {**owner, "context": 0, "guild_id": str(ELSEWHERE), "member": member, "channel": shown}
            told["guild"] = {"id": str(ELSEWHERE), "locale": "en-US", "features": []}
            told |= {"guild_locale": "en-US", "app_permissions": "0"}
    if place != "direct messages with the bot":
        told["channel_id"] = told["channel"]["id"]
    return Who(room.ann, None, room.ann.user.dm_channel, told)


def stored(room: Room) -> list[bytes]:
    """The database's files, byte for byte."""
    path = Path(room.settings.database)
    files = [path, path.with_name(path.name + "-wal")]
    return [file.read_bytes() for file in files if file.exists()]


@pytest.mark.parametrize("place", PLACES)
async def test_a_draft_is_checked_anywhere_and_nothing_is_stored(room: Room, place: str) -> None:
    message = await room.ann.send(room.guild.create_text_channel("general"), TELLS)
    await caught_up(room)
    who, before = at(room, place), stored(room)
    from_then_on = len(room.env.http_requests)
    for told, says in (
        (await slash(room, who, "check", {"text": ASKS}), "onversation"),
        (await slash(room, who, "check", {}), "Line breaks stay"),
        (await send_in(room, who, text="Our new shop\n\nopens on Monday.\n\n- with soup"), "ontent"),
        (await slash(room, who, "tip", {}), "Tip"),
        (await slash(room, who, "about", {}), wording_help.NO_DATA_HERE),
        (await menu(room, who, "Check this draft", message), "ontent"),
    ):
        assert says in told.words and told.hidden
    follow_ups = [call for call in room.env.http_requests[from_then_on:] if "/webhooks/" in call.path]
    assert len(follow_ups) == 5
    assert stored(room) == before


async def test_whatever_keeps_something_works_only_where_the_bot_is(room: Room) -> None:
    message = await room.ann.send(room.guild.create_text_channel("general"), TELLS)
    await caught_up(room)
    who, before = at(room, "server"), stored(room)
    for row in COMMANDS:
        # Of a channel of another server, the bot doesn't even know what it is.
        if row.rule is ANYWHERE or row.name == "setup channel":
            continue
        options = {name: value for name, value in row.options.items() if name not in ("member", "channel")}
        told = await slash(room, who, row.name, options)
        assert told.texts == (wording_help.IN_SERVERS_ONLY,), row.name
    for entry in MENUS:
        if entry not in EVERYWHERE:
            assert (await menu(room, who, entry, message)).texts == (wording_help.IN_SERVERS_ONLY,)
    told = await slash(room, who, "tip", {"account": "Shop"})
    assert told.texts == (wording_help.IN_SERVERS_ONLY,)
    assert stored(room) == before


async def test_discord_is_told_which_commands_people_may_bring_along(room: Room) -> None:
    everywhere: set[str] = set()
    for command in room.bot.tree.get_commands():
        told = command.to_dict(room.bot.tree)
        if 1 in told["integration_types"]:
            everywhere.add(command.name)
            assert (told["integration_types"], told["contexts"]) == ([0, 1], [0, 1, 2])
        else:
            assert (told["integration_types"], told["contexts"]) == ([0], [0])
    assert everywhere == EVERYWHERE
    # Discord takes no more entries for the message menu.
    assert len([one for one in room.bot.tree.get_commands() if isinstance(one, app_commands.ContextMenu)]) <= 5


async def test_where_the_bot_is_somebody_who_added_it_is_a_member_like_any_other(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    both = {"authorizing_integration_owners": {"0": str(room.guild.id), "1": str(room.ann.id)}}
    told = await slash(room, Who(room.ann, room.guild, room.drafts, both), "tip", {})
    assert "conversation over the last 14 days (one draft)" in told.words


async def test_a_message_without_words_is_not_checked(room: Room) -> None:
    message = await room.ann.send(room.drafts, "…", attachments=[("cat.png", b"\x89PNG")])
    told = await menu(room, at(room, "group"), "Check this draft", message)
    assert told.texts == ("There are no words in that message to look at.",)


async def test_somebody_who_asks_too_much_waits_in_all_places_together(room: Room) -> None:
    told = [(await slash(room, at(room, place), "check", {"text": ASKS})).words for place in PLACES * 2]
    assert "quick" in told[-1]
