"""Files that members upload, fetched from Discord piece by piece, so that none has to fit into memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import BinaryIO

import aiohttp
import discord

from coach import wording_import
from coach.errors import Refused

PIECE = 256 * 1024
"""Bytes that are fetched and written at a time."""

SECONDS = 30.0
"""How long Discord's file server may say nothing."""

Pieces = Callable[[discord.Client, discord.Attachment], AsyncIterator[bytes]]
"""Fetches an upload, piece by piece."""


async def pieces(bot: discord.Client, upload: discord.Attachment) -> AsyncIterator[bytes]:
    """An upload as Discord's file server sends it.

    discord.py itself only fetches files whole.

    Raises:
        Refused: the file is gone.
        aiohttp.ClientError, TimeoutError: it can't be had for now.
    """
    limits = aiohttp.ClientTimeout(total=None, sock_connect=SECONDS, sock_read=SECONDS)
    async with (
        aiohttp.ClientSession(timeout=limits) as session,
        session.get(upload.url, proxy=bot.http.proxy, proxy_auth=bot.http.proxy_auth) as response,
    ):
        # An address that has run out is answered with 403 or 404, in any way that Discord pleases.
        if response.status in (403, 404, 410):
            raise Refused(wording_import.FILE_GONE)
        response.raise_for_status()
        async for piece in response.content.iter_chunked(PIECE):
            yield piece


async def whole(_: discord.Client, upload: discord.Attachment) -> AsyncIterator[bytes]:
    """An upload in one piece, through discord.py; for simulated Discords, which have no file server."""
    try:
        yield await upload.read()
    except discord.NotFound:
        raise Refused(wording_import.FILE_GONE) from None


async def fetch(source: AsyncIterator[bytes], file: BinaryIO, most: int, came: Callable[[int], None]) -> None:
    """Fetch an upload into a file.

    Args:
        source: the upload's pieces.
        file: where it goes.
        most: the most bytes that are taken.
        came: is told how many bytes more have come.

    Raises:
        Refused: it is gone, can't be had for now, or is bigger than it was said to be.
    """
    size = 0
    try:
        async for piece in source:
            size += len(piece)
            if size > most:
                raise Refused(wording_import.too_big(most))
            await asyncio.to_thread(file.write, piece)
            came(len(piece))
    except (aiohttp.ClientError, TimeoutError, discord.HTTPException) as error:
        raise Refused(wording_import.NO_DOWNLOAD) from error
