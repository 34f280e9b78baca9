"""Catching up: stretches of a channel as Discord has them are compared with the record, and the record mended."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime

from coach.coach import Advice, Coach
from coach.drafts import Message
from coach.store import StoredDraft, StoreError


class CatchUp:
    """What was drafted, edited and deleted while the bot was away; no nudges and no questions for any of it.

    Args:
        coach: the coach.
        report: takes what an error happened in, and the error, which may quote a draft.
    """

    def __init__(self, coach: Coach, report: Callable[[str, BaseException], None]) -> None:
        self._coach = coach
        self._report = report

    async def stretch(
        self,
        guild_id: int,
        channel_id: int,
        messages: Sequence[Message],
        after: int,
        upto: int,
        cursor: int,
        since: datetime,
    ) -> dict[int, Advice]:
        """Make the record of a stretch of a channel agree with the messages that are there.

        Args:
            guild_id: the server.
            channel_id: the channel or thread.
            messages: all messages of the stretch.
            after: the id before its first message.
            upto: the id at its end: a recorded draft between the two that is not among the messages is gone.
            cursor: the message up to which the channel had been read without a gap.
            since: when that message was posted. Of messages up to it, only those edited since can have become
                drafts.

        Returns:
            What to show on each message that is or was a draft, by its id; the previous label is the same where
            nothing has changed.

        Raises:
            sqlite3.Error, StoreError: the record cannot be written; nothing is to be taken for read.
        """
        self._coach.cursors.take_up(channel_id, after, upto)
        stored = await self._coach.store.drafts.stretch(guild_id, channel_id, after, upto)
        gone = stored.keys() - {message.message_id for message in messages}
        if gone:
            await self._coach.removed(guild_id, gone)
        found = await asyncio.gather(
            *(self._settled(message, stored.get(message.message_id), cursor, since) for message in messages),
            return_exceptions=True,
        )
        advice: dict[int, Advice] = {}
        for message, outcome in zip(messages, found, strict=True):
            if isinstance(outcome, (sqlite3.Error, StoreError, asyncio.CancelledError)):
                raise outcome
            if isinstance(outcome, BaseException):
                # One message that cannot be handled must not keep all later ones from being read.
                self._report(f"reading message {message.message_id} in catching up", outcome)
            elif outcome is not None:
                advice[message.message_id] = outcome
        return advice

    async def _settled(
        self, message: Message, stored: StoredDraft | None, cursor: int, since: datetime
    ) -> Advice | None:
        """What to show on a message; None where it neither is nor was a draft."""
        if stored is not None:
            advice = await self._coach.follow(message, stored)
            return advice or Advice(message.message_id, stored.label, previous=stored.label)
        if self._coach.cursors.is_in_hand(message.channel_id, message.message_id):
            return None  # It has just arrived, and is answered as a new draft.
        edited = message.edited_at is not None and message.edited_at > since
        if message.message_id <= cursor and not edited:
            return None
        return await self._coach.consider(message, live=False)
