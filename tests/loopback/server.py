"""A Discord of its own on 127.0.0.1, for tests and benchmarks: members act, the bot asks, and things go wrong."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, Self

from aiohttp import web
from discord.utils import DISCORD_EPOCH, utcnow

from tests.loopback.gateway import Gateway, compact
from tests.loopback.truth import EPHEMERAL, EVERYBODY_MAY, LOADING, MEMBER, Channel, Guild, Message, Payload, User

API = "/api/v10"
TOKEN = f"{'loopback' * 3}.{'nobody'}.{'nothing' * 4}"


FIELDS: Payload = {"content": "", "embeds": [], "components": [], "flags": 0, "nonce": None}
"""What of a message the bot sets, its files left out; null means this."""


async def body_of(request: web.BaseRequest) -> Any:
    """The JSON of a request, with or without files."""
    if request.content_type == "multipart/form-data":
        parts = await request.post()
        for file in (part.file for part in parts.values() if isinstance(part, web.FileField)):
            file.close()
        return json.loads(str(parts["payload_json"]))
    return await request.json() if request.can_read_body else None


def respond(status: int, value: Any, headers: dict[str, str] | None = None) -> web.Response:
    """An answer as discord.py knows it: with a plain type, and a 429 that came through no proxy is a ban."""
    return web.Response(
        status=status, body=compact(value).encode(), headers=headers, content_type="application/json"
    )


def fields_of(body: Payload) -> Payload:
    """The fields of a message that the bot sends."""
    return {name: body[name] or empty for name, empty in FIELDS.items() if name in body}


def found(known: Mapping[Any, Any], key: str) -> Any:
    """What has an id or token, or Discord's 404."""
    if (one := known.get(int(key) if key.isdigit() else key)) is None:
        raise web.HTTPNotFound
    return one


@dataclass(slots=True)
class Request:
    """A request of the bot: path without the version, and when (the loop's clock)."""

    method: str
    path: str
    at: float


@dataclass(eq=False)
class Fault:
    """What happens to the next `times` requests whose path fits a pattern, the * of which cover slashes too.

    `answer` is a status; "cut": the connection breaks; "lost": it breaks when all is done; "silence": nothing ever
    comes; None: the real answer. Each comes after `delay` seconds. A 429 may hold `everywhere`.
    """

    method: str
    path: str
    answer: int | str | None = None
    delay: float = 0.0
    retry_after: float = 0.5
    everywhere: bool = False
    times: int = 1

    def fits(self, method: str, path: str) -> bool:
        return self.times > 0 and self.method == method and fnmatchcase(path, self.path)


@dataclass(eq=False)
class Interaction:
    """A command, or a click on `source`; `messages` are what the bot showed in answer, in order."""

    id: int
    channel: Channel
    source: Message | None = None
    messages: list[Message] = field(default_factory=list[Message])

    @property
    def thinking(self) -> bool:
        return bool(self.messages and self.messages[0].flags & LOADING)


