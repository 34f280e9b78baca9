"""A Discord of its own on 127.0.0.1, for tests and benchmarks: members act, the bot asks, and things go wrong."""

from __future__ import annotations

import asyncio
import json
import mimetypes
from fnmatch import fnmatchcase
from typing import Any, Self

from aiohttp import web

from tests.support.loopback.cdn import File
from tests.support.loopback.faults import Fault, Refused, Request
from tests.support.loopback.gateway import compact
from tests.support.loopback.interactions import Interaction
from tests.support.loopback.rest import Rest
from tests.support.loopback.truth import Payload
from tests.support.loopback.world import TOKEN

__all__ = ["TOKEN", "Fault", "Interaction", "Loopback", "Refused", "Request"]

API = "/api/v10"
UPLOAD = 10 << 20
"""How many bytes a bot may upload with a message in a server without boosts."""

PAGE = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Please wait.</body></html>"


async def body_of(request: web.BaseRequest) -> Any:
    """The JSON of a request; its files are in it as "files", each its name and bytes."""
    if request.content_type == "multipart/form-data":
        parts = await request.post()
        files: list[tuple[str, bytes]] = []
        for file in (part for part in parts.values() if isinstance(part, web.FileField)):
            files.append((file.filename, file.file.read()))
            file.file.close()
        return json.loads(str(parts["payload_json"])) | {"files": files}
    return await request.json() if request.can_read_body else None


def respond(status: int, value: Any, headers: dict[str, str] | None = None) -> web.Response:
    """An answer as discord.py knows it: with a plain type, and a 429 that came through no proxy is a ban."""
    return web.Response(
        status=status, body=compact(value).encode(), headers=headers, content_type="application/json"
    )


def roomy(*arguments: Any) -> web.BaseRequest:
    """A request with room for more than Discord accepts."""
    return web.BaseRequest(*arguments, loop=asyncio.get_running_loop(), client_max_size=8 * UPLOAD)


class Loopback(Rest):
    """The simulated world, with a gateway, REST and a CDN in front of it."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self.errors: list[Exception] = []
        self.at_once = 50
        """How many requests of a kind a client is told it may make at once; with 1, it makes them one by one."""
        self.limits: dict[tuple[str, str], tuple[int, float]] = {}
        """How many requests of a method and path may come within some seconds; all others are free."""
        self._spent: dict[tuple[str, str], list[float]] = {}
        self._under_way: dict[tuple[str, str], int] = {}
        self.most_at_once: dict[tuple[str, str], int] = {}
        """How many requests of a method and path were under way at once, at most."""
        # A client that asks and goes away leaves no handler waiting for ever.
        self._server = web.Server(self._serve, request_factory=roomy, handler_cancellation=True)

    async def __aenter__(self) -> Self:
        self._listening = await asyncio.get_running_loop().create_server(self._server, "127.0.0.1", 0)
        port = self._listening.sockets[0].getsockname()[1]
        self.address, self.gateway_address = f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}/gateway"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listening.close()
        self.gateway.drop()
        await self._server.shutdown(1)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer whatever comes in, or apply the fault that was ordered for it."""
        if request.path.startswith("/attachments/"):
            return await self.cdn.serve(request)
        if not request.path.startswith(API):
            return await self.gateway.serve(request)
        method, path, body = request.method, request.path.removeprefix(API), await body_of(request)
        self.requests.append(Request(method, path, asyncio.get_running_loop().time()))
        kind = method, "/".join("*" if part.isdigit() else part for part in path.split("/"))
        now = self._under_way[kind] = self._under_way.get(kind, 0) + 1
        self.most_at_once[kind] = max(now, self.most_at_once.get(kind, 0))
        try:
            return await self._respond(request, method, path, body)
        finally:
            self._under_way[kind] -= 1

    async def _respond(self, request: web.BaseRequest, method: str, path: str, body: Any) -> web.Response:
        limited, headers = self._limit(method, path)
        if limited is not None:
            return limited
        fault = next((one for one in self.faults if one.fits(method, path)), Fault(method, path))
        fault.times -= 1
        await asyncio.sleep(fault.delay)
        if fault.answer not in (None, "lost", "half"):
            return await self._wrong(fault, request)
        if request.headers.get("Authorization") not in (f"Bot {self.token}", None):
            return respond(401, {"message": "401: Unauthorized", "code": 0})
        try:
            if request.content_type == "multipart/form-data":
                self._upload(body)
            result = await self._answer(method, path, request.query, body)
        except Refused as refused:
            return respond(refused.status, refused.body(), headers)
        except Exception as error:
            self.errors.append(error)
            raise
        await asyncio.sleep(fault.lag)
        if fault.answer == "lost":
            return await self._wrong(fault, request)
        if fault.answer == "half":
            half = compact(result).encode()
            return web.Response(body=half[: len(half) // 2], content_type="application/json")
        return respond(200, result, headers) if result is not None else web.Response(status=204, headers=headers)

    async def _wrong(self, fault: Fault, request: web.BaseRequest) -> web.Response:
        if isinstance(fault.answer, int):
            headers = {"Retry-After": str(fault.retry_after), "Via": "a proxy"}
            return respond(fault.answer, fault.body(), headers)
        match fault.answer:
            case "html":
                return web.Response(body=PAGE, content_type="text/html")
            case "ban":
                headers = {"Retry-After": str(fault.retry_after)}
                return web.Response(status=429, body=PAGE, content_type="text/html", headers=headers)
            case "empty":
                return respond(200, [])
            case "silence":
                await asyncio.Event().wait()
            case _:
                pass
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    def _limit(self, method: str, path: str) -> tuple[web.Response | None, dict[str, str]]:
        """The 429 for one request too many, and the headers about the limit for the others."""
        for (limited, pattern), (most, seconds) in self.limits.items():
            if limited == method and fnmatchcase(path, pattern):
                now = asyncio.get_running_loop().time()
                spent = [at for at in self._spent.get((method, pattern), []) if at > now - seconds]
                after = str(seconds - (now - spent[0])) if spent else str(seconds)
                headers = {"X-RateLimit-Limit": str(most), "X-RateLimit-Reset-After": after}
                headers |= {"X-RateLimit-Bucket": str(abs(hash(pattern))), "Via": "a proxy"}
                if len(spent) >= most:
                    told = {"message": "You are being rate limited.", "retry_after": float(after), "global": False}
                    headers |= {"X-RateLimit-Remaining": "0", "Retry-After": after}
                    return respond(429, told, headers), {}
                self._spent[method, pattern] = [*spent, now]
                return None, headers | {"X-RateLimit-Remaining": str(most - len(spent) - 1)}
        if self.at_once == 1:
            return None, {}
        told = {"X-RateLimit-Limit": str(self.at_once), "X-RateLimit-Remaining": str(self.at_once - 1)}
        return None, told | {"X-RateLimit-Reset-After": "1"}

    def _upload(self, body: Payload) -> None:
        """Make attachments, which the CDN has, of the files that came with a request."""
        files: list[tuple[str, bytes]] = body.pop("files", [])
        if sum(len(data) for _, data in files) > UPLOAD:
            raise Refused(40005)
        message: Payload = body.get("data") or body
        listed: list[Payload] = message.get("attachments") or []
        named = {str(one["id"]): one for one in listed}
        kept = [one for key, one in named.items() if int(key) >= len(files)]
        for number, (name, data) in enumerate(files):
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            told = self.cdn.add(self.address, self.snowflake(), name, File(data, content_type=kind))
            kept.append(named.get(str(number), {}) | told)
        message["attachments"] = kept
