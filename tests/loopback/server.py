"""A Discord of its own on 127.0.0.1, for tests and benchmarks: members act, the bot asks, and things go wrong."""

from __future__ import annotations

import asyncio
import bisect
import contextlib
import mimetypes
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, Literal, Self

from aiohttp import web
from discord.utils import DISCORD_EPOCH, utcnow

from tests.loopback.gateway import Gateway, compact
from tests.loopback.rest import Refusal, Rest
from tests.loopback.truth import (
    DIRECT_MESSAGES,
    DM,
    EPHEMERAL,
    EVERYBODY_MAY,
    GUILD_MESSAGES,
    GUILDS,
    LOADING,
    MANAGERS_MAY,
    TEXT,
    THREAD,
    Channel,
    Guild,
    Message,
    Payload,
    User,
)

API = "/api/v10"
TOKEN = f"{'loopback' * 3}.{'nobody'}.{'nothing' * 4}"


@dataclass(slots=True)
class Request:
    """A request of the bot: path without the version, JSON, when (the loop's clock); status 0: no answer (yet)."""

    method: str
    path: str
    body: Any
    at: float
    status: int = 0


@dataclass(eq=False)
class Fault:
    """What happens to requests of a method ("*": any) whose path fits a pattern, the * of which cover slashes too.

    `answer` is a status; "cut": the connection breaks; "silence": nothing ever comes; None: the real answer, after
    `delay` seconds. With `done`, what was asked is carried out all the same and only its answer is lost. `times`
    is how often; None: until it is taken out of the list of faults. `code` is Discord's own number.
    """

    method: str
    path: str
    answer: int | Literal["cut", "silence"] | None = None
    code: int = 0
    delay: float = 0.0
    retry_after: float = 0.5
    everywhere: bool = False
    done: bool = False
    times: int | None = 1


@dataclass(eq=False)
class Interaction:
    """A command or click; `kind` and `data` are of the bot's callback, `messages` what it showed, in order."""

    id: int
    channel: Channel
    source: Message | None
    at: float
    kind: int = 0
    data: Payload = field(default_factory=Payload)
    messages: list[Message] = field(default_factory=list[Message])

    @property
    def thinking(self) -> bool:
        return bool(self.messages and self.messages[0].flags & LOADING)

    @property
    def ephemeral(self) -> bool:
        """Whether only its user sees all that the bot said."""
        return all(message.flags & EPHEMERAL for message in self.messages)


