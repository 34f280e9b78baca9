"""What somebody sees in the rehearsal room, in parts that the page is sent when they change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cogs.rehearsal.world import World

MESSAGE_MENU = 3
MANY = 500
"""How many messages of a channel are shown, from its newest on."""
_SLASH, _DIRECT, _TEXTS = 1, 1, (0, 5, 11, 12)


def parts_for(world: World, viewer_id: int) -> dict[str, Any]:
    """Everything that a member sees, each part under a name of its own.

    Args:
        world: the room.
        viewer_id: one of its members.

    Returns:
        `room` (who is here, and what to try), `channels`, `commands:ID` for each channel, and `message:ID` for
        each message, as Discord would send it.
    """
    backend = world.env.backend
    channels = [backend.channels[channel_id] for channel_id in _places(world, viewer_id)]
    parts: dict[str, Any] = {"room": _room(world), "channels": [_channel(world, channel) for channel in channels]}
    for channel in channels:
        parts[f"commands:{channel.id}"] = _commands(world, viewer_id, channel.id)
        for message in _messages(world, viewer_id, channel.id):
            parts[f"message:{message['id']}"] = message
    return parts


def _places(world: World, viewer_id: int) -> Iterator[int]:
    """The channels of the server, then the viewer's direct messages."""
    from simcord.backend.access import channel_accessible  # noqa: PLC0415

    backend = world.env.backend
    for channel in list(backend.channels.values()):
        of_server = channel.guild_id == world.guild.id and int(channel.type) in _TEXTS
        if of_server and channel_accessible(backend, channel.id, viewer_id):
            yield channel.id
    yield backend.get_dm_channel(viewer_id).id


def _room(world: World) -> dict[str, Any]:
    owner, bot = world.guild.owner.id, world.env.backend.bot_user
    signs = world.bot.settings.reactions
    return {
        "name": world.guild.name,
        "bot": {"id": str(bot.id), "name": bot.name},
        "members": [
            {"id": str(member.id), "name": member.user.global_name or member.name, "owner": member.id == owner}
            for member in world.members.values()
        ],
        "roles": [{"id": str(role.id), "name": role.name} for role in world.guild.roles.values()],
        "signs": [signs.content, signs.conversation],
        "tries": world.tries,
    }


def _channel(world: World, channel: Any) -> dict[str, Any]:
    direct = int(channel.type) == _DIRECT
    cached = None if direct else world.bot.get_channel(channel.id)
    return {
        "id": str(channel.id),
        "name": world.env.backend.bot_user.name if direct else channel.name,
        "direct": direct,
        "watched": cached is not None and world.bot.watch.includes(cached),
    }


def _messages(world: World, viewer_id: int, channel_id: int) -> list[dict[str, Any]]:
    from simcord.backend import serializers  # noqa: PLC0415

    backend = world.env.backend
    seen = [one for one in backend.messages.get(channel_id, {}).values() if one.visible_to(viewer_id)]
    seen.sort(key=lambda message: message.id)
    return [dict(serializers.message_payload(backend, one, for_user=viewer_id)) for one in seen[-MANY:]]


def _commands(world: World, viewer_id: int, channel_id: int) -> dict[str, Any]:
    """The slash commands that a member may use in a channel, and the entries of a message's menu."""
    from simcord.interactions import command_leaves  # noqa: PLC0415

    backend = world.env.backend
    slash: list[dict[str, Any]] = [
        {"name": " ".join(path), "description": leaf.get("description", ""), "options": leaf.get("options") or []}
        for command in backend.visible_commands(user_id=viewer_id, channel_id=channel_id, type=_SLASH)
        for path, leaf in command_leaves(command)
    ]
    menu = backend.visible_commands(user_id=viewer_id, channel_id=channel_id, type=MESSAGE_MENU)
    return {"slash": slash, "menu": [command["name"] for command in menu]}
