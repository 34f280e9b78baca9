"""Acts as they reach the bot, whether or not Discord's client would offer them, and what came of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import discord
import simcord
from simcord import interactions as wire
from simcord.backend import serializers

from tests.support import limits
from tests.support.databases import tables_of
from tests.support.limits import spoken
from tests.support.room import Room

COMMAND, COMPONENT, FORM = 2, 3, 5
SLASH, MESSAGE_MENU = 1, 3
USER, CHANNEL, ATTACHMENT = 6, 7, 11

EPHEMERAL = 1 << 6


@dataclass(frozen=True)
class Who:
    """Somebody at a place: in a channel of a server, or (`guild` None) in direct messages.

    `told` is what Discord says of a place that the bot is not in, over what it would say of `channel`.
    """

    actor: Any
    guild: simcord.GuildHandle | None
    channel: simcord.ChannelHandle
    told: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def id(self) -> int:
        """Their id."""
        return self.actor.id


@dataclass(frozen=True)
class Told:
    """What the bot said to an act: the words of each message, and whether all were for the actor's eyes only."""

    texts: tuple[str, ...]
    hidden: bool

    @property
    def words(self) -> str:
        """All of the words, in one text."""
        return "\n".join(self.texts)


class Listener:
    """Hears what the bot says between entering and leaving, in any channel and in any way."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._from = 0

    def start(self) -> None:
        """Listen from now on."""
        self._from = len(self._room.env.http_requests)

    def told(self) -> Told:
        """What was said since then."""
        calls = self._room.env.http_requests[self._from :]
        found = list(limits.messages(calls))
        bodies: list[Any] = [call.json for call in calls if call.path.startswith("/interactions/")]
        # A form (9) is shown to whoever asked for it alone.
        forms = [spoken(body["data"]) for body in bodies if body["type"] == 9]
        # A deferred answer (5) says beforehand who may see what follows.
        deferred = any(body["type"] == 5 and body.get("data", {}).get("flags", 0) & EPHEMERAL for body in bodies)
        hidden = all(edit or deferred or int(message.get("flags") or 0) & EPHEMERAL for message, edit in found)
        return Told((*forms, *(spoken(message) for message, _ in found)), hidden)


async def slash(room: Room, who: Who, name: str, options: Mapping[str, Any]) -> Told:
    """Use a slash command, past everything that Discord hides or refuses by itself."""
    backend = room.env.backend
    first, *rest = name.split()
    root = backend.find_command(first, who.guild.id if who.guild else None, type=SLASH)
    assert root is not None, name
    leaf, nesting = wire.walk_to_subcommand(root, rest)
    declared: list[dict[str, Any]] = leaf.get("options") or []
    kinds: dict[str, int] = {option["name"]: option["type"] for option in declared}
    resolved: dict[str, Any] = {}
    given: list[dict[str, Any]] = [
        {"name": key, "type": kinds[key], "value": _value(room, who, kinds[key], value, resolved)}
        for key, value in options.items()
    ]
    data = {
        "id": root["id"],
        "name": root["name"],
        "type": SLASH,
        "options": wire.nest_options(root, nesting, given),
        "resolved": resolved,
    }
    return await _deliver(room, who, COMMAND, data)


def _value(room: Room, who: Who, kind: int, value: Any, resolved: dict[str, Any]) -> Any:
    """An option's value on the wire; what it stands for goes to `resolved`, as with Discord."""
    backend = room.env.backend
    if kind == ATTACHMENT:
        name, content = value
        return wire.store_interaction_attachment(backend, who.channel.id, name, content, resolved)
    if kind == USER:
        resolved["users"] = {str(value.id): dict(serializers.user_payload(backend.get_user(value.id)))}
        guild = backend.get_guild(who.guild.id) if who.guild else None
        # Members of other servers come as users.
        if guild is not None and value.id in guild.members:
            member = serializers.member_payload(backend, guild, guild.members[value.id], with_user=False)
            resolved["members"] = {str(value.id): dict(member)}
        return str(value.id)
    if kind == CHANNEL:
        channel = dict(serializers.channel_payload(backend, backend.get_channel(value.id)))
        resolved["channels"] = {str(value.id): {**channel, "permissions": "0"}}
        return str(value.id)
    return value