class Loopback:
    """The truth, with a gateway and REST in front of it.

    Args:
        clock: gives the present, of which ids and times are made.
        token: the one that is let in.
        shards: how many are recommended.
    """

    def __init__(self, clock: Callable[[], datetime] = utcnow, token: str = TOKEN, shards: int = 1) -> None:
        self.clock, self.token, self.shards, self.delay = clock, token, shards, 0.0
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.users: dict[int, User] = {}
        self.messages: dict[int, Message] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: dict[int, list[Payload]] = {}
        self.files: dict[str, tuple[Payload, bytes]] = {}
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self.errors: list[Exception] = []
        self._count, self._port, self._closing = 0, 0, asyncio.Event()
        self.bot = self.add_user("Square Deal", bot=True)
        self.gateway, self._rest = Gateway(self), Rest(self)
        self._server = web.Server(self._serve)
        self._listening: asyncio.Server | None = None

    # Its life

    async def __aenter__(self) -> Self:
        self._listening = await asyncio.get_running_loop().create_server(self._server, "127.0.0.1", 0)
        self._port = self._listening.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        assert self._listening is not None
        self._listening.close()
        self.gateway.drop(forget=True)
        await self._server.shutdown(1)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def gateway_address(self) -> str:
        """Where its gateway listens."""
        return f"ws://127.0.0.1:{self._port}/gateway"

    # What is there

    def snowflake(self) -> int:
        """A new id, made of the present; no two are the same."""
        milliseconds = int(self.clock().timestamp() * 1000) - DISCORD_EPOCH
        self._count += 1
        return (milliseconds << 22) + (self._count & 0x3FFFFF)

    def add_user(self, name: str, **facts: Any) -> User:
        """A person or bot."""
        user = User(self.snowflake(), name, **facts)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str = "Gardeners", guild_id: int | None = None) -> Guild:
        """A server that the bot is in; those who are connected are told."""
        guild = Guild(guild_id or self.snowflake(), name)
        self.guilds[guild.id] = guild
        self.gateway.dispatch("GUILD_CREATE", guild.payload(self.bot), guild, GUILDS)
        return guild

    def add_channel(self, guild: Guild, name: str, kind: int = TEXT) -> Channel:
        """A channel of a server."""
        channel = self._channel(Channel(self.snowflake(), name, kind, guild))
        guild.channels.append(channel)
        self.gateway.dispatch("CHANNEL_CREATE", channel.payload(self.bot), guild, GUILDS)
        return channel

    def add_thread(self, parent: Channel, name: str, user: User) -> Channel:
        """A thread of a channel, begun by somebody."""
        thread = self._channel(Channel(self.snowflake(), name, THREAD, parent.guild, parent, user))
        assert parent.guild is not None
        parent.guild.channels.append(thread)
        self.gateway.dispatch("THREAD_CREATE", thread.payload(self.bot), parent.guild, GUILDS)
        return thread

    def dm(self, user: User) -> Channel:
        """The bot's direct conversation with somebody."""
        for channel in self.channels.values():
            if channel.kind == DM and channel.user is user:
                return channel
        return self._channel(Channel(self.snowflake(), user.name, DM, user=user))

    def _channel(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        return channel

    def store_file(self, name: str, content: bytes) -> Payload:
        """Keep a file that comes with a message."""
        key = str(self.snowflake())
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        url = f"{self.address}/files/{key}/{name}"
        head: Payload = {"id": key, "filename": name, "size": len(content), "content_type": kind}
        self.files[key] = (head | {"url": url, "proxy_url": url}, content)
        return self.files[key][0]

    def live(self, channel: Channel) -> list[Message]:
        """The messages of a channel that are not deleted, oldest first."""
        return [self.messages[key] for key in channel.ids]

    # What people do

    async def post(
        self, channel: Channel, author: User, content: str = "", reply_to: Message | None = None, **fields: Any
    ) -> Message:
        """Somebody writes a message; `fields` are attachments, embeds, components, flags."""
        message = Message(self.snowflake(), channel, author, content, reply_to, fields=fields)
        self.messages[message.id] = message
        if not message.flags & EPHEMERAL:
            bisect.insort(channel.ids, message.id)
        self._tell("MESSAGE_CREATE", message)
        return message

    async def edit(self, message: Message, content: str | None = None, **fields: Any) -> None:
        """A message is changed by its author."""
        message.content = fields.pop("content", message.content) if content is None else content
        message.fields |= fields
        message.edited_at = self.clock()
        self._tell("MESSAGE_UPDATE", message)

    async def delete(self, message: Message) -> None:
        """A message is deleted."""
        self._gone([message])
        self._dispatch("MESSAGE_DELETE", message.channel, {"id": str(message.id)})

    async def delete_bulk(self, messages: Sequence[Message]) -> None:
        """Many messages of one channel are deleted at once."""
        self._gone(messages)
        self._dispatch("MESSAGE_DELETE_BULK", messages[0].channel, {"ids": [str(one.id) for one in messages]})

    def _gone(self, messages: Sequence[Message]) -> None:
        for message in messages:
            message.deleted = True
            with contextlib.suppress(ValueError):
                message.channel.ids.remove(message.id)

    async def slash(self, channel: Channel, user: User, command: str, **options: Any) -> Interaction:
        """Somebody uses a slash command, such as "summary now"; waits for the bot's first answer."""
        name, *deeper = command.split()
        known = next(one for one in self.commands[0] if one["name"] == name)
        types: dict[type, int] = {str: 3, int: 4, bool: 5, float: 10}
        inner: list[Payload] = [
            {"name": key, "type": types[type(value)], "value": value} for key, value in options.items()
        ]
        for place, part in enumerate(reversed(deeper)):
            inner = [{"name": part, "type": 1 if place == 0 else 2, "options": inner}]
        data: Payload = {"id": known["id"], "name": name, "type": 1, "options": inner}
        return await self._interact(2, channel, user, data)

    async def click(self, message: Message, user: User, custom_id: str) -> Interaction:
        """Somebody presses a button; waits for the bot's first answer."""
        data: Payload = {"custom_id": custom_id, "component_type": 2}
        return await self._interact(3, message.channel, user, data, message)

    async def _interact(
        self, kind: int, channel: Channel, user: User, data: Payload, source: Message | None = None
    ) -> Interaction:
        interaction = Interaction(self.snowflake(), channel, source, asyncio.get_running_loop().time())
        token = secrets.token_hex(16)
        self.interactions[token] = interaction
        payload: Payload = {
            **{"id": str(interaction.id), "application_id": str(self.bot.id), "type": kind, "token": token},
            **{"version": 1, "data": data, "channel_id": str(channel.id), "channel": channel.payload(self.bot)},
            **{"locale": "en-GB", "entitlements": [], "authorizing_integration_owners": {}, "context": 0},
            "attachment_size_limit": 10_485_760,
        }
        if source is not None:
            payload["message"] = source.payload(self.users)
        if channel.guild is not None:
            may = EVERYBODY_MAY | (MANAGERS_MAY if user.manages else 0)
            member = user.member(channel.guild) | {"user": user.payload(), "permissions": str(may)}
            payload |= {"guild_id": str(channel.guild.id), "member": member, "app_permissions": str(EVERYBODY_MAY)}
        else:
            payload |= {"user": user.payload()}
        self.gateway.dispatch("INTERACTION_CREATE", payload, channel.guild)
        await self.until(lambda: bool(interaction.kind) and not interaction.thinking, "an answer")
        return interaction

    # What becomes of it

    async def until(self, condition: Callable[[], bool], what: str, seconds: float = 20) -> None:
        """Wait for something.

        Raises:
            TimeoutError: it has not come to pass.
        """
        end = asyncio.get_running_loop().time() + seconds
        while not condition():
            if asyncio.get_running_loop().time() > end:
                raise TimeoutError(f"no {what} within {seconds} s")
            await asyncio.sleep(0.005)

    def _tell(self, event: str, message: Message) -> None:
        if message.flags & EPHEMERAL:
            return
        extra: Payload = {}
        if message.channel.guild is not None:
            extra = {"guild_id": str(message.channel.guild.id)}
            extra["member"] = message.author.member(message.channel.guild)
        self._dispatch(event, message.channel, message.payload(self.users) | extra)

    def _dispatch(self, event: str, channel: Channel, payload: Payload) -> None:
        payload |= {"channel_id": str(channel.id)}
        if channel.guild is not None:
            payload |= {"guild_id": str(channel.guild.id)}
        intent = GUILD_MESSAGES if channel.guild is not None else DIRECT_MESSAGES
        self.gateway.dispatch(event, payload, channel.guild, intent)

    def _fault_for(self, method: str, path: str) -> Fault | None:
        for fault in self.faults:
            if fault.method in ("*", method) and fnmatchcase(path, fault.path) and fault.times != 0:
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer whatever comes in: a socket, a file, or REST."""
        path = request.path
        if path.startswith("/gateway"):
            if not self.gateway.open:
                return self._cut(request)
            return await self.gateway.serve(request)
        if path.startswith("/files/"):
            return web.Response(body=self.files[path.split("/")[2]][1])
        path = path.removeprefix(API)
        body = await self._rest.body(request)
        seen = Request(request.method, path, body, asyncio.get_running_loop().time())
        self.requests.append(seen)
        fault = self._fault_for(request.method, path)
        if self.delay:
            await asyncio.sleep(self.delay)
        if fault is not None:
            await asyncio.sleep(fault.delay)
            if fault.answer is not None:
                if fault.done:
                    await self._answer(seen, request, body)
                return await self._wrong(fault, seen, request)
        return await self._answer(seen, request, body)

    async def _answer(self, seen: Request, request: web.BaseRequest, body: Any) -> web.Response:
        if request.headers.get("Authorization") not in (f"Bot {self.token}", None):
            return self._json(seen, 401, {"code": 0, "message": "401: Unauthorized"})
        try:
            answer = await self._rest.answer(request.method, seen.path, request.query, body)
        except Refusal as refusal:
            return self._json(seen, refusal.status, refusal.body)
        except Exception as error:
            self.errors.append(error)
            return self._json(seen, 500, {"code": 0, "message": repr(error)})
        return self._json(seen, 204 if answer is None else 200, answer)

    async def _wrong(self, fault: Fault, seen: Request, request: web.BaseRequest) -> web.StreamResponse:
        if fault.answer == "cut":
            return self._cut(request)
        if fault.answer == "silence":
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), 600)
            return self._cut(request)
        assert isinstance(fault.answer, int)
        if fault.answer == 429:
            body = {"message": "slow", "retry_after": fault.retry_after, "global": fault.everywhere}
            headers = {"Retry-After": str(fault.retry_after), "Via": "1.1 loopback"}
            return self._json(seen, 429, body, headers)
        return self._json(seen, fault.answer, {"code": fault.code, "message": f"{fault.answer}: as ordered"})

    @staticmethod
    def _json(seen: Request, status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
        seen.status = status
        if status == 204:
            return web.Response(status=204)
        return web.Response(
            status=status, body=compact(body).encode(), content_type="application/json", headers=headers
        )

    @staticmethod
    def _cut(request: web.BaseRequest) -> web.Response:
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)
