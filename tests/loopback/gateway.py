"""The gateway of the loopback Discord: sessions, heartbeats, dispatches and their replay, and broken sockets."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import secrets
import zlib
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.loopback.truth import GUILDS, Guild, Payload

if TYPE_CHECKING:
    from tests.loopback.server import Loopback

REPLAYED = 10_000
"""How many dispatches a session keeps for a resume."""


def compact(value: Any) -> str:
    """JSON as Discord sends it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def packer(compress: str | None) -> Callable[[str], bytes] | None:
    """What turns one text after the other into a compressed stream; None where the client gets plain text."""
    if compress == "zlib-stream":
        deflate = zlib.compressobj(1)
        return lambda text: deflate.compress(text.encode()) + deflate.flush(zlib.Z_SYNC_FLUSH)
    if compress == "zstd-stream":
        # Where the client has zstandard and this process has not, discord.py takes plain text as well.
        with contextlib.suppress(ImportError):
            zstandard: Any = importlib.import_module("zstandard")
            stream = zstandard.ZstdCompressor(level=1).compressobj()
            return lambda text: stream.compress(text.encode()) + stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    return None


class Line:
    """One socket. What is to be sent waits in a queue, so that a client that is slow or dead holds nobody up."""

    def __init__(self, socket: web.WebSocketResponse, request: web.BaseRequest) -> None:
        self.socket, self.transport = socket, request.transport
        self.session: Session | None = None
        self._pack = packer(request.query.get("compress"))
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self.send = self._queue.put_nowait

    async def write(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                text = await self._queue.get()
                if self._pack is None:
                    await self.socket.send_str(text)
                else:
                    await self.socket.send_bytes(self._pack(text))


class Session:
    """What a client identified for; it outlives its sockets."""

    def __init__(self, line: Line, shard: tuple[int, int], intents: int) -> None:
        self.line: Line | None = line
        self.id = secrets.token_hex(16)
        self.shard, self.intents, self.sequence = shard, intents, 0
        self.sent: deque[tuple[int, str]] = deque(maxlen=REPLAYED)

    def emit(self, event: str, body: str) -> None:
        """Dispatch an event whose data is JSON already; without a socket it waits for a resume."""
        self.sequence += 1
        text = f'{{"t":"{event}","s":{self.sequence},"op":0,"d":{body}}}'
        self.sent.append((self.sequence, text))
        if self.line is not None:
            self.line.send(text)

    def serves(self, guild: Guild | None) -> bool:
        """Whether a server's events are for this shard; direct messages are for the first."""
        return self.shard[0] == ((guild.id >> 22) % self.shard[1] if guild else 0)


class Gateway:
    """All sockets and sessions, and what can go wrong with them.

    While `open` is False, whoever connects is cut off; whoever identifies is closed with the code `refusal` where
    it is not 0. `beats` tells when heartbeats came, by the loop's clock.
    """

    def __init__(self, discord: Loopback) -> None:
        self.open, self.refusal, self.heartbeat_seconds = True, 0, 41.25
        self.beats: list[float] = []
        self.identified = self.resumed = 0
        self.sessions: dict[str, Session] = {}
        self._lines: set[Line] = set()
        self._discord = discord

    def dispatch(self, event: str, payload: Payload, guild: Guild | None, intent: int = 0) -> None:
        """Tell each session that an event is for."""
        body = compact(payload)
        for session in self.sessions.values():
            if session.serves(guild) and not intent & ~session.intents:
                session.emit(event, body)

    def drop(self, *, forget: bool = False) -> None:
        """Break each connection without a word; with `forget`, no session can be resumed."""
        if forget:
            self.sessions.clear()
        for line in self._lines:
            if line.transport is not None:
                line.transport.abort()

    async def close(self, code: int) -> None:
        """Close each socket with a code."""
        for line in tuple(self._lines):
            await line.socket.close(code=code)

    def reconnect(self) -> None:
        """Ask each client to reconnect (op 7)."""
        for line in self._lines:
            line.send('{"op":7,"d":null}')

    def invalidate(self) -> None:
        """Declare each session invalid (op 9)."""
        self.sessions.clear()
        for line in self._lines:
            line.send('{"op":9,"d":false}')

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """One client's connection, from hello to its end."""
        socket = web.WebSocketResponse(compress=False, max_msg_size=0)
        await socket.prepare(request)
        line = Line(socket, request)
        writer = asyncio.create_task(line.write())
        self._lines.add(line)
        line.send(compact({"op": 10, "d": {"heartbeat_interval": round(self.heartbeat_seconds * 1000)}}))
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    await self._receive(line, **json.loads(frame.data))
        finally:
            writer.cancel()
            self._lines.discard(line)
            if (session := line.session) is not None and session.line is line:
                session.line = None
                if socket.close_code in (1000, 1001):  # who leaves in good order leaves for good
                    self.sessions.pop(session.id, None)
        return socket

    async def _receive(self, line: Line, op: int, d: Any) -> None:
        match op:
            case 1:
                self.beats.append(asyncio.get_running_loop().time())
                line.send('{"op":11,"d":null}')
            case 2 if self.refusal or d["token"] != self._discord.token:
                await line.socket.close(code=self.refusal or 4004)
            case 2:
                self._identify(line, d)
            case 6:
                self._resume(line, d)
            case _:
                pass  # presence, voice and requests for members change nothing here

    def _identify(self, line: Line, data: Payload) -> None:
        discord, shard = self._discord, tuple(data.get("shard", (0, 1)))
        # Nobody comes back for what a process that died had been told.
        for old in [old for old in self.sessions.values() if old.line is None and old.shard == shard]:
            del self.sessions[old.id]
        session = line.session = Session(line, shard, data["intents"])
        self.sessions[session.id] = session
        self.identified += 1
        guilds = [guild for guild in discord.guilds.values() if session.serves(guild)]
        ready = {
            **{"v": 10, "session_id": session.id, "resume_gateway_url": discord.gateway_address, "shard": shard},
            **{"user": discord.bot.payload(), "application": {"id": str(discord.bot.id), "flags": 0}},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
        }
        session.emit("READY", compact(ready))
        for guild in guilds if session.intents & GUILDS else ():
            session.emit("GUILD_CREATE", compact(guild.payload(discord.bot)))

    def _resume(self, line: Line, data: Payload) -> None:
        session, received = self.sessions.get(data["session_id"]), data["seq"] or 0
        if session is None or session.sequence - len(session.sent) > received:
            line.send('{"op":9,"d":false}')
            return
        for sequence, text in session.sent:
            if sequence > received:
                line.send(text)
        session.line, line.session = line, session
        self.resumed += 1
        session.emit("RESUMED", "{}")
