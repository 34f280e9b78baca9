"""Uploads are fetched piece by piece over real sockets, and what goes wrong with that is one sentence."""

from __future__ import annotations

import io
from typing import Any, cast

import discord
import pytest
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer

from coach import wording_import
from coach.errors import Refused
from cogs.support.downloads import PIECE, fetch, pieces

DATA = bytes(range(256)) * 5_000


class Bot:
    """As much of the bot as a download takes."""

    class http:
        proxy = proxy_auth = None


class Upload:
    """An upload at an address."""

    def __init__(self, server: BaseTestServer, path: str) -> None:
        self.url = str(server.make_url(path))


async def answer(request: web.Request) -> web.StreamResponse:
    """Answer as Discord's file server does, well and badly."""
    match request.path:
        case "/good":
            return web.Response(body=DATA)
        case "/cut":
            response = web.StreamResponse(headers={"Content-Length": str(len(DATA))})
            await response.prepare(request)
            await response.write(DATA[:1000])
            assert request.transport is not None
            request.transport.close()
            return response
        case _:
            return web.Response(status=int(request.path.strip("/")))


async def fetched(path: str, most: int = len(DATA)) -> tuple[bytes, list[int]]:
    app = web.Application()
    app.router.add_get("/{rest:.*}", answer)
    file, came = io.BytesIO(), list[int]()
    async with TestServer(app) as server:
        source = pieces(cast(discord.Client, Bot()), cast(discord.Attachment, Upload(server, path)))
        await fetch(source, cast(Any, file), most, came.append)
    return file.getvalue(), came


async def test_a_file_comes_in_pieces_and_whole() -> None:
    data, came = await fetched("/good")
    assert data == DATA and len(came) > 1 and max(came) <= PIECE and sum(came) == len(DATA)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/404", wording_import.FILE_GONE),
        ("/403", wording_import.FILE_GONE),
        ("/500", wording_import.NO_DOWNLOAD),
        ("/429", wording_import.NO_DOWNLOAD),
        ("/cut", wording_import.NO_DOWNLOAD),
    ],
)
async def test_what_can_not_be_fetched_is_refused(path: str, told: str) -> None:
    with pytest.raises(Refused) as refused:
        await fetched(path)
    assert str(refused.value) == told


async def test_a_file_that_is_bigger_than_it_was_said_to_be_is_refused() -> None:
    with pytest.raises(Refused, match="more than I read at once"):
        await fetched("/good", len(DATA) - 1)
