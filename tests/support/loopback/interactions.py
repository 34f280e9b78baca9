"""Commands, clicks, menus and modals on the loopback Discord, and what the bot may answer to them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from discord.utils import snowflake_time

from tests.support.loopback.faults import Refused
from tests.support.loopback.truth import EPHEMERAL, LOADING, Channel, Message, Payload, Role, User
from tests.support.loopback.world import World

# Discord's numbers: kinds of interactions, answers, options and components.
COMMAND, COMPONENT, COMPLETION, MODAL = 2, 3, 4, 5
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, SHOW_MODAL = 4, 5, 6, 7, 8, 9
SUBCOMMAND, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, NUMBER, FILE = 1, 3, 4, 5, 6, 7, 8, 10, 11
BUTTON, STRING_SELECT, LABEL = 2, 3, 18
SEVERAL = {STRING_SELECT, 5, 6, 7, 8, 19, 22}
"""Components of a modal that have a list of values: menus, files, checkboxes."""

TOKEN_LIVES = timedelta(minutes=15)


FIELDS: Payload = {"content": "", "embeds": [], "components": [], "flags": 0, "nonce": None, "attachments": []}
"""The parts of a message that the bot sets, with what null means for each."""


def fields_of(body: Payload) -> Payload:
    """The fields of a message that the bot sends."""
    return {name: body[name] or empty for name, empty in FIELDS.items() if name in body}


def walk(components: list[Payload]) -> Iterator[Payload]:
    """All components of a message or modal, including nested ones."""
    for one in components:
        yield one
        yield from walk(one.get("components", []))
        yield from walk([one[name] for name in ("component", "accessory") if name in one])


@dataclass(eq=False)
class Interaction:
    """A command, or a click on `source`; `messages` are what the bot showed in answer, in order.

    `modal` is the window it opens, `choices` what it offers to complete an option.
    """

    id: int
    channel: Channel
    source: Message | None = None
    messages: list[Message] = field(default_factory=list[Message])
    modal: Payload | None = None
    choices: list[Payload] | None = None
    acknowledged: bool = False
    begun: float = 0.0

    @property
    def thinking(self) -> bool:
        return bool(self.messages and self.messages[0].flags & LOADING)

    @property
    def answered(self) -> bool:
        shown = bool(self.messages) and not self.thinking
        return shown or self.modal is not None or self.choices is not None


class Interactions(World):
    """What people do with the bot's commands and components."""

    def __init__(self) -> None:
        super().__init__()
        self.interactions: dict[str, Interaction] = {}
        self.commands: list[Payload] = []
        self.answer_due = 3.0
        """Seconds that a first answer may take; a later one is refused, as the interaction is unknown then."""

    async def slash(self, channel: Channel, user: User, name: str, **options: Any) -> Interaction:
        """Somebody uses a slash command, "privacy pause" for one in a group; waits for the bot's answer.

        An option may be text, a number, a member, a role, a channel, or a file made by `attach`.
        """
        data = await self._command(channel, name, options)
        return await self._interact(COMMAND, user, data, Interaction(self.snowflake(), channel))

    async def complete(
        self, channel: Channel, user: User, name: str, option: str, text: str, **others: Any
    ) -> list[Payload]:
        """Somebody types into an option of a slash command; return the choices that the bot offers."""
        data = await self._command(channel, name, {option: text, **others})
        next(one for one in walk_options(data["options"]) if one["name"] == option)["focused"] = True
        shown = await self._interact(COMPLETION, user, data, Interaction(self.snowflake(), channel))
        return shown.choices or []

    async def menu(self, message: Message, user: User, name: str) -> Interaction:
        """Somebody uses an entry of a message's menu; waits for the bot's answer."""
        known = await self._known(name, 3)
        told = {"messages": {str(message.id): message.payload()}}
        data: Payload = {
            "id": known["id"],
            "name": name,
            "type": 3,
            "target_id": str(message.id),
            "resolved": told,
        }
        return await self._interact(COMMAND, user, data, Interaction(self.snowflake(), message.channel))

    async def click(self, message: Message, user: User, custom_id: str) -> Interaction:
        """Somebody presses a button; waits for the bot's answer."""
        data: Payload = {"custom_id": custom_id, "component_type": BUTTON}
        return await self._interact(COMPONENT, user, data, Interaction(self.snowflake(), message.channel, message))

    async def choose(self, message: Message, user: User, custom_id: str, *values: Any) -> Interaction:
        """Somebody chooses from a menu in a message: texts, or members, roles, channels; waits for the answer."""
        used = [one for one in walk(message.fields.get("components", [])) if one.get("custom_id") == custom_id]
        data: Payload = {"custom_id": custom_id, "component_type": used[0]["type"] if used else STRING_SELECT}
        resolved: Payload = {}
        data["values"] = [self._value(one, message.channel, resolved) for one in values]
        if resolved:  # Texts stand for nothing else.
            data["resolved"] = resolved
        return await self._interact(COMPONENT, user, data, Interaction(self.snowflake(), message.channel, message))

    async def submit(self, shown: Interaction, user: User, **values: Any) -> Interaction:
        """Somebody fills in the modal that an interaction showed, by the custom ids of its fields."""
        assert shown.modal is not None, "no window was shown"
        resolved: Payload = {}

        def filled(one: Payload) -> Payload:
            if one["type"] == LABEL:
                return {"type": LABEL, "component": filled(one["component"])}
            if "components" in one:
                return {"type": one["type"], "components": [filled(part) for part in one["components"]]}
            told: Payload = {"type": one["type"], "custom_id": one["custom_id"]}
            if one["type"] in SEVERAL:
                chosen: list[Any] = values.get(one["custom_id"], [])
                return told | {"values": [self._value(each, shown.channel, resolved) for each in chosen]}
            return told | {"value": values.get(one["custom_id"], one.get("value") or "")}

        data: Payload = {
            "custom_id": shown.modal["custom_id"],
            "components": [filled(one) for one in shown.modal["components"] if one["type"] in (1, LABEL)],
            "resolved": resolved,
        }
        return await self._interact(MODAL, user, data, Interaction(self.snowflake(), shown.channel, shown.source))

    async def _known(self, name: str, kind: int) -> Payload:
        """A command of the bot, once it has registered it."""

        def found() -> list[Payload]:
            return [one for one in self.commands if (one["name"], one.get("type", 1)) == (name, kind)]

        await self.until(lambda: bool(found()), f"command {name}")
        return found()[0]

    async def _command(self, channel: Channel, name: str, given: Payload) -> Payload:
        first, *rest = name.split()
        known = leaf = await self._known(first, 1)
        for part in rest:
            leaf = next(one for one in leaf["options"] if one["name"] == part)
        kinds = {one["name"]: one["type"] for one in leaf.get("options", [])}
        resolved: Payload = {}
        options: list[Payload] = [
            {
                "name": option,
                "type": kinds.get(option, _kind(value)),
                "value": self._value(value, channel, resolved),
            }
            for option, value in given.items()
        ]
        for part in reversed(rest):
            deeper = any(one["type"] == SUBCOMMAND for one in options)
            options = [{"name": part, "type": 2 if deeper else SUBCOMMAND, "options": options}]
        return {"id": known["id"], "name": first, "type": 1, "options": options, "resolved": resolved}

    def _value(self, value: Any, channel: Channel, resolved: Payload) -> Any:
        """A value as an interaction has it; what it refers to goes to `resolved`."""
        match value:
            case User():
                resolved.setdefault("users", {})[str(value.id)] = value.payload()
                resolved.setdefault("members", {})[str(value.id)] = channel.guild.member(value)
            case Role():
                resolved.setdefault("roles", {})[str(value.id)] = value.payload()
            case Channel():
                may = {"permissions": str(value.allows(self.bot).value)}
                resolved.setdefault("channels", {})[str(value.id)] = value.payload() | may
            case {"id": str(key), "filename": _}:
                resolved.setdefault("attachments", {})[key] = value
                return key
            case _:
                return value
        return str(value.id)

    async def _interact(self, kind: int, user: User, data: Payload, interaction: Interaction) -> Interaction:
        channel, token = interaction.channel, secrets.token_hex(16)
        self.interactions[token] = interaction
        interaction.begun = asyncio.get_running_loop().time()
        may = {"permissions": str(channel.allows(user).value)}
        payload: Payload = {
            **{"id": str(interaction.id), "application_id": str(self.bot.id), "type": kind, "token": token},
            **{"version": 1, "data": data, "channel_id": str(channel.id), "channel": channel.payload() | may},
            **{"app_permissions": str(channel.allows(self.bot).value), "entitlements": [], "locale": "en-GB"},
            **{"authorizing_integration_owners": {}, "attachment_size_limit": 10_485_760},
        }
        if channel.recipient is None:
            guild = channel.guild
            told: Payload = {"id": str(guild.id), "locale": "en-US", "features": []}
            payload |= {"guild_id": str(guild.id), "guild": told, "guild_locale": "en-US", "context": 0}
            payload["member"] = guild.member(user) | may
        else:
            payload |= {"user": user.payload(), "context": 1}
        if interaction.source is not None:
            payload["message"] = interaction.source.payload()
        self.gateway.dispatch("INTERACTION_CREATE", payload, channel.guild)
        await self.until(lambda: interaction.answered, "answer")
        return interaction

    # What the bot answers.

    async def _edit(self, message: Message, data: Payload) -> Payload:
        flags: Payload = {"flags": message.flags & ~LOADING}
        if "flags" in data:
            flags = {"flags": flags["flags"] | data["flags"]}
        if "attachments" in data:
            before: dict[str, Payload] = {one["id"]: one for one in message.fields.get("attachments", [])}
            kept: list[Payload] = data["attachments"] or []
            data = data | {"attachments": [before.get(str(one["id"]), one) for one in kept]}
        await self.edit(message, **fields_of(data) | flags)
        return message.payload()

    async def _show(self, interaction: Interaction, data: Payload) -> Payload:
        message = await self.post(interaction.channel, self.bot, **fields_of(data))
        interaction.messages.append(message)
        return message.payload()

    async def _callback(self, interaction: Interaction, kind: int, data: Payload) -> Payload:
        """The first answer: a message, "is thinking", a change of what was clicked, choices, or a modal."""
        if interaction.acknowledged:
            raise Refused(40060)
        if asyncio.get_running_loop().time() - interaction.begun > self.answer_due:
            raise Refused(10062)
        interaction.acknowledged = True
        resource: Payload = {"type": kind}
        if kind in (MESSAGE, DEFERRED):
            flags = data.get("flags", 0) | (LOADING if kind == DEFERRED else 0)
            resource["message"] = await self._show(interaction, data | {"flags": flags})
        elif kind == CHOICES:
            interaction.choices = data["choices"]
        elif kind == SHOW_MODAL:
            interaction.modal = data
        elif interaction.source is not None:
            interaction.messages.append(interaction.source)
            if kind == UPDATE:
                resource["message"] = await self._edit(interaction.source, data)
        return {"interaction": {"id": str(interaction.id), "type": 2}, "resource": resource}

    async def _webhook(self, method: str, token: str, part: list[str], body: Any) -> Any:
        """What comes after the first answer, for a quarter of an hour: more messages, edits and deletions."""
        if (interaction := self.interactions.get(token)) is None:
            raise Refused(10015)
        if self.clock() - snowflake_time(interaction.id) > TOKEN_LIVES:
            raise Refused(50027)
        if not interaction.acknowledged:
            raise Refused(10015)
        if method == "POST":
            # The first message after "is thinking" replaces it, and is shown to the same people.
            if interaction.thinking:
                kept = interaction.messages[0].flags & EPHEMERAL
                return await self._edit(interaction.messages[0], body | {"flags": body.get("flags", 0) | kept})
            return await self._show(interaction, body)
        message = self._answer_named(interaction, part[-1] if part else "@original")
        match method:
            case "PATCH":
                return await self._edit(message, body)
            case "DELETE":
                await self.delete(message)
                return None
            case _:
                return message.payload()

    def _answer_named(self, interaction: Interaction, name: str) -> Message:
        if name == "@original":
            named = interaction.messages[:1]
        else:
            named = [one for one in interaction.messages if str(one.id) == name]
        if not named or named[0].deleted:
            raise Refused(10008)
        return named[0]


def walk_options(options: list[Payload]) -> Iterator[Payload]:
    """All options of a command as it is used, including those of its subcommands."""
    for one in options:
        yield one
        yield from walk_options(one.get("options", []))


def _kind(value: Any) -> int:
    """The kind of an option that the bot has not declared."""
    kinds = {bool: BOOLEAN, int: INTEGER, float: NUMBER, User: USER, Channel: CHANNEL, Role: ROLE, dict: FILE}
    return next((number for kind, number in kinds.items() if isinstance(value, kind)), STRING)
