"""The files of the loopback Discord: attachments from a CDN that may be slow, lie about them, or have none."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from aiohttp import web

from tests.support.loopback.truth import Payload


@dataclass(eq=False)
class File:
    """What the CDN has under an address: bytes, sent after `delay` seconds with a status, perhaps `cut` short."""

    data: bytes
    status: int = 200
    delay: float = 0.0
    cut: bool = False
    content_type: str = "text/plain; charset=utf-8"


@dataclass
class Cdn:
    """All files by path, and the paths that were asked for, in order."""

    files: dict[str, File] = field(default_factory=dict[str, File])
    hits: list[str] = field(default_factory=list[str])

    def add(self, address: str, key: int, name: str, file: File, size: int | None = None) -> Payload:
        """Add a file; return the attachment that names it, with its true size or another."""
        path = f"/attachments/{key}/{name}"
        self.files[path] = file
        url = f"{address}{path}"
        told = {"id": str(key), "filename": name, "size": len(file.data) if size is None else size}
        return told | {"url": url, "proxy_url": url, "content_type": file.content_type}

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request for a file."""
        self.hits.append(request.path)
        file = self.files.get(request.path, File(b"This content is no longer available.", 404))
        await asyncio.sleep(file.delay)
        headers = {"Content-Type": file.content_type}
        if not file.cut:
            return web.Response(status=file.status, body=file.data, headers=headers)
        response = web.StreamResponse(status=file.status, headers=headers)
        response.content_length = len(file.data)
        await response.prepare(request)
        await response.write(file.data[: len(file.data) // 2])
        if request.transport is not None:
            request.transport.close()
        return response
