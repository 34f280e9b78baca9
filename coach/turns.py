"""Turns: only one thing at a time is done with each message, in the order in which they come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class Turns:
    """Who is doing something with which message, and who waits."""

    def __init__(self) -> None:
        self._turns: dict[int, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def of(self, message_id: int) -> AsyncGenerator[None]:
        """Wait for one's turn with a message, and have it."""
        lock, waiting = self._turns.get(message_id, (asyncio.Lock(), 0))
        self._turns[message_id] = lock, waiting + 1
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._turns.pop(message_id)
            if waiting > 1:
                self._turns[message_id] = lock, waiting - 1