async def menu(room: Room, who: Who, name: str, message: discord.Message) -> Told:
    """Use an entry of a message's menu, on a message of any server."""
    backend = room.env.backend
    root = backend.find_command(name, who.guild.id if who.guild else None, type=MESSAGE_MENU)
    assert root is not None, name
    target = serializers.message_payload(backend, backend.get_message(message.channel.id, message.id))
    data = {
        "id": root["id"],
        "name": name,
        "type": MESSAGE_MENU,
        "target_id": str(message.id),
        "resolved": {"messages": {str(message.id): dict(target)}},
    }
    return await _deliver(room, who, COMMAND, data)


async def press(
    room: Room, who: Who, message: Any, item: Mapping[str, Any], values: list[str] | None = None
) -> Told:
    """Click a button, or choose from a menu, below a message of any server, whoever may see it."""
    backend = room.env.backend
    channel_id = message.channel_id if hasattr(message, "channel_id") else message.channel.id
    stored = backend.get_message(channel_id, message.id)
    data: dict[str, Any] = {"custom_id": item["custom_id"], "component_type": item["type"]}
    if values is not None:
        data["values"] = values
    below = {"message": dict(serializers.message_payload(backend, stored))}
    return await _deliver(room, who, COMPONENT, data, below, stored.id)


async def send_in(room: Room, who: Who, **values: str) -> Told:
    """Send in the form that the bot has just shown, with the texts of its fields."""
    bodies: list[Any] = [call.json for call in room.env.http_requests if call.path.startswith("/interactions/")]
    shown: dict[str, Any] = bodies[-1]["data"]
    fields: list[dict[str, Any]] = [label["component"] for label in shown["components"]]
    filled = [
        {
            "type": 18,
            "id": 1,
            "component": {"type": one["type"], "id": 2, "custom_id": name, "value": values[name]},
        }
        for one in fields
        if (name := one["custom_id"]) in values
    ]
    return await _deliver(room, who, FORM, {"custom_id": shown["custom_id"], "components": filled})


async def typed(room: Room, who: Who, text: str) -> Told:
    """Type a command after a mention of the bot."""
    assert room.bot.user is not None
    listener = Listener(room)
    listener.start()
    content = f"{room.bot.user.mention} {text}"
    if who.guild is None:
        await who.actor.send_dm(content)
    else:
        await who.actor.send(who.channel, content)
    return listener.told()


async def _deliver(
    room: Room,
    who: Who,
    kind: int,
    data: dict[str, Any],
    extra: Mapping[str, Any] | None = None,
    source: int | None = None,
) -> Told:
    record, payload = wire.base_payload(
        room.env.backend,
        type=kind,
        channel_id=who.channel.id,
        guild_id=who.guild.id if who.guild else None,
        user_id=who.id,
        data=data,
    )
    payload.update(extra or {})
    payload.update(who.told)
    if source is not None:
        record.source_message_id = source
    listener = Listener(room)
    listener.start()
    room.env.backend.emit("INTERACTION_CREATE", payload)
    await room.env.settle()
    return listener.told()


def items(message: Any) -> list[dict[str, Any]]:
    """The buttons and menus below a message, as they are on the wire."""
    rows: list[dict[str, Any]] = [
        row.to_dict() if hasattr(row, "to_dict") else row for row in cast("list[Any]", message.components)
    ]
    return [item for row in rows for item in row["components"]]


def menu_of(message: Any, name: str = "history") -> str:
    """The id of the menu for labels, or of the one for thoughts, below a list of drafts."""
    [found] = [str(one["custom_id"]) for one in items(message) if str(one["custom_id"]).startswith(f"{name}:")]
    return found


def entry_of(message: Any, draft_id: int, does: str = "") -> str:
    """The value of an entry for a draft in the menu below a list of drafts: the first whose value begins so."""
    menu = items(message)[0]
    values: list[str] = [option["value"] for option in menu["options"]]
    return next(value for value in values if value.startswith(does) and value.endswith(f":{draft_id}"))


async def rows_of(room: Room) -> dict[str, set[tuple[tuple[str, Any], ...]]]:
    """Every row of every table that holds something about servers or members."""

    def query(raw: Any) -> dict[str, set[tuple[tuple[str, Any], ...]]]:
        tables = tables_of(raw)
        return {
            table: {tuple(dict(row).items()) for row in raw.execute(f"SELECT * FROM {table}")}  # noqa: S608
            for table in tables
            if table not in ("schema_migrations", "program") and not table.startswith("sqlite_")
        }

    return await room.bot.coach.store.database.read(query)


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The rows that are in one set and not in the other, each with its table."""
    return [(table, dict(row)) for table in before for row in before[table] ^ after[table]]