class Loopback:
    """The truth, with a gateway and REST in front of it; ids and times are made of what `clock` says."""

    def __init__(self) -> None:
        self.clock: Callable[[], datetime] = utcnow
        self.token = TOKEN
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.users: dict[int, User] = {}
        self.messages: dict[int, Message] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: list[Payload] = []
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self.errors: list[Exception] = []
        self.address = self.gateway_address = ""
        self._count = 0
        self.bot = self.add_user("Square Deal", bot=True)
        self.gateway = Gateway(self)
        # Who asked and went away leaves no answer behind that waits for ever.
        self._server = web.Server(self._serve, handler_cancellation=True)

    async def __aenter__(self) -> Self:
        self._listening = await asyncio.get_running_loop().create_server(self._server, "127.0.0.1", 0)
        port = self._listening.sockets[0].getsockname()[1]
        self.address, self.gateway_address = f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}/gateway"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listening.close()
        self.gateway.drop()
        await self._server.shutdown(1)

    def snowflake(self) -> int:
        """A new id, made of the present; no two are the same."""
        self._count += 1
        return (int(self.clock().timestamp() * 1000) - DISCORD_EPOCH << 22) + (self._count & 0x3FFFFF)

    def add_user(self, name: str, *, bot: bool = False) -> User:
        """A person or bot."""
        user = User(self.snowflake(), name, bot)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str = "Gardeners", guild_id: int | None = None) -> Guild:
        """A server that the bot is in from its next session on."""
        guild = Guild(guild_id or self.snowflake(), name)
        self.guilds[guild.id] = guild
        return guild

    def add_channel(self, guild: Guild, name: str, parent: Channel | None = None) -> Channel:
        """A channel of a server, or a thread of a channel; the bot knows of it from its next session on."""
        channel = Channel(self.snowflake(), name, guild, parent)
        self.channels[channel.id] = channel
        guild.channels.append(channel)
        return channel

    async def post(
        self, channel: Channel, author: User, content: str = "", reply_to: Message | None = None, **fields: Any
    ) -> Message:
        """Somebody writes a message; `fields` are embeds, components, flags."""
        message = Message(self.snowflake(), channel, author, content, reply_to, fields=fields)
        self.messages[message.id] = message
        if not message.flags & EPHEMERAL:
            channel.messages[message.id] = message
        self._tell("MESSAGE_CREATE", message)
        return message

    async def edit(self, message: Message, content: str | None = None, **fields: Any) -> None:
        """A message is changed by its author."""
        message.content = message.content if content is None else content
        message.fields |= fields | {"edited_timestamp": self.clock().isoformat()}
        self._tell("MESSAGE_UPDATE", message)

    async def delete(self, message: Message) -> None:
        """A message is deleted."""
        message.deleted = True
        message.channel.messages.pop(message.id, None)
        self._tell("MESSAGE_DELETE", message)

    def _tell(self, event: str, message: Message) -> None:
        if not message.flags & EPHEMERAL:
            payload = message.payload() | {"guild_id": str(message.channel.guild.id), "member": MEMBER}
            self.gateway.dispatch(event, payload, message.channel.guild)

    async def slash(self, channel: Channel, user: User, name: str, **numbers: int) -> Interaction:
        """Somebody uses a slash command, with whole numbers for options; waits for the bot's answer."""
        known = next(one for one in self.commands if one["name"] == name)
        options = [{"name": option, "type": 4, "value": value} for option, value in numbers.items()]
        data: Payload = {"id": known["id"], "name": name, "type": 1, "options": options}
        return await self._interact(2, user, data, Interaction(self.snowflake(), channel))

    async def click(self, message: Message, user: User, custom_id: str) -> Interaction:
        """Somebody presses a button; waits for the bot's answer."""
        data: Payload = {"custom_id": custom_id, "component_type": 2}
        return await self._interact(3, user, data, Interaction(self.snowflake(), message.channel, message))

    async def _interact(self, kind: int, user: User, data: Payload, interaction: Interaction) -> Interaction:
        channel, token = interaction.channel, secrets.token_hex(16)
        self.interactions[token] = interaction
        payload: Payload = {
            **{"id": str(interaction.id), "application_id": str(self.bot.id), "type": kind, "token": token},
            **{"version": 1, "data": data, "channel_id": str(channel.id), "channel": channel.payload()},
            **{"guild_id": str(channel.guild.id), "app_permissions": EVERYBODY_MAY, "member": user.member()},
            **{"context": 0, "authorizing_integration_owners": {}, "attachment_size_limit": 10_485_760},
        }
        if interaction.source is not None:
            payload["message"] = interaction.source.payload()
        self.gateway.dispatch("INTERACTION_CREATE", payload, channel.guild)
        await self.until(lambda: bool(interaction.messages) and not interaction.thinking, "answer")
        return interaction

    async def until(self, condition: Callable[[], bool], what: str, seconds: float = 20) -> None:
        """Wait for something; a TimeoutError says what has not come to pass."""
        end = asyncio.get_running_loop().time() + seconds
        while not condition():
            if asyncio.get_running_loop().time() > end:
                raise TimeoutError(f"no {what} within {seconds} s")
            await asyncio.sleep(0.005)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer whatever comes in, or do to it what was ordered."""
        if not request.path.startswith(API):
            return await self.gateway.serve(request)
        method, path, body = request.method, request.path.removeprefix(API), await body_of(request)
        self.requests.append(Request(method, path, asyncio.get_running_loop().time()))
        fault = next((one for one in self.faults if one.fits(method, path)), Fault(method, path))
        fault.times -= 1
        await asyncio.sleep(fault.delay)
        if fault.answer not in (None, "lost"):
            return await self._wrong(fault, request)
        if request.headers.get("Authorization") not in (f"Bot {self.token}", None):
            raise web.HTTPUnauthorized
        try:
            result = await self._answer(method, path, request.query, body)
        except Exception as error:
            if not isinstance(error, web.HTTPException):
                self.errors.append(error)
            raise
        if fault.answer == "lost":
            return await self._wrong(fault, request)
        return respond(200, result) if result is not None else web.Response(status=204)

    async def _wrong(self, fault: Fault, request: web.BaseRequest) -> web.Response:
        if isinstance(fault.answer, int):
            wait = {"retry_after": fault.retry_after, "global": fault.everywhere}
            headers = {"Retry-After": str(fault.retry_after), "Via": "a proxy"}
            return respond(fault.answer, {"message": "as ordered", "code": 0, **wait}, headers)
        if fault.answer == "silence":
            await asyncio.Event().wait()
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    async def _answer(self, method: str, path: str, query: Mapping[str, str], body: Any) -> Any:
        """The JSON of a good answer, None for one without; the others are raised as aiohttp has them."""
        match [method, *path.split("/")[1:]]:
            case "GET", "users", "@me":
                return self.bot.payload()
            case "GET", "users", "@me", "guilds":
                return [] if "after" in query else [guild.payload(self.bot) for guild in self.guilds.values()]
            case "GET", "oauth2", "applications", "@me":
                told = {"id": str(self.bot.id), "name": self.bot.name, "description": "", "icon": None}
                owned = {"owner": self.bot.payload(), "bot_public": True, "bot_require_code_grant": False}
                return told | owned | {"verify_key": "", "flags": 1 << 19}  # it may read the text of messages
            case "GET", "gateway", "bot":
                limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 16}
                return {"url": self.gateway_address, "shards": 1, "session_start_limit": limit}
            case "PUT", "applications", app, "commands":
                head = {"application_id": app, "version": "1", "description": ""}
                self.commands = [{"id": str(self.snowflake()), **head, **one} for one in body]
                return self.commands
            case "GET", "guilds", _, "members", id:
                return found(self.users, id).member()
            case "GET", "guilds", id, *part:
                guild = found(self.guilds, id).payload(self.bot)
                return guild["channels"] if part else guild
            case "GET", "channels", _, "threads", "archived", "public":
                return {"threads": [], "members": [], "has_more": False}
            case "GET", "channels", id, "messages":
                before, after = (int(query[name]) if name in query else None for name in ("before", "after"))
                page = found(self.channels, id).page(int(query.get("limit", 50)), before, after)
                return [message.payload() for message in page]
            case "POST", "channels", id, "messages":
                channel, reference = found(self.channels, id), body.get("message_reference")
                to = channel.messages.get(int(reference["message_id"])) if reference else None
                if reference and to is None:
                    raise web.HTTPBadRequest  # the message that is replied to has been deleted
                if body.get("enforce_nonce") and (sent := channel.sent_as(body["nonce"])):
                    return sent.payload()
                return (await self.post(channel, self.bot, reply_to=to, **fields_of(body))).payload()
            case "GET", "channels", id, "messages", key:
                return found(found(self.channels, id).messages, key).payload()
            case "PUT" | "DELETE", "channels", id, "messages", key, "reactions", emoji, "@me":
                message = found(found(self.channels, id).messages, key)
                others = [sign for sign in message.reactions if sign != emoji]
                message.reactions = [*others, emoji] if method == "PUT" else others
                return None
            case "POST", "interactions", _, token, "callback":
                return await self._callback(found(self.interactions, token), body["type"], body.get("data") or {})
            case "POST" | "PATCH", "webhooks", _, token, *_:
                interaction = found(self.interactions, token)
                # The first message after "is thinking" takes the place of that one.
                if method == "PATCH" or interaction.thinking:
                    return await self._edit(interaction.messages[0], body)
                return await self._show(interaction, body)
            case _:
                raise NotImplementedError(method, path)  # what uses the loopback did not ask for it so far

    async def _edit(self, message: Message, data: Payload) -> Payload:
        flags: Payload = {"flags": message.flags & ~LOADING}
        await self.edit(message, **flags | fields_of(data))
        return message.payload()

    async def _show(self, interaction: Interaction, data: Payload) -> Payload:
        message = await self.post(interaction.channel, self.bot, **fields_of(data))
        interaction.messages.append(message)
        return message.payload()

    async def _callback(self, interaction: Interaction, kind: int, data: Payload) -> Payload:
        """The first answer: a message (4), "is thinking" (5), or what was clicked changes later (6) or now (7)."""
        resource: Payload = {"type": kind}
        if kind in (4, 5):
            flags = data.get("flags", 0) | (LOADING if kind == 5 else 0)
            resource["message"] = await self._show(interaction, data | {"flags": flags})
        elif interaction.source is not None:
            interaction.messages.append(interaction.source)
            if kind == 7:
                resource["message"] = await self._edit(interaction.source, data)
        return {"interaction": {"id": str(interaction.id), "type": 2}, "resource": resource}
