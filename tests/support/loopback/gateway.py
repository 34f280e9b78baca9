"""The gateway of the loopback Discord: sessions, heartbeats, dispatches and their replay, and broken sockets."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.support.loopback.truth import Guild, Payload

if TYPE_CHECKING:
    from tests.support.loopback.world import World

Line = asyncio.Queue[str]
"""What waits to be sent over one socket, so that a slow or dead client holds nobody up."""


INTENTS = {"MESSAGE": (1 << 9, 1 << 12), "THREAD": (1, 0), "CHANNEL": (1, 0), "GUILD": (1, 0)}
"""The intents with which a client gets events of a kind: in servers, and in direct messages."""


def compact(value: Any) -> str:
    """JSON as Discord sends it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


async def write(line: Line, socket: web.WebSocketResponse, compress: str | None) -> None:
    """Send whatever comes, compressed if the client asked for it, or plain."""
    stream, mode = zlib.compressobj(1), zlib.Z_SYNC_FLUSH
    if compress == "zstd-stream":
        import zstandard  # noqa: PLC0415  # discord.py asks for it only where there is such a module

        stream, mode = zstandard.ZstdCompressor(level=1).compressobj(), zstandard.COMPRESSOBJ_FLUSH_BLOCK
    with contextlib.suppress(ConnectionError):
        while True:
            text = await line.get()
            if compress is None:
                await socket.send_str(text)
            else:
                await socket.send_bytes(stream.compress(text.encode()) + stream.flush(mode))


@dataclass(eq=False)
class Session:
    """A session that a client has started; it outlives its sockets, between which it is offline."""

    line: Line | None
    shard: tuple[int, int]
    intents: int
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sent: list[str] = field(default_factory=list[str])

    def emit(self, event: str, payload: Payload) -> None:
        """Dispatch an event; while the session is offline, the event waits for a resume."""
        self.sent.append(f'{{"t":"{event}","s":{len(self.sent) + 1},"op":0,"d":{compact(payload)}}}')
        if self.line is not None:
            self.line.put_nowait(self.sent[-1])

    def serves(self, guild: Guild) -> bool:
        """Whether a server's events are for this shard; direct messages have the server 0."""
        return self.shard[0] == (guild.id >> 22) % self.shard[1]

    def wants(self, event: str, guild: Guild) -> bool:
        """Whether the client's intents include an event."""
        in_servers, direct = INTENTS.get(event.partition("_")[0], (0, 0))
        wanted = in_servers if guild.id else direct
        return not wanted or bool(self.intents & wanted)


class Gateway:
    """All sockets and sessions, and what can go wrong with them; `beats` are heartbeats by the loop's clock."""

    def __init__(self, discord: World) -> None:
        self.heartbeat_seconds, self.beats = 41.25, list[float]()
        self.identified = self.resumed = 0
        self._sessions: dict[str, Session] = {}
        self._lines: dict[Line, asyncio.Transport | None] = {}
        self._sockets: dict[Line, web.WebSocketResponse] = {}
        self._intents: dict[Line, int] = {}
        self._closed_with: int | None = None
        self._discord = discord

    def dispatch(self, event: str, payload: Payload, guild: Guild) -> None:
        """Tell each session that an event of a server is for."""
        for session in self._sessions.values():
            if session.serves(guild) and session.wants(event, guild):
                session.emit(event, payload)

    def drop(self) -> None:
        """Break each connection without a word."""
        for transport in self._lines.values():
            if transport is not None:
                transport.abort()

    def reconnect(self) -> None:
        """Ask each client to reconnect (op 7)."""
        for line in self._lines:
            line.put_nowait('{"op":7,"d":null}')

    def invalidate(self) -> None:
        """Declare each session invalid (op 9)."""
        self._sessions.clear()
        for line in self._lines:
            line.put_nowait('{"op":9,"d":false}')

    async def close(self, code: int) -> None:
        """Close each connection for good with one of Discord's codes, such as 4004 after a reset of the token.

        As on Discord, a client that missed the code, as its own writing failed first, gets it when it returns.
        """
        self._closed_with = code
        for socket in list(self._sockets.values()):
            await socket.close(code=code)

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """One client's connection, from hello to its end."""
        socket = web.WebSocketResponse(compress=False, max_msg_size=0)
        await socket.prepare(request)
        line = Line()
        self._lines[line], self._sockets[line] = request.transport, socket
        writer = asyncio.create_task(write(line, socket, request.query.get("compress")))
        line.put_nowait(f'{{"op":10,"d":{{"heartbeat_interval":{round(self.heartbeat_seconds * 1000)}}}}}')
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    await self._receive(socket, line, **frame.json())
        finally:
            writer.cancel()
            del self._lines[line], self._sockets[line]
            self._intents.pop(line, None)
            for session in self._sessions.values():
                session.line = None if session.line is line else session.line
        return socket

    async def _receive(self, socket: web.WebSocketResponse, line: Line, op: int, d: Any) -> None:
        if op == 1:
            self.beats.append(asyncio.get_running_loop().time())
            line.put_nowait('{"op":11,"d":null}')
        elif op in (2, 6) and self._closed_with is not None:
            await socket.close(code=self._closed_with)
        elif op == 2 and d["token"] != self._discord.token:
            await socket.close(code=4004)
        elif op == 2:
            self._intents[line] = d["intents"]
            self._identify(line, tuple(d.get("shard", (0, 1))))
        elif op == 6 and (session := self._sessions.get(d["session_id"])) is not None:
            for text in session.sent[d["seq"] :]:
                line.put_nowait(text)
            session.line = line
            session.emit("RESUMED", {})
            self.resumed += 1
        elif op == 6:
            line.put_nowait('{"op":9,"d":false}')

    def _identify(self, line: Line, shard: tuple[int, int]) -> None:
        # Nobody resumes the session of a process that died.
        for old in [old for old in self._sessions.values() if old.line is None and old.shard == shard]:
            del self._sessions[old.id]
        session, bot = Session(line, shard, self._intents[line]), self._discord.bot
        self._sessions[session.id] = session
        guilds = [guild for guild in self._discord.guilds.values() if session.serves(guild)]
        ready = {"v": 10, "session_id": session.id, "resume_gateway_url": self._discord.gateway_address}
        ready |= {"user": bot.payload(), "application": {"id": str(bot.id), "flags": 0}, "shard": shard}
        session.emit("READY", ready | {"guilds": [{"id": str(one.id), "unavailable": True} for one in guilds]})
        for guild in guilds:
            if not guild.late and not guild.down:
                session.emit("GUILD_CREATE", guild.payload(bot) | {"unavailable": False})
        self.identified += 1
