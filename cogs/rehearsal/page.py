"""The rehearsal room's page, served to this machine's browsers alone."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from coach.errors import SettingsError
from cogs.rehearsal.acts import ACTS, Acting
from cogs.rehearsal.view import parts_for
from cogs.rehearsal.world import World

STATIC = Path(__file__).resolve().parent / "static"
PICTURES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
"""What is shown on the page, by the end of a file's name."""
PORTS_TRIED = 20
LARGEST_ACT = 64 * 2**20
"""In bytes: ten files of Discord's ordinary size fit, written in base64."""
SECONDS_A_LOOK = 0.1
"""How often the room is looked at for something new: reading a number takes no time."""
SECONDS_TO_CLOSE = 3.0

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@contextlib.asynccontextmanager
async def serve(world: World, port: int) -> AsyncGenerator[str, None]:
    """Serve the page on 127.0.0.1 while the room is open.

    Args:
        world: the room.
        port: the first port to try; if it is taken, the next ones are.

    Yields:
        The page's address.

    Raises:
        SettingsError: no port is free.
    """
    page = Page(world)
    runner = web.AppRunner(page.app(), access_log=None, shutdown_timeout=SECONDS_TO_CLOSE)
    await runner.setup()
    try:
        for candidate in range(port, min(port + PORTS_TRIED, 65536)):
            try:
                await web.TCPSite(runner, "127.0.0.1", candidate).start()
            except OSError:
                continue
            page.allow(candidate)
            yield f"http://127.0.0.1:{candidate}/"
            return
        raise SettingsError(f"No free port from {port} on; choose another with SQUAREDEAL_REHEARSAL_PORT.")
    finally:
        page.closing.set()
        await runner.cleanup()


class Page:
    """What the browser asks for: the page's files, a stream of what changes, and acts."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._acting = Acting(world)
        self._hosts: frozenset[str] = frozenset()
        self.closing = asyncio.Event()

    def app(self) -> web.Application:
        """The web application."""
        app = web.Application(client_max_size=LARGEST_ACT, middlewares=[self._guard])
        app.router.add_get("/", self._index)
        app.router.add_get("/events", self._events)
        app.router.add_post("/act", self._act)
        app.router.add_get("/attachments/{channel}/{number}/{name}", self._attachment)
        app.router.add_static("/static/", STATIC)
        return app

    def allow(self, port: int) -> None:
        """Answer at this port's names from now on; other names mean that another site pretends to be this one."""
        self._hosts = frozenset((f"127.0.0.1:{port}", f"localhost:{port}"))

    @web.middleware
    async def _guard(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Turn away what other sites send, and have nothing of the page kept or framed by them."""
        if request.host not in self._hosts or not self._own_origin(request):
            return web.Response(status=403, text="Only the rehearsal room's own page may ask this.")
        response = await handler(request)
        if not response.prepared:
            response.headers.update(_HEADERS)
        return response

    def _own_origin(self, request: web.Request) -> bool:
        origin = request.headers.get("Origin")
        if origin is not None:
            return origin.removeprefix("http://") in self._hosts
        if request.method != "GET":
            return False
        # Links from other sites may open the page; its other addresses answer only to the page.
        return request.path == "/" or request.headers.get("Sec-Fetch-Site", "same-origin") in (
            "same-origin",
            "none",
        )

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "index.html")

    async def _attachment(self, request: web.Request) -> web.StreamResponse:
        from simcord.backend.cdn import CDN_BASE  # noqa: PLC0415

        data = self._world.env.backend.cdn.get(CDN_BASE + request.path)
        if data is None:
            raise web.HTTPNotFound
        if (kind := PICTURES.get(Path(request.path).suffix.lower())) is not None:
            return web.Response(body=data, content_type=kind)
        # Whatever else somebody has attached is saved, never shown as a page of this address.
        return web.Response(body=data, headers={"Content-Disposition": "attachment"})

    async def _act(self, request: web.Request) -> web.StreamResponse:
        viewer = self._viewer(request)
        try:
            act = ACTS.validate_json(await request.read())
        except ValidationError:
            raise web.HTTPBadRequest(text="The page sent something that the room doesn't know.") from None
        return web.json_response(await self._acting.perform(viewer, act))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Send all that the viewer sees, then whatever changes, until the browser leaves or the room closes."""
        viewer = self._viewer(request)
        response = web.StreamResponse(headers={**_HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        sent: dict[str, str] = {}
        version = None
        with contextlib.suppress(ConnectionResetError):
            while not self.closing.is_set():
                # Every event and every request of the bot adds a line to the transcript; putting away what only
                # oneself sees is neither.
                newest = len(self._world.env.backend.transcript), self._acting.done
                if newest != version:
                    version = newest
                    await self._send_changes(response, viewer, sent)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.closing.wait(), SECONDS_A_LOOK)
        return response

    async def _send_changes(self, response: web.StreamResponse, viewer: int, sent: dict[str, str]) -> None:
        parts = {name: _dumped(part) for name, part in parts_for(self._world, viewer).items()}
        changed = {name: part for name, part in parts.items() if sent.get(name) != part}
        gone = [name for name in sent if name not in parts]
        if not changed and not gone:
            return
        body = ",".join(f"{json.dumps(name)}:{part}" for name, part in changed.items())
        first = json.dumps(not sent)
        event = f'data: {{"first":{first},"set":{{{body}}},"gone":{json.dumps(gone)}}}\n\n'
        sent.clear()
        sent.update(parts)
        await response.write(event.encode())

    def _viewer(self, request: web.Request) -> int:
        """Who the page says is looking; the first member if it does not, or is of a room that has closed."""
        said = request.query.get("as", "")
        viewer = int(said) if said.isdecimal() else 0
        return viewer if viewer in self._world.members else next(iter(self._world.members))


def _dumped(part: Any) -> str:
    """A part as JSON, with the addresses of its files on this page."""
    from simcord.backend.cdn import CDN_BASE  # noqa: PLC0415

    return json.dumps(part).replace(CDN_BASE, "")
